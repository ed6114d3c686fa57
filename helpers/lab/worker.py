"""Jobs of which only the latest counts: one at a time, in the background or in the caller."""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from time import monotonic
from typing import Any

# A hand that moves a slider sends a value every 10 to 50 ms. The first one starts a job at
# once; while more keep coming, a job waits for a pause of this many seconds.
PAUSE = 0.02
QUIET = 0.15

Job = Callable[[Callable[[], None]], Any]


class Cancelled(Exception):
    """The job was stopped before its end."""


class Superseded(Cancelled):
    """The job was stopped because a newer one took its place."""


class Worker:
    """Runs jobs one at a time; a new one stops the one that runs and replaces the one that waits.

    A job is a function of `checkpoint`, which it calls first and then often: once the job is
    outdated, `checkpoint` raises Cancelled (or Superseded). The thread exists only while there is
    something to do.
    """

    def __init__(self) -> None:
        self._running = threading.Lock()  # held by the thread that runs a job
        self._state = threading.Condition()  # guards everything below
        self._ticket = 0
        self._stopped = False
        self._waiting: tuple[int, Job] | None = None
        self._last_submit = self._start_after = 0.0
        self._thread: threading.Thread | None = None
        self._ended: threading.Thread | None = None  # the one before: it has nothing left to do
        self._error: BaseException | None = None

    def submit(self, job: Job, at_once: bool = False) -> None:
        """Run the job in the background soon; `at_once` skips the debounce."""
        with self._state:
            now = monotonic()
            self._start_after = now + (
                PAUSE if now - self._last_submit < QUIET and not at_once else 0
            )
            self._last_submit = now
            self._waiting = self._next(), job
            if self._thread is None:
                if self._ended is not None:
                    self._ended.join()  # so that there is never more than one
                # An empty context: what the thread sends to the page belongs to no cell.
                self._thread = threading.Thread(
                    target=Context().run, args=(self._work,), name="lab", daemon=True
                )
                self._thread.start()
            self._state.notify_all()

    def reserve(self, job: Job) -> Callable[[], Any]:
        """Make the job the latest one; the function returned runs it in its caller's thread."""
        with self._state:
            ticket, self._waiting = self._next(), None
        return lambda: self._perform(ticket, job)

    def cancel(self) -> None:
        """Stop whatever runs or waits; it takes as long as the job takes to call `checkpoint`."""
        with self._state:
            if self.busy:
                self._next()
                self._stopped, self._start_after, self._error = True, 0.0, Cancelled()
                self._state.notify_all()

    def close(self) -> None:
        """Cancel, and see the thread end (a job that never calls `checkpoint` is left behind)."""
        self.cancel()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(2)

    def wait(self, timeout: float | None = None) -> None:
        """Until nothing runs in the background; raises what the latest job raised, if anything.

        Raises TimeoutError after `timeout` seconds. An interrupt stops the job, too.
        """
        try:
            self._join(timeout)
        except KeyboardInterrupt:
            self.cancel()
            self._join(None)
            raise
        if self._error is not None:
            raise self._error

    @property
    def busy(self) -> bool:
        return self._thread is not None or self._running.locked()

    def _next(self) -> int:
        self._ticket += 1
        self._stopped, self._error = False, None
        return self._ticket

    def _checkpoint(self, ticket: int) -> None:
        if ticket != self._ticket:
            raise Cancelled if self._stopped else Superseded

    def _join(self, timeout: float | None) -> None:
        end = None if timeout is None else monotonic() + timeout
        with self._state:
            while self._thread is not None:
                if end is not None and monotonic() >= end:
                    raise TimeoutError(f"{timeout:g}초 안에 끝나지 않았습니다.")
                # In slices: on Windows a lock without a timeout cannot be interrupted.
                self._state.wait(0.1 if end is None else min(0.1, max(0.0, end - monotonic())))

    def _work(self) -> None:
        while (order := self._take()) is not None:
            with suppress(BaseException):  # kept for `wait`
                self._perform(*order)

    def _take(self) -> tuple[int, Job] | None:
        """The job to do next, once its pause is over; None ends the thread."""
        with self._state:
            while self._waiting is not None and (left := self._start_after - monotonic()) > 0:
                self._state.wait(left)
            order, self._waiting = self._waiting, None
            if order is None:
                self._ended, self._thread = self._thread, None
                self._state.notify_all()
            return order

    def _perform(self, ticket: int, job: Job) -> Any:
        try:
            with self._running:
                return job(lambda: self._checkpoint(ticket))
        except BaseException as error:
            with self._state:
                if ticket == self._ticket:
                    self._error = error if isinstance(error, Exception) else Cancelled()
            raise


def shows_threads() -> bool:
    """Whether the page shows what a thread sends.

    Colab drops it (googlecolab/colabtools#3373); COURSE_LAB_THREADS=off says so of another one.
    """
    return "google.colab" not in sys.modules and os.environ.get("COURSE_LAB_THREADS") != "off"


def is_superseded(checkpoint: Callable[[], None]) -> bool:
    """Whether a newer job took the place of this one, so that nothing about it should be said."""
    try:
        checkpoint()
    except Superseded:
        return True
    except Cancelled:
        pass
    return False
