"""Interrupts that wait until what must not stop half way is done."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back an interrupt (■, Ctrl-C) until the end of the block, and raise it there.

    For blocks of milliseconds: a picture drawn by half stays so, a message sent by half never
    reaches the page, and matplotlib's C++ makes "ValueError: Invalid bounding box" of an interrupt.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield  # no interrupt comes here
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if came:
            signal.raise_signal(signal.SIGINT)
