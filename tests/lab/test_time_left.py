"""The words beside the progress bar, with a clock that is moved by hand."""

import pytest

from helpers.lab import time_left


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time_left, "monotonic", lambda: now[0])
    return now


def told(clock, *steps):
    """What is said after each (seconds, done, total)."""
    own, texts = time_left.TimeLeft(), []
    for seconds, done, total in steps:
        clock[0] += seconds
        texts.append(own.text((done, total)))
    return texts


def test_nothing_is_known_without_progress():
    assert time_left.TimeLeft().text(None) == ""


def test_what_takes_less_than_a_second_is_not_told(clock):
    assert told(clock, (0, 1, 100), (0.01, 11, 100)) == ["1%", "11%"]


def test_the_rest_takes_as_long_as_what_was_done(clock):
    assert told(clock, (0, 1, 101), (10, 51, 101)) == ["1%", "50%, 10초 남음"]


def test_what_was_done_before_an_interruption_took_no_time(clock):
    assert told(clock, (0, 50, 100), (10, 60, 100)) == ["50%", "60%, 40초 남음"]


def test_a_second_is_told_and_half_of_one_is_not(clock):
    assert told(clock, (0, 0, 2), (1, 1, 2)) == ["0%", "50%, 1초 남음"]
    assert told(clock, (0, 0, 2), (0.5, 1, 2)) == ["0%", "50%"]
