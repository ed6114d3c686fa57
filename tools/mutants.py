"""Mutants: small changes of the helpers, each of which some test should notice.

    python -m tools.mutants helpers/plots --count 150
    python -m tools.mutants helpers --but helpers/plots --count 300

changes so many places of these files or folders, drawn at random: a number, a comparison, a
keyword argument, a statement. Each mutant lives in a process of its own, in which the tests that
belong to its module run until one fails; no file is touched. What survived is to be looked at: it
changes nothing, nothing that matters, or a test is missing. Interrupted, it sums up the places
that it came to. (Not on Windows: it has no fork.)
"""

import argparse
import ast
import gc
import os
import random
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import abc, import_module, machinery
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HELPERS, TESTS = ROOT / "helpers", ROOT / "tests"
# What the tests import anyway: imported once, it is there in the process of every mutant.
IMPORTED = (
    *("pytest", "torch._dynamo", "torchvision.datasets", "matplotlib.figure", "ipywidgets"),
    *("hypothesis", "sklearn.linear_model", "sklearn.datasets", "scipy.stats"),
)
SWAPS: dict[type[ast.AST], Sequence[type[Any]]] = {
    **{ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE)},
    **{ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE)},
    **{ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,)},
    **{ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,)},
    **{ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,)},
    **{ast.FloorDiv: (ast.Mult,), ast.Mod: (ast.Mult,), ast.Pow: (ast.Mult,)},
    **{ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,)},
}
# What these say changes no result: that two lists must be equally long, and how much a cache keeps.
UNSAID = {"strict", "maxsize"}


@dataclass(frozen=True)
class Place:
    """Where a node of a syntax tree stands: in a field of its parent, there in a list or alone."""

    parent: ast.AST
    field: str
    index: int | None

    @property
    def node(self) -> ast.AST:
        value = getattr(self.parent, self.field)
        return value if self.index is None else value[self.index]

    def put(self, new: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.index] = new


@dataclass(frozen=True)
class Mutant:
    """A module with another node at one of its places."""

    path: Path
    line: int
    number: int  # of the place, in the order of `places`
    new: ast.AST
    change: str  # for people

    @property
    def module(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(part for part in parts if part != "__init__")

    @property
    def where(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"

    def code(self) -> Any:
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        [*places(tree)][self.number].put(self.new)
        return compile(ast.fix_missing_locations(tree), str(self.path), "exec")


def places(tree: ast.AST) -> Iterator[Place]:
    """All nodes that run: no types, no docstrings, no imports."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "type_params", "bases"):
            continue
        numbered = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, child in numbered:
            if isinstance(child, ast.AST) and not is_silent(child):
                yield Place(tree, field, index)
                yield from places(child)


def is_silent(node: ast.AST) -> bool:
    """Whether nothing depends on it: an import, a text that stands alone, a type, `UNSAID`."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant()):
            return True
        case ast.If(ast.Name("TYPE_CHECKING")) | ast.Assign([ast.Name("__all__")]):
            return True
        case ast.keyword(name):
            return name in UNSAID
        case ast.Assign([ast.Name()], ast.Subscript(ast.Name(kind))):
            return kind in ("Callable", "Mapping", "Sequence", "tuple")
    return False


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=float(value)):
            yield from (ast.Constant(2 * value or 1.0), ast.Constant(value / 2 or -1.0))
        case ast.Constant(value=str(value)):
            yield ast.Constant("" if value else "…")
        case ast.Compare(left, [op], right):
            yield from (ast.Compare(left, [new()], right) for new in SWAPS[type(op)])
        case ast.BoolOp(op, values):
            yield ast.BoolOp(SWAPS[type(op)][0](), values)
            for i in range(len(values)):
                rest = without(values, i)
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.BinOp(left, op, right) if type(op) in SWAPS:
            yield ast.BinOp(left, SWAPS[type(op)][0](), right)
        case ast.AugAssign(target, op, value) if type(op) in SWAPS:
            yield ast.AugAssign(target, SWAPS[type(op)][0](), value)
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)
        case ast.If(_, body, orelse):
            yield from (ast.If(ast.Constant(holds), body, orelse) for holds in (True, False))
        case ast.Return(ast.AST()):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.Call(func, args, keywords):
            rest = [without(keywords, i) for i, k in enumerate(keywords) if k.arg not in UNSAID]
            yield from (ast.Call(func, args, some) for some in rest)
        case ast.Dict(keys, values):
            yield from (ast.Dict(without(keys, i), without(values, i)) for i in range(len(keys)))
        case ast.List(parts, ast.Load()) | ast.Tuple(parts, ast.Load()) if len(parts) > 1:
            yield from (type(node)(without(parts, i), ast.Load()) for i in range(len(parts)))
        case ast.Slice(lower, upper, step):
            yield from [ast.Slice(None, upper, step)] * bool(lower)
            yield from [ast.Slice(lower, None, step)] * bool(upper)
            yield from [ast.Slice(lower, upper, None)] * bool(step)
        case ast.comprehension(target, iterable, [_, *_]):
            yield ast.comprehension(target, iterable, [], 0)


