"""The live lab without a browser: every knob, the last move wins, errors, pins, no thread left."""

import gc
import math
import random
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from matplotlib.patches import Rectangle

from helpers.lab.controls import Alpha, Choice, Patience, Probability, Slider
from helpers.lab.lab import Cancelled, Lab, Superseded, labs
from helpers.lab.worker import Latest


@dataclass
class Result:
    """What the toy experiment makes: its settings, and how far it came."""

    values: dict
    epoch: int = 0
    origin: int = 0


@dataclass
class Toy:
    """An experiment that counts to `epochs`, and counts how many of it run at once."""

    epochs: int = 5
    pause: float = 0.0
    origin: int = 0
    running: int = 0
    most: int = 0
    started: int = 0
    drawn: list = field(default_factory=list)
    pins: tuple = ()
    surprise: Callable = lambda values: None  # what else a run does

    def run(self, report, **values):
        self.running += 1
        self.started += 1
        self.most = max(self.most, self.running)
        try:
            self.surprise(values)
            result = Result(values, origin=self.origin)
            if values.get("alpha") == 0.7:
                raise ValueError("α가 너무 큽니다.")
            if values.get("alpha") == 0.5:
                raise ZeroDivisionError("0/0")
            for result.epoch in range(1, self.epochs + 1):
                time.sleep(self.pause)
                report(result)
            return result
        finally:
            self.running -= 1

    def draw(self, ax, result, pins=()):
        if result.values.get("alpha") == 0.3:
            raise KeyError("draw")
        for patch in list(ax.patches):
            patch.remove()
        ax.add_patch(Rectangle((0, 0), result.values["alpha"], result.epoch / self.epochs))
        self.drawn.append((result.values["alpha"], result.epoch))
        self.pins = tuple(pins)

    def describe(self, result):
        if result.values.get("alpha") == 0.2:
            raise KeyError("describe")
        return f"α가 {result.values['alpha']}입니다."

    def lab(self, name="toy", **controls):
        controls = controls or {"alpha": Alpha(0.01)}
        return Lab(name, self.run, self.draw, self.describe, controls, size=(3, 2), pins=True)


@pytest.fixture(autouse=True)
def no_thread_left():
    yield
    for lab in list(labs.values()):
        lab.close()
    assert lab_threads() == []


def lab_threads():
    return [thread for thread in threading.enumerate() if thread.name == "lab"]


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def status(lab):
    return lab._panel._status.value


def note(lab):
    return lab._panel._note.value


def knob(lab, name="alpha"):
    return lab._panel.knobs[name]


# Knobs

EVERY_KNOB = {
    "alpha": Alpha(0.01),
    "p": Probability(0.5),
    "patience": Patience(10),
    "degree": Slider("차수", 0, 15, 1, 3),
    "noise": Slider("잡음", 0.0, 1.0, 0.1, 0.3),
    "kind": Choice("종류", {"하나": 1, "둘": 2}),
    "menu": Choice("차림표", ["a", "b", "c", "d", "e"], "c"),
}


