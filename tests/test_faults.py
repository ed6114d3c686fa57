"""Damaged, missing and half downloaded data, servers that fail, disks that are full or closed."""

import errno
import gzip
import io
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import matplotlib
import nbformat
import pytest
import torch
from matplotlib.font_manager import FontProperties, findfont
from torchvision.datasets import MNIST

from helpers import data, plots
from tests.ipython import shown

LESSONS = Path(data.__file__).parents[1] / "notebooks"

INSTEAD = "함께 들어 있는 숫자 이미지(digits)로 진행합니다."


@pytest.fixture
def digits_file(tmp_path, monkeypatch) -> Path:
    """A copy of the bundled digits, which the course reads in place of its own."""
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    copy = tmp_path / "digits.npz"
    copy.write_bytes((Path(data.__file__).parents[1] / "data" / "digits.npz").read_bytes())
    return copy


@pytest.mark.parametrize("keep, add", [(-1, b"?"), (9000, b""), (0, b"")])
def test_damaged_digits_are_named(digits_file, keep, add):
    assert data.digits().name == "digits"
    digits_file.write_bytes(digits_file.read_bytes()[:keep] + add)
    with pytest.raises(ValueError) as refused:
        data.digits()
    sentence = f"데이터 파일({digits_file})이 손상되었습니다. 강의 폴더를 다시 받아 주세요."
    assert str(refused.value) == sentence


def test_missing_digits_are_named(digits_file):
    digits_file.unlink()
    with pytest.raises(ValueError) as refused:
        data.digits()
    sentence = f"데이터 파일({digits_file})을 읽지 못했습니다. 강의 폴더를 다시 받아 주세요."
    assert str(refused.value) == sentence


def test_a_notebook_shows_the_sentence_about_its_data_and_no_traceback(tmp_path):
    """In the shell of a notebook, whose way to show it is what counts."""
    code = (
        "import pathlib; from helpers import data\n"
        f"data.FOLDER = pathlib.Path({str(tmp_path)!r})\ndata.digits()"
    )
    said = shown(code).strip()
    assert said.startswith("데이터 파일(") and said.endswith("다시 받아 주세요."), said
    assert "\n" not in said


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[Path]:
    """Where MNIST is looked for; it is empty."""
    monkeypatch.setenv("COURSE_MNIST", str(tmp_path))
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    data.read_mnist.cache_clear()
    yield tmp_path
    data.read_mnist.cache_clear()


@pytest.fixture
def serve(monkeypatch) -> Iterator[Callable[[bytes | None], str]]:
    """`serve(archive)` makes a server that answers every request so, or 404 for None, MNIST's."""
    servers = []

    def served(archive: bytes | None) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(404 if archive is None else 200)
                self.send_header("Content-Length", str(len(archive or b"")))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(archive or b"")

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])

    yield served
    for server in servers:
        server.shutdown()
        server.server_close()


def why_not() -> str:
    """Why there is no MNIST, in the words that the learner reads."""
    with pytest.raises(data.MnistUnavailable) as refused:
        data.mnist()
    reason, instead = str(refused.value).split(" 함께")
    assert " 함께" + instead == " " + INSTEAD
    return reason


def raw_files(folder: Path) -> set[str]:
    return {path.name for path in (folder / "MNIST" / "raw").iterdir()}


@pytest.mark.parametrize("content", [b"", b"\0\0\x08\x03" + bytes(1000), b"\xff" * 100], ids=len)
def test_a_damaged_mnist_file_is_named_and_left_there(folder, content):
    path = folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    path.write_bytes(content)
    said = "그 파일을 지우고 다시 실행하면 새로 받습니다. 지금은"
    assert why_not() == f"MNIST 파일({path})이 손상되었습니다. {said}"
    assert path.read_bytes() == content


def test_servers_without_mnist(folder, serve):
    serve(None)
    assert why_not() == "MNIST를 찾거나 내려받을 수 없어" and raw_files(folder) == set()


def test_no_network(folder, monkeypatch):
    nobody = socket.create_server(("127.0.0.1", 0))
    port = nobody.getsockname()[1]
    nobody.close()
    monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{port}/", "http://nowhere.invalid/"])
    assert why_not() == "MNIST를 찾거나 내려받을 수 없어"


def test_an_archive_with_another_checksum_is_not_opened(folder, serve):
    serve(gzip.compress(b"something else"))
    assert why_not() == "MNIST를 찾거나 내려받을 수 없어"
    assert raw_files(folder) == {"train-images-idx3-ubyte.gz"}  # and nothing out of it
    assert all(checksum for _, checksum in MNIST.resources)


