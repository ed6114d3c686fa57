"""The table of runs keeps what was measured, and marks the best."""

import pytest
import torch

from helpers.data import digits
from helpers.lab.controls import Alpha, Patience
from helpers.lab.run_table import MAX_ROWS, RunTable, RunTableLab
from helpers.models import MLP, weight_norm, weights
from helpers.penalties import L1
from helpers.training import Config, evaluate, train
from tests.lab.trainings import made_up


@pytest.fixture(scope="module")
def data():
    return digits(n_train=50, n_valid=50)


@pytest.fixture
def lab(data):
    def config(alpha, patience):
        return Config(MLP(), data, L1(alpha), patience=patience, epochs=30)

    lab = RunTableLab("test-run-table", config, alpha=Alpha(0.0), patience=Patience(5))
    yield lab
    lab.close()


def test_every_finished_training_has_a_row(lab):
    first = lab.result
    second = lab.run(alpha=0.01)
    (_, one), (_, other) = lab.table.lines()
    assert one[0] == "α 0, patience 5" and other[0] == "α 0.01, patience 5"
    assert one[1] == f"{first.best_valid:.2f}" and other[1] == f"{second.best_valid:.2f}"
    assert one[4] == "0%" and other[4] != "0%"
    assert one[5] == (str(first.epoch[-1]) if first.stopped else "끝까지")


@pytest.mark.parametrize("patience", [None, 1, 100])
def test_a_row_measures_the_model_that_the_training_leaves(patience):
    """Also if patience was set but never ran out: then, too, the best weights are put back."""
    config = Config(MLP(), digits(), L1(0.0), patience=patience, epochs=40)
    history, table = (
        train(config.model, config.data, config.penalty, patience=patience, epochs=40),
        RunTable(),
    )
    table.add("run", history)
    ((_, row),) = table.lines()
    train_loss, valid_loss, _ = evaluate(history.model, config.data, config.penalty)
    kept = history.final_valid if patience is None else history.best_valid
    assert history.rise > 0.001 and valid_loss == pytest.approx(kept, abs=1e-12)
    assert row[1:4] == (
        f"{kept:.2f}",
        f"{valid_loss - train_loss:.2f}",
        f"{weight_norm(history.model):.1f}",
    )
    assert row[5] == ("끝까지" if not history.stopped else str(history.epoch[-1]))


def test_what_restores_nothing_is_not_praised_for_its_best_epoch(data):
    """The same curve, kept to its end and kept at its best epoch: the second is lower."""
    table = RunTable()
    for label, patience in (("to the end", None), ("stopped", 5)):
        config = Config(MLP(), data, patience=patience)
        table.add(label, train(config.model, config.data, patience=patience))
    (end, _), (stopped, _) = table.rows["to the end"], table.rows["stopped"]
    assert end > 1.2 * stopped
    assert [star for star, _ in table.lines()] == [False, True]


def test_the_lowest_valid_loss_is_starred_in_text_and_page(lab):
    lab.run(alpha=0.3)  # a dead network
    best = [row[0] for star, row in lab.table.lines() if star]
    assert best == ["α 0, patience 5"]
    assert str(lab.table).startswith("★ α 0, patience 5: Valid loss")
    assert lab.table.view.value.count("★") == 1
    assert lab.table.view.value.count("<tr") == 3


def test_the_table_to_the_letter():
    table = RunTable()
    for label, history in (
        ("α 0, p <1", made_up([1.0, 0.5, 0.625], [1.0, 0.5, 0.25], stopped=True).history),
        ("α 1", made_up([2.0, 1.75], [1.0, 1.5]).history),
    ):
        [weight] = weights(history.model)
        weight.data[:] = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
        table.add(label, history)
    assert str(table) == (
        "★ α 0, p <1: Valid loss 0.50, 차이 0.00, ‖W‖₂ 5.0, 0의 비율 50%, 멈춘 epoch 3\n"
        "· α 1: Valid loss 1.75, 차이 0.25, ‖W‖₂ 5.0, 0의 비율 50%, 멈춘 epoch 끝까지"
    )
    assert table.view.value == (
        '<table class="course-runs"><tr><th>설정</th><th>Valid loss</th><th>차이</th>'
        "<th>‖W‖₂</th><th>0의 비율</th><th>멈춘 epoch</th><th></th></tr>"
        '<tr class="best"><td>α 0, p &lt;1</td><td>0.50</td><td>0.00</td><td>5.0</td>'
        "<td>50%</td><td>3</td><td>★</td></tr>"
        '<tr class="run"><td>α 1</td><td>1.75</td><td>0.25</td><td>5.0</td>'
        "<td>50%</td><td>끝까지</td><td></td></tr></table>"
    )


def test_the_table_is_shown_below_the_lab(lab, monkeypatch):
    shown = []

    def display(data, *, raw):
        assert raw
        shown.append(data)

    for module in ("lab", "run_table"):
        monkeypatch.setattr(f"helpers.lab.{module}.display", display)
    monkeypatch.setattr("helpers.plots.show", lambda *_: None)
    lab.show()
    assert shown[-1]["text/plain"] == str(lab.table) and len(shown) == 3
    [view] = [shown[-1][kind] for kind in shown[-1] if kind != "text/plain"]
    assert view["model_id"] == lab.table.view.model_id


def test_a_setting_run_again_moves_to_the_end(lab):
    lab.run(alpha=0.01)
    lab.run(alpha=0.0)
    assert [row[0] for _, row in lab.table.lines()] == ["α 0.01, patience 5", "α 0, patience 5"]


def test_the_oldest_rows_go(data):
    history, table = train(MLP(), data, epochs=2), RunTable()
    for i in range(MAX_ROWS + 2):
        table.add(f"run {i}", history)
    assert table.lines()[0][1][0] == "run 2"
    assert len(table.rows) == MAX_ROWS


def test_the_best_run_stays_however_old(data):
    table = RunTable()
    table.add("best", train(MLP(), data, patience=5))
    history = train(MLP(), data, epochs=2)
    for i in range(MAX_ROWS + 2):
        table.add(f"run {i}", history)
    assert [row[0] for star, row in table.lines() if star] == ["best"]
    assert list(table.rows)[:2] == ["best", "run 3"]
    assert len(table.rows) == MAX_ROWS


def test_closing_the_lab_takes_the_table_off_the_page(lab):
    lab.close()
    assert lab.table.view.comm is None
