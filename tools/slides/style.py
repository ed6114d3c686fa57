"""What a slide looks like: sizes, and the style that jupyterlab-fonts gives a notebook."""

# All sizes are in ems of the running text on a slide, which grows with the screen.
EM = "min(2.8vh, 1.8vw)"
WIDTH, HEIGHT = 49.0, 34.5
PICTURE, HALF_PICTURE, LAB_PICTURE, TABLE_LAB_PICTURE = 20.0, 13.0, 21.0, 12.0
LINE, EDGE = 1.5, 0.5  # the height of a line, and above and below a cell together
LAB, CODE, CODE_LINE = 0.9, 0.8, 1.3  # the sizes of labs and code; a line of code
CELL, CELL_LINE, CELL_EDGE = 0.85, 1.2, 0.2  # the same for tables, and above and below a line

OUTPUT = "slide-output"  # a tag: no code beside what a cell prints
ONLY_OUTPUT = f"[data-jpf-cell-tags*='{OUTPUT}']"

# For jupyterlab-fonts, which comes with jupyterlab-slideshow: `&` is the notebook, and it has the
# class jp-Deck only while its slides are shown. A comma inside a selector would split it.
STYLE = {
    "&.jp-Deck": {
        "--jp-content-font-size1": EM,
        "--jp-content-line-height": f"{LINE}",
        "--jp-code-font-size": f"calc({CODE} * {EM})",
    },
    "&.jp-Deck .jp-Collapser": {"display": "none"},
    "&.jp-Deck .jp-Cell.jp-deck-mod-onscreen": {"padding": f"{EDGE / 2}em 0"},
    "&.jp-Deck .jp-RenderedHTMLCommon table": {"font-size": f"{CELL}em"},
    "&.jp-Deck .jp-RenderedHTMLCommon td, &.jp-Deck .jp-RenderedHTMLCommon th": {
        "padding": f"{CELL_EDGE}em 0.6em"
    },
    # What a cell draws, asks or compares stands without its code; the tag wants it for prints too.
    **{
        f"&.jp-Deck .jp-CodeCell{with_} .jp-Cell-inputWrapper": {"display": "none"}
        for with_ in (":has(.course-lab)", ":has(.ask)", ":has(.jp-RenderedImage)", ONLY_OUTPUT)
    },
    "&.jp-Deck .ask": {"max-width": "none"},
    "&.jp-Deck .course-lab": {"max-width": "none", "font-size": f"calc({LAB} * {EM})"},
    "&.jp-Deck .ask input": {"width": "1em", "height": "1em"},
    # The lab with a table of its runs below shares the page with it.
    "&.jp-Deck .jp-CodeCell:has(.course-runs) .course-lab": {"font-size": f"calc(0.75 * {EM})"},
    "&.jp-Deck .course-runs": {"font-size": f"calc(0.65 * {EM})"},
    # A live picture says its size; any other grows up to two limits, which keep its shape.
    **{
        f"&.jp-Deck {lab} .lab-picture": {
            "width": f"min(100%, calc({height} * {EM} * var(--width) / var(--height)))"
        }
        for lab, height in {
            ".course-lab": LAB_PICTURE,
            ".jp-CodeCell:has(.course-runs) .course-lab": TABLE_LAB_PICTURE,
        }.items()
    },
    **{
        f"&.jp-Deck {picture}": {
            "width": "auto",
            "height": "auto",
            "max-width": "100%",
            "max-height": f"calc({height} * {EM})",
        }
        for picture, height in {
            ".jp-RenderedImage img": PICTURE,
            ".jp-OutputArea:has(> :nth-child(1) .jp-RenderedImage)"
            ":has(> :nth-child(2) .jp-RenderedImage) img": HALF_PICTURE,
        }.items()
    },
}
METADATA = {"@deathbeds/jupyterlab-fonts": {"styles": {":root": STYLE}}}
