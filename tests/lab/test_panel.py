"""What a lab looks like: its widgets, what they say, and where their messages go."""

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import ipywidgets
import numpy as np
import pytest

from helpers import plots
from helpers.lab.controls import Alpha, Choice, Slider
from helpers.lab.lab import Lab
from helpers.lab.panel import parts
from tests.lab.toy import Toy, note
from tests.widgets import widgets

COURSE = Path(__file__).parents[2]


def test_of_two_threads_the_last_to_speak_is_heard_last(monkeypatch):
    lab = Toy().lab()
    said = []

    def send_state(self, key=None):
        value = self.value
        time.sleep(random.random() / 1000)
        said.append(value)

    monkeypatch.setattr(type(lab.panel.plain.note), "send_state", send_state)
    for i in range(30):
        other = threading.Thread(target=lab.panel.note, args=(f"a{i}",))
        other.start()
        lab.panel.note(f"b{i}")
        other.join()
        assert said[-1] == note(lab)


def test_text_of_an_error_is_no_markup():
    lab = Toy().lab()
    with pytest.raises(ValueError):
        lab.set(alpha="<b>")
    assert "&lt;b&gt;" in note(lab) and "<b>" not in note(lab)


def test_closing_leaves_no_widget_behind():
    before = set(widgets)
    lab = Toy().lab(
        alpha=Alpha(0.01), kind=Choice("종류", ["a", "b"]), degree=Slider("차수", 0, 9, 1, 3)
    )
    assert len(set(widgets) - before) > 20
    lab.close()
    lab.close()
    assert set(widgets) <= before


def test_a_button_is_as_wide_as_its_text():
    lab = Toy().lab()
    buttons = [part for part in parts(lab.panel.box) if isinstance(part, ipywidgets.Button)]
    assert [button.description for button in buttons] == list(lab._buttons())
    assert {button.layout.width for button in buttons} == {"auto"}


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
    lab.panel.listening = [type("Widget", (), {"comm": comm})()]
    lab.panel.route()
    assert comm._reply_subshell_for({}, "its own thread") == "its own thread"
    lab.panel.listening = []


# --- The picture: plain, until the page says that its script runs


def heard(lab: Lab, *words: str) -> list[dict]:
    """What the live picture sends from now on, when the page says these words."""
    [picture, _plain] = lab.panel.pictures
    sent = []

    def send(data, buffers, **_):
        binary = zip(data["buffer_paths"], buffers, strict=True)
        sent.append(data["state"] | {path[0]: buffer for path, buffer in binary})

    picture.comm.send = send
    for word in words:
        picture._hear(picture, word, [])
    return sent


def test_the_live_picture_is_laid_out_from_the_start():
    lab = Toy().lab()
    assert lab.panel.pictures[0].get_state()["_dom_classes"] == ("lab-live",)


def test_a_page_that_is_silent_gets_the_plain_picture_only():
    lab = Toy().lab()
    sent = heard(lab)
    lab.run(alpha=0.1)
    assert sent == [] and lab.panel.plain.picture.value == lab.shown.picture
    assert set(lab.panel.plain.widgets) < set(parts(lab.panel.box))


def test_a_page_that_runs_the_script_is_told_what_is_shown():
    lab = Toy().lab()
    [state] = heard(lab, "runs")
    assert state["summary"] == lab.shown.summary == "α가 0.01입니다."
    assert state["status"] == "완료: α = 0.01" and state["note"] == ""
    assert state["png"] == lab.shown.picture


def test_the_plain_picture_goes_once_the_live_one_is_seen():
    lab = Toy().lab()
    plain = lab.panel.plain
    sent = heard(lab, "runs", "seen", "seen")
    assert all(widget.comm is None for widget in plain.widgets)
    assert not set(plain.widgets) & set(parts(lab.panel.box))
    lab.run(alpha=0.1)
    assert sent[-1]["summary"] == "α가 0.1입니다." and "α = 0.01" in plain.status.value


def test_each_frame_is_one_message():
    toy = Toy(epochs=120, pause=0.01)
    lab = toy.lab()
    sent = heard(lab, "runs", "seen")
    sent.clear()
    toy.drawn.clear()
    lab.run(alpha=0.1)
    assert len(sent) == len(toy.drawn) > 2
    assert all(state["png"] for state in sent[:-1])
    # The last picture is sent again only if it is another one.
    assert "summary" in sent[-1] and lab.panel.pictures[0].png == lab.shown.picture


def test_what_can_be_read_off_a_finished_picture_is_sent_with_it():
    lab = Toy().lab()
    heard(lab, "runs")
    fig, ax = plots.figure()
    plots.line(ax, "curve", [1, 2, 3], [4.0, 5.5, 6.0], plots.styles["L1"], label="L1")
    plots.titles(ax, x="Epoch")
    lab.panel.show(b"", plots.readings(fig))
    [axes] = lab.panel.pictures[0].readings
    [curve] = axes["curves"]
    assert axes["xlabel"] == "Epoch" and curve["label"] == "L1"
    points = np.frombuffer(curve["points"], "<f4").reshape(-1, 2)
    assert points.tolist() == [[1, 4], [2, 5.5], [3, 6]]


def test_without_anywidget_there_is_the_plain_picture():
    code = """
import sys
sys.modules["anywidget"] = None
from tests.lab.toy import Toy
lab = Toy().lab()
lab.run(alpha=0.1)
assert lab.panel.pictures == [lab.panel.plain]
assert lab.panel.plain.picture.value == lab.shown.picture
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=COURSE)
