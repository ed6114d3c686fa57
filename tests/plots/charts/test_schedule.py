"""The schedule: every rate holds for its whole epoch, inside the axes."""

from helpers import plots
from tests.plots.examples import legend_texts, line_data


def test_a_rate_holds_for_its_epoch():
    _, ax = plots.figure()
    plots.schedule(ax, {"Constant": [0.1] * 4, "StepLR": [0.1, 0.1, 0.01, 0.01]})
    assert line_data(ax, "rate StepLR").tolist() == [
        [0, 0.1],
        [1, 0.1],
        [2, 0.01],
        [3, 0.01],
        [4, 0.01],
    ]
    assert ax.get_xlim() == (0, 4)
    low, high = ax.get_ylim()
    assert low < 0.01 and high > 0.1
    assert legend_texts(ax) == ["Constant", "StepLR"]
