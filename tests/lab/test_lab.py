"""The live lab without a browser: the last move wins, stopping, errors, no thread left."""

import gc
import math
import random
import signal
import sys
import threading
import time
import weakref
from contextlib import suppress
from itertools import pairwise
from types import SimpleNamespace

import pytest
from matplotlib.transforms import Bbox

from helpers.lab.controls import Alpha, Probability
from helpers.lab.lab import CURVES, Lab, labs, sentence
from helpers.lab.view import View
from helpers.lab.worker import Cancelled, Superseded, Worker, shows_threads
from tests.lab.toy import Toy, knob, lab_threads, note, slow_lab, status, statuses
from tests.says import says
from tests.until import until

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
    assert (
        result.values["alpha"] == knob(lab).value == lab.shown.values["alpha"] == toy.drawn[-1][0]
    )
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
    assert lab.wait(5).values == {"alpha": 0.1, "p": 0.95} == lab.panel.values() == lab.shown.values


def test_background_and_caller_make_the_same_result_and_picture():
    lab = Toy().lab()
    direct, png = lab.run(alpha=0.03), lab.shown.picture
    lab.run(alpha=0.1)
    lab.set(alpha=0.03)
    assert lab.wait(5) == direct and lab.shown.picture == png == lab.panel.plain.picture.value


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


class Film:
    """A training of `epochs` epochs whose seconds, and those of its pictures, are counted."""

    def __init__(self, monkeypatch, *, pause=1 / 256, drawing=0.0, epochs=100):
        self.now, self.seen = 1000.0, []
        self.pause, self.drawing, self.epochs = pause, drawing, epochs
        for module in ("lab", "time_left"):
            monkeypatch.setattr(f"helpers.lab.{module}.monotonic", lambda: self.now)
        self.lab = Lab("film", self.run, self.draw, str, {"alpha": Alpha(0.01)}, size=(3, 2))
        self.seen.clear()
        self.said = statuses(self.lab)
        self.lab.run()

    def run(self, alpha):
        for epoch in range(1, self.epochs + 1):
            self.now += self.pause
            yield SimpleNamespace(progress=(epoch, self.epochs))

    def draw(self, ax, result):
        self.now += self.drawing
        self.seen.append(result.progress[0])


def test_the_first_picture_comes_at_once_and_then_twelve_a_second(monkeypatch):
    film = Film(monkeypatch)
    seconds = [epoch / 256 for epoch in film.seen]
    assert 0.02 <= seconds[0] < 0.02 + 1 / 256
    assert all(1 / 12 <= b - a < 1 / 12 + 1 / 256 for a, b in pairwise(seconds[:-1]))
    assert film.seen == [6, 28, 50, 72, 94, 100]


def test_drawing_takes_a_third_of_the_time_at_most(monkeypatch):
    """A picture of 1/16 s: of the 3/16 s to the next one the training has 2/16 s."""
    assert Film(monkeypatch, drawing=1 / 16).seen == [6, 38, 70, 100]


def test_what_is_finished_is_drawn_once(monkeypatch):
    assert Film(monkeypatch, epochs=28).seen == [6, 28]


def test_a_run_says_how_far_it_is_and_in_the_end_what_was_set(monkeypatch):
    film = Film(monkeypatch, pause=0.1, epochs=20)
    lines = [
        line.removesuffix("</span>").split('<span class="lab-status" role="status">')
        for line in film.said
    ]
    assert lines[:2] == [
        ['<progress value="1" max="20"></progress>', "학습 중… 5%"],
        ['<progress value="2" max="20"></progress>', "학습 중… 10%, 2초 남음"],
    ]
    assert lines[-1] == ["", "완료: α = 0.01"] and len(lines) == 20
    assert film.lab.cancel() is None and status(film.lab) == film.said[-1]


def test_a_run_overtaken_by_a_hand_says_so():
    toy = Toy(epochs=100, pause=0.005)
    lab = toy.lab()
    hand = threading.Timer(0.1, lambda: setattr(knob(lab), "value", 0.1))
    hand.start()
    with pytest.raises(Superseded):
        lab.run(alpha=0.03)
    assert lab.wait(5).values == {"alpha": 0.1} and toy.most == 1


def test_a_run_that_is_outdated_before_it_starts_never_does():
    toy = Toy()
    lab = toy.lab()
    perform = lab._request({"alpha": 0.03}, lab._worker.reserve)
    lab.run(alpha=0.1)
    with pytest.raises(Superseded):
        perform()
    assert toy.started == 2 and lab.shown.values == {"alpha": 0.1}


def test_moving_again_stops_the_run_at_once():
    toy, lab = slow_lab()
    lab.set(alpha=0.03)
    until(lambda: toy.running)
    toy.epochs = 1
    start = time.monotonic()
    lab.set(alpha=0.1)
    assert lab.wait(5).values == {"alpha": 0.1} and time.monotonic() - start < 0.5


