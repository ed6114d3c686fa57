"""Threads share what a lab has made: none of it changes once it is there."""

import pkgutil
from dataclasses import FrozenInstanceError, fields, is_dataclass
from importlib import import_module

import pytest

from helpers import lab

MODULES = [
    import_module(f"helpers.lab.{module.name}") for module in pkgutil.iter_modules(lab.__path__)
]
KINDS = {
    kind
    for module in MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
}


@pytest.mark.parametrize("kind", sorted(KINDS, key=lambda kind: kind.__name__))
def test_what_was_made_does_not_change(kind):
    made = object.__new__(kind)
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(made, field.name, None)
