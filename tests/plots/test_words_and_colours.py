"""What every chart says and which colour means what in it: axis labels, legends, styles."""

import pytest
from matplotlib.colors import to_rgb

from helpers import plots
from helpers.plots.toolkit.style import INK
from tests.plots.examples import CHARTS, artists, fresh, legend_texts

TRAIN_VALID = ["Train loss", "Valid loss"]
U = ["Train", "Valid", "Lowest valid loss", "Now"]
REGION = "W₁", "W₂", ["Min of L", "Solution"]
# For each axes of the first variant: the labels of x and y, and the legend.
WORDS = {
    "loss_curves": [("Epoch", "Loss", [*TRAIN_VALID, "α = 0"])],
    "loss_until": [("Epoch", "Loss", TRAIN_VALID)],
    "loss_parts": [("Epoch", "Loss", ["Penalty", "Train loss", "Sum"])],
    "bands": [("Epoch", "Loss (5 runs)", TRAIN_VALID)],
    "stopped": [("Epoch", "Loss", [*TRAIN_VALID, "Lowest: epoch 21"])],
    "against": [("α", "Loss", U)],
    "against_degree": [("Degree", "Loss", U)],
    "paths": [("α", "Weight", ["Other", "L1, useful", "Exactly 0"])],
    "schedule": [("Epoch", "Learning rate", ["Constant", "StepLR", "ReduceLROnPlateau"])],
    "two_paths": [("W₁", "W₂", ["Min of L", "L2, λ = 1/(γt)", "t steps"])],
    "two_ways": [
        ("Epoch", "Loss", ["Train, L2", "Valid, L2", "Train, decay", "Valid, decay"]),
        ("Weight (L2)", "Weight (decay)", ["same weight"]),
    ],
    "fit_1d": [("x", "y", ["Truth", "Train data", "Fit"])],
    "spread": [("x", "y", ["Truth", "30 refits", "Median"])],
    "boundary": [("x₁", "x₂", ["Class 0", "Class 1", "Wrong label"])],
    "weight_histogram": [("Weight", "Share of weights", ["L2: no weight exactly 0", "L1"])],
    "penalty_and_slope": [
        ("Weight w", "Penalty", ["L1: |w|", "L2: w²"]),
        ("Weight w", "Slope", ["L1: ±1", "L2: 2w"]),
    ],
    "stems": [("Feature", "Coefficient", ["L1: 13 of 60 not 0", "Truth"])],
    "constraint_region": [REGION, REGION],
    "network": [("", "", []), ("", "", [])],
    "images": [("", "", [])],
    "binomial_bars": [
        ("Neurons off", "Share of draws", ["Measured, 2,000 draws", "Binomial(1000, 0.3)"])
    ],
    "bars": [("", "Test accuracy", [])],
    "paired": [("", "Loss", [])],
    "single_artists": [("", "", [])],
}
# The meaning that lends an artist its colour; `paler` if it stands in the background.
COLOURS = {
    "loss_curves": {
        **{"train": "train", "valid": "valid", "best": "best", "best point": "best"},
        **{"pin 0 train": "paler train", "pin 0 valid": "paler valid"},
    },
    "loss_parts": {
        **{"train": "train", "data part": "train"},
        **{"total": "penalty", "penalty part": "penalty"},
    },
    "bands": {
        **{"train": "train", "train band": "train", "valid": "valid", "valid band": "valid"},
        **{"baseline": "none", "baseline band": "none"},
    },
    "stopped": {
        **{"train": "train", "valid": "valid", "best point": "best", "stop": "early stopping"},
        **{"spared train": "paler train", "spared valid": "paler valid", "spared": "none"},
    },
    "against": {
        **{"curve train": "train", "curve train at 0": "train", "best": "best", "now": "now"},
        **{"curve valid": "valid", "curve valid at 0": "valid", "curve valid band": "valid"},
        "curve valid spread at 0": "valid",
    },
    "paths": {
        **{"useful": "L1", "useful 0": "L1", "other": "none", "other 0": "none"},
        **{"zero": "train", "now": "now"},
    },
    "schedule": {
        **{"rate Constant": "Constant", "rate StepLR": "StepLR"},
        "rate ReduceLROnPlateau": "ReduceLROnPlateau",
    },
    "two_paths": {
        **{"minimum": "minimiser", "contours": "contours"},
        **{"penalised": "L2", "penalised end": "L2"},
        **{"descent": "early stopping", "descent end": "early stopping"},
    },
    "two_ways": {
        **{"Train L2": "paler train", "Valid L2": "paler valid"},
        **{"Train decay": "train", "Valid decay": "valid"},
        **{"diagonal": "truth", "weights": "weight decay"},
    },
    "fit_1d": {"truth": "truth", "data": "data", "fit": "fit"},
    "spread": {"truth": "truth", "fits": "refits", "middle": "fit"},
    "boundary": {
        **{"class 0": "class 0", "class 1": "class 1"},
        **{"flipped": "data", "boundary": "train"},
    },
    "weight_histogram": {
        **{"group L1": "L1", "group L1 0": "L1", "group L1 share": "L1"},
        **{"group L2": "L2", "group L2 share": "L2", "group none": "none"},
    },
    "penalty_and_slope": {"L1": "L1", "L2": "L2", "at L1": "L1", "at L2": "L2"},
    "stems": {"stems": "L1", "estimate": "L1", "truth": "data"},
    "constraint_region": {
        **{"minimiser": "minimiser", "minimiser arrow": "minimiser"},
        **{"constraint solution": "constraint solution", "touching": "constraint solution"},
        **{"constraint solution arrow": "constraint solution", "contours": "contours"},
        "path": "truth",
    },
    "network": {"on": "dropout", "off": "none", "edges": "none", "crosses": "data"},
    "binomial_bars": {"measured": "dropout", "expected": "train", "mean": "now"},
    "bars": {
        **{"bar 0": "none", "bar 1": "L1", "bar 2": "L2", "bar 3": "dropout"},
        **{"bar 4": "early stopping", "bar 5": "all", "bar 5 sd": "train"},
    },
    "paired": {"pairs": "truth", "before": "none", "after": "valid"},
}


