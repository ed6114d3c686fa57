"""The knobs of a lab: each is a value that checks what it is given and makes its own widget.

A knob has stops, the values its slider can rest on, its ends among them. A value set from Python
may lie between or beyond them if it makes sense: it then becomes one more stop, so that slider,
label and training always agree. What makes no sense, a range too, is a ValueError in Korean.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, TypeGuard

import ipywidgets

from helpers.lab.korean import without_hangul


class Control(ABC):
    """What the knobs share; each adds its stops and its validation."""

    label: str
    value: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", self.validate(self.value))

    @abstractmethod
    def validate(self, value: Any) -> Any:
        """The value in its proper type; ValueError with a Korean sentence if it makes no sense."""

    @abstractmethod
    def stops(self) -> list:
        """The values the widget offers."""

    def off(self, value: Any) -> Any:
        """The value that switches off what the knob does; the value itself if there is none."""
        return value

    def text(self, value: Any) -> str:
        """How the value is written beside the slider and in the status line."""
        return decimal(value)

    @property
    def short(self) -> str:
        """The label without its explanation in parentheses."""
        return self.label.split(" (")[0]

    def sign(self, name: str) -> str:
        """How a picture, whose font has no Korean letters, calls the knob of this name."""
        return without_hangul(self.short) or name

    def plain_text(self, value: Any) -> str:
        """How a picture, whose font has no Korean letters, writes the value."""
        return self.text(value)

    def widget(self) -> ipywidgets.SelectionSlider:
        """A new widget at the knob's first value; the arrow keys move it by one stop."""
        return ipywidgets.SelectionSlider(
            options=self.options(self.value), value=self.value, description=self.label
        )

    def put(self, widget: ipywidgets.Widget, value: Any) -> None:
        """Move the widget to a checked value, giving it a stop of its own if need be."""
        options = tuple(self.options(value))
        if tuple(widget.options) != options:
            widget.options = options
        widget.value = value

    def options(self, value: Any) -> list[tuple[str, Any]]:
        """The (text, value) pairs of a widget that can show the value."""
        return [(self.text(stop), stop) for stop in sorted({*self.stops(), value})]


@dataclass(frozen=True)
class Alpha(Control):
    """The strength α of a penalty: a logarithmic slider that starts with an exact 0."""

    value: float
    low: float = 1e-5
    high: float = 1.0
    label: str = "α (페널티 세기)"

    def __post_init__(self) -> None:
        require_range(self.label, self.low, self.high)
        if self.low <= 0:
            raise ValueError(f"{self.label}: low는 0보다 커야 합니다 (받은 값: {self.low}).")
        super().__post_init__()

    def validate(self, value: Any) -> float:
        if not (is_number(value) and math.isfinite(value) and value >= 0):
            raise ValueError(f"α는 0 이상의 유한한 수여야 합니다 (받은 값: {value}).")
        return float(value)

    def off(self, value: float) -> float:
        return 0.0

    def stops(self) -> list[float]:
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)))
        # Read from text, so that a stop is the very number one types: 0.003, not 0.0030000000001.
        steps = [float(f"{m}e{d}") for d in decades for m in (1, 1.5, 2, 3, 5, 7)]
        inside = [step for step in steps if self.low < step < self.high]
        return [0.0, *sorted({float(self.low), *inside, float(self.high)})]


@dataclass(frozen=True)
class Probability(Control):
    """A dropout probability p in [0, 1)."""

    value: float
    label: str = "p (끌 확률)"

    def validate(self, value: Any) -> float:
        if not (is_number(value) and 0 <= value < 1):
            raise ValueError(f"확률 p는 0 이상 1 미만이어야 합니다 (받은 값: {value}).")
        return float(value)

    def off(self, value: float) -> float:
        return 0.0

    def stops(self) -> list[float]:
        return [i / 20 for i in range(20)]


@dataclass(frozen=True)
class Patience(Control):
    """How many epochs without improvement early stopping waits: a whole number ≥ 1."""

    value: int
    high: int = 30
    label: str = "patience (기다릴 epoch)"

    def __post_init__(self) -> None:
        require_range(self.label, 1, self.high)
        super().__post_init__()

    def validate(self, value: Any) -> int:
        if not (is_whole(value) and value >= 1):
            raise ValueError(f"patience는 1 이상의 정수여야 합니다 (받은 값: {value}).")
        return int(value)

    def stops(self) -> list[int]:
        return list(range(1, math.floor(self.high) + 1))


