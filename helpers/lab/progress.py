"""How far a training has come, in words."""

from time import monotonic


class Pace:
    """The share that is done, and how long the rest will take if that is worth telling."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None

    def tell(self, progress: tuple[int, int] | None) -> str:
        """So much is done, of so much; a training that was interrupted does not begin at 0."""
        if progress is None:
            return ""
        done, total = progress
        start, before = self._first = self._first or (monotonic(), done)
        left = (monotonic() - start) * (total - done) / max(done - before, 1)
        return f"{done / total:.0%}" + (f", {left:.0f}초 남음" if left >= 1 else "")
