"""README.md says what the lessons say, in two screens, and no page leads nowhere."""

import re
from pathlib import Path

import nbformat
import pytest

from tools.refresh import lessons

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SCREEN = 45  # lines


def row(path: Path) -> str:
    """A lesson's row, from its first cell."""
    first = nbformat.read(path, as_version=4).cells[0].source
    found = re.match(
        r"# (?P<number>10-\d)\. (?P<title>.+)\n\n> \*\*질문\.\*\* (?P<question>.+)\n"
        r"(?:.*\n)+읽고 실험하는 데 약 (?P<minutes>\d+)분",
        first,
    )
    assert found, first
    number, title, question, minutes = found.groups()
    return f"| [{number}](notebooks/{path.name}) | {title} | {question} | {minutes}분 |"


def test_the_table_repeats_title_question_and_minutes_of_each_lesson_in_order():
    assert re.findall(r"^\| \[10-.+$", README, flags=re.M) == [row(path) for path in lessons()]


def test_one_screen_for_learners_and_one_for_developers():
    learners, developers = README.split("## For developers")
    assert len(learners.splitlines()) <= SCREEN and len(developers.splitlines()) <= SCREEN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    links = re.findall(r"\]\((?!https?://)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    # GitHub reads two folders up as the repository's own address: its published pages, say.
    links = [link for link in links if not link.startswith("../../")]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_folders_and_modules_named_in_a_table_exist(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w./]+(?:/|\.\w+))` \|", text, flags=re.M)
    assert [name for name in named if not (ROOT / name).exists()] == []