@dataclass(frozen=True)
class Slider(Control):
    """Any other number from low to high; whole numbers if low and step are whole."""

    label: str
    low: float
    high: float
    step: float
    value: float

    def __post_init__(self) -> None:
        require_range(self.label, self.low, self.high)
        if not (is_number(self.step) and math.isfinite(self.step) and self.step > 0):
            raise ValueError(f"{self.label}: step은 0보다 커야 합니다 (받은 값: {self.step}).")
        super().__post_init__()

    @property
    def whole(self) -> bool:
        """Whether only whole numbers will do."""
        return is_whole(self.low) and is_whole(self.step)

    def validate(self, value: Any) -> float:
        of_kind, name = (is_whole, "정수") if self.whole else (is_number, "수")
        if of_kind(value) and self.low <= value <= self.high:
            return int(value) if self.whole else float(value)
        low, high = decimal(self.low), decimal(self.high)
        raise ValueError(
            f"{self.label}: {low} 이상 {high} 이하의 {name}여야 합니다 (받은 값: {value})."
        )

    def stops(self) -> list[float]:
        # In decimals, so that a stop is the very number one types: 0.3, not 0.30000000000000004.
        low, high, step = (Decimal(str(float(n))) for n in (self.low, self.high, self.step))
        kind = math.floor if self.whole else float
        steps = [kind(low + i * step) for i in range(int((high - low) / step) + 1)]
        return sorted({*steps, kind(high)})


FIRST: Any = object()  # of the choices; None may be one of them


@dataclass(frozen=True)
class Choice(Control):
    """One of a few named things: {"이름": value, …}, or a list of values that name themselves."""

    label: str
    choices: Mapping[str, Any] | Sequence[Any]
    value: Any = FIRST

    def __post_init__(self) -> None:
        if not self.choices:
            raise ValueError(f"{self.label}: 고를 것이 하나 이상 있어야 합니다.")
        if self.value is FIRST:
            object.__setattr__(self, "value", self.stops()[0])
        super().__post_init__()

    def named(self) -> list[tuple[str, Any]]:
        if isinstance(self.choices, Mapping):
            return list(self.choices.items())
        return [(str(choice), choice) for choice in self.choices]

    def validate(self, value: Any) -> Any:
        for _, choice in self.named():
            if choice == value:
                return choice
        names = ", ".join(repr(choice) for choice in self.stops())
        raise ValueError(f"{self.label}: {names} 가운데 하나여야 합니다 (받은 값: {value!r}).")

    def stops(self) -> list:
        return [choice for _, choice in self.named()]

    def off(self, value: Any) -> Any:
        """0 or None, if that is one of the choices."""
        return next((choice for choice in self.stops() if choice in (0, None)), value)

    def text(self, value: Any) -> str:
        return next(name for name, choice in self.named() if choice == value)

    def plain_text(self, value: Any) -> str:
        if latin := without_hangul(self.text(value)):
            return latin
        return decimal(value) if is_number(value) else f"choice {self.stops().index(value) + 1}"

    def options(self, value: Any) -> list[tuple[str, Any]]:
        return self.named()

    def widget(self) -> ipywidgets.ToggleButtons | ipywidgets.Dropdown:
        """Buttons side by side, or a menu if there are many."""
        few = len(self.named()) <= 4
        kind = ipywidgets.ToggleButtons if few else ipywidgets.Dropdown
        return kind(options=self.named(), value=self.value, description=self.label)


def require_range(label: str, low: Any, high: Any) -> None:
    """Raise ValueError unless these are finite numbers in this order."""
    for end in (low, high):
        if not (is_number(end) and math.isfinite(end)):
            raise ValueError(f"{label}: 양 끝은 유한한 수여야 합니다 (받은 값: {end}).")
    if low > high:
        ends = f"{decimal(low)} > {decimal(high)}"
        raise ValueError(f"{label}: 아래 끝이 위 끝보다 클 수 없습니다 (받은 값: {ends}).")


def decimal(value: float) -> str:
    """A number without an exponent: a whole one in full, another to four digits: 0.00001, 0.3."""
    if is_whole(value):
        return str(int(value))
    return format(Decimal(f"{value:.4g}"), "f")


def is_number(value: Any) -> TypeGuard[float]:
    """Whether it is a real number of any kind, NumPy's too."""
    return isinstance(value, Real)


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether it is a whole number of any kind."""
    return isinstance(value, Integral)
