"""The knobs of a lab: each is a value that checks what it is given and makes its own widget.

A knob has stops, the values its slider can rest on. A value set from Python may lie between or
beyond them if it makes sense: it then becomes one more stop, so that slider, label and training
always agree.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, TypeGuard

import ipywidgets

from helpers.lab.korean import has_hangul


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
        latin = [word for word in self.short.split() if not has_hangul(word)]
        return " ".join(latin) or name

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

    def validate(self, value: Any) -> float:
        if not (is_number(value) and math.isfinite(value) and value >= 0):
            raise ValueError(f"α는 0 이상의 유한한 수여야 합니다 (받은 값: {value}).")
        return float(value)

    def off(self, value: float) -> float:
        return 0.0

    def stops(self) -> list[float]:
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        # Read from text, so that a stop is the very number one types: 0.003, not 0.0030000000001.
        steps = [float(f"{m}e{d}") for d in decades for m in (1, 1.5, 2, 3, 5, 7)]
        return [0.0, *(s for s in steps if self.low <= s <= self.high)]


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

    def validate(self, value: Any) -> int:
        if not (is_whole(value) and value >= 1):
            raise ValueError(f"patience는 1 이상의 정수여야 합니다 (받은 값: {value}).")
        return int(value)

    def stops(self) -> list[int]:
        return list(range(1, self.high + 1))


@dataclass(frozen=True)
class Slider(Control):
    """Any other number from low to high; whole numbers if low and step are whole."""

    label: str
    low: float
    high: float
    step: float
    value: float

    def validate(self, value: Any) -> float:
        whole = is_whole(self.low) and is_whole(self.step)
        of_kind, name = (is_whole, "정수") if whole else (is_number, "수")
        if of_kind(value) and self.low <= value <= self.high:
            return int(value) if whole else float(value)
        low, high = decimal(self.low), decimal(self.high)
        raise ValueError(
            f"{self.label}: {low} 이상 {high} 이하의 {name}여야 합니다 (받은 값: {value})."
        )

    def stops(self) -> list[float]:
        count = math.floor((self.high - self.low) / self.step + 1e-9)
        # Rounded, so that a stop is the very number one types: 0.3, not 0.30000000000000004.
        return [self.validate(round(self.low + i * self.step, 10)) for i in range(count + 1)]


@dataclass(frozen=True)
class Choice(Control):
    """One of a few named things: {"이름": value, …}, or a list of values that name themselves."""

    label: str
    choices: Mapping[str, Any] | Sequence[Any]
    value: Any = None

    def __post_init__(self) -> None:
        if self.value is None:
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

    def options(self, value: Any) -> list[tuple[str, Any]]:
        return self.named()

    def widget(self) -> ipywidgets.ToggleButtons | ipywidgets.Dropdown:
        """Buttons side by side, or a menu if there are many."""
        few = len(self.named()) <= 4
        kind = ipywidgets.ToggleButtons if few else ipywidgets.Dropdown
        return kind(options=self.named(), value=self.value, description=self.label)


def decimal(value: float) -> str:
    """A number to four digits without an exponent: 0, 0.00001, 0.3, 12."""
    return format(Decimal(f"{value:.4g}"), "f")


def is_number(value: Any) -> TypeGuard[float]:
    """Whether it is a real number of any kind, NumPy's too."""
    return isinstance(value, Real)


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether it is a whole number of any kind."""
    return isinstance(value, Integral)
