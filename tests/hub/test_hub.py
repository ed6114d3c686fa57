"""docs/hub in a real JupyterHub: learners log in, a lab follows, and everybody's work stays."""

import shutil
import time
from collections.abc import Iterator

import nbformat
import pytest
from websocket import create_connection

from tests.browser.jupyter import PANEL, Notebook
from tests.hub.hub import Hub, Learner, proxy

LESSON = "10-3_l1_l2.ipynb"


@pytest.fixture(scope="module")
def hub(tmp_path_factory) -> Iterator[Hub]:
    try:
        proxy()
    except RuntimeError as reason:
        pytest.skip(str(reason))
    hub = Hub(tmp_path_factory.mktemp("hub"))
    yield hub
    hub.stop()


@pytest.fixture(scope="module")
def ada(hub, browser) -> Iterator[Learner]:
    learner = Learner(hub, browser, "ada")
    yield learner
    learner.context.close()


@pytest.fixture(scope="module")
def notebook(ada) -> Notebook:
    """Ada's copy of a lesson, open in her browser."""
    return Notebook(ada, ada, ada.notebooks / LESSON)


def test_a_learner_drags_and_the_picture_follows(notebook):
    run_up_to_the_lab(notebook)
    lab = notebook.labs()[0]
    value, picture = lab.sliders()[0].value(), lab.picture()
    lab.sliders()[0].drag(0.9)
    lab.finished()
    assert lab.sliders()[0].value() != value
    lab.until(lambda: lab.picture() != picture)
    notebook.assert_healthy()


def run_up_to_the_lab(notebook: Notebook) -> None:
    """Run the cells with the lab of α and what it needs."""
    sources = notebook.evaluate(f"() => {PANEL}.context.model.toJSON().cells.map(c => c.source)")
    for needed in ("from helpers.lab import", 'TrainingLab("10-3-alpha"'):
        notebook.run_cell(next(i for i, source in enumerate(sources) if needed in source))
    notebook.page.wait_for_selector(".course-lab img")


def test_nobody_can_write_the_course(hub, ada, notebook):
    original = ada.notebooks / "원본" / LESSON
    assert original.samefile(hub.course / "notebooks" / LESSON)
    answer, _ = notebook.kernel(f"open({str(original)!r}, 'a')")
    assert "Permission denied" in answer
    answer, _ = notebook.kernel(f"import os; os.remove({str(original)!r})")
    assert "Permission denied" in answer


def test_work_stays_over_a_restart_and_new_lessons_come(hub, ada, notebook):
    notes, lesson = "# 내가 적은 것", hub.course / "notebooks" / LESSON
    before = lesson.read_bytes()
    notebook.evaluate(
        f"source => {PANEL}.content.model.sharedModel"
        ".insertCell(0, {cell_type: 'markdown', source})",
        notes,
    )
    notebook.command("docmanager:save")
    lesson.parent.chmod(0o755)
    shutil.copy(lesson, lesson.with_name("10-9_new.ipynb"))
    lesson.parent.chmod(0o555)
    notebook.page.close()
    hub.restart_server(ada.name)
    assert nbformat.read(ada.notebooks / LESSON, 4).cells[0].source == notes
    assert (ada.notebooks / "10-9_new.ipynb").read_bytes() == before == lesson.read_bytes()
    assert not list(ada.notebooks.rglob("*.part"))


def test_an_idle_kernel_ends_though_its_page_is_open(hub, browser):
    sleeper = Learner(hub, browser, "sleeper")
    kernel = hub.ask("POST", "/user/sleeper/api/kernels")["id"]
    address = f"{hub.address}/user/sleeper/api/kernels/{kernel}/channels".replace("http", "ws", 1)
    page = create_connection(address, header={"Authorization": f"token {hub.token}"})
    end = time.monotonic() + 60
    while hub.ask("GET", "/user/sleeper/api/kernels"):
        assert time.monotonic() < end
        time.sleep(0.2)
    assert hub.state("sleeper") == "ready"
    page.close()
    sleeper.context.close()