# Stopping


def test_cancel_goes_back_to_the_last_finished_result():
    toy, lab = slow_lab()
    before, png = lab.result, lab.shown.picture
    lab.set(alpha=0.03)
    until(lambda: len(toy.drawn) > 2)  # a picture of the unfinished run is on the page
    assert "학습 중" in status(lab) and lab.panel.plain.picture.value != png
    start = time.monotonic()
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(5)
    assert time.monotonic() - start < 1 and lab_threads() == []
    assert lab.result is before and lab.panel.plain.picture.value == png
    assert ">멈췄습니다. 그림의 설정: α = 0.01<" in status(lab)
    assert lab.shown.values == {"alpha": 0.01} and lab.panel.values() == {"alpha": 0.03}
    toy.epochs = 1
    assert lab.run().values == {"alpha": 0.03} and lab.wait() is lab.result


def test_cancel_between_two_moves_also_restores_the_picture(monkeypatch):
    monkeypatch.setattr("helpers.lab.worker.PAUSE", 60)
    toy, lab = slow_lab()
    png = lab.shown.picture
    lab.set(alpha=0.03)
    until(lambda: len(toy.drawn) > 2)
    lab.set(alpha=0.05)
    lab.set(alpha=0.1)
    until(lambda: not toy.running)  # the first has ended, the last waits for the hand to rest
    lab.cancel()
    with pytest.raises(Cancelled):
        lab.wait(5)
    assert lab.panel.plain.picture.value == png and "멈췄습니다" in status(lab)


def test_cancel_when_nothing_runs_changes_nothing():
    lab = Toy().lab()
    lab.cancel()
    assert lab.wait() is lab.result and "완료" in status(lab)


def test_stop_button_ends_a_run_in_the_caller():
    _, lab = slow_lab()
    threading.Timer(0.1, lab.cancel).start()
    with pytest.raises(Cancelled) as caught:
        lab.run(alpha=0.03)
    assert not isinstance(caught.value, Superseded) and lab.shown.values == {"alpha": 0.01}


def test_an_interrupt_ends_the_run_in_the_caller():
    toy, lab = slow_lab()

    def interrupt(values):
        raise KeyboardInterrupt

    toy.surprise = interrupt
    with pytest.raises(KeyboardInterrupt):
        lab.run(alpha=0.03)
    assert "멈췄습니다" in status(lab) and lab.shown.values == {"alpha": 0.01}
    with pytest.raises(Cancelled):
        lab.wait()
    toy.surprise, toy.epochs = lambda values: None, 1
    assert lab.run(alpha=0.03).epoch == 1


