"""Imports that are put off until they are needed, because they take long."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def import_whole(name: str) -> ModuleType:
    """Import a module in a thread, where an interrupt does not reach it.

    Left half imported, it would fail whatever needs it until the kernel is restarted. The
    interrupt comes through once the import is done.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(import_module, name).result()
