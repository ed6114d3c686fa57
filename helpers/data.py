"""The data of the course: bundled digits, generated toys, and MNIST where it is available.

This is the only module that reads data files or uses the network.
"""

import csv
import errno
import hashlib
import io
import math
import os
import socket
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np
import torch
from torch import Tensor

from helpers.losses import cross_entropy, squared_error

if TYPE_CHECKING:
    from torchvision.datasets import MNIST

Options = ParamSpec("Options")

FOLDER = Path(__file__).resolve().parents[1] / "data"
DIGITS_SHA256 = "af104d81e7cd419be5f343d23c6ca2e4e4ff847b06636260802df8e903c6183f"
# Of the files in MNIST/raw; torchvision knows sums of the archives that it downloads only.
MNIST_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
SILENCE = 10.0  # seconds that a server of MNIST may say nothing
OUT_OF_REACH = "MNIST를 찾거나 내려받을 수 없어"
FULL, CLOSED = "디스크가 가득 차 MNIST를 저장할 수 없어", "MNIST를 둘 폴더에 쓸 수 없어"
UNSAVED = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), CLOSED),
}


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs (n, features) and targets in three parts; `flipped` marks the wrong train labels."""

    name: str
    x_train: Tensor
    y_train: Tensor
    x_valid: Tensor
    y_valid: Tensor
    x_test: Tensor
    y_test: Tensor
    flipped: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.bool))
    loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy
    # `redraw(seed=…)` draws the same kind of data with another seed. `dataclasses.replace` does
    # not copy it: what was changed by hand cannot be drawn again.
    redraw: Callable[..., "Dataset"] | None = field(default=None, init=False)

    @property
    def n_features(self) -> int:
        """How many numbers a sample has: the width of a network's input."""
        return self.x_train.shape[1]

    @property
    def n_outputs(self) -> int:
        """How many classes, or numbers to predict: the width of a network's output."""
        if self.y_train.is_floating_point():
            return self.y_train.shape[1]
        return int(max(part.max() for part in (self.y_train, self.y_valid, self.y_test))) + 1

    @cached_property
    def fingerprint(self) -> str:
        """A short digest of the train and valid parts: equal only for equal data and split."""
        digest = hashlib.sha1()
        for part in (self.x_train, self.y_train, self.x_valid, self.y_valid):
            digest.update(part.numpy().tobytes())
        return digest.hexdigest()[:12]


def redrawable(make: Callable[Options, Dataset]) -> Callable[Options, Dataset]:
    """Attach `redraw(seed=…)` to the data set `make` returns."""

    @wraps(make)
    def made(*args: Options.args, **options: Options.kwargs) -> Dataset:
        data = make(*args, **options)
        # A frozen dataclass is set this way in its own __init__, too.
        object.__setattr__(data, "redraw", partial(make, *args, **options))
        return data

    return made


@redrawable
def digits(
    n_train: int = 200,
    n_valid: int = 300,
    n_test: int = 500,
    label_noise: float = 0.2,
    seed: int = 0,
) -> Dataset:
    """UCI handwritten digits: x (n, 64) float64 in [0, 1], y (n,) int64 in 0 … 9.

    A share `label_noise` of the *train* labels is replaced by a wrong class; valid and test labels
    stay clean. Raises ValueError for impossible sizes or noise, and for a damaged data file.
    Source: UCI Optical Recognition of Handwritten Digits (see data/README.md).
    """
    images, labels = read_digits(FOLDER / "digits.npz")
    sizes = (n_train, n_valid, n_test)
    require_sizes(*sizes, available=len(images))
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randperm(len(images), generator=generator)[: sum(sizes)]
    x, y = images[rows].double() / 16, labels[rows]
    return classification("digits", x, y, sizes, label_noise, generator)


@redrawable
def mnist(
    n_train: int = 1000,
    n_valid: int = 1000,
    n_test: int = 2000,
    label_noise: float = 0.0,
    seed: int = 0,
) -> Dataset:
    """torchvision's MNIST: x (n, 784) float64 in [0, 1], y (n,) int64 in 0 … 9.

    Train and valid rows are drawn from its 60,000 training images, test rows from its 10,000 test
    images. The folder is `data/`, or the one the environment variable COURSE_MNIST names; what is
    not there is downloaded, unless COURSE_MNIST is "off".
    Raises MnistUnavailable when it is not on disk and cannot be downloaded.
    """
    train, test = read_mnist(os.environ.get("COURSE_MNIST") or str(FOLDER))
    require_sizes(n_train, n_valid, available=len(train.data))
    require_sizes(n_test, available=len(test.data))
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randperm(len(train.data), generator=generator)[: n_train + n_valid]
    test_rows = torch.randperm(len(test.data), generator=generator)[:n_test]
    x = torch.cat([train.data[rows], test.data[test_rows]]).flatten(1).double() / 255
    y = torch.cat([train.targets[rows], test.targets[test_rows]])
    return classification("MNIST", x, y, (n_train, n_valid, n_test), label_noise, generator)


