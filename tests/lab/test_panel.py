"""What a lab looks like: its widgets, what they say, and where their messages go."""

import random
import threading
import time

import pytest

from helpers.lab.controls import Alpha, Choice, Slider
from tests.lab.toy import Toy, note
from tests.widgets import widgets


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
