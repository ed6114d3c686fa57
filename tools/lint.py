"""What a lesson must look like: one rule a function, each yields its complaints.

A rule takes a notebook and knows nothing of the disk, so tests/tools/test_lint.py can show on tiny
notebooks in memory that it complains. The rules for the Korean text are in tools/wording.py. What
concerns files and links between them is checked in tests/notebooks/test_lessons.py.
"""

import ast
import re
from collections.abc import Callable, Iterator

from nbformat import NotebookNode

from tools import outline, slides, wording
from tools.outline import headings, is_folded

Rule = Callable[[NotebookNode], Iterator[str]]

CELLS = range(20, 56)
FIRST_READING = 40  # cells outside folded sections
MARKDOWN_SHARE = (0.35, 0.70)
MAX_LINES = 20
LONG_LINES, MAX_LONG_SHARE = 12, 0.20  # the share of cells with more lines than LONG_LINES
MIN_INTRODUCED_SHARE = 0.75
MAX_COLUMNS = 100
MAX_PARAGRAPH = 400  # characters, as shown

NUMBERED = r"(?:\d+\. )?"
CLOSING = (
    NUMBERED + r"(무엇을 보았나요\?|요약|정리|다음)( \(|$)"
)  # needs neither a number nor minutes
DEEPER = NUMBERED + "심화"
MINUTES = r"\((약 )?\d+분\)$"

# How the first cell that needs the course begins: opened alone, a notebook says what to do.
GUARD = """\
from importlib.util import find_spec

from IPython.core.error import UsageError

if not find_spec("helpers"):
    raise UsageError("노트북만으로는 실행되지 않으니, 강의 폴더를 받아 python course.py lab으로 열거나 Colab에 올려 %cd로 들어가세요.")

"""  # noqa: E501 - a Hangul letter is one column