@pytest.mark.parametrize("name", EVERY_KNOB)
def test_every_knob_moves_to_its_ends_and_its_middle(name):
    toy = Toy()
    lab = toy.lab(alpha=Alpha(0.01), **{k: v for k, v in EVERY_KNOB.items() if k != "alpha"})
    if name == "alpha":  # the toy fails on purpose at some α
        lab = toy.lab(alpha=Alpha(0.01, low=1e-3, high=0.1))
    widget = knob(lab, name)
    last = len(widget.options) - 1
    for index in (0, last, last // 2):
        widget.index = index
        assert lab.wait(5).values[name] == widget.options[index][1] == lab.shown[name]


def test_alpha_stops_are_logarithmic_with_an_exact_zero():
    stops = Alpha(0.01).stops()
    assert stops[:2] == [0.0, 1e-5] and stops[-1] == 1.0
    assert {1e-4, 1e-3, 0.003, 0.007, 0.01, 0.2, 0.5} <= set(stops)
    assert all(1.2 < b / a < 1.7 for a, b in pairwise(stops[1:]))


def test_probability_stops_stay_below_one():
    assert Probability(0).stops()[0] == 0 and Probability(0).stops()[-1] == 0.95


def test_slider_stops_are_what_one_types():
    assert Slider("x", 0.0, 1.0, 0.1, 0.3).stops() == [i / 10 for i in range(11)]
    assert all(isinstance(stop, int) for stop in Slider("x", 1, 9, 2, 3).stops())


@pytest.mark.parametrize(
    ("make", "value"),
    [
        *[(Alpha, value) for value in (-1, -1e-9, math.nan, math.inf, "0.1", None)],
        *[(Probability, value) for value in (-0.1, 1, 1.0, math.nan, "x")],
        *[(Patience, value) for value in (0, -3, 2.5, math.nan)],
        *[(lambda v: Slider("차수", 0, 15, 1, v), value) for value in (-1, 16, 2.5, math.nan)],
        *[(lambda v: Choice("종류", ["a", "b"], v), value) for value in ("c", 1)],
    ],
)
def test_bad_values_are_refused_in_korean(make, value):
    with pytest.raises(ValueError, match=r"야 합니다 \(받은 값: "):
        make(value)


def test_a_value_between_the_stops_becomes_a_stop():
    lab = Toy().lab()
    stops = len(knob(lab).options)
    lab.run(alpha=0.0123)
    assert lab.result.values["alpha"] == knob(lab).value == 0.0123
    assert knob(lab).label == "0.0123" and len(knob(lab).options) == stops + 1
    assert "α = 0.0123" in status(lab)
    lab.run(alpha=0.02)
    assert len(knob(lab).options) == stops


def test_python_moves_the_knob_and_reset_moves_it_back():
    toy = Toy()
    lab = toy.lab()
    lab.set(alpha=0.05)
    assert knob(lab).value == 0.05 and lab.wait(5).values == {"alpha": 0.05} == lab.values
    lab.reset()
    assert lab.wait(5).values == {"alpha": 0.01} and knob(lab).value == 0.01
    assert toy.started == 3  # moving the knob from Python starts no run of its own


# The last move wins


def test_after_a_thousand_moves_the_last_one_is_shown_and_one_at_a_time_ran():
    toy = Toy(epochs=20, pause=0.0002)
    lab = toy.lab(alpha=Alpha(0.01, low=1e-4, high=0.1))
    rng = random.Random(0)
    stops = len(knob(lab).options)
    workers = 0
    for _ in range(1000):
        knob(lab).index = rng.randrange(stops)
        workers = max(workers, len(lab_threads()))
        if rng.random() < 0.05:
            time.sleep(rng.random() / 20)
    result = lab.wait(10)
    assert result.values["alpha"] == knob(lab).value == lab.shown["alpha"] == toy.drawn[-1][0]
    assert result.epoch == toy.drawn[-1][1] == 20
    assert toy.most == 1 and workers == 1


def test_moves_from_two_threads_at_once_agree_in_the_end():
    toy = Toy(epochs=10, pause=0.0005)
    lab = toy.lab(alpha=Alpha(0.01, low=1e-3, high=0.1), p=Probability(0))

    def drag(name):
        for index in range(len(knob(lab, name).options)):
            knob(lab, name).index = index
            time.sleep(0.003)

    hands = [threading.Thread(target=drag, args=(name,)) for name in ("alpha", "p")]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert lab.wait(5).values == {"alpha": 0.1, "p": 0.95} == lab.values == lab.shown


def test_background_and_caller_make_the_same_result_and_picture():
    lab = Toy().lab()
    direct, png = lab.run(alpha=0.03), lab._png
    lab.run(alpha=0.1)
    lab.set(alpha=0.03)
    assert lab.wait(5) == direct and lab._png == png == lab._panel.picture.value


def test_a_long_run_is_seen_growing_at_a_bounded_rate():
    toy = Toy(epochs=100, pause=0.005)
    lab = toy.lab()
    toy.drawn.clear()
    start = time.monotonic()
    lab.set(alpha=0.05)
    lab.wait(10)
    frames = [epoch for _, epoch in toy.drawn]
    assert 3 <= len(frames) <= 12 * (time.monotonic() - start) + 2
    assert frames == sorted(frames) and frames[-1] == 100


def test_a_run_overtaken_by_a_hand_says_so():
    toy = Toy(epochs=100, pause=0.005)
    lab = toy.lab()
    hand = threading.Timer(0.1, lambda: setattr(knob(lab), "value", 0.1))
    hand.start()
    with pytest.raises(Superseded):
        lab.run(alpha=0.03)
    assert lab.wait(5).values == {"alpha": 0.1} and toy.most == 1


def test_moving_again_stops_the_run_at_once():
    toy, lab = slow_lab()
    lab.set(alpha=0.03)
    until(lambda: toy.running)
    toy.epochs = 1
    start = time.monotonic()
    lab.set(alpha=0.1)
    assert lab.wait(5).values == {"alpha": 0.1} and time.monotonic() - start < 0.5


# Stopping


def slow_lab():
    """A lab whose first run was quick and whose next ones take minutes."""
    toy = Toy(epochs=1, pause=0.005)
    lab = toy.lab()
    toy.epochs = 20_000
    return toy, lab


def test_cancel_goes_back_to_the_last_finished_result():
    toy, lab = slow_lab()
    before, png = lab.result, lab._png
    lab.set(alpha=0.03)
    until(lambda: len(toy.drawn) > 2)  # a picture of the unfinished run is on the page
    assert "학습 중" in status(lab) and lab._panel.picture.value != png
    start = time.monotonic()
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(5)
    assert time.monotonic() - start < 1 and lab_threads() == []
    assert lab.result is before and lab._panel.picture.value == png
    assert "멈췄습니다" in status(lab) and "α = 0.01" in status(lab)
    assert lab.shown == {"alpha": 0.01} and lab.values == {"alpha": 0.03}
    toy.epochs = 1
    assert lab.run().values == {"alpha": 0.03} and lab.wait() is lab.result


def test_cancel_between_two_moves_also_restores_the_picture(monkeypatch):
    monkeypatch.setattr("helpers.lab.worker.PAUSE", 60)
    toy, lab = slow_lab()
    png = lab._png
    lab.set(alpha=0.03)
    until(lambda: len(toy.drawn) > 2)
    lab.set(alpha=0.05)
    lab.set(alpha=0.1)
    until(lambda: not toy.running)  # the first has ended, the last waits for the hand to rest
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(5)
    assert lab._panel.picture.value == png and "멈췄습니다" in status(lab)


def test_cancel_when_nothing_runs_changes_nothing():
    lab = Toy().lab()
    lab.cancel()
    assert lab.wait() is lab.result and "완료" in status(lab)


def test_stop_button_ends_a_run_in_the_caller():
    _, lab = slow_lab()
    threading.Timer(0.1, lab.cancel).start()
    with pytest.raises(Cancelled) as caught:
        lab.run(alpha=0.03)
    assert not isinstance(caught.value, Superseded) and lab.shown == {"alpha": 0.01}


def test_an_interrupt_ends_the_run_in_the_caller():
    toy, lab = slow_lab()

    def interrupt(values):
        raise KeyboardInterrupt

    toy.surprise = interrupt
    with pytest.raises(KeyboardInterrupt):
        lab.run(alpha=0.03)
    assert "멈췄습니다" in status(lab) and lab.shown == {"alpha": 0.01}
    with pytest.raises(Cancelled):
        lab.wait()
    toy.surprise, toy.epochs = lambda values: None, 1
    assert lab.run(alpha=0.03).epoch == 1


def test_an_interrupt_while_waiting_stops_the_background(monkeypatch):
    _, lab = slow_lab()
    lab.set(alpha=0.03)
    join, calls = Latest._join, []

    def interrupted(self, timeout):
        calls.append(timeout)
        if len(calls) == 1:
            raise KeyboardInterrupt
        join(self, timeout)

    monkeypatch.setattr(Latest, "_join", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lab.wait()
    assert len(calls) == 2 and not lab._latest.busy


def test_wait_gives_up_after_its_timeout():
    _, lab = slow_lab()
    lab.set(alpha=0.03)
    with pytest.raises(TimeoutError, match=r"0\.1초"):
        lab.wait(0.1)


# Errors


@pytest.mark.parametrize(
    ("alpha", "error", "says"),
    [
        (0.7, ValueError, "⚠ α가 너무 큽니다."),
        (0.5, ZeroDivisionError, "ZeroDivisionError: 0/0"),
        (0.3, KeyError, "KeyError"),  # in draw
        (0.2, KeyError, "KeyError"),  # in describe
    ],
)
@pytest.mark.parametrize("background", [True, False])
def test_an_error_is_shown_and_raised_and_the_last_good_picture_stays(
    alpha, error, says, background
):
    lab = Toy(epochs=1).lab()
    before, png = lab.result, lab._png
    with pytest.raises(error):
        if background:
            lab.set(alpha=alpha)
            lab.wait(5)
        else:
            lab.run(alpha=alpha)
    assert says in note(lab)
    assert lab.result is before and lab._png == png == lab._panel.picture.value
    assert "α = 0.01" in status(lab) and "0.01" in lab._panel._summary.value
    with pytest.raises(error):
        lab.wait()
    assert lab.run(alpha=0.05).values == {"alpha": 0.05} and "⚠" not in note(lab)


def test_an_error_stays_on_the_page_while_an_earlier_run_finishes():
    toy = Toy(epochs=20, pause=0.005)
    lab = toy.lab()
    lab.set(alpha=0.05)
    with pytest.raises(ValueError):
        lab.set(alpha=-1)
    assert lab.wait(5).values == {"alpha": 0.05} and "받은 값: -1" in note(lab)


def test_an_error_of_an_overtaken_run_is_not_shown():
    toy = Toy()
    lab = toy.lab()

    def fail_late(values):
        if values["alpha"] == 0.03:
            until(lambda: lab.values["alpha"] == 0.1)
            raise ValueError("α가 너무 큽니다.")

    toy.surprise = fail_late
    lab.set(alpha=0.03)
    until(lambda: toy.running)
    lab.set(alpha=0.1)
    assert lab.wait(5).values == {"alpha": 0.1} and "⚠" not in note(lab)


def test_of_two_threads_the_last_to_speak_is_heard_last(monkeypatch):
    lab = Toy().lab()
    said = []

    def send_state(self, key=None):
        value = self.value
        time.sleep(random.random() / 1000)
        said.append(value)

    monkeypatch.setattr(type(lab._panel._note), "send_state", send_state)
    for i in range(30):
        other = threading.Thread(target=lab._panel.note, args=(f"a{i}",))
        other.start()
        lab._panel.note(f"b{i}")
        other.join()
        assert said[-1] == note(lab)


def test_text_of_an_error_is_no_markup():
    lab = Toy().lab()
    with pytest.raises(ValueError):
        lab.set(alpha="<b>")
    assert "&lt;b&gt;" in note(lab) and "<b>" not in note(lab)


@pytest.mark.parametrize("values", [{"alpha": -1}, {"alpha": math.nan}, {"beta": 1}])
def test_bad_values_change_nothing(values):
    toy = Toy()
    lab = toy.lab()
    for call in (lab.set, lab.run):
        with pytest.raises(ValueError):
            call(**values)
    assert toy.started == 1 and knob(lab).value == 0.01 and "⚠" in note(lab)


def test_a_first_run_that_fails_raises_and_leaves_no_lab():
    with pytest.raises(ValueError, match="너무 큽니다"):
        Toy().lab(alpha=Alpha(0.7))
    assert "toy" not in labs


# Pins


def test_pins_are_drawn_behind_the_next_results():
    toy = Toy()
    lab = toy.lab(alpha=Alpha(0.01), degree=Slider("차수", 0, 15, 1, 3))
    pinned = lab.result
    lab.pin()
    lab.run(alpha=0.1, degree=4)
    assert toy.pins == (("α=0.01, degree=3", pinned),) and "⚠" not in note(lab)
    lab.unpin()
    assert toy.pins == ()


def test_an_unfair_pin_is_refused_and_an_unfair_result_is_flagged():
    toy = Toy()
    lab = toy.lab()
    lab.pin()
    toy.origin = 1
    lab.run(alpha=0.1)
    assert "공정한 비교가 아닙니다" in note(lab) and len(toy.pins) == 1
    lab.pin()
    assert "고정하지 않았습니다" in note(lab) and len(toy.pins) == 1
    toy.origin = 0
    lab.run(alpha=0.1)
    assert "⚠" not in note(lab)


def test_pins_are_few():
    toy = Toy()
    lab = toy.lab()
    for _ in range(5):
        lab.pin()
    assert "4개까지" in note(lab)
    lab.run()
    assert len(toy.pins) == 4


def test_a_pin_stays_in_the_picture_when_a_run_is_stopped():
    toy, lab = slow_lab()
    lab.set(alpha=0.03)
    until(lambda: toy.running)
    lab.pin()
    with_pin = lab._png
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(5)
    assert lab._panel.picture.value == with_pin and "α = 0.01" in status(lab)


# Life and death


def test_a_lab_of_the_same_name_retires_the_old_one():
    toy, old = slow_lab()
    old.set(alpha=0.03)
    until(lambda: toy.running)
    toy.epochs = 1
    new = toy.lab()
    assert lab_threads() == [] and labs["toy"] is new
    assert knob(old).comm is None and old._panel.picture.comm is None
    knob(old).value = 0.1  # a message that was still on its way
    assert lab_threads() == []
    with pytest.raises(RuntimeError, match="다시 실행"):
        old.run(alpha=0.1)
    assert new.run(alpha=0.1).values == {"alpha": 0.1}


def test_closing_leaves_no_widget_behind():
    from ipywidgets.widgets.widget import _instances

    before = set(_instances)
    lab = Toy().lab(**EVERY_KNOB)
    assert len(set(_instances) - before) > 20
    lab.close()
    lab.close()
    assert set(_instances) <= before


def test_a_closed_lab_is_garbage():
    lab = Toy().lab()
    lab.set(alpha=0.03)
    lab.wait(5)
    lab.close()
    gone = weakref.ref(lab)
    del lab
    gc.collect()
    assert gone() is None


def test_show_gives_a_view_and_a_picture_each_with_the_sentence(monkeypatch):
    shown = []
    monkeypatch.setattr("helpers.lab.lab.display", lambda data, raw: shown.append(data))
    monkeypatch.setattr("helpers.plots.show", lambda fig, caption: shown.append(caption))
    lab = Toy().lab()
    assert lab.show() is None
    view, caption, style = shown
    assert view["text/plain"] == caption == "α가 0.01입니다."
    model = view["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert model == lab._panel.view.model_id and "course-lab-static" in style["text/html"]


def test_slider_messages_go_where_they_are_sent():
    class Comm:
        _reply_subshell_id = "main"
        comm_id = "x"

        def _reply_subshell_for(self, data, default):
            return self._reply_subshell_id

        def send(self, **_): ...
        def close(self, **_): ...

    lab = Toy().lab()
    comm = Comm()
    comm._reply_subshell_id = "the thread of the cell"
    lab._panel._listening = [type("Widget", (), {"comm": comm})()]
    lab._panel.route()
    assert comm._reply_subshell_for({}, "its own thread") == "its own thread"
    lab._panel._listening = []
