"""What a lesson must look like: one rule a function, each yields its complaints.

A rule takes a notebook and knows nothing of the disk, so tests/tools/test_lint.py can show on tiny
notebooks in memory that it complains. What concerns files and links between them is checked in
tests/notebooks/test_lessons.py.
"""

import re
from collections.abc import Callable, Iterator

from nbformat import NotebookNode

Rule = Callable[[NotebookNode], Iterator[str]]

CELLS = range(20, 46)
MARKDOWN_SHARE = (0.35, 0.70)
MAX_LINES = 20
LONG_LINES, MAX_LONG_SHARE = 12, 0.20  # the share of cells with more lines than LONG_LINES
MIN_INTRODUCED_SHARE = 0.75
MAX_COLUMNS = 100
MAX_PARAGRAPH = 400  # characters, as shown

# What the lecture calls otherwise → its own word.
TERMS = {
    r"체중 ?감소": "Weight Decay",
    r"웨이트 ?디케이": "Weight Decay",
    r"드(롭|랍) ?아웃": "Dropout",
    r"(얼리|이른) ?(스톱|스탑|스토핑|스타핑)": "Early Stopping",
    r"오버 ?피팅|과대 ?적합": "과적합",
    r"레귤러라이제이션|정칙화|규제화": "정규화",
    r"배치 ?정규화": "Batch Normalization (정규화는 Regularization)",
    r"신경망|뉴럴 넷|뉴럴 ?네트워크": "뉴럴넷",
    r"(손실|로스) ?펑션": "손실 함수",
}
# Fine beside the lecture's word, not instead of it.
GLOSSES = {"가중치 감쇠": "Weight Decay", "조기 종료": "Early Stopping"}


def code(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def prose(source: str) -> str:
    """Markdown without what is not prose: code, formulas, HTML tags and link targets."""
    source = re.sub(r"```.*?```", "", source, flags=re.S)
    source = re.sub(r"\$\$.*?\$\$", "", source, flags=re.S)
    source = re.sub(r"`[^`]*`|\$[^$\n]+\$|<[^>\n]+>", "", source)
    return re.sub(r"\]\([^)]*\)", "]", source)


def paragraphs(source: str) -> Iterator[str]:
    """The running text of a markdown cell: no headings, lists, tables or quoted blocks."""
    for block in re.split(r"\n\s*\n", prose(source)):
        lines = [s.strip() for s in block.splitlines()]
        text = " ".join(s for s in lines if s and not re.match(r"[#|>*+-]( |$)|\||\d+[.)] ", s))
        if text:
            yield text


def outputs(nb: NotebookNode) -> Iterator[tuple[NotebookNode, NotebookNode]]:
    for cell in code(nb):
        for output in cell.outputs:
            yield cell, output


def headings(nb: NotebookNode) -> Iterator[tuple[NotebookNode, int, str]]:
    """(cell, level, text) of every markdown heading."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            source = re.sub(r"```.*?```", "", cell.source, flags=re.S)
            for marks, text in re.findall(r"^(#+) +(.+?) *$", source, flags=re.M):
                yield cell, len(marks), text


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
    """Blank lines do not count, nor do the imports of a lesson towards the longer cells."""
    lengths = {c.id: sum(map(bool, map(str.strip, c.source.splitlines()))) for c in code(nb)}
    imports = {c.id for c in code(nb) if re.match(r"(import|from) ", c.source)}
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


# -- the text ----------------------------------------------------------------------------------


def one_title_then_numbered_sections(nb: NotebookNode) -> Iterator[str]:
    found = list(headings(nb))
    titles = [text for _, level, text in found if level == 1]
    sections = [text for _, level, text in found if level == 2]
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
    if len(nb.cells) not in CELLS:
        yield f"{len(nb.cells)} cells, {CELLS.start} to {CELLS.stop - 1} are due"
    share = 1 - len(code(nb)) / max(len(nb.cells), 1)
    if not MARKDOWN_SHARE[0] <= share <= MARKDOWN_SHARE[1]:
        yield f"{share:.0%} of the cells are markdown"


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
            for text in paragraphs(cell.source):
                if len(text) > MAX_PARAGRAPH:
                    yield f"{cell.id}: a paragraph of {len(text)} characters: {text[:30]}…"


def lecture_terms(nb: NotebookNode) -> Iterator[str]:
    for cell in nb.cells:
        for pattern, word in TERMS.items():
            if found := re.search(pattern, cell.source):
                yield f"{cell.id}: {found[0]}, the lecture says {word}"
        for gloss, word in GLOSSES.items():
            if gloss in cell.source and word not in cell.source:
                yield f"{cell.id}: {gloss} without {word}"


def polite_prose(nb: NotebookNode) -> Iterator[str]:
    """존댓말: a sentence that ends in 다 ends in 니다 or ㅂ시다, quotations aside."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for text in paragraphs(cell.source):
                text = re.sub(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|'[^']*'", "", text)
                for plain in re.findall(r"\S*(?:[^니시\W]다|아니다)[*_)]*[.!?](?=[\s)*_]|$)", text):
                    yield f"{cell.id}: plain style in 존댓말: {plain}"


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
    one_title_then_numbered_sections,
    size_and_mix,
    code_is_introduced,
    no_wall_of_text,
    lecture_terms,
    polite_prose,
]
