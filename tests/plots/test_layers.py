"""Every chart from back to front: areas, what helps to read, curves, the points that stand out."""

import pytest
from matplotlib.image import AxesImage
from matplotlib.patches import Polygon, StepPatch
from matplotlib.text import Text

from helpers.plots.toolkit.artists import drawn_at
from tests.plots.examples import CHARTS, artists, fresh

IMAGE, AREA, HELP, BODY, POINT = range(5)
HELPS = {"best", "now", "stop", "mean", "zero", "boundary", "contours"}
STAND_OUT = {"best", "best point", "descent end", "penalised end", "useful 0", "other 0"}


def layer(artist):
    """Where an artist belongs; the solid bar of exact zeros stands before what is pale."""
    match artist:
        case AxesImage():
            return IMAGE
        case Polygon() | StepPatch() if artist.get_facecolor()[3] < 1:
            return AREA
    if getattr(artist, "get_marker", lambda: "None")() == "None":
        return HELP if artist.get_gid() in HELPS else BODY
    return POINT if artist.get_gid() in STAND_OUT else BODY


@pytest.mark.parametrize("name", sorted(CHARTS.keys() - {"single_artists"}))
def test_nothing_lies_under_what_it_should_cover(name):
    fig, draw = fresh(name)
    for variant in (0, 1):
        draw(variant)
        for ax in fig.axes:
            shown = [artist for artist in artists(ax).values() if not isinstance(artist, Text)]
            shown.sort(key=lambda artist: (artist.zorder, drawn_at[artist]))
            layers = [layer(artist) for artist in shown]
            assert layers == sorted(layers), [artist.get_gid() for artist in shown]
