"""The worker under random interleavings: the latest job is the one left, one at a time runs."""

import threading
import time
from contextlib import suppress
from unittest.mock import patch

import pytest
from hypothesis import given, settings, strategies as st

from helpers.lab import worker
from helpers.lab.worker import PAUSE, Cancelled, Superseded, Worker
from tests.lab.toy import lab_threads
from tests.says import says
from tests.until import until

MILLISECOND = 0.001

lengths = st.sampled_from([0, 1, 5, 20])  # checkpoints, a millisecond apart
naps = st.sampled_from([0, 1, 3, 10])
jobs = st.tuples(st.sampled_from(["submit", "at once", "run"]), lengths, st.booleans())
others = st.tuples(st.sampled_from(["cancel", "close", "wait"]))
operations = st.lists(st.tuples(jobs | jobs | others, naps), min_size=1, max_size=8)


class Desk:
    """Gives a worker numbered jobs, and writes down what becomes of them."""

    def __init__(self):
        self.worker = Worker()
        self.finished, self.stopped = [], {}
        self.revocations = []  # which was the latest job, each time
        self.running = self.most_running = self.most_threads = 0
        self.latest, self.fails, self.revoked = None, False, False
        self.number = 0

    def job(self, length, fails):
        self.number += 1
        number = self.latest = self.number
        self.fails, self.revoked = fails, False

        def work(checkpoint):
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            try:
                checkpoint()
                for _ in range(length):
                    time.sleep(MILLISECOND)
                    checkpoint()
                if fails:
                    raise ZeroDivisionError(number)
                self.finished.append(number)
                return number
            except Cancelled as stopped:
                self.stopped[number] = stopped
                raise
            finally:
                self.running -= 1

        return work

    def do(self, operation, *job):
        match operation:
            case "submit" | "at once":
                self.worker.submit(self.job(*job), at_once=operation == "at once")
            case "run":
                perform = self.worker.reserve(self.job(*job))
                if self.fails:
                    with pytest.raises(ZeroDivisionError):
                        perform()
                else:
                    assert perform() == self.latest
            case "cancel" | "close":
                getattr(self.worker, operation)()
                self.revoked = True
                self.revocations.append(self.number)
            case "wait":
                with suppress(ZeroDivisionError, Cancelled):
                    self.worker.wait(5)
        self.most_threads = max(self.most_threads, len(lab_threads()))

    def outcome(self):
        """What waiting for the latest job gives: nothing, or the kind of what it raised."""
        try:
            self.worker.wait(5)
        except (ZeroDivisionError, Cancelled) as error:
            return type(error)
        return None


@pytest.fixture(autouse=True, scope="module")
def short_pause():
    """A hand that rests for a few milliseconds instead of twenty."""
    with patch.object(worker, "PAUSE", 3 * MILLISECOND):
        yield


@settings(max_examples=80)
@given(operations)
def test_the_latest_job_is_the_one_left_whatever_came_before(steps):
    desk = Desk()
    for (operation, *job), nap in steps:
        desk.do(operation, *job)
        time.sleep(nap * MILLISECOND)
    outcome, latest = desk.outcome(), desk.latest
    assert not desk.worker.busy
    assert desk.most_running <= 1 and desk.most_threads <= 1
    assert desk.finished == sorted(set(desk.finished))
    if latest is None:
        assert outcome is None
    elif outcome is Cancelled:
        assert desk.revoked and latest not in desk.finished
    else:
        assert outcome is (ZeroDivisionError if desk.fails else None)
        assert desk.fails or desk.finished[-1] == latest
    for number, error in desk.stopped.items():
        assert type(error) is Superseded or any(n >= number for n in desk.revocations)
    desk.worker.close()
    assert lab_threads() == []


