"""A page shows what the live lab shows: the sentence to the digit, the picture line by line."""

from random import Random

import numpy as np
import pytest

from helpers.lab import Lab
from tests.site import live
from tests.site.pages import LESSONS, PageLab, opened

SETTINGS = 2  # of each view: the lesson's own and others
# Points: a tenth is rounded away, and matplotlib leaves out what lies nearly on a straight line.
NEAR, NEARLY_STRAIGHT = 0.3, 0.7


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_sentences_and_pictures_are_those_of_the_live_lab(browser, site, path):
    chance = Random(path.stem)
    with opened(browser, site / f"{path.stem}.html") as page:
        page.unfold()
        found = {lab.name: lab for lab in page.labs()}
        for lab in live.live_labs(path):
            here = found.pop(lab.name)
            for view, name in enumerate(here.views):
                here.look(view)
                for number in range(SETTINGS):
                    if number:
                        for knob, what in enumerate(here.knobs):
                            here.put(knob, chance.randrange(len(what["texts"])))
                    compare(here, lab, name)
        assert not found, "labs on the page that the lesson does not have"


def compare(here: PageLab, lab: Lab, view: str) -> None:
    said = live.put(lab, view, here.values())
    if here.note():
        assert said in here.note()
        return
    assert here.sentence() == said
    shown, lines = here.drawn(), live.curves(lab)
    named = {(artist["axes"], artist["name"]) for artist in shown["artists"]}
    assert named >= {*lines}
    assert live.texts(lab) <= {*shown["texts"]}
    for (axes, name), line in lines.items():
        what = here.name, view, name
        points = here.points(axes, name)
        if points is None:  # a cloud of thousands of markers is kept as pixels
            assert len(line) > 500, what
            continue
        assert live.distance(points, line) < NEAR, what
        inside = line[np.isfinite(line).all(axis=1) & (line > 0).all(axis=1)]
        assert live.distance(inside, points) < NEARLY_STRAIGHT, what
