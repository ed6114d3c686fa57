"""How far a training has come, in words."""

from time import monotonic


class TimeLeft:
    """Progress as percent and, if that is a second or more, the time left."""

    def __init__(self) -> None:
        # The first call, and what was done by then: a training that rested does not start at 0.
        self._start: tuple[float, int] | None = None

    def text(self, progress: tuple[int, int] | None) -> str:
        """E.g. "42%, 3초 남음" for (42, 100), measured since the first call; nothing for None."""
        if progress is None:
            return ""
        done, total = progress
        now = monotonic()
        if self._start is None:
            self._start = now, done
        start, before = self._start
        left = (now - start) * (total - done) / max(done - before, 1)
        return f"{done / total:.0%}" + (f", {left:.0f}초 남음" if left >= 1 else "")
