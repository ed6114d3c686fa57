"""■ in JupyterLab while a cell trains: it ends at once, and everything else goes on."""

import pytest

from tests.browser.jupyter import PANEL, Notebook, write_notebook

CELLS = {
    "setup": """
from helpers.data import digits
from helpers.lab import Alpha, TrainingLab
from helpers.models import MLP
from helpers.penalties import L2
from helpers.sweep import sweep
from helpers.training import Config, train
data = digits()""",
    "train": "train(MLP(), data, epochs=10**7)",
    "sweep": "sweep([dict(model=MLP(seed=k)) for k in range(16)], data, epochs=10**7)",
    "lab": """
lab = TrainingLab("t", lambda alpha: Config(MLP(), data, L2(alpha)), alpha=Alpha(0.01))
lab.show()""",
}


@pytest.fixture(scope="module")
def notebook(open_notebook, tmp_path_factory) -> Notebook:
    path = tmp_path_factory.mktemp("interrupt") / "interrupt.ipynb"
    opened: Notebook = open_notebook(write_notebook(path, *CELLS.values()))
    opened.run_cell(0)
    return opened


@pytest.mark.parametrize("cell", ["train", "sweep"])
def test_an_interrupted_training_ends_and_the_kernel_goes_on(notebook, cell):
    index = [*CELLS].index(cell)
    notebook.evaluate(f"index => {{ {PANEL}.content.activeCellIndex = index }}", index)
    notebook.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell') }")
    notebook.page.wait_for_timeout(1500)
    assert notebook.evaluate(f"() => {PANEL}.sessionContext.session.kernel.status") == "busy"
    notebook.evaluate(f"() => {PANEL}.sessionContext.session.kernel.interrupt()")
    notebook.page.wait_for_function(
        f"() => {PANEL}.sessionContext.session.kernel.status === 'idle'", timeout=3000
    )
    assert notebook.failures()[-1].startswith("KeyboardInterrupt")
    with pytest.raises(AssertionError, match="KeyboardInterrupt"):
        notebook.assert_healthy()
    notebook.run_cell([*CELLS].index("lab"))
    notebook.page.wait_for_selector(".course-lab img")
    [lab] = notebook.labs()
    lab.sliders()[0].drag(0.8)
    lab.finished()
    assert notebook.kernel("train(MLP(), data, epochs=3).epoch")[0] == "[1, 2, 3]"
