"""The seeds view of a lab: one setting over many seeds, beside the same seeds with it switched off.

A single curve may be luck. Twenty pairs that share their seed seldom are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb, inf, isfinite, nan

import numpy as np
from matplotlib.axes import Axes

from helpers import plots
from helpers.lab.runs import Run
from helpers.training import History

SEEDS = range(20)
# A pair of trainings differs if their ends are at least this share apart. And because a slider
# invites to try until something turns up, luck must be less likely than one in a hundred.
NOTICEABLE, UNLIKELY = 0.01, 0.01


@dataclass(frozen=True)
class Repeats:
    """A setting's training, its repeats with other seeds, and those with all knobs off.

    The setting and its baseline each have a label in the picture; `baseline_text` names the
    baseline in sentences. Where no control can be off, or all are, there is no baseline.
    """

    run: Run
    runs: Sequence[Run]
    baseline: Sequence[Run]
    baseline_text: str
    baseline_label: str
    label: str
    progress: tuple[int, int]


def draw(axes: Sequence[Axes], repeats: Repeats) -> None:
    """The bands over the epochs, and the end of every training beside its partner's."""
    bands, pairs = axes
    baseline = repeats.baseline_label, complete(repeats.baseline)
    plots.bands(bands, complete(repeats.runs), baseline)
    ends = [[end(run) for run in group] for group in (repeats.baseline, repeats.runs)]
    plots.paired(
        pairs, *ends, names=(repeats.baseline_label, repeats.label), ylabel="Valid loss at the end"
    )


def complete(runs: Sequence[Run]) -> list[History]:
    """Curves of one length: after an early stop the model stays what it was at its best epoch."""
    histories = [run.history for run in runs if run.drawable]
    last = max((h.epoch[-1] for h in histories), default=0)
    return [h for h in map(lambda h: lengthened(h, last), histories) if h.epoch[-1] == last]


def lengthened(history: History, last: int) -> History:
    """The same curves up to the epoch `last` if the training was stopped early."""
    more = range(history.epoch[-1] + 1, last + 1)
    if not (history.stopped and more):
        return history
    best = history.epoch.index(history.best_epoch)
    return replace(
        history,
        epoch=[*history.epoch, *more],
        train_loss=[*history.train_loss, *[history.train_loss[best]] * len(more)],
        valid_loss=[*history.valid_loss, *[history.valid_loss[best]] * len(more)],
    )


def end(run: Run) -> float:
    """The valid loss of the model that a training leaves; infinite if it diverged."""
    if run.error:
        return inf
    if not run.history.epoch:
        return nan
    return run.history.kept_valid


def describe(repeats: Repeats) -> str:
    """What twenty pairs say: an effect, or nothing that luck could not do."""
    ends, others = ([end(run) for run in group] for group in (repeats.runs, repeats.baseline))
    middle = f"{len(ends)}번 반복한 끝의 Valid loss의 중앙값은 {median_text(ends)}"
    if not others:
        return f"{middle}입니다. 꺼 둔 설정이 따로 없어 비교할 상대가 없습니다."
    off = repeats.baseline_text
    return (
        f"{middle}, {off}이면 {median_text(others)}입니다. {sign_test_sentence(ends, others, off)}"
    )


def sign_test_sentence(ends: Sequence[float], others: Sequence[float], off: str) -> str:
    """The paired sign test in words; pairs that hardly differ count for neither side."""
    pairs = list(zip(ends, others, strict=True))
    lower = sum(one < other * (1 - NOTICEABLE) for one, other in pairs)
    higher = sum(one * (1 - NOTICEABLE) > other for one, other in pairs)
    more, word = (lower, "낮았") if lower >= higher else (higher, "높았")
    if chance(more, lower + higher) < UNLIKELY:
        kind = "운이 아니라 효과입니다" if more == lower else "운이 아니라 해로운 효과입니다"
        return f"{len(pairs)}번 가운데 {more}번, {off}일 때보다 {word}습니다. {kind}."
    same = len(pairs) - lower - higher
    counts = [f"{lower}번은 낮고 {higher}번은 높았", f"{same}번은 1%도 다르지 않았"]
    told = [text for text, count in zip(counts, (lower + higher, same), strict=True) if count]
    return f"{len(pairs)}번 가운데 {'고 '.join(told)}습니다. 운과 구별할 수 없습니다."


def chance(more: int, pairs: int) -> float:
    """How likely luck alone gives one side at least `more` of the pairs (two-sided sign test)."""
    return min(1.0, 2 * sum(comb(pairs, k) for k in range(more, pairs + 1)) / 2**pairs)


def median_text(ends: Sequence[float]) -> str:
    middle = float(np.median(ends))
    return f"{middle:.2f}" if isfinite(middle) else "∞(발산)"
