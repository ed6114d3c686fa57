"""What a training costs, against what else could do it: `python benchmarks/speed.py [rounds]`.

Recipe A (digits, 64-64-10, whole batch, SGD with momentum, 100 epochs, Train and Valid loss after
every epoch) in float64; only `sweep` uses a second thread. All contestants run in turn, round after
round, so that whatever else the machine does meets all of them. Printed as Markdown: medians of the
milliseconds one waits and of those the processors work, and ratios of waiting.
"""

import os
import platform
import random
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import sklearn
import torch
import torch.nn.functional as F
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers.data import Dataset, digits
from helpers.lab import Alpha, TrainingLab
from helpers.models import MLP
from helpers.penalties import L1, L2
from helpers.sweep import sweep
from helpers.training import Config, train

ROOT = Path(__file__).parents[1]
EPOCHS, LR, MOMENTUM, K = 100, 0.4, 0.9, 16
ALPHAS = np.logspace(-5, -1, K).tolist()


def network(width: int = 64, p: float = 0.0) -> nn.Module:
    """Plain torch.nn."""
    dropout = [nn.Dropout(p)] if p else []
    layers = nn.Linear(64, width), nn.ReLU(), *dropout, nn.Linear(width, 10)
    return nn.Sequential(*layers).double()


def bare(data: Dataset, width: int = 64) -> list[tuple[float, float]]:
    """The shortest loop in plain PyTorch: whole batch, no loader."""
    model, curves, data = network(width), [], by_rows(data)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR, momentum=MOMENTUM)
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        F.cross_entropy(model(data.x_train), data.y_train).backward()
        optimizer.step()
        with torch.no_grad():
            train_loss = F.cross_entropy(model(data.x_train), data.y_train).item()
            valid_loss = F.cross_entropy(model(data.x_valid), data.y_valid).item()
        curves.append((train_loss, valid_loss))
    return curves


def with_loader(data: Dataset, p: float = 0.0) -> list[tuple[float, float]]:
    """The loop of most courses: the same work, every sample through a DataLoader."""
    data, n_train, n_valid = by_rows(data), len(data.x_train), len(data.x_valid)
    trained = DataLoader(TensorDataset(data.x_train, data.y_train), n_train, shuffle=True)
    held = DataLoader(TensorDataset(data.x_valid, data.y_valid), n_valid)
    model, curves = network(p=p), []
    optimizer = torch.optim.SGD(model.parameters(), lr=LR, momentum=MOMENTUM)
    for _ in range(EPOCHS):
        model.train()
        for x, y in trained:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            train_loss, valid_loss = (
                sum(F.cross_entropy(model(x), y).item() for x, y in part)
                for part in (trained, held)
            )
        curves.append((train_loss, valid_loss))
    return curves


def scikit_learn(data: Dataset) -> list[tuple[float, float]]:
    """MLPClassifier, an epoch at a time, with both curves."""
    model, curves = MLPClassifier(
        (64,), solver="sgd", alpha=0, batch_size=len(data.x_train), learning_rate_init=LR,
        momentum=MOMENTUM, nesterovs_momentum=False,
    ), []  # fmt: skip
    data = by_rows(data)
    x, y, x_valid, y_valid = (
        t.numpy() for t in (data.x_train, data.y_train, data.x_valid, data.y_valid)
    )
    for _ in range(EPOCHS):
        model.partial_fit(x, y, classes=range(10))
        curves.append(tuple(
            log_loss(target, model.predict_proba(part), labels=range(10))
            for part, target in ((x, y), (x_valid, y_valid))
        ))  # fmt: skip
    return curves


def products(k: int) -> Callable[[Dataset], None]:
    """Nothing but the matrix products that k trainings cannot do without, into given memory."""

    def run(data: Dataset) -> None:
        x, v = data.x_train.T, data.x_valid.T
        new = data.x_train.new_ones
        n, m = x.shape[1], v.shape[1]
        nets = [[new(64, 64), new(10, 64), new(64, n), new(10, n), new(10, m)] for _ in range(k)]
        dW1, dW2, dh, hv = new(64, 64), new(10, 64), new(64, n), new(64, m)
        for _ in range(EPOCHS):
            for W1, W2, h, z, zv in nets:
                torch.mm(W1, x, out=h)
                torch.mm(W2, h, out=z)
                torch.mm(W1, v, out=hv)
                torch.mm(W2, hv, out=zv)
                torch.mm(z, h.T, out=dW2)
                torch.mm(W2.T, z, out=dh)
                torch.mm(dh, x.T, out=dW1)

    return run