@redrawable
def moons(
    n_train: int = 100, n_valid: int = 200, n_test: int = 500, noise: float = 0.3, seed: int = 0
) -> Dataset:
    """Two interleaved half circles with Gaussian noise: x (n, 2), y (n,) in 0, 1."""
    require_sizes(n_train, n_valid, n_test)
    generator = torch.Generator().manual_seed(seed)
    n = n_train + n_valid + n_test
    y = torch.randint(0, 2, (n,), generator=generator)
    angle = math.pi * torch.rand(n, generator=generator, dtype=torch.float64)
    upper = torch.stack([angle.cos(), angle.sin()], dim=1)
    lower = torch.stack([1 - angle.cos(), 0.5 - angle.sin()], dim=1)
    x = torch.where((y == 0)[:, None], upper, lower)
    x = x + noise * torch.randn(n, 2, generator=generator, dtype=torch.float64)
    return split("moons", x, y, (n_train, n_valid, n_test))


@redrawable
def sine(
    n_train: int = 20, n_valid: int = 200, n_test: int = 500, noise: float = 0.3, seed: int = 0
) -> Dataset:
    """y = sin(πx) + Gaussian noise, x uniform in [−1, 1]: x and y (n, 1), squared loss."""
    require_sizes(n_train, n_valid, n_test)
    generator = torch.Generator().manual_seed(seed)
    n = n_train + n_valid + n_test
    x = 2 * torch.rand(n, 1, generator=generator, dtype=torch.float64) - 1
    y = (math.pi * x).sin() + noise * torch.randn(n, 1, generator=generator, dtype=torch.float64)
    return split("sine", x, y, (n_train, n_valid, n_test), loss=squared_error)


def sparse_linear(
    n_train: int = 80,
    n_valid: int = 200,
    n_test: int = 500,
    n_features: int = 200,
    n_useful: int = 8,
    noise: float = 0.5,
    seed: int = 0,
) -> tuple[Dataset, Tensor]:
    """A linear truth of which only `n_useful` coefficients are not zero, and that truth itself.

    x (n, n_features) standard normal, y = x @ truth + Gaussian noise (n, 1), squared loss;
    truth (n_features,) has coefficients of size 1 to 3 and either sign.
    """
    require_sizes(n_train, n_valid, n_test)
    generator = torch.Generator().manual_seed(seed)
    n = n_train + n_valid + n_test
    truth = torch.zeros(n_features, dtype=torch.float64)
    useful = torch.randperm(n_features, generator=generator)[:n_useful]
    size = 1 + 2 * torch.rand(n_useful, generator=generator, dtype=torch.float64)
    truth[useful] = size * (2 * torch.randint(0, 2, (n_useful,), generator=generator) - 1)
    x = torch.randn(n, n_features, generator=generator, dtype=torch.float64)
    y = x @ truth[:, None]
    y = y + noise * torch.randn(n, 1, generator=generator, dtype=torch.float64)
    return split("sparse", x, y, (n_train, n_valid, n_test), loss=squared_error), truth


def two_pixels(
    classes: tuple[int, int] = (7, 9), pixels: tuple[int, int] = (60, 46)
) -> tuple[Tensor, Tensor]:
    """Two pixels of two kinds of digits: x (n, 2) standardised, y (n,) 1.0 for the second kind.

    A 9 has more ink than a 7 at both pixels. The two are correlated, so the valley of the loss is
    not parallel to an axis.
    """
    data = digits(n_train=1000, n_valid=1, n_test=1, label_noise=0)
    rows = torch.isin(data.y_train, torch.tensor(classes))
    x = data.x_train[rows][:, list(pixels)]
    y = (data.y_train[rows] == classes[1]).double()
    return (x - x.mean(0)) / x.std(0), y


