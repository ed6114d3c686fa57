"""The text of a lesson as HTML: its formulas as MathML, its links to other lessons as pages."""

import re
from html import unescape

from latex2mathml.converter import convert
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>\n?", re.DOTALL)
LESSON = re.compile(r"^([\w-]+)\.ipynb(#.*)?$")
TAG = re.compile(r"<[^>]+>")
BAR = re.compile(r"<mo(?: stretchy=\"false\")?>(&#x02016;|&#x0007C;)</mo>")  # of a norm


class Renderer(IPythonRenderer):
    """nbconvert's reading of a notebook's markdown, for a page without scripts."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return super().link(text, LESSON.sub(r"\1.html\2", url), title)


def mathml(formula: str, display: str) -> str:
    """A formula as MathML; the bars of a norm stand close to what is between them."""
    bar = r'<mo stretchy="false" lspace="0" rspace="0">\1</mo>'
    return BAR.sub(bar, convert(unescape(formula), display=display))


def html(markdown: str) -> str:
    """A markdown cell as HTML; a table stands in a box in which it can be scrolled sideways."""
    rendered = MarkdownWithMath(renderer=Renderer()).render(markdown)
    return rendered.replace("<table>", '<div class="table"><table>').replace(
        "</table>", "</table></div>"
    )


def code(source: str) -> str:
    """A code cell as HTML, its parts in the classes of Pygments."""
    return Highlight2HTML(pygments_lexer="ipython3")(source)


def plain(html_text: str) -> str:
    """HTML without its tags."""
    return unescape(TAG.sub("", html_text)).strip()