def code(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def outputs(nb: NotebookNode) -> Iterator[tuple[NotebookNode, NotebookNode]]:
    for cell in code(nb):
        for output in cell.outputs:
            yield cell, output


def calls(cell: NotebookNode, name: str) -> Iterator[ast.Call]:
    """The calls of a function or a method of that name."""
    for node in ast.walk(wording.tree(cell)):
        if isinstance(node, ast.Call):
            called = node.func
            if name == getattr(called, "attr", getattr(called, "id", None)):
                yield node


# -- the file ----------------------------------------------------------------------------------


def ids_are_slugs(nb: NotebookNode) -> Iterator[str]:
    ids = [cell.id for cell in nb.cells]
    for name in ids:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or re.fullmatch(r"[0-9a-f]{8}", name):
            yield f"{name}: the id is not a short English slug"
        if ids.count(name) > 1:
            yield f"{name}: the id is used twice"


def executed_in_order(nb: NotebookNode) -> Iterator[str]:
    for expected, cell in enumerate(code(nb), start=1):
        if not cell.source.strip():
            yield f"{cell.id}: an empty code cell"
        if cell.execution_count != expected:
            yield f"{cell.id}: execution count {cell.execution_count} instead of {expected}"


def no_failed_output(nb: NotebookNode) -> Iterator[str]:
    for cell, output in outputs(nb):
        if output.output_type == "error":
            yield f"{cell.id}: the saved output is an error"
        if output.get("name") == "stderr":
            yield f"{cell.id}: the saved output has stderr"


def no_widget_state(nb: NotebookNode) -> Iterator[str]:
    if "widgets" in nb.metadata:
        yield "widget state in the metadata"
    for cell, output in outputs(nb):
        if any("widget" in kind for kind in output.get("data", {})):
            yield f"{cell.id}: a saved widget view, its model is gone"


def shown_things_are_saved(nb: NotebookNode) -> Iterator[str]:
    for cell in code(nb):
        if re.search(r"^(print\(|[\w.]+\.show\()", cell.source, flags=re.M) and not cell.outputs:
            yield f"{cell.id}: prints or shows something, but no output is saved"


def pictures_have_captions(nb: NotebookNode) -> Iterator[str]:
    for cell, output in outputs(nb):
        if "data" in output:
            text = output.data.get("text/plain", "")
            if re.search(r"0x[0-9a-f]{6}", text):
                yield f"{cell.id}: an output shows an object's address"
            if any(k.startswith("image/") for k in output.data) and not re.search("[가-힣]", text):
                yield f"{cell.id}: a picture without a Korean caption as text/plain"


def no_machine_paths(nb: NotebookNode) -> Iterator[str]:
    absolute = re.compile(r"(?<![\w:/.<])(?:/(?:home|Users|root|tmp|work|opt|usr)/|[A-Z]:\\|~/)")
    for cell in nb.cells:
        texts = [cell.source]
        for output in cell.get("outputs", []):
            texts += [output.get("text", ""), str(output.get("data", {}).get("text/plain", ""))]
        if any(absolute.search(text) for text in texts):
            yield f"{cell.id}: an absolute path"


# -- the code ----------------------------------------------------------------------------------


def code_cells_are_short(nb: NotebookNode) -> Iterator[str]:
    """Blank lines and the guard do not count, nor do imports towards the longer cells."""
    sources = {cell.id: cell.source.removeprefix(GUARD) for cell in code(nb)}
    lengths = {i: sum(map(bool, map(str.strip, s.splitlines()))) for i, s in sources.items()}
    imports = {i for i, source in sources.items() if re.match(r"(import|from) ", source)}
    long = [i for i, length in lengths.items() if length > LONG_LINES and i not in imports]
    for name, length in lengths.items():
        if length > MAX_LINES:
            yield f"{name}: {length} lines of code, at most {MAX_LINES}"
    if len(long) > MAX_LONG_SHARE * len(lengths):
        share = f"{len(long)} of {len(lengths)}"
        yield f"{share} code cells are over {LONG_LINES} lines, too many: {', '.join(long)}"


def code_lines_fit(nb: NotebookNode) -> Iterator[str]:
    for cell in code(nb):
        for line in cell.source.splitlines():
            if len(line) > MAX_COLUMNS:
                yield f"{cell.id}: a line of {len(line)} columns"


def no_bad_imports(nb: NotebookNode) -> Iterator[str]:
    for cell in code(nb):
        if re.search(r"import +\*", cell.source):
            yield f"{cell.id}: import *"
        if re.search(r"\bpyplot\b|\bpylab\b|%matplotlib", cell.source):
            yield f"{cell.id}: pyplot, whose global state breaks when a lab draws from a thread"


def opened_alone_it_says_what_to_do(nb: NotebookNode) -> Iterator[str]:
    needing = (c for c in code(nb) if re.search(r"^(import|from) helpers\b", c.source, flags=re.M))
    first = next(needing, None)
    if first is not None and not first.source.startswith(GUARD):
        yield f"{first.id}: imports helpers, but does not begin with the guard of tools/lint.py"


def cells_do_not_grade(nb: NotebookNode) -> Iterator[str]:
    """A cell hands its measurements to compare(); what they say is for the judge to know."""
    judging = (ast.IfExp, ast.Compare, ast.BoolOp, ast.BinOp)
    for cell in code(nb):
        for call in calls(cell, "compare"):
            values = [*call.args, *(keyword.value for keyword in call.keywords)]
            if any(isinstance(node, judging) for value in values for node in ast.walk(value)):
                yield f"{cell.id}: compare() is given a calculation; it belongs in the judge"
            names = [n for n in ast.walk(wording.tree(cell)) if isinstance(n, ast.Name)]
            if any(n.id == "answer" and isinstance(n.ctx, ast.Store) for n in names):
                yield f"{cell.id}: works out the answer itself; that is for the judge"


def predictions_have_a_judge(nb: NotebookNode) -> Iterator[str]:
    for cell in code(nb):
        for call in calls(cell, "Prediction"):
            if len(call.args) < 4 and "judge" not in [keyword.arg for keyword in call.keywords]:
                yield f"{cell.id}: a Prediction without a judge, its fourth argument"


# -- the text ----------------------------------------------------------------------------------


def one_title_then_numbered_sections(nb: NotebookNode) -> Iterator[str]:
    found = list(headings(nb))
    titles = [text for _, level, text in found if level == 1]
    sections = [t for _, level, t in found if level == 2 and not re.match(CLOSING, t)]
    if len(titles) != 1 or found[0][1] != 1 or found[0][0] is not nb.cells[0]:
        yield f"one H1 is due, in the first cell; found {titles}"
    elif not re.match(r"10-\d\. ", titles[0]):
        yield f"the title is not numbered as its lesson: {titles[0]}"
    for number, text in enumerate(sections, start=1):
        if not text.startswith(f"{number}. "):
            yield f"section {number} is called {text!r}"
    if not sections:
        yield "no numbered H2"


def size_and_mix(nb: NotebookNode) -> Iterator[str]:
    count = len(nb.cells) - len(outline.read_with_the_text_above(nb))
    if count not in CELLS:
        yield f"{count} cells, {CELLS.start} to {CELLS.stop - 1} are due"
    share = 1 - len(code(nb)) / max(len(nb.cells), 1)
    if not MARKDOWN_SHARE[0] <= share <= MARKDOWN_SHARE[1]:
        yield f"{share:.0%} of the cells are markdown"


def first_reading_is_short(nb: NotebookNode) -> Iterator[str]:
    passed = outline.hidden(nb) | outline.read_with_the_text_above(nb)
    seen = sum(cell.id not in passed for cell in nb.cells)
    if seen > FIRST_READING:
        yield f"a first reading meets {seen} cells, at most {FIRST_READING} are due: fold a section"


def sections_start_their_cell(nb: NotebookNode) -> Iterator[str]:
    """What stands above a section heading in its cell would be folded and shown with it."""
    for cell, level, text in headings(nb):
        if level == 2 and not cell.source.startswith(f"## {text}"):
            yield f"{cell.id}: a section starts in the middle of a cell, split it: {text}"


def deeper_sections_are_folded(nb: NotebookNode) -> Iterator[str]:
    """심화 and folded are the same thing; only the heading that opens a cell can be folded."""
    opened = set()
    for cell, _, text in headings(nb):
        folded = is_folded(cell) and cell.id not in opened
        opened.add(cell.id)
        if folded and not re.match(DEEPER, text):
            yield f"{cell.id}: a folded heading that is no 심화: {text}"
        if re.match(DEEPER, text) and not folded:
            yield f"{cell.id}: not folded, or not at the top of its cell: {text}"


def sections_say_their_minutes(nb: NotebookNode) -> Iterator[str]:
    for cell, level, text in headings(nb):
        if level == 2 and not re.search(MINUTES, text) and not re.match(CLOSING, text):
            yield f"{cell.id}: no minutes, as in (5분): {text}"


def says_what_was_seen(nb: NotebookNode) -> Iterator[str]:
    if not any(re.match(NUMBERED + r"무엇을 보았나요\?", text) for _, _, text in headings(nb)):
        yield "no heading 무엇을 보았나요?"


def exercises_are_numbered(nb: NotebookNode) -> Iterator[str]:
    """**문제 1.**, **문제 2.** … below the heading with 연습 문제."""
    markdown = "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    section = re.search(r"^## [^\n]*연습 문제.*?(?=^## |\Z)", markdown, flags=re.M | re.S)
    text = section[0] if section else ""
    for other in re.findall(r"^(?:### |\*\*)+(?:\d+[.)]|[①-⑳]).*", text, flags=re.M):
        yield f"an exercise is not headed **문제 1.**: {other[:40]}"
    numbers = [int(n) for n in re.findall(r"^(?:### |\*\*)+문제 (\d+)\.", text, flags=re.M)]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        yield f"the exercises **문제 1.**, **문제 2.** … are numbered {numbers}"


def code_is_introduced(nb: NotebookNode) -> Iterator[str]:
    pairs = zip([None, *nb.cells], nb.cells, strict=False)
    bare = [
        cell.id
        for before, cell in pairs
        if cell.cell_type == "code" and (before is None or before.cell_type != "markdown")
    ]
    if len(bare) > (1 - MIN_INTRODUCED_SHARE) * len(code(nb)):
        yield f"too many code cells follow no text: {', '.join(bare)}"


def no_wall_of_text(nb: NotebookNode) -> Iterator[str]:
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for text in wording.paragraphs(cell.source):
                if len(text) > MAX_PARAGRAPH:
                    yield f"{cell.id}: a paragraph of {len(text)} characters: {text[:30]}…"


# -- the slides --------------------------------------------------------------------------------


def slides_follow_the_lesson(nb: NotebookNode) -> Iterator[str]:
    types = slides.slide_types(nb)
    for cell in nb.cells:
        written = cell.metadata.get("slideshow", {}).get("slide_type")
        if written != types[cell.id]:
            yield f"{cell.id}: is {written} among the slides instead of {types[cell.id]}: refresh"


def slide_tags_are_known(nb: NotebookNode) -> Iterator[str]:
    for cell in nb.cells:
        for tag in cell.metadata.get("tags", []):
            if tag.startswith("slide") and tag not in slides.TAGS:
                yield f"{cell.id}: {tag} is no tag for slides: {', '.join(sorted(slides.TAGS))}"


def pages_fit_a_screen(nb: NotebookNode) -> Iterator[str]:
    """About: tests/browser/test_slideshow.py looks at a screen."""
    for page in slides.pages(nb):
        room = slides.room(page)
        if room < 0 and not (len(page) == 1 and scrolls(page[0])):
            names = ", ".join(cell.id for cell in page)
            yield f"{names}: too high for a slide by {-room / slides.HEIGHT:.0%}: split or shorten"


def scrolls(cell: NotebookNode) -> bool:
    """A quiz is answered question by question."""
    return any(True for _ in calls(cell, "Quiz")) if cell.cell_type == "code" else False


RULES: list[Rule] = [
    ids_are_slugs,
    executed_in_order,
    no_failed_output,
    no_widget_state,
    shown_things_are_saved,
    pictures_have_captions,
    no_machine_paths,
    code_cells_are_short,
    code_lines_fit,
    no_bad_imports,
    opened_alone_it_says_what_to_do,
    cells_do_not_grade,
    predictions_have_a_judge,
    one_title_then_numbered_sections,
    size_and_mix,
    code_is_introduced,
    no_wall_of_text,
    first_reading_is_short,
    sections_start_their_cell,
    deeper_sections_are_folded,
    sections_say_their_minutes,
    says_what_was_seen,
    exercises_are_numbered,
    slides_follow_the_lesson,
    slide_tags_are_known,
    pages_fit_a_screen,
    *wording.RULES,
]
