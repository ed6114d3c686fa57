"""Which settings of a lab are recorded."""

from math import prod

import pytest
from hypothesis import given, strategies as st

from helpers.lab import Alpha, Choice, Lab, Patience, Probability, RunTableLab, Slider, TrainingLab
from helpers.penalties import L1
from tests.lab.trainings import config
from tools.site.grid import FEW, MOST_REPEATED, MOST_SETTINGS, grid, settings, thinned


@pytest.fixture
def make_lab():
    made = []

    def make(**controls):
        made.append(Lab("grid", lambda **values: values, lambda ax, values: None, str, controls))
        return made[-1]

    yield make
    for lab in made:
        lab.close()


def test_one_slider_has_all_its_stops(make_lab):
    [alpha] = grid(make_lab(alpha=Alpha(0.01)))
    assert alpha.stops == Alpha(0.01).stops() and alpha.recording["kind"] == "range"
    assert alpha.recording["texts"][alpha.recording["start"]] == "0.01"
    assert alpha.recording["label"] == "α (페널티 세기)" and alpha.recording["short"] == "α"


def test_a_very_long_slider_is_thinned(make_lab):
    [steps] = grid(make_lab(steps=Slider("t", 0, 1000, 1, 333)))
    assert len(steps.stops) == 64 and {0, 333, 1000} <= {*steps.stops}


def test_where_the_lesson_put_a_knob_and_where_it_starts_are_told_apart(make_lab):
    lab = make_lab(alpha=Alpha(0.0))
    lab.run(alpha=0.0123)  # between two stops
    [alpha] = grid(lab)
    assert alpha.stops[alpha.recording["start"]] == 0.0123
    assert alpha.stops[alpha.recording["first"]] == 0.0


def test_several_sliders_keep_their_ends_their_zero_and_every_choice(make_lab):
    knobs = {"alpha": Alpha(0.003), "p": Probability(0.35), "kind": Choice("종류", ["a", "b", "c"])}
    lab = make_lab(**knobs)
    alpha, p, kind = grid(lab)
    assert prod(len(axis.stops) for axis in (alpha, p, kind)) <= MOST_SETTINGS
    assert {0.0, 0.003, 1.0} <= {*alpha.stops} and {0.0, 0.35, 0.95} <= {*p.stops}
    assert kind.stops == ["a", "b", "c"] and kind.recording["kind"] == "choice"


def test_the_first_slider_keeps_its_stops_longest(make_lab):
    patience, seed = grid(make_lab(patience=Patience(5, high=9), seed=Slider("seed", 0, 99, 1, 7)))
    assert len(patience.stops) == 9 and len(seed.stops) == FEW and 7 in seed.stops


def test_a_lab_that_repeats_its_trainings_has_fewer_settings(make_lab):
    knobs = {"alpha": Alpha(0.01), "p": Probability(0.5)}
    repeated = TrainingLab("grid", lambda alpha, p: config(alpha, epochs=2), **knobs)
    often, once = (
        prod(len(axis.stops) for axis in grid(lab)) for lab in (repeated, make_lab(**knobs))
    )
    assert often <= MOST_REPEATED < once <= MOST_SETTINGS
    repeated.close()


def test_the_settings_that_a_table_of_runs_names_are_kept():
    def table(alpha, p, kind):
        return config(alpha, epochs=2)

    knobs = {"alpha": Alpha(0.0), "p": Probability(0.0), "kind": Choice("종류", [*"abcdefgh"])}
    lab = RunTableLab("grid", table, **knobs)
    lab.run(alpha=0.002, p=0.6)
    lab.run(alpha=0.003, p=0.0)
    alpha, p, _ = grid(lab)
    assert {0.0, 0.002, 0.003, 1.0} <= {*alpha.stops} and {0.0, 0.6, 0.95} <= {*p.stops}
    lab.close()


def test_settings_are_counted_with_the_last_knob_fastest(make_lab):
    axes = grid(
        make_lab(n=Slider("n", 1, 3, 1, 1), kind=Choice("종류", {"하나": L1, "없음": None}))
    )
    everywhere = settings(axes)
    assert everywhere[:3] == [dict(n=1, kind=L1), dict(n=1, kind=None), dict(n=2, kind=L1)]
    assert len(everywhere) == 6


@given(st.data())
def test_thinning_keeps_ends_and_what_is_to_be_kept(data):
    stops = [*range(data.draw(st.integers(3, 80)))]
    count = data.draw(st.integers(3, len(stops)))
    kept = data.draw(st.lists(st.sampled_from(stops), max_size=3))
    left = thinned(stops, count, kept)
    assert {stops[0], stops[-1], *kept} <= {*left} <= {*stops}
    assert left == sorted(left) and len(left) <= max(count, len({0, stops[-1], *kept}))