@redrawable
def from_arrays(
    x: Any, y: Any, *, valid: float = 0.25, test: float = 0.25, seed: int = 0, name: str = "own"
) -> Dataset:
    """A data set of your own: x (n, features) numbers; y (n,) floats to predict, or labels.

    Floats are learned with the squared loss, anything else as classes, in sorted order. The shares
    `valid` and `test` are split off at random, and features are standardised by mean and standard
    deviation of the train part. Raises ValueError for what is no such table.
    """
    try:
        features = np.array(x, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            "x에는 숫자만 들어갈 수 있습니다. 글자로 된 열은 빼거나 숫자로 바꾸세요."
        ) from None
    targets = np.asarray(y)
    if features.ndim != 2 or targets.shape != features.shape[:1]:
        shapes = f"x {features.shape}, y {targets.shape}"
        raise ValueError(f"x는 (n, feature 수), y는 (n,) 모양이어야 합니다 (받은 모양: {shapes}).")
    continuous = targets.dtype.kind == "f"
    if not np.isfinite(features).all() or (continuous and not np.isfinite(targets).all()):
        raise ValueError("빈 값(NaN)이나 무한대가 있습니다. 그런 행을 빼고 다시 넣어 주세요.")
    if not (valid > 0 and test > 0 and valid + test < 1):
        shares = f"valid {valid}, test {test}"
        raise ValueError(f"valid와 test는 0보다 크고 합이 1보다 작아야 합니다 (받은 값: {shares}).")
    n_valid, n_test = (max(1, round(share * len(targets))) for share in (valid, test))
    n_train = len(targets) - n_valid - n_test
    require_sizes(n_train, n_valid, n_test)
    rows = torch.randperm(len(targets), generator=torch.Generator().manual_seed(seed))
    inputs = torch.from_numpy(features)[rows]
    mean, sd = inputs[:n_train].mean(0), inputs[:n_train].std(0, correction=0)
    inputs = (inputs - mean) / torch.where(sd > 0, sd, 1.0)
    sizes = n_train, n_valid, n_test
    if continuous:
        outputs = torch.from_numpy(targets.astype(np.float64))[rows, None]
        return split(name, inputs, outputs, sizes, loss=squared_error)
    classes, codes = np.unique(targets, return_inverse=True)
    if len(classes) < 2:
        raise ValueError("y에 라벨이 한 가지뿐입니다. 두 가지 이상이 있어야 합니다.")
    return split(name, inputs, torch.from_numpy(codes.astype(np.int64))[rows], sizes)


def from_csv(path: str | Path, target: str, **options: Any) -> Dataset:
    """`from_arrays` of a CSV file with a header: `target` names the column to be predicted.

    A target with a decimal point in some row is a number, any other a label. Raises ValueError
    with one sentence for a file that is missing, no table, or has other than numbers.
    """
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            lines = [row for row in csv.reader(file) if row]
    except FileNotFoundError:
        raise ValueError(f"CSV 파일 {path}이(가) 없습니다.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(
            f"CSV 파일 {path}을(를) 읽지 못했습니다. UTF-8로 저장한 CSV 파일인지 확인하세요."
        ) from error
    if not lines:
        raise ValueError(f"CSV 파일 {path}이(가) 비어 있습니다.")
    header, *rows = lines
    if target not in header:
        raise ValueError(f"'{target}' 열이 없습니다. 있는 열: {', '.join(header)}.")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise ValueError(
                f"{number}번째 줄에 값이 {len(row)}개입니다. 열은 {len(header)}개입니다."
            )
    place = header.index(target)
    x = [[value.strip() or "nan" for i, value in enumerate(row) if i != place] for row in rows]
    y = [row[place].strip() for row in rows]
    try:
        numbers = [float(value) for value in y]
    except ValueError:
        numbers = []
    continuous = bool(numbers) and any("." in value for value in y)
    return from_arrays(x, np.array(numbers) if continuous else y, **options)


def load(name: str, **options: Any) -> Dataset:
    """The classification data set called `name`: "digits", "mnist" or "moons"; else ValueError."""
    makers: dict[str, Callable[..., Dataset]] = {"digits": digits, "mnist": mnist, "moons": moons}
    if name not in makers:
        raise ValueError(f"'{name}' 데이터는 없습니다. {', '.join(makers)} 가운데 골라 주세요.")
    return makers[name](**options)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for the files of an example, such as a checkpoint; it is deleted in the end.

    Raises Unsaved if the disk is full or closed, whatever the library that wrote said of it.
    """
    try:
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    except OSError as error:
        raise Unsaved from error
    with folder as name:
        try:
            yield Path(name)
        except (OSError, RuntimeError) as error:  # PyTorch's is a RuntimeError that names no cause
            if not takes_files(Path(name)):
                raise Unsaved from error
            raise


def takes_files(folder: Path) -> bool:
    """Whether another megabyte can be written there."""
    try:
        (folder / "probe").write_bytes(bytes(2**20))
    except OSError:
        return False
    return True


class OneSentence(Exception):
    """An error of which a notebook shows the sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for it
        return [str(self)]


class DataUnreadable(OneSentence, ValueError):
    """The bundled data are missing or damaged."""


class Unsaved(OneSentence, OSError):
    """A file could not be written."""

    def __init__(self) -> None:
        super().__init__(
            "디스크가 가득 찼거나 임시 폴더에 쓸 수 없어 저장하지 못했습니다. 학습한 것은 그대로 "
            "있으니 필요 없는 파일을 지우거나 폴더의 권한을 고치고 이 셀을 다시 실행하세요."
        )