def test_an_interrupt_while_waiting_stops_the_background(monkeypatch):
    _, lab = slow_lab()
    lab.set(alpha=0.03)
    join, calls = Worker._join, []

    def interrupted(self, timeout):
        calls.append(timeout)
        if len(calls) == 1:
            raise KeyboardInterrupt
        join(self, timeout)

    monkeypatch.setattr(Worker, "_join", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lab.wait()
    assert len(calls) == 2 and not lab._worker.busy


def interrupt(*_) -> None:
    """What ■ does."""
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_waits_until_a_picture_is_drawn():
    _, lab = slow_lab()
    draw, drawn = lab.views[CURVES].draw, []

    def interrupted(ax, result):
        interrupt()
        draw(ax, result)
        drawn.append(result.epoch)

    object.__setattr__(lab.views[CURVES], "draw", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lab.run(alpha=0.03)
    assert len(drawn) == 1 and "멈췄습니다" in status(lab)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_comes_within_matplotlib_is_one():
    """Its C++ makes "Invalid bounding box" of whatever the box that clips an artist raises."""

    class Box(Bbox):
        def __array__(self, *args, **options):
            interrupt()
            return super().__array__(*args, **options)

    def draw(ax, result):
        toy.draw(ax, result)
        ax.patches[0].set_clip_box(Box(ax.figure.bbox.get_points()))

    toy, lab = slow_lab()
    object.__setattr__(lab.views[CURVES], "draw", draw)
    with pytest.raises(KeyboardInterrupt):
        lab.run(alpha=0.03)
    assert "멈췄습니다" in status(lab) and "⚠" not in note(lab)


def test_an_interrupt_while_a_lab_is_shown_leaves_its_figure_as_it_was(monkeypatch):
    lab = Toy().lab()
    figure, _ = lab.views[CURVES].canvas
    monkeypatch.setattr("helpers.lab.lab.display", lambda *_, **__: None)
    monkeypatch.setattr("helpers.plots.toolkit.canvas.display", lambda *_, **__: None)
    monkeypatch.setattr("helpers.plots.toolkit.png.small", interrupt)
    picture, dpi = lab.shown.picture, figure.dpi
    with pytest.raises(KeyboardInterrupt):
        lab.show()
    assert figure.dpi == dpi and lab.run() and lab.shown.picture == picture


def test_an_interrupt_waits_until_a_message_is_sent():
    _, lab = slow_lab()
    said = []
    lab.panel.plain.status.observe(
        lambda change: interrupt() if "학습 중" in change.new else None, "value"
    )
    lab.panel.plain.summary.observe(
        lambda change: said.append("summary old" in change.new), "value"
    )
    with pytest.raises(KeyboardInterrupt):
        lab.run(alpha=0.03)
    assert said == [True, False] and "멈췄습니다" in status(lab)


def test_wait_gives_up_after_its_timeout():
    _, lab = slow_lab()
    lab.set(alpha=0.03)
    with pytest.raises(TimeoutError, match=r"0\.1초"):
        lab.wait(0.1)


# Where the page shows nothing that a thread sends


@pytest.fixture
def in_callback(monkeypatch):
    monkeypatch.setenv("COURSE_LAB_THREADS", "off")


def threads_of_frames(lab) -> list[threading.Thread]:
    """The threads that send pictures from now on."""
    threads: list[threading.Thread] = []
    lab.panel.plain.picture.observe(lambda _: threads.append(threading.current_thread()), "value")
    return threads


def test_without_threads_a_move_is_answered_before_its_callback_returns(in_callback):
    toy = Toy(epochs=100, pause=0.005)
    lab = toy.lab()
    toy.drawn.clear()
    threads = threads_of_frames(lab)
    knob(lab).value = 0.05
    assert lab.shown.values == {"alpha": 0.05} and "완료: α = 0.05" in status(lab)
    assert len(threads) > 3 and set(threads) == {threading.main_thread()}  # seen growing, too
    assert toy.drawn[-1] == (0.05, 100) and lab.wait(0) is lab.result
    for value in (0.1, 0.03):
        lab.set(alpha=value)
        assert lab.shown.values == {"alpha": value}
    lab.reset()
    assert lab.shown.values == {"alpha": 0.01} and toy.most == 1


def test_without_threads_knobs_that_python_moves_run_once(in_callback):
    toy = Toy()
    lab = toy.lab(alpha=Alpha(0.01), p=Probability(0))
    lab.set(alpha=0.05, p=0.5)
    assert toy.started == 2 and lab.shown.values == {"alpha": 0.05, "p": 0.5}


def test_without_threads_there_is_no_button_that_could_stop(in_callback, monkeypatch):
    assert "정지" not in Toy().lab()._buttons()
    monkeypatch.delenv("COURSE_LAB_THREADS")
    assert "정지" in Toy().lab()._buttons()


def test_without_threads_an_error_is_shown_and_kept_for_wait(in_callback):
    lab = Toy().lab()
    knob(lab).value = 0.7
    assert "⚠ α가 너무 큽니다." in note(lab) and lab.shown.values == {"alpha": 0.01}
    with pytest.raises(ValueError, match="너무 큽니다"):
        lab.wait()
    knob(lab).value = 0.05
    assert lab.wait().values == {"alpha": 0.05} and "⚠" not in note(lab)


def test_without_threads_an_interrupt_stops_the_run(in_callback):
    toy = Toy()
    lab = toy.lab()
    png = lab.shown.picture

    def interrupt(values):
        raise KeyboardInterrupt

    toy.surprise = interrupt
    with pytest.raises(KeyboardInterrupt):  # the kernel takes it
        knob(lab).value = 0.05
    assert "멈췄습니다" in status(lab) and lab.panel.plain.picture.value == png
    toy.surprise = lambda values: None
    knob(lab).value = 0.1
    assert lab.wait().values == {"alpha": 0.1}


def test_without_threads_a_callback_and_a_cell_do_not_wait_for_each_other(in_callback):
    toy = Toy(epochs=10, pause=0.0005)
    lab = toy.lab(alpha=Alpha(0.01, low=1e-3, high=0.1), p=Probability(0))

    def drag():
        for index in range(len(knob(lab).options)):
            knob(lab).index = index

    def run():
        for p in knob(lab, "p").options:
            with suppress(Superseded):
                lab.run(p=p[1])

    hands = [threading.Thread(target=hand, daemon=True) for hand in (drag, run)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(20)
        assert not hand.is_alive()
    assert lab.shown.values == {"alpha": 0.1, "p": 0.95} == lab.panel.values() and toy.most == 1


def test_colab_is_such_a_page(monkeypatch):
    assert shows_threads()
    monkeypatch.setitem(sys.modules, "google.colab", object())
    assert not shows_threads()


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
    before, png = lab.result, lab.shown.picture
    with pytest.raises(error):
        if background:
            lab.set(alpha=alpha)
            lab.wait(5)
        else:
            lab.run(alpha=alpha)
    assert says in note(lab)
    assert lab.result is before and lab.shown.picture == png == lab.panel.plain.picture.value
    assert ">그림의 설정: α = 0.01<" in status(lab) and "0.01" in lab.panel.plain.summary.value
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
            until(lambda: lab.panel.values()["alpha"] == 0.1)
            raise ValueError("α가 너무 큽니다.")

    toy.surprise = fail_late
    lab.set(alpha=0.03)
    until(lambda: toy.running)
    lab.set(alpha=0.1)
    assert lab.wait(5).values == {"alpha": 0.1} and "⚠" not in note(lab)


@pytest.mark.parametrize("values", [{"alpha": -1}, {"alpha": math.nan}, {"beta": 1}])
def test_bad_values_change_nothing(values):
    toy = Toy()
    lab = toy.lab()
    for call in (lab.set, lab.run):
        with pytest.raises(ValueError):
            call(**values)
    assert toy.started == 1 and knob(lab).value == 0.01 and "⚠" in note(lab)


def test_what_is_not_there_is_named_beside_what_is():
    toy = Toy()
    knobs = {"alpha": Alpha(0.01), "p": Probability(0)}
    view = View(toy.run, toy.draw, toy.describe)
    lab = Lab("toy", toy.run, toy.draw, toy.describe, knobs, views={"또 하나": view})
    with says("'beta'은(는) 없는 값입니다. 바꿀 수 있는 값: alpha, p."):
        lab.set(beta=1)
    with says("'셋'은(는) 없는 보기입니다. 있는 보기: 곡선, 또 하나."):
        lab.switch("셋")
    assert lab.text(lab.shown.values) == "α = 0.01, p = 0"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("값이 너무 큽니다."), "값이 너무 큽니다."),
        (ValueError("too big"), "실험 중에 오류가 났습니다 (ValueError: too big)."),
        (KeyError("없음"), "실험 중에 오류가 났습니다 (KeyError: '없음')."),
    ],
)
def test_an_error_is_told_in_one_korean_sentence(error, told):
    assert sentence(error) == told