def seeds(k: int = K, width: int = 64) -> list[dict]:
    return [dict(model=MLP((64, width, 10), seed=seed)) for seed in range(k)]


def strengths(kind: type) -> list[dict]:
    return [dict(model=MLP(), penalty=kind(alpha)) for alpha in ALPHAS]


def drop_rates() -> list[dict]:
    return [dict(model=MLP(p=k / K)) for k in range(K)]


ONE = "a bare `nn.Module` loop, `torch.optim.SGD`"
CONTESTANTS: dict[str, Callable[[Dataset], object]] = {
    ONE: bare,
    "our `train`": lambda data: train(MLP(), data),
    "our `train`, L2": lambda data: train(MLP(), data, L2(0.01)),
    "our `train`, dropout": lambda data: train(MLP(p=0.5), data),
    "a `DataLoader` loop": with_loader,
    "a `DataLoader` loop, dropout": lambda data: with_loader(data, p=0.5),
    "scikit-learn `partial_fit`": scikit_learn,
    f"our `sweep`, {K} seeds": lambda data: sweep(seeds(), data),
    f"our `sweep`, {K} α of L2": lambda data: sweep(strengths(L2), data),
    f"our `sweep`, {K} α of L1": lambda data: sweep(strengths(L1), data),
    f"our `sweep`, {K} p of dropout": lambda data: sweep(drop_rates(), data),
    f"our `sweep`, {K} seeds, a point every 2 epochs": lambda data: sweep(seeds(), data, every=2),
    f"our `sweep`, {K} α of L2, every 2": lambda data: sweep(strengths(L2), data, every=2),
    f"the matrix products of {K} trainings alone": products(K),
    "the matrix products of one training alone": products(1),
}


class Cost(NamedTuple):
    """Milliseconds that one waits, and that the processors work for it."""

    wait: float
    work: float


def interleaved(
    contestants: dict[str, Callable[[Dataset], object]], data: Dataset, rounds: int
) -> dict[str, Cost]:
    """Median cost of each contestant; all of them in turn, in another order every round."""
    costs: dict[str, list[Cost]] = {name: [] for name in contestants}
    for round_ in range(rounds + 1):
        for name, run in random.sample(list(contestants.items()), len(contestants)):
            wait, work = time.perf_counter(), time.process_time()
            run(data)
            cost = Cost(1000 * (time.perf_counter() - wait), 1000 * (time.process_time() - work))
            if round_ > 0:  # the first one warms up
                costs[name].append(cost)
    return {name: Cost(*map(median, zip(*own, strict=True))) for name, own in costs.items()}


def labs(data: Dataset, rounds: int) -> None:
    """A fresh α in a lab, trained, drawn and described, beside a bare loop without a picture."""
    lab = TrainingLab(
        "speed", lambda alpha, seed=0: Config(MLP(seed=seed), data, L2(alpha)), alpha=Alpha(0.01)
    )
    fresh = (0.01 + i / 1e6 for i in count(1))
    pair = {"bare": bare, "lab": lambda data: lab.run(alpha=next(fresh))}
    costs = interleaved(pair, data, 4 * rounds)
    wait, ratio = costs["lab"].wait, costs["lab"].wait / costs["bare"].wait
    print(f"\nA fresh α in a lab, its picture included: {wait:.0f} ms, {ratio:.2f} times as long "
          "as a bare loop without a picture.")  # fmt: skip
    for view in [*lab.views][1:]:
        start = time.perf_counter()
        lab.switch(view)
        lab.wait()
        print(f"{view}: {time.perf_counter() - start:.2f} s, pictures included.")
    lab.close()


def by_rows(data: Dataset) -> Dataset:
    """The same data as other loops are used to it: a row per sample, also in memory."""
    return replace(data, x_train=data.x_train.contiguous(), x_valid=data.x_valid.contiguous())


def compare(data: Dataset, rounds: int) -> None:
    """Everybody on Recipe A."""
    costs = interleaved(CONTESTANTS, data, rounds)
    unit = costs[ONE].wait
    print("\n| Recipe A, once | ms | ratio | processor ms |\n|---|--:|--:|--:|")
    for name, (wait, work) in costs.items():
        print(f"| {name} | {wait:.0f} | {wait / unit:.2f} | {work:.0f} |")
    swept = costs[f"our `sweep`, {K} seeds"]
    limit = costs[f"the matrix products of {K} trainings alone"]
    times = {
        f"{K} `DataLoader` loops take {{:.1f}} times as long as a sweep of {K} seeds":
            K * costs["a `DataLoader` loop"].wait / swept.wait,
        "with dropout {:.1f} times":
            K * costs["a `DataLoader` loop, dropout"].wait
            / costs[f"our `sweep`, {K} p of dropout"].wait,
        "the processors work {:.2f} times as long on a sweep as on its matrix products alone":
            swept.work / limit.work,
    }  # fmt: skip
    print("\n" + "; ".join(text.format(ratio) for text, ratio in times.items()) + ".")


