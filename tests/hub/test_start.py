"""How a learner gets their lessons: what is missing is copied, nothing else is touched."""

import shutil
from importlib.util import module_from_spec, spec_from_file_location

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

from tests.browser.jupyter import COURSE

HUB = COURSE / "docs" / "hub"
SPEC = spec_from_file_location("start", HUB / "start.py")
SPEC.loader.exec_module(start := module_from_spec(SPEC))


@pytest.fixture
def lessons(tmp_path):
    """Two lessons and a picture, read-only as a course is."""
    folder = tmp_path / "lessons"
    (folder / "images").mkdir(parents=True)
    for name in ("1.ipynb", "2.ipynb", "images/lab.png"):
        (folder / name).write_text(f"the course's {name}")
        (folder / name).chmod(0o444)
    (folder / "images").chmod(0o555)
    return folder


def test_a_learner_gets_files_that_they_can_change(lessons, tmp_path):
    start.copy_missing(lessons, own := tmp_path / "own")
    copies = [path for path in sorted(own.rglob("*")) if path.is_file()]
    assert [str(path.relative_to(own)) for path in copies] == [
        "1.ipynb",
        "2.ipynb",
        "images/lab.png",
    ]
    assert all(path.stat().st_mode & 0o200 for path in own.rglob("*"))


def test_work_stays_and_what_is_missing_comes(lessons, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "1.ipynb").write_text("my work")
    (own / "mine.ipynb").write_text("my own notebook")
    start.copy_missing(lessons, own)
    assert (own / "1.ipynb").read_text() == "my work"
    assert (own / "mine.ipynb").read_text() == "my own notebook"
    assert (own / "2.ipynb").read_text() == "the course's 2.ipynb"


def test_a_copy_that_was_interrupted_is_made_again(lessons, tmp_path, monkeypatch):
    own, whole = tmp_path / "own", shutil.copyfile

    def half(source, target):
        target.write_text("the cour")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", half)
    with pytest.raises(OSError):
        start.copy_missing(lessons, own)
    monkeypatch.setattr(shutil, "copyfile", whole)
    start.copy_missing(lessons, own)
    assert (own / "1.ipynb").read_text() == "the course's 1.ipynb"
    assert not list(own.rglob("*.part"))


def test_both_hubs_give_a_learner_the_same():
    """The settings of one server and those of a cluster agree."""
    spawner = PyFileConfigLoader("jupyterhub_config.py", str(HUB)).load_config().Spawner
    values = yaml.safe_load((HUB / "values.yaml").read_text(encoding="utf-8"))
    learner = values["singleuser"]
    assert learner["memory"]["limit"] == spawner.mem_limit
    assert learner["cpu"]["limit"] == spawner.cpu_limit
    assert values["hub"]["config"]["Spawner"]["http_timeout"] == spawner.http_timeout
    assert [learner["cmd"][0], learner["cmd"][1].rsplit("/", 1)[1]] == ["python3", "start.py"]
    assert spawner.cmd == ["python3", str(HUB / "start.py")]
