"""The settings of a lab that are recorded: all its stops, or as many as a page has room for."""

import os
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from helpers.lab import Choice, Control, Lab, RunTableLab
from helpers.lab.training_lab import SEEDS_VIEW

MOST_STOPS = 64  # of one knob, as in 전체 보기
# Of one lab. Who only wants to see that every page works asks for fewer.
MOST_SETTINGS = int(os.environ.get("COURSE_SITE_SETTINGS", "72"))
MOST_REPEATED = min(36, MOST_SETTINGS)  # with 운인가 효과인가?: up to forty trainings for each
FEW = 8  # stops of a slider
THOROUGH = MOST_SETTINGS >= FEW**2  # or else some are left out that a learner would look for


@dataclass(frozen=True)
class Axis:
    """A knob, the stops of it that are recorded, and where it stands in the lesson."""

    name: str
    knob: Control
    stops: list[Any]
    now: Any

    @property
    def recording(self) -> dict[str, Any]:
        """What the page makes its control of."""
        return {
            "name": self.name,
            "label": self.knob.label,
            "short": self.knob.short,
            "kind": "choice" if isinstance(self.knob, Choice) else "range",
            "texts": [self.knob.text(stop) for stop in self.stops],
            "start": self.stops.index(self.now),
            "first": self.stops.index(self.knob.value),
        }


def grid(lab: Lab) -> list[Axis]:
    """The stops of each knob; where there are too many settings, sliders are thinned.

    The first slider is what a lab is about: the others become short before it does. Kept are both
    ends, what switches a knob off, where it starts, where the lesson has put it, and every option
    of a choice.
    """
    now, kept = lab.shown.values, stops_to_keep(lab)
    stops = {name: every_stop(knob, now[name]) for name, knob in lab.controls.items()}
    sliders = [name for name, knob in lab.controls.items() if not isinstance(knob, Choice)]
    counts = {name: len(some) for name, some in stops.items()}
    counts |= {name: min(counts[name], MOST_STOPS) for name in sliders}
    most = MOST_REPEATED if SEEDS_VIEW in lab.views else MOST_SETTINGS
    while prod(counts.values()) > most:
        long = [name for name in sliders[1:] if counts[name] > FEW] or sliders
        longest = max(long, key=counts.__getitem__)
        if counts[longest] <= 2:
            break
        counts[longest] -= 1
    return [
        Axis(name, knob, thinned(stops[name], counts[name], kept[name]), now[name])
        for name, knob in lab.controls.items()
    ]


def every_stop(knob: Control, now: Any) -> list[Any]:
    """What the live lab's slider can rest on, where it starts and where it stands among them.

    Of a choice every option; if only a few settings are wanted, one beside those two.
    """
    if not isinstance(knob, Choice):
        return sorted({*knob.stops(), knob.value, now})
    options = knob.stops()
    if THOROUGH:
        return options
    others = [option for option in options if option not in (knob.value, now)]
    return [option for option in options if option not in others[1:]]


def stops_to_keep(lab: Lab) -> dict[str, list[Any]]:
    """The stops of each knob that a learner is sure to look for.

    A table of runs names its settings: those, too.
    """
    knobs, now = lab.controls, lab.shown.values
    keep = {name: [knob.value, now[name], knob.off(now[name])] for name, knob in knobs.items()}
    if isinstance(lab, RunTableLab) and THOROUGH:
        for trial in lab.runs.known:
            for name, value in trial.values:
                keep[name] += [value] if value in knobs[name].stops() else []
    return keep


def thinned(stops: list[Any], count: int, kept: list[Any]) -> list[Any]:
    """About `count` stops at even distances, both ends and those to be kept among them."""
    if count >= len(stops):
        return stops
    even = {round(i * (len(stops) - 1) / (count - 1)) for i in range(count)}
    for stop in kept:
        place = stops.index(stop)
        if place not in even:
            inner = even - {0, len(stops) - 1} - {stops.index(other) for other in kept}
            even -= {min(inner, key=lambda i: abs(i - place))} if inner else set()
            even.add(place)
    return [stops[i] for i in sorted(even)]


def settings(axes: list[Axis]) -> list[dict[str, Any]]:
    """All combinations of the stops; the last knob changes fastest."""
    names = [axis.name for axis in axes]
    return [dict(zip(names, stops, strict=True)) for stops in product(*(a.stops for a in axes))]
