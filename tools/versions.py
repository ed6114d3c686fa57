"""Write constraints.txt: the versions in this .venv, as those that everybody is to get.

Run it through `python course.py versions`, which installs the newest and checks everything first.
"""

from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

FILE = Path(__file__).parent.parent / "constraints.txt"
HEAD = (
    "# The versions that all checks last passed with. `python course.py versions` writes them,\n"
    "# course.py installs them where it can. A marker says which Python a version is for.\n"
)
OLDEST = Version("3.10")  # `requires-python` of the course
LEFT_OUT = ("pip", "setuptools", "regularization-helpers")  # the tools, and the course itself
CUDA = ("nvidia-", "cuda-", "triton")  # torch names its own; a torch without CUDA has none


def line(package: Distribution) -> str:
    """One version, without the build it came from, and with the Pythons that it asks for."""
    asks = SpecifierSet(package.metadata["Requires-Python"] or "")
    late = [s for s in asks if Version(s.version.removesuffix(".*")) > OLDEST]
    marker = " and ".join(sorted(f'python_full_version {s.operator} "{s.version}"' for s in late))
    name = canonicalize_name(package.metadata["Name"])
    return f"{name}=={Version(package.version).public}" + (f" ; {marker}" if marker else "")


def constraints(packages: list[Distribution]) -> str:
    """The whole file, one line for each package, sorted."""
    lines = {line(package) for package in packages}
    return HEAD + "".join(
        f"{text}\n"
        for text in sorted(lines)
        if not text.startswith(CUDA) and text.split("==")[0] not in LEFT_OUT
    )


if __name__ == "__main__":
    FILE.write_text(constraints(list(distributions())), encoding="utf-8")