def without(parts: list, i: int) -> list:
    return parts[:i] + parts[i + 1 :]


def mutants(path: Path, rng: random.Random) -> Iterator[Mutant]:
    """A mutant for each place of a module that can be changed, in one way of several."""
    for number, place in enumerate(places(ast.parse(path.read_text(encoding="utf-8")))):
        if options := [*changes(place.node)]:
            new = rng.choice(options)
            line = getattr(place.node, "lineno", getattr(place.parent, "lineno", 0))
            change = f"{short(place.node)}  →  {short(new)}"
            yield Mutant(path, line, number, new, change)


def short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 80 else f"{text[:50]} … {text[-27:]}"


class Loader(abc.Loader, abc.MetaPathFinder):
    """Imports the mutant in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> machinery.ModuleSpec | None:
        if name != self.mutant.module:
            return None
        file, package = str(self.mutant.path), self.mutant.path.stem == "__init__"
        spec = machinery.ModuleSpec(name, self, origin=file, is_package=package)
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [str(self.mutant.path.parent)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(self.mutant.code(), vars(module))


def own_tests(path: Path) -> tuple[str, ...]:
    """The fast tests that belong to a module: those named after it first, then those of its room.

    The exercises of a lesson have a file of their own. Modules at the top have no room, but tests
    that import them whole. Some tests belong to every module.
    """
    inside = path.relative_to(HELPERS).with_suffix("")
    name = inside.parent.name or "package" if inside.name == "__init__" else inside.name
    lesson, alone = name.startswith("ex10_"), len(inside.parts) == 1
    folder = TESTS if alone else TESTS / inside.parts[0]
    find = folder.glob if alone else folder.rglob
    files = [*sorted(find(f"test_{name.removeprefix('ex')}*.py"))]
    if alone:
        whole = re.compile(rf"^from helpers import .*\b{name}\b", re.MULTILINE)
        files += sorted(find(f"test_*_{name}.py"))
        files += [f for f in sorted(find("test_*.py")) if whole.search(f.read_text("utf-8"))]
    files += sorted(TESTS.glob("test_every_*.py"))
    files += sorted(find("test_every_*.py")) if lesson else [] if alone else [folder]
    return tuple(dict.fromkeys(str(file.relative_to(ROOT)) for file in files))


def verdict(mutant: Mutant | None, tests: Sequence[str], seconds: float) -> str:
    """What the tests say of a mutant, or of the helpers as they are: a word."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        code = 1
        try:
            import pytest

            if mutant is not None:
                sys.meta_path.insert(0, Loader(mutant))
            done: list[str] = []
            for name in tests:  # one by one: all at once, pytest would put them in its own order
                leave = [f"--ignore={other}" for other in done]
                code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *leave, name]))
                if code:
                    break
                done.append(name)
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    try:
        while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
            if time.monotonic() > end:
                return "hung"
            time.sleep(0.02)
    finally:
        with suppress(ProcessLookupError):  # it, or what it has started and left behind
            os.killpg(child, signal.SIGKILL)
    return "killed" if os.waitstatus_to_exitcode(ended[1]) else "survived"


def files(names: Sequence[str], but: Sequence[str]) -> list[Path]:
    """The modules in these files and folders, in order."""
    found = {f for name in names for f in (ROOT / name).rglob("*.py")}
    found |= {ROOT / name for name in names if name.endswith(".py")}
    return sorted(f for f in found if not any(f.is_relative_to(ROOT / out) for out in but))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", default=["helpers"])
    parser.add_argument("--but", action="append", default=[], help="leave this out")
    parser.add_argument("--count", type=int, default=300, help="how many places")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    every = [m for path in files(options.paths, options.but) for m in mutants(path, rng)]
    chosen = rng.sample(every, min(options.count, len(every)))
    print(f"{len(chosen)} of {len(every)} places", flush=True)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # saves seconds for every mutant
    for name in IMPORTED:
        import_module(name)
    gc.freeze()  # or every collection in a mutant would go through all of that again
    words: list[str] = []
    with suppress(KeyboardInterrupt):
        for word in verdicts(chosen):
            words.append(word)
    noticed = len(words) - words.count("survived")
    print(f"{noticed} of {len(words)} noticed: {noticed / max(len(words), 1):.1%}")


def verdicts(chosen: Sequence[Mutant]) -> Iterator[str]:
    """Print and yield what the tests say of each mutant."""
    seconds: dict[tuple[str, ...], float] = {}
    for mutant in chosen:
        tests = own_tests(mutant.path)
        each = tests[-1:] if (ROOT / tests[-1]).is_dir() else tests  # once, in whatever order
        if each not in seconds:
            start = time.monotonic()
            if verdict(None, each, 1800) != "survived":
                sys.exit(f"These tests fail without any mutant: {' '.join(each)}")
            seconds[each] = 30 + 5 * (time.monotonic() - start)
        word = verdict(mutant, tests, seconds[each])
        print(f"{word:8} {mutant.where}  {mutant.change}", flush=True)
        yield word


if __name__ == "__main__":
    main()
