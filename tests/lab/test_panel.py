"""What a lab looks like: its widgets, what they say, and where their messages go."""

import gc
import io
import random
import re
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from helpers import plots
from helpers.lab.controls import Alpha, Choice, Slider
from helpers.lab.frame import Frame
from helpers.lab.lab import CURVES, Lab
from helpers.lab.panel import em, parts
from helpers.lab.plain_picture import PlainPicture
from helpers.lab.view import View
from helpers.lab.worker import Cancelled
from tests.lab.toy import Toy, knob, note, slow_lab
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


def test_a_knob_that_somebody_keeps_does_not_keep_its_lab():
    lab = Toy().lab()
    kept, gone = knob(lab), weakref.ref(lab)
    lab.close()
    del lab
    gc.collect()
    assert kept.value == 0.01 and gone() is None


# --- What stands where


def two_views() -> Lab:
    toy = Toy()
    knobs = {"alpha": Alpha(0.01), "kind": Choice("종류", ["a", "b"])}
    views = {"또 하나": View(toy.run, toy.draw, toy.describe)}
    return Lab("toy", toy.run, toy.draw, toy.describe, knobs, views=views, size=(3, 2))


def test_from_top_to_bottom_there_are_the_switch_the_knobs_and_a_row_of_all_else():
    panel = two_views().panel
    style, *moving, row = panel.box.children
    assert [widget.description for widget in moving] == ["보기", "α (페널티 세기)", "종류"]
    assert panel.switch.options == ("곡선", "또 하나")
    reset, stop, live, *plain = row.children
    assert (reset.description, stop.description) == ("처음 값으로", "정지")
    assert [live, panel.plain] == panel.pictures and plain == panel.plain.widgets
    assert plain == [panel.plain.status, panel.plain.note, panel.plain.picture, panel.plain.summary]
    assert style.value.startswith("<style>\n/*") and style.value.endswith("}\n</style>")


def test_the_style_sheet_knows_the_parts_of_a_lab_and_takes_no_room_itself():
    panel = two_views().panel
    style, *_, row = panel.box.children
    assert (style.layout.height, style.layout.margin) == ("0", "0")
    assert panel.box._dom_classes == ("course-lab",) and row._dom_classes == ("lab-row",)
    assert [widget._dom_classes for widget in panel.plain.widgets] == [
        ("lab-said", "lab-plain"),
        *[("lab-plain",)] * 3,
    ]
    for part in ("course-lab", "lab-row", "lab-said", "lab-plain", "lab-live"):
        assert re.search(rf"\.{part}\b", style.value)


def test_labels_are_as_wide_as_the_longest_and_sliders_fill_the_rest():
    """Six Korean letters of 1 em, six others of 0.6, and a little room."""
    _, *moving, _ = two_views().panel.box.children
    assert {widget.style.description_width for widget in moving} == {"9.0em"}
    assert {widget.layout.width for widget in moving} == {"100%"}


@pytest.mark.parametrize(("text", "wide"), [("", 1), ("차수", 3), ("ab", 2.2), ("Ａ", 2)])
def test_a_korean_letter_and_a_full_width_one_take_more_room(text, wide):
    assert em(text) == pytest.approx(wide)


def test_a_lab_without_knobs_has_buttons_and_a_picture():
    lab = Lab("toy", lambda: 1, lambda ax, result: None, str, {})
    assert [type(part) for part in lab.panel.box.children] == [ipywidgets.HTML, ipywidgets.HBox]
    assert lab.run() == 1 and lab.shown.summary == "1"


def test_a_button_is_as_wide_as_its_text_but_none_is_tiny():
    lab = Toy().lab()
    buttons = [part for part in parts(lab.panel.box) if isinstance(part, ipywidgets.Button)]
    assert [button.description for button in buttons] == list(lab._buttons())
    assert {(b.layout.width, b.layout.min_width) for b in buttons} == {("auto", "5em")}


def test_a_button_does_what_it_says():
    toy, lab = slow_lab()
    buttons = {part.description: part for part in lab.panel._row.children[:2]}
    lab.set(alpha=0.03)
    buttons["정지"].click()
    with pytest.raises(Cancelled):
        lab.wait(5)
    toy.epochs = 1
    buttons["처음 값으로"].click()
    assert lab.wait(5).values == {"alpha": 0.01} == lab.panel.values()


def test_the_plain_picture_is_as_large_as_the_figure_and_keeps_its_shape():
    picture = Toy().lab().panel.plain.picture
    assert (picture.width, picture.height, picture.format) == ("300", "200", "png")
    assert picture.layout.height == "auto"


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


def speaks_for_itself(widget: ipywidgets.Widget) -> bool:
    return widget.comm._reply_subshell_for({}, "its own thread") == "its own thread"


