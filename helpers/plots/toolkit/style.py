"""What each colour, dash and marker means: one dictionary for the whole course."""

from dataclasses import dataclass, replace
from typing import Any

TEXT = 15.0  # points, for projection; a picture is shown one to one, 100 pixels to the inch
INK, GREY = "#333333", "#787878"
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

# One colour, one meaning. Any two colours differ visibly in normal vision, and those that meet in
# one picture under the three kinds of dichromacy too; dashes and markers tell apart without colour.
# L1 is red and L2 blue as in the lecture, whose red and orange arrows have hues of their own.
styles: dict[str, Style] = {
    # the losses
    "train": Style("Train", INK, "-", "s"),
    "valid": Style("Valid", "#df7300", DASHED, "o"),
    "test": Style("Test", "#8a5a2b", DOTTED, "D"),
    "best": Style("Lowest valid loss", INK, DOTTED, "*", 2.0),
    "penalty": Style("Penalty", "#b78585", DASHED, "d"),
    # the methods
    "none": Style("None", GREY, LONG, "x"),
    "L1": Style("L1", "#bf0400", "-", "^"),
    "L2": Style("L2", "#0340fa", DASHED, "v"),
    "weight decay": Style("Weight Decay", "#0087ff", DOTTED, "<"),
    "dropout": Style("Dropout", "#04a197", DASH_DOT, "P"),
    "early stopping": Style("Early Stopping", "#991670", DOTTED, "p"),
    "all": Style("All", "#789669", LONG, "h"),
    # the optimisers
    "SGD": Style("SGD", "#3b6200", "-", ">"),
    "Adam": Style("Adam", "#9d6289", DASH_DOT, "X"),
    "AdamW": Style("AdamW", "#c43b4e", LONG, "8"),
    # the learning rate
    "Constant": Style("Constant", GREY, LONG, "x"),
    "StepLR": Style("StepLR", "#62629d", "-", "^"),
    "ReduceLROnPlateau": Style("ReduceLROnPlateau", "#6276ff", DASH_DOT, "D"),
    # dropout's two modes
    "train mode": Style("train() mode", INK, "-", "s"),
    "eval mode": Style("eval() mode", "#763b27", DASH_DOT, "d"),
    # noisy labels, classes
    "clean labels": Style("Clean labels", "#3b764e", DASH_DOT, "P"),
    "wrong labels": Style("Wrong labels", "#c476c4", DOTTED, "X"),
    "class 0": Style("Class 0", "#004e9d", "-", "o"),
    "class 1": Style("Class 1", "#d911ec", DASHED, "s"),
    # a function of one variable
    "truth": Style("Truth", GREY, DASHED, "", 2.5),
    "data": Style("Data", INK, "", "o"),
    "fit": Style("Fit", "#8900d8", "-", "", 3.5),
    "refits": Style("Refits", "#8900d8", "-", "", 1.3),
    # a plane of two weights
    "contours": Style("Loss", GREY, "-", "", 1.3),
    "minimiser": Style("Min of L", "#ff0076", "-", "X"),
    "constraint solution": Style("Solution", "#b18914", "-", "o"),
    # where a slider stands
    "now": Style("Now", GREY, "-", "d", 2.0),
}

# Ink and grey mean no method of their own: they may be shared. Refits are fits.
NEUTRAL = {"train", "best", "none", "Constant", "train mode", "truth", "data", "contours", "now"}
ALIKE = {"fit", "refits"}

# Muted, and in no other use: for names that the course has no style for.
SPARE = (
    Style("", "#2f6f6f", "-", "o"),
    Style("", "#be8568", DASHED, "s"),
    Style("", "#282853", DASH_DOT, "^"),
    Style("", "#938cbe", LONG, "v"),
    Style("", "#5a4528", DOTTED, "D"),
)


def style_of(name: str, index: int = 0) -> Style:
    """The style of a meaning; any other name gets its own label and one of the spare looks."""
    return styles[name] if name in styles else SPARE[index % len(SPARE)].named(name)
