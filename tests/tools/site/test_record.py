"""A recording says and draws what the live lab or question does, and leaves it as it was."""

import json

import pytest
import torch

from helpers.data import digits
from helpers.exercises import Prediction, Question, Quiz, ex10_3, questions
from helpers.lab import Alpha, Choice, Lab, RunTableLab, Slider, TrainingLab
from helpers.models import MLP
from helpers.penalties import L1, L2
from helpers.training import Config
from tests.lab.toy import note, status
from tests.tools.site.shapes import shapes
from tools.site import record
from tools.site.frames import Stage
from tools.site.record import Recorder, called, recording_of

DATA = digits(n_train=40, n_valid=30, n_test=10)


def config(alpha, penalty, seed=0):
    # With weights this large the loss becomes infinite; L1 makes all of them 0.
    lr = 1e60 if alpha == 1.0 else 0.4
    return Config(MLP((64, 4, 10), seed=seed), DATA, penalty(alpha), epochs=6, lr=lr)


@pytest.fixture(scope="module")
def lab():
    knobs = {"alpha": Alpha(0.0, low=0.1), "penalty": Choice("페널티", {"L2": L2, "L1": L1})}
    lab = TrainingLab("recorded", config, **knobs)
    lab.pin()
    lab.run(alpha=0.15)
    yield lab
    lab.close()


def state(lab):
    shown = lab.shown
    panel = [status(lab), note(lab), lab.panel.view, lab.panel.values()]
    return shown, lab.result, panel, dict(lab.runs.known), torch.get_rng_state().tolist()


@pytest.fixture(scope="module")
def recorded(lab):
    """The recording, and the state of the lab before and after."""
    before = state(lab)
    recording = Recorder(lab).recording()
    return recording, before, state(lab)


def test_the_lab_is_put_back(recorded):
    _, before, after = recorded
    assert after == before


def test_it_starts_where_the_lesson_put_it(recorded):
    recording, *_ = recorded
    alpha, penalty = recording["knobs"]
    assert alpha["texts"] == ["0", "0.1", "0.15", "0.2", "0.3", "0.5", "0.7", "1"]
    assert (alpha["start"], alpha["first"]) == (2, 0) and penalty["texts"] == ["L2", "L1"]
    assert [view["name"] for view in recording["views"]] == [
        "곡선",
        "전체 보기",
        "운인가 효과인가?",
    ]
    assert recording["start_view"] == 0


def live(lab, view, values):
    """What the live lab shows: its status and sentence, or its note."""
    lab.switch(view)
    try:
        lab.run(**values)
    except Exception:
        return {"error": note(lab)}
    return {"say": lab.shown.summary, "status": status(lab)}


@pytest.mark.parametrize("number", range(3))
def test_every_frame_says_and_draws_what_the_live_lab_does(lab, recorded, number):
    recording, *_ = recorded
    [alphas, penalties] = (lab.controls[name].stops() for name in ("alpha", "penalty"))
    everywhere = [dict(alpha=a, penalty=p) for a in alphas for p in penalties]
    name = recording["views"][number]["name"]
    frames = recording["frames"][number]
    assert len(frames) == len(everywhere)
    fresh = TrainingLab("live", config, **lab.controls)
    fresh.pin()
    for values, frame in zip(everywhere, frames, strict=True):
        said = live(fresh, name, values)
        if "error" in frame:
            assert frame["error"] in said["error"] and values["alpha"] == 1.0
            continue
        assert frame["say"] == said["say"]
        assert said["status"].count(f"완료: {frame['status']}<") == 1
        drawn = "".join(recording["pieces"][piece] for piece in frame["wide"])
        alone = Stage(fresh.views[name], "recorded-w").draw(fresh.shown.output)
        assert shapes(drawn) == shapes("".join(alone))
        assert frame["narrow"] and frame["axes"]["wide"]
    fresh.close()


def test_a_setting_that_diverges_says_so_and_the_sweep_goes_on(recorded):
    recording, *_ = recorded
    curves, sweep, _ = recording["frames"]
    assert "발산" in curves[-2]["error"] and "발산" in sweep[-2]["say"]
    assert all("error" not in frame for frame in [*curves[:-2], *sweep])


def test_shared_pieces_are_kept_once_and_frames_are_light(recorded):
    recording, *_ = recorded
    assert len(set(recording["pieces"])) == len(recording["pieces"])
    used = {p for view in recording["frames"] for f in view for p in f.get("wide", [])}
    used |= {p for view in recording["frames"] for f in view for p in f.get("narrow", [])}
    assert used == set(range(len(recording["pieces"])))


def test_a_lab_that_cannot_draw_a_setting_says_it_as_the_live_one_does():
    def draw(ax, n):
        if n == 2:
            raise ZeroDivisionError("0/0")

    lab = Lab("broken", lambda n: n, draw, str, {"n": Slider("n", 1, 3, 1, 1)})
    [frames] = Recorder(lab).recording()["frames"]
    with pytest.raises(ZeroDivisionError):
        lab.run(n=2)
    assert frames[1]["error"] in note(lab) and "ZeroDivisionError" in frames[1]["error"]
    assert "say" in frames[0] and "say" in frames[2]
    lab.close()