def grow(rounds: int) -> None:
    """How the cost of a sweep grows; the ratio is to one bare loop of the same size."""
    print(
        "\n| sweep of seeds | ms | ms per training | bare loop, ms | ratio |\n|---|--:|--:|--:|--:|"
    )
    shapes = [(k, 64, 200) for k in (1, 4, 16, 64)]
    shapes += [(K, width, 200) for width in (16, 256)] + [(K, 64, n) for n in (50, 800)]
    for k, width, n in shapes:
        pair = {
            "bare": lambda data, width=width: bare(data, width),
            "sweep": lambda data, k=k, width=width: sweep(seeds(k, width), data),
        }
        s = interleaved(pair, digits(n_train=n), rounds)
        swept, alone = s["sweep"].wait, s["bare"].wait
        print(f"| K = {k}, width {width}, n = {n} | {swept:.0f} | {swept / k:.1f} | {alone:.0f} "
              f"| {swept / alone:.2f} |")  # fmt: skip


def python(code: str) -> str:
    """What a fresh Python prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def imports(rounds: int) -> None:
    """Seconds to import what every notebook needs, without and with our helpers."""
    needed = "import torch, ipywidgets, matplotlib.figure, matplotlib.backends.backend_agg"
    ours = "import helpers.lab, helpers.exercises, helpers.plots"
    # Our helpers import what the first optimiser would.
    optimiser = "torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1)"
    lines = {
        "torch, matplotlib, ipywidgets": needed,
        "the same and our helpers": f"{needed}\n{ours}",
        "the same and the first optimiser": f"{needed}\n{optimiser}",
    }
    times: dict[str, list[float]] = {name: [] for name in lines}
    for _ in range(rounds):
        for name, code in lines.items():
            clock = f"import time; t = time.process_time()\n{code}\nprint(time.process_time() - t)"
            times[name].append(float(python(clock)))
    first = median(times["torch, matplotlib, ipywidgets"])
    print("\n| import | s | ratio |\n|---|--:|--:|")
    for name, seconds in times.items():
        print(f"| {name} | {median(seconds):.2f} | {median(seconds) / first:.2f} |")


def memory() -> None:
    """Peak memory of a fresh Python, step by step; Linux only."""
    if sys.platform != "linux":
        return
    steps = {
        "torch, matplotlib, ipywidgets": "import matplotlib.figure, ipywidgets, torch",
        "… and the first optimiser": "torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1)",
        "… and a lab": """
from helpers.data import digits
from helpers.lab import Alpha, TrainingLab
from helpers.models import MLP
from helpers.penalties import L2
from helpers.training import Config
data = digits()
config = lambda alpha, seed=0: Config(MLP(seed=seed), data, L2(alpha))
lab = TrainingLab("memory", config, alpha=Alpha(0.01))""",
        "… and its two other views": "for view in [*lab.views][1:]: lab.switch(view); lab.wait()",
    }
    # Not ru_maxrss, which a child inherits from this process.
    report = "print(*[line for line in open('/proc/self/status') if line.startswith('VmHWM')])"
    print("\n| peak memory | MB |\n|---|--:|")
    lines = python("\n".join(f"{code}\n{report}" for code in steps.values())).split("\n\n")
    for name, line in zip(steps, lines, strict=False):
        print(f"| {name} | {int(line.split()[1]) / 1000:.0f} |")


def main() -> None:
    warnings.filterwarnings("ignore", module="sklearn")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    print(f"{date.today()}, Python {platform.python_version()}, torch {torch.__version__}, "
          f"scikit-learn {sklearn.__version__}, {os.cpu_count()} processors, medians of {rounds} "
          "rounds; `python benchmarks/speed.py`")  # fmt: skip
    compare(digits(), rounds)
    labs(digits(), rounds)
    grow(max(1, rounds // 2))
    imports(max(1, rounds // 2))
    memory()


if __name__ == "__main__":
    main()
