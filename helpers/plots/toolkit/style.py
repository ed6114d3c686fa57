"""What each colour, dash and marker means: one dictionary for the whole course."""

from dataclasses import dataclass, replace
from typing import Any

TEXT = 15.0  # points, for projection; a picture is shown one to one, 100 pixels to the inch
INK = "#333333"
FAINT = "#d4d4d4"


@dataclass(frozen=True)
class Style:
    """How one meaning looks; `label` is its English name in legends."""

    label: str
    color: str
    line: str | tuple = "-"
    marker: str = "o"
    width: float = 3.0

    @property
    def stroke(self) -> dict[str, Any]:
        """The matplotlib properties of a line."""
        return {"color": self.color, "linestyle": self.line, "linewidth": self.width}

    def paler(self) -> "Style":
        """The same meaning in the background: mixed half with white, and thinner."""
        mixed = [round((int(self.color[i : i + 2], 16) + 255) / 2) for i in (1, 3, 5)]
        return replace(self, color="#{:02x}{:02x}{:02x}".format(*mixed), width=self.width * 0.7)

    def named(self, label: str) -> "Style":
        """The same look under another label."""
        return replace(self, label=label)


RING = {"markerfacecolor": "none", "markeredgewidth": 2.5}  # a marker that hides no other
DASHED, DOTTED = (0, (4, 1.5)), (0, (1, 1.2))
DASH_DOT, LONG = (0, (5, 1.5, 1, 1.5)), (0, (8, 2))

# Train and valid appear beside L1 (red) and L2 (blue), so they are neither. The colours can be
# told apart under the three kinds of dichromacy, dashes and markers without any colour.
styles: dict[str, Style] = {
    "train": Style("Train", INK, "-", "s"),
    "valid": Style("Valid", "#e27500", DASHED, "o"),
    "test": Style("Test", "#8a5a2b", DOTTED, "D"),
    "none": Style("None", "#808080", LONG, "x"),
    "L1": Style("L1", "#bf0400", "-", "^"),
    "L2": Style("L2", "#0340fa", DASHED, "v"),
    "weight decay": Style("Weight decay", "#3f8fd2", DOTTED, "<"),
    "dropout": Style("Dropout", "#04a197", DASH_DOT, "P"),
    "early stopping": Style("Early stopping", "#991670", DOTTED, "*"),
    "all": Style("All", "#6b8e00", LONG, "h"),
    "truth": Style("Truth", "#808080", DASHED, "", 2.5),
    "contours": Style("Loss", "#808080", "-", "", 1.3),
    "fit": Style("Fit", "#e27500", "-", "", 3.5),
    "data": Style("Data", INK, "", "o"),
    "best": Style("Best", "#991670", DOTTED, "*", 2.0),
    "now": Style("Now", "#808080", "-", "d", 2.0),
    "minimiser": Style("Min of L", "#bf0400", "-", "X"),
    "solution": Style("Solution", "#e27500", "-", "o"),
}


def style_of(name: str, index: int = 0) -> Style:
    """The style of a meaning; any other name gets its own label and one of the spare looks."""
    if name in styles:
        return styles[name]
    spare = ("train", "valid", "dropout", "early stopping", "test", "weight decay")
    return styles[spare[index % len(spare)]].named(name)