def test_a_silent_server_is_given_up(folder, monkeypatch):
    monkeypatch.setattr(data, "SILENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes calls and never answers
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setattr(MNIST, "mirrors", [address, address])
        start = time.monotonic()
        assert why_not() == "MNIST를 찾거나 내려받을 수 없어"
        assert time.monotonic() - start < 10 and socket.getdefaulttimeout() is None


def test_a_download_that_is_interrupted_goes_on_with_the_digits(folder, monkeypatch):
    def stopped(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("urllib.request.urlopen", stopped)
    assert why_not() == "MNIST를 받다가 멈췄으므로" and socket.getdefaulttimeout() is None


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a full disk for tests is Linux's")
def test_a_disk_that_is_full_while_mnist_is_saved(folder, serve):
    serve(bytes(100_000))
    (folder / "MNIST" / "raw" / "train-images-idx3-ubyte.gz").symlink_to("/dev/full")
    assert why_not() == "디스크가 가득 차 MNIST를 저장할 수 없어"


@pytest.mark.parametrize("error", [errno.EACCES, errno.EROFS])
def test_a_folder_that_is_closed_to_mnist(folder, monkeypatch, error):
    def refuse(*args, **options):
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "makedirs", refuse)  # root may write anywhere
    assert why_not() == "MNIST를 둘 폴더에 쓸 수 없어"


def test_an_old_folder_of_mnist_is_not_unpickled(folder, serve):
    """Before 2020 torchvision saved pickles there, and until 0.20 it opened them."""
    processed = folder / "MNIST" / "processed"
    processed.mkdir()
    for name in ("training.pt", "test.pt"):
        (processed / name).write_bytes(b"cos\nmkdir\n(S'unpickled'\ntR.")
    serve(None)
    assert why_not() == "MNIST를 찾거나 내려받을 수 없어"


UNSAVED = (
    "저장하지 못했습니다. 학습한 것은 그대로 있으니 필요 없는 파일을 지우거나 폴더의 권한을 "
    "고치고 이 셀을 다시 실행하세요."
)


@pytest.fixture
def save(tmp_path, monkeypatch) -> Callable[[], None]:
    """Runs 10-7's cell that saves a model, as it stands; `save.models` are it and its copy."""
    [path] = LESSONS.glob("10-7_*.ipynb")
    [cell] = [cell for cell in nbformat.read(path, as_version=4).cells if cell.id == "checkpoint"]
    best, again = torch.nn.Linear(100, 100), torch.nn.Linear(100, 100)
    names = {"fitted": {"all": best}, "new_net": lambda *_, **__: again, "source": data.moons(3)}
    names |= {"temporary_folder": data.temporary_folder, "torch": torch}
    names["loss_of"] = lambda model, x, y: float(model.weight.detach().sum())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def run() -> None:
        exec(cell.source, names)

    run.models = best, again
    return run


@contextmanager
def full_disk() -> Iterator[None]:
    """A limit on the size of files stands for it."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def is_saved_once_there_is_room(save, capsys) -> bool:
    save()
    best, again = save.models
    return capsys.readouterr().out.count("Valid loss") == 2 and torch.equal(
        best.weight, again.weight
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
def test_a_disk_that_is_full_while_a_checkpoint_is_saved_costs_only_the_checkpoint(
    save, tmp_path, capsys
):
    with full_disk(), pytest.raises(data.Unsaved, match=UNSAVED):
        save()
    assert list(tmp_path.iterdir()) == []
    assert is_saved_once_there_is_room(save, capsys)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_folder_that_is_closed_to_a_checkpoint(save, monkeypatch, capsys, error):
    def refuse(*args, **options):
        raise OSError(error, os.strerror(error))

    with monkeypatch.context() as closed, pytest.raises(data.Unsaved, match=UNSAVED):
        closed.setattr(os, "mkdir", refuse)  # root may write anywhere
        save()
    assert is_saved_once_there_is_room(save, capsys)


@pytest.mark.parametrize("error", [RuntimeError("size mismatch"), FileNotFoundError("no.csv")])
def test_errors_that_the_disk_has_no_part_in_are_not_blamed_on_it(error):
    with pytest.raises(type(error)) as raised, data.temporary_folder():
        raise error
    assert raised.value is error


def test_pictures_need_no_hangul_font():
    font = FontProperties(fname=findfont(FontProperties()))
    assert font.get_name() == "DejaVu Sans"  # comes with matplotlib, and has no Hangul
    assert (Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf").exists()
    fig, ax = plots.figure()
    ax.set_title("과적합")
    with pytest.warns(UserWarning, match="missing from (current )?font"):
        fig.savefig(io.BytesIO())
    for path in LESSONS.glob("*.ipynb"):  # in which such a warning would be an output
        assert "missing from" not in path.read_text(encoding="utf-8"), path.name
