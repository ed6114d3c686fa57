"""`python -m tools.site [10-3 …] [--to folder]`: build the site, all lessons by default."""

import sys

INTERRUPTED = 130  # the exit code after Ctrl-C; `course.py` has the words for it

if __name__ == "__main__":
    try:
        from tools.site.build import main  # here, because this takes a second already

        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
