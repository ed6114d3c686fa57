"""An interrupt waits for the end of what must not stop half way, where interrupts come at all."""

import signal
import threading

import pytest

from helpers.lab.interrupts import uninterrupted


def test_an_interrupt_is_raised_at_the_end_of_the_block():
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        signal.raise_signal(signal.SIGINT)
        done.append("all of it")
    assert done and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_an_interrupt_nothing_is_raised_and_the_handler_is_back():
    with uninterrupted():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("handler", [None, signal.SIG_IGN, signal.SIG_DFL])
def test_a_handler_that_is_not_of_python_stays_as_it_is(monkeypatch, handler):
    """None stands for one of C, which Python could not put back."""
    monkeypatch.setattr(signal, "getsignal", lambda number: handler)
    monkeypatch.setattr(signal, "signal", lambda *_: pytest.fail("the handler was changed"))
    with uninterrupted():
        pass


def test_a_thread_hears_of_no_interrupt():
    entered = []

    def work():
        with uninterrupted():
            entered.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert entered == [signal.default_int_handler]
