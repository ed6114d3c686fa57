"""What holds in every module of the helpers."""

from dataclasses import is_dataclass
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import walk_packages

import pytest

import helpers
from helpers.training import History

MODULES = [module.name for module in walk_packages(helpers.__path__, "helpers.")]
GROWING = {History}


@pytest.mark.parametrize("name", MODULES)
def test_a_dataclass_is_a_value_that_does_not_change(name):
    own = [kind for _, kind in getmembers(import_module(name), isclass) if kind.__module__ == name]
    for kind in filter(is_dataclass, own):
        assert kind.__dataclass_params__.frozen == (kind not in GROWING), kind