def test_whatever_a_hand_can_touch_is_heard_by_its_own_thread(monkeypatch):
    def spoken_last(self, data, default):
        return "the thread of the cell"

    comm = type(ipywidgets.Button().comm)
    monkeypatch.setattr(comm, "_reply_subshell_for", spoken_last, raising=False)
    panel = two_views().panel
    buttons = [part for part in parts(panel.box) if isinstance(part, ipywidgets.Button)]
    touched = [panel.switch, *panel.knobs.values(), *buttons, panel.pictures[0]]
    assert len(touched) == 6 and all(map(speaks_for_itself, touched))
    panel.switch.comm._reply_subshell_id = "the thread of the cell"
    panel.put({}, panel.view)
    assert not hasattr(panel.switch.comm, "_reply_subshell_id")


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
    assert state == {
        **{"png": lab.shown.picture, "scale": 1, "readings": []},
        **{"summary": "α가 0.01입니다.", "old": False},
        **{"status": "완료: α = 0.01", "progress": None, "note": "", "note_kind": "error"},
    }


def test_the_plain_picture_goes_once_the_live_one_is_seen():
    lab = Toy().lab()
    plain = lab.panel.plain
    sent = heard(lab, "runs", "seen", "seen")
    assert all(widget.comm is None for widget in plain.widgets)
    assert not set(plain.widgets) & set(parts(lab.panel.box))
    lab.run(alpha=0.1)
    assert sent[-1]["summary"] == "α가 0.1입니다." and "α = 0.01" in plain.status.value


def test_each_frame_is_one_message():
    toy = Toy(epochs=60, pause=0.01)  # of its picture's 75 rows each epoch fills another one
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
    [reading] = plots.readings(fig)
    [curve] = axes.pop("curves")
    assert axes == {name: getattr(reading, name) for name in ("box", "x", "y", "log", "xlabel")}
    assert axes["xlabel"] == "Epoch" and curve["label"] == "L1"
    points = np.frombuffer(curve["points"], "<f4").reshape(-1, 2)
    assert points.tolist() == [[1, 4], [2, 5.5], [3, 6]]


def test_the_page_is_heard():
    lab = Toy().lab()
    sent = heard(lab)
    said = {"content": {"data": {"method": "custom", "content": "runs"}}, "buffers": []}
    lab.panel.pictures[0]._handle_msg(said)
    assert [state["png"] for state in sent] == [lab.shown.picture]


def size_of(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


def test_a_picture_that_rests_has_twice_the_pixels_until_the_next_one():
    lab = Toy().lab(alpha=Alpha(1.0))
    sent = heard(lab, "runs", "seen", "sharpen")
    assert size_of(sent[0]["png"]) == (300, 200) and sent[0]["scale"] == 1
    assert size_of(sent[-1]["png"]) == (600, 400) and sent[-1]["scale"] == 2
    small, large = (Image.open(io.BytesIO(state["png"])) for state in sent)
    assert np.abs(np.subtract(large.resize(small.size), small, dtype=float)).mean() < 3
    lab.run()
    picture = lab.panel.pictures[0]
    assert size_of(picture.png) == (300, 200) and picture.scale == 1


def test_a_picture_that_does_not_rest_is_not_sharpened():
    toy, lab = slow_lab()
    heard(lab, "runs", "seen")
    view, picture = lab.views[CURVES], lab.panel.pictures[0]
    shown: list[bytes] = []
    picture.observe(lambda change: shown.append(change.new), "png")

    def overtaken(output):
        lab.run(alpha=0.1)
        return b"late"

    object.__setattr__(view, "sharp", overtaken)
    toy.epochs = 1
    lab._sharpen()
    assert shown == [lab.shown.picture] == [picture.png]
    object.__setattr__(view, "sharp", lambda output: b"sharp")
    toy.epochs = 20_000
    lab.set(alpha=0.03)
    lab._sharpen()
    lab.close()
    lab._sharpen()
    assert b"sharp" not in (*shown, picture.png)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (
            Frame(),
            '<span class="lab-status" role="status"></span>'
            '<div class="lab-note error" role="alert"></div>'
            '<div class="lab-summary"></div>',
        ),
        (
            Frame(status="<1>", progress=(3, 7), summary="<2>", old=True),
            '<progress value="3" max="7"></progress>'
            '<span class="lab-status" role="status">&lt;1&gt;</span>'
            '<div class="lab-note error" role="alert"></div>'
            '<div class="lab-summary old">&lt;2&gt;</div>',
        ),
        (
            Frame(note="<3>", note_kind="flag"),
            '<span class="lab-status" role="status"></span>'
            '<div class="lab-note flag" role="alert">⚠ &lt;3&gt;</div>'
            '<div class="lab-summary"></div>',
        ),
    ],
)
def test_what_the_plain_picture_says_to_the_letter(frame, said):
    plain = PlainPicture((3, 2))
    plain.show(frame)
    assert plain.status.value + plain.note.value + plain.summary.value == said


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