class MnistUnavailable(RuntimeError):
    """MNIST is not on disk and cannot be downloaded; the message says why, in Korean."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} 함께 들어 있는 숫자 이미지(digits)로 진행합니다.")


def read_digits(path: Path) -> tuple[Tensor, Tensor]:
    """The bundled images and labels; DataUnreadable unless the file is there and genuine."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataUnreadable(
            f"데이터 파일({path})을 읽지 못했습니다. 강의 폴더를 다시 받아 주세요."
        ) from error
    if hashlib.sha256(raw).hexdigest() != DIGITS_SHA256:
        raise DataUnreadable(f"데이터 파일({path})이 손상되었습니다. 강의 폴더를 다시 받아 주세요.")
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    return torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))


@lru_cache(maxsize=1)
def read_mnist(folder: str) -> list["MNIST"]:
    """torchvision's train and test parts of MNIST in `folder`, downloaded if they are missing.

    Raises MnistUnavailable if the folder is "off", a file is damaged, or the files can neither be
    read nor fetched; also if the learner interrupts the download.
    """
    if folder == "off":
        raise MnistUnavailable("MNIST 없이 실행했으므로")
    from torchvision.datasets import mnist  # slow to import, so only when it is asked for

    class MNIST(mnist.MNIST):
        def _check_legacy_exist(self) -> bool:
            return False  # what torchvision once saved there is a pickle

    timeout = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENCE)
    try:
        require_genuine(Path(folder) / "MNIST" / "raw")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [MNIST(folder, train=train, download=True) for train in (True, False)]
    except KeyboardInterrupt:
        raise MnistUnavailable("MNIST를 받다가 멈췄으므로") from None
    except OSError as error:
        raise MnistUnavailable(UNSAVED.get(error.errno or 0, OUT_OF_REACH)) from error
    except MnistUnavailable:
        raise
    except (RuntimeError, ValueError) as error:
        raise MnistUnavailable(OUT_OF_REACH) from error
    finally:
        socket.setdefaulttimeout(timeout)


def require_genuine(raw: Path) -> None:
    """Raise MnistUnavailable for a file of MNIST that is there but not what it should be."""
    for name, expected in MNIST_SHA256.items():
        path = raw / name
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise MnistUnavailable(
                f"MNIST 파일({path})이 손상되었습니다. "
                "그 파일을 지우고 다시 실행하면 새로 받습니다. 지금은"
            )


def classification(
    name: str,
    x: Tensor,
    y: Tensor,
    sizes: tuple[int, int, int],
    label_noise: float,
    generator: torch.Generator,
) -> Dataset:
    """`split`, after a share `label_noise` of the train labels is replaced by a wrong class.

    Changes y in place. Raises ValueError unless 0 ≤ label_noise ≤ 1.
    """
    if not 0 <= label_noise <= 1:
        raise ValueError(f"label_noise는 0과 1 사이여야 합니다 (받은 값: {label_noise}).")
    n_train, n_classes = sizes[0], int(y.max()) + 1
    # The same permutation at every noise level: more noise keeps the wrong labels and adds to them.
    rows = torch.randperm(n_train, generator=generator)
    flipped = torch.zeros(n_train, dtype=torch.bool)
    flipped[rows[: round(label_noise * n_train)]] = True
    shift = torch.randint(1, n_classes, (n_train,), generator=generator)
    y[:n_train] = torch.where(flipped, (y[:n_train] + shift) % n_classes, y[:n_train])
    return split(name, x, y, sizes, flipped)


def split(
    name: str,
    x: Tensor,
    y: Tensor,
    sizes: tuple[int, int, int],
    flipped: Tensor | None = None,
    loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
) -> Dataset:
    """The first rows for training, the next for validation, the rest for the test."""
    # In memory column by column: the layout that the networks compute in.
    x_train, x_valid, x_test = (part.T.contiguous().T for part in x.split(sizes))
    y_train, y_valid, y_test = y.split(sizes)
    if flipped is None:
        flipped = torch.zeros(len(x_train), dtype=torch.bool)
    return Dataset(name, x_train, y_train, x_valid, y_valid, x_test, y_test, flipped, loss)


def require_sizes(*sizes: int, available: int | None = None) -> None:
    """Raise ValueError unless each part has a row and all together are at most `available`."""
    if min(sizes) < 1:
        raise ValueError(f"데이터의 각 부분에는 1개 이상이 필요합니다 (받은 값: {sizes}).")
    if available is not None and sum(sizes) > available:
        raise ValueError(f"데이터는 모두 {available}개인데 {sum(sizes)}개를 달라고 했습니다.")