def test_every_stop_is_trained_once(monkeypatch):
    begun = []
    knobs = {"alpha": Alpha(0.0, low=0.1), "penalty": Choice("페널티", {"L2": L2, "L1": L1})}

    def counted(alpha, penalty):
        begun.append((alpha, penalty))
        return config(alpha, penalty)

    lab = TrainingLab("counted", counted, **knobs)
    lab.views.pop("운인가 효과인가?")
    begun.clear()
    Recorder(lab).recording()
    assert sorted(begun, key=str) == sorted(set(begun), key=str)
    lab.close()


def test_a_run_table_has_a_row_for_each_setting_and_keeps_its_own():
    def few(alpha):
        return Config(MLP((64, 4, 10)), DATA, L2(alpha), epochs=3)

    lab = RunTableLab("table", few, alpha=Alpha(0.0, low=0.3))
    lab.run(alpha=0.5)
    before = lab.table.lines()
    view = lab.table.view.model_id
    curves, *others = Recorder(lab).recording()["frames"]
    assert lab.table.lines() == before and lab.table.view.model_id == view
    said = [frame["row"]["cells"][0] for frame in curves]
    assert said == ["α 0", "α 0.3", "α 0.5", "α 0.7", "α 1"]
    for frame, alpha in zip(curves, lab.controls["alpha"].stops(), strict=True):
        lab.run(alpha=alpha)
        label, (loss, cells) = list(lab.table.rows.items())[-1]
        assert frame["row"] == {"loss": loss, "cells": [label, *cells]}
    assert all("row" not in frame for view in others for frame in view)
    rows = recording_of(lab.table.view.model_id)["rows"]
    assert [row["cells"] for row in rows] == [[*row] for _, row in lab.table.lines()]
    lab.close()


# Questions


@pytest.fixture
def displayed(monkeypatch):
    """The model ids of the boxes that were displayed, with no form left over."""
    ids = []
    key = "application/vnd.jupyter.widget-view+json"

    def display(bundle, raw):
        if key in bundle:
            ids.append(bundle[key]["model_id"])

    monkeypatch.setattr(questions, "forms", {})
    monkeypatch.setattr(questions, "display", display)
    return ids


def test_a_prediction_is_recorded_with_what_it_says_to_every_choice(displayed):
    guess = Prediction("p", "무엇이 <더> 클까요?", ["가", "나"], lambda x: (1, f"나는 {x}입니다."))
    guess.radio.index = 0
    guess.show()
    guess.compare(3)
    asked, compared = map(recording_of, displayed)
    assert asked["kind"] == "prediction" and asked["name"] == compared["name"] == "p"
    assert asked["question"] == "무엇이 <더> 클까요?" and asked["options"] == ["가", "나"]
    assert "골라 보세요" in asked["notes"][0] and "적어 두었습니다" in asked["notes"][1]
    first, second, none = compared["lines"]
    assert "예측은 ‘가’, 실제는 ‘나’. 측정 결과: 나는 3입니다." in first and "ask-wrong" in first
    assert "예측이 맞았습니다: ‘나’. 측정 결과: 나는 3입니다." in second and "ask-right" in second
    assert "아직 예측을 고르지 않으셨습니다. 측정 결과: 나는 3입니다." in none
    assert guess.choice == 0


def test_a_quiz_is_recorded_with_its_reasons_and_all_its_scores(displayed):
    quiz = Quiz(
        "q",
        [
            Question("하나?", {"예": "맞는 까닭", "아니요": "틀린 까닭"}, 0),
            Question("둘?", {"예": "1", "글쎄요": "2", "아니요": "3"}, 2),
        ],
    )
    quiz.show()
    recording = recording_of(displayed[0])
    one, two = recording["questions"]
    assert (one["right"], two["right"]) == (0, 2) and one["options"] == ["예", "아니요"]
    assert "✅ 맞는 까닭" in one["whys"][0] and "💡 틀린 까닭" in one["whys"][1]
    assert "1. 하나?" in one["head"] and "2. 둘?" in two["head"]
    assert sorted(recording["scores"]) == ["0,0", "0,1", "0,2", "1,0", "1,1", "2,0"]
    assert "2문제 중 1문제를 맞혔습니다. 1문제가 남았습니다." in recording["scores"]["1,1"]
    assert "2문제 중 2문제를 맞혔습니다. 모두 답하셨습니다." in recording["scores"]["0,2"]
    assert quiz.score == 0 and [radio.index for radio in quiz.radios] == [None, None]


def test_a_widget_that_is_none_of_ours_is_named():
    with pytest.raises(ValueError, match="no lab and no question"):
        recording_of("abc")


def test_exercises_are_found_by_their_calls():
    source = (
        "def f(w):\n    return ...\n\n\ncheck.soft_threshold(f)\nprint(len('check.elastic_net'))"
    )
    [exercise] = called(source, {"check": ex10_3, "print": print})
    assert exercise is ex10_3.soft_threshold
    hints = record.exercise_recording(exercise)["mistakes"]
    assert hints == [*exercise.mistakes] and len(hints) > 2


def test_recordings_are_json(recorded):
    recording, *_ = recorded
    assert json.loads(json.dumps(recording)) == recording