def colour(artist):
    """Red, green and blue of a line, a text or a face."""
    found = artist.get_color() if hasattr(artist, "get_color") else artist.get_facecolor()
    return to_rgb(found if isinstance(found, str | tuple) else found[0])


def test_every_chart_is_in_the_table():
    assert WORDS.keys() == CHARTS.keys()
    assert CHARTS.keys() - COLOURS.keys() == {
        *("loss_until", "against_degree", "images", "single_artists")
    }


@pytest.mark.parametrize("name", WORDS)
def test_axes_and_legend_say_what_is_drawn(name):
    fig, draw = fresh(name)
    draw(0)
    said = [(ax.get_xlabel(), ax.get_ylabel(), legend_texts(ax)) for ax in fig.axes]
    assert said == WORDS[name]


@pytest.mark.parametrize("name", COLOURS)
def test_every_artist_has_the_colour_of_its_meaning(name):
    fig, draw = fresh(name)
    seen = set()
    for variant in (0, 1):
        draw(variant)
        for ax in fig.axes:
            for gid, artist in artists(ax).items():
                if gid in COLOURS[name]:
                    seen.add(gid)
                    style = plots.styles[COLOURS[name][gid].removeprefix("paler ")]
                    style = style.paler() if "paler" in COLOURS[name][gid] else style
                    assert colour(artist) == pytest.approx(to_rgb(style.color)), gid
    assert seen == COLOURS[name].keys()


def test_each_region_has_the_colour_of_its_penalty():
    fig, draw = fresh("constraint_region")
    draw(0)
    for ax, kind, text in zip(
        fig.axes, ("L1", "L2"), ("|W₁| + |W₂| ≤ 0.6", "W₁² + W₂² ≤ 0.8"), strict=True
    ):
        for gid in ("region", "constraint"):
            assert colour(artists(ax)[gid]) == to_rgb(plots.styles[kind].color)
        assert artists(ax)["constraint"].get_text() == text


@pytest.mark.parametrize(
    ("name", "gid", "said"),
    [
        ("loss_curves", "best text", " lowest: epoch 28"),
        ("stopped", "stop text", " stop: epoch 41"),
        ("binomial_bars", "mean text", " N×p = 300"),
        ("network", "layer 1", "Hidden\n1"),
    ],
)
def test_marks_say_where_they_are(name, gid, said):
    fig, draw = fresh(name)
    draw(0)
    assert artists(fig.axes[0])[gid].get_text().rstrip() == said.rstrip()


def test_a_plain_text_is_ink():
    fig, draw = fresh("single_artists")
    draw(0)
    assert artists(fig.axes[0])["note"].get_color() == INK
