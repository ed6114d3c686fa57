"""The table of runs keeps what was measured, and marks the best."""

import pytest

from helpers.data import digits
from helpers.lab.controls import Alpha, Patience
from helpers.lab.run_table import MAX_ROWS, RunTable, RunTableLab
from helpers.models import MLP
from helpers.penalties import L1
from helpers.training import Config, train


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
    assert one[2] == f"{first.gap:.2f}"
    assert one[4] == "0%" and other[4] != "0%"
    assert one[5] == (str(first.epoch[-1]) if first.stopped else "끝까지")


def test_the_lowest_valid_loss_is_starred_in_text_and_page(lab):
    lab.run(alpha=0.3)  # a dead network
    best = [row[0] for star, row in lab.table.lines() if star]
    assert best == ["α 0, patience 5"]
    assert str(lab.table).startswith("★ α 0, patience 5: 최저 Valid loss")
    assert lab.table.view.value.count("★") == 1
    assert lab.table.view.value.count("<tr") == 3


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


def test_closing_the_lab_takes_the_table_off_the_page(lab):
    lab.close()
    assert lab.table.view.comm is None