@settings(max_examples=15)
@given(st.lists(st.lists(st.tuples(lengths, naps), min_size=1, max_size=5), min_size=2, max_size=3))
def test_of_several_hands_the_last_one_wins(hands):
    desk, order = Desk(), threading.Lock()

    def move(jobs):
        for length, nap in jobs:
            with order:
                desk.worker.submit(desk.job(length, False))
            time.sleep(nap * MILLISECOND)

    threads = [threading.Thread(target=move, args=(jobs,)) for jobs in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.outcome() is None and desk.finished[-1] == desk.latest
    assert desk.most_running == 1 and desk.finished == sorted(set(desk.finished))
    assert all(type(error) is Superseded for error in desk.stopped.values())
    desk.worker.close()
    assert lab_threads() == []


@settings(max_examples=15)
@given(st.sampled_from(["cancel", "close"]), naps, st.booleans())
def test_a_job_that_is_stopped_is_told_so_and_the_next_one_runs(stop, nap, in_caller):
    desk = Desk()
    desk.do("submit", 5000, False)
    time.sleep((10 + nap) * MILLISECOND)
    start = time.monotonic()
    desk.do(stop)
    assert desk.outcome() is Cancelled and time.monotonic() - start < 2
    assert all(type(error) is Cancelled for error in desk.stopped.values())
    desk.do("run" if in_caller else "submit", 1, False)
    assert desk.outcome() is None and desk.finished == [2]


@pytest.mark.parametrize(("seconds", "written"), [(0.05, "0.05"), (0.0, "0")])
def test_a_wait_that_is_too_short_says_how_long_it_was(seconds, written):
    desk = Desk()
    desk.do("at once", 5000, False)
    with says(f"{written}초 안에 끝나지 않았습니다.", TimeoutError):
        desk.worker.wait(seconds)
    desk.worker.close()


# The pause of a hand


def test_the_first_move_is_answered_at_once_and_those_close_behind_after_a_pause(monkeypatch):
    now, own, started = [1000.0], Worker(), []
    monkeypatch.setattr(worker, "monotonic", lambda: now[0])
    monkeypatch.setattr(worker, "PAUSE", PAUSE)

    def at(second, *, move=False, starts):
        """Whether a job starts soon after this second, at which the hand moved or not."""
        now[0], before = 1000 + second, len(started)
        if move:
            own.submit(lambda checkpoint: started.append(second))
        if starts:
            until(lambda: len(started) > before, 5)
        else:
            time.sleep(3 * PAUSE)
            assert len(started) == before

    at(0, move=True, starts=True)
    at(0.1, move=True, starts=False)
    at(0.115, starts=False)
    at(0.121, starts=True)
    at(0.26, move=True, starts=True)
    assert started == [0, 0.1, 0.26]
    own.close()


def test_what_may_start_at_once_does_not_wait_for_the_pause_of_a_move_before(monkeypatch):
    monkeypatch.setattr(worker, "PAUSE", 60)
    own, started = Worker(), []
    for at_once in (False, False, True):
        own.submit(lambda checkpoint, at_once=at_once: started.append(at_once), at_once)
        time.sleep(10 * MILLISECOND)
    until(lambda: True in started, 5)
    own.close()


def test_a_wait_ends_with_its_job():
    own, seconds = Worker(), []
    for _ in range(5):
        own.submit(lambda checkpoint: time.sleep(5 * MILLISECOND), at_once=True)
        start = time.monotonic()
        own.wait()
        seconds.append(time.monotonic() - start)
    assert min(seconds) < 0.05


def test_a_kernel_that_ends_waits_for_no_job():
    desk = Desk()
    desk.do("at once", 5000, False)
    assert [thread.daemon for thread in lab_threads()] == [True]
    desk.worker.close()


def test_a_job_may_close_its_own_worker():
    own, closed = Worker(), []

    def job(checkpoint):
        own.close()
        closed.append(True)

    own.submit(job)
    until(lambda: closed, 5)
    with pytest.raises(Cancelled):
        own.wait(5)