def test_a_first_run_that_fails_raises_and_leaves_no_lab():
    with pytest.raises(ValueError, match="너무 큽니다"):
        Toy().lab(alpha=Alpha(0.7))
    assert "toy" not in labs


# Life and death


def test_a_lab_of_the_same_name_retires_the_old_one():
    toy, old = slow_lab()
    old.set(alpha=0.03)
    until(lambda: toy.running)
    toy.epochs = 1
    new = toy.lab()
    assert lab_threads() == [] and labs["toy"] is new
    assert knob(old).comm is None and old.panel.plain.picture.comm is None
    started = toy.started
    knob(old).value = 0.1  # a message that was still on its way
    old._moved()  # and one that came while it was closing
    assert lab_threads() == [] and toy.started == started
    for call in (old.run, old.set, old.show):
        with says("닫힌 실험입니다. 실험을 만든 셀을 다시 실행하세요.", RuntimeError):
            call()
    assert new.run(alpha=0.1).values == {"alpha": 0.1}


def test_a_closed_lab_is_garbage():
    lab = Toy().lab()
    lab.set(alpha=0.03)
    lab.wait(5)
    lab.close()
    gone = weakref.ref(lab)
    del lab
    gc.collect()
    assert gone() is None


@pytest.fixture
def shown(monkeypatch):
    """What a lab displays: of each the data, or the figure and its caption."""
    shown = []

    def display(data, *, raw):
        assert raw
        shown.append(data)

    monkeypatch.setattr("helpers.lab.lab.display", display)
    monkeypatch.setattr("helpers.plots.show", lambda fig, caption: shown.append((fig, caption)))
    return shown


def test_show_gives_a_view_and_a_picture_each_with_the_sentence(shown):
    lab = Toy().lab()
    assert lab.show() is None
    view, picture, style = shown
    assert view == {
        "application/vnd.jupyter.widget-view+json": {
            **{"version_major": 2, "version_minor": 0, "model_id": lab.panel.box.model_id}
        },
        "text/plain": "α가 0.01입니다.",
    }
    assert picture == (lab.views[CURVES].canvas[0], "α가 0.01입니다.")
    assert style.keys() == {"text/html", "text/plain"} and style["text/plain"] == ""
    first, *_, last = style["text/html"].splitlines()
    assert (first, last) == ('<style class="course-lab-static">', "</style>")


def test_what_is_kept_of_a_lab_that_trains_is_its_last_finished_picture(shown, monkeypatch):
    toy, lab = slow_lab()
    kept = []
    monkeypatch.setattr("helpers.plots.show", lambda fig, caption: kept.append(toy.drawn[-1]))
    lab.set(alpha=0.03)
    until(lambda: len(toy.drawn) > 2)
    lab.show()
    assert kept == [(0.01, 1)]
