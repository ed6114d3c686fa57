"""Pairs: each result beside its partner of the same seed."""

import math

import pytest

from helpers import plots
from tests.plots.examples import artists, line_data


def names(ax):
    return [tick.get_text() for tick in ax.get_xticklabels()]


def test_partners_are_joined():
    _, ax = plots.figure()
    plots.paired(ax, [0.5, 0.8], [0.4, 0.9], names=("α = 0", "α = 1"), ylabel="Valid loss")
    assert line_data(ax, "before").tolist() == [[0, 0.5], [0, 0.8]]
    assert line_data(ax, "after").tolist() == [[1, 0.4], [1, 0.9]]
    pieces = [piece.tolist() for piece in artists(ax)["pairs"].get_segments()]
    assert pieces == [[[0, 0.5], [1, 0.4]], [[0, 0.8], [1, 0.9]]]
    assert ax.get_xlim() == (-0.35, 1.35) and ax.get_ylim() == (0, 1)
    assert names(ax) == ["α = 0", "α = 1"] and ax.get_xticks().tolist() == [0, 1]
    assert ax.get_ylabel() == "Valid loss"
    for name in ("before", "after"):
        assert artists(ax)[name].get_marker() == "o" and artists(ax)[name].get_alpha() < 1


@pytest.mark.parametrize("missing", [math.nan, math.inf])
def test_what_is_not_finite_is_left_out_with_its_line(missing):
    _, ax = plots.figure()
    plots.paired(ax, [0.5, missing], [missing, 0.9], names=("a", "b"))
    assert line_data(ax, "before").tolist() == [[0, 0.5]]
    assert line_data(ax, "after").tolist() == [[1, 0.9]]
    assert not artists(ax)["pairs"].get_segments()


def test_without_partners_only_the_results_are_named():
    _, ax = plots.figure()
    plots.paired(ax, [], [0.4, 0.9], names=("", "own"))
    assert names(ax) == ["own"] and ax.get_xticks().tolist() == [1]
    assert len(line_data(ax, "after")) == 2 and not artists(ax)["pairs"].get_segments()
