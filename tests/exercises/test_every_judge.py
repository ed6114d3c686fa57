"""The sentence that each judge makes of its measurements, whole, as a learner reads it."""

from inspect import getmembers, isfunction

import pytest
import torch

from helpers.exercises import ex10_1, ex10_2, ex10_3, ex10_4, ex10_5, ex10_6, ex10_7, ex10_8
from helpers.training import History, Origin

LESSONS = (ex10_1, ex10_2, ex10_3, ex10_4, ex10_5, ex10_6, ex10_7, ex10_8)
NO_JUDGES = {ex10_2.mystery, ex10_7.side}


def history(train_loss, valid_loss):
    epochs = [*range(1, len(train_loss) + 1)]
    return History(None, Origin("", "", 0), epochs, train_loss, valid_loss)


LOWER, HIGHER = history([1.0] * 15, [0.5] * 15), history([1.0] * 15, [1.2] * 15)
START = torch.tensor([3.0, 1.0, -0.1], dtype=torch.float64)
SIGN = START.sign()
METHODS = {name: [0.5] * 20 for name in (*ex10_7.NAMES, *ex10_8.METHODS)}

SENTENCES = [
    (
        *(ex10_1.test_loss_ends, ([2.3, 0.5, 1.534],)),
        "Test loss는 2 step에서 0.50까지 내려갔고, 1.53으로 끝났습니다.",
    ),
    (*(ex10_1.wrong_or_true, (0.9, 0.08)), "틀린 라벨을 답한 비율은 90%, 진짜 숫자는 8%였습니다."),
    (
        *(ex10_1.train_loss_ends, (history([0.5], [1.0]), history([0.834], [1.0]))),
        "Train loss는 정규화 없이 0.50, 정규화하면 0.83으로 끝났습니다.",
    ),
    (
        *(ex10_1.lower_early, ([LOWER] * 4, [HIGHER, HIGHER, LOWER])),
        "epoch 15에서 Valid loss가 더 낮은 학습은 틀린 라벨이 있을 때 4번 가운데 4번, "
        "없을 때 3번 가운데 1번이었습니다.",
    ),
    (
        *(ex10_2.more_data, ([1.0, 1.2], [0.1, 0.2])),
        "같은 100 epoch에서 Valid loss는 가장 낮은 값에서 200개일 때 110%, 800개일 때 15% "
        "올랐습니다(2번의 중앙값).",
    ),
    (
        *(ex10_2.widest, ({1: 0.1, 3: 0.2, 12: 0.3},)),
        "variance는 1차 0.100, 3차 0.200, 12차 0.300입니다.",
    ),
    (
        *(ex10_2.best_degree, ([3, 3, 4, 15], 15)),
        "4번 가운데 3번, Valid error가 가장 낮은 차수는 0과 15 사이에 있었습니다.",
    ),
    (
        *(ex10_2.wrong_answers, ((0.5, 40.0), (1.0, 80.0))),
        "Valid loss는 0.50 → 1.00, 틀린 이미지는 40개 → 80개입니다.",
    ),
    (
        *(ex10_2.wider, ([1.0, 1.2], [2.0, 2.2])),
        "Valid loss의 중앙값은 뉴런 8개일 때 1.10, 128개일 때 2.10입니다.",
    ),
    (
        *(ex10_3.larger_weights, ((100.0, 140.0, 110.0), (210.0, 260.0, 110.0))),
        "Train loss가 0.1이 되었을 때 ‖W‖₂²의 중앙값은 라벨이 모두 맞으면 110, 20%가 틀리면 "
        "210입니다. seed 3개 가운데 2개에서 틀린 라벨이 있는 쪽이 컸습니다.",
    ),
    (
        *(ex10_3.bias_or_variance, ((0.2, 0.4), (0.3, 0.1))),
        "variance는 0.4000에서 0.1000으로, bias²은 0.2000에서 0.3000으로 바뀌었습니다.",
    ),
    (*(ex10_3.exact_zeros, (0.9, 0.1)), "정확히 0인 weight는 L1에서 90%, L2에서 10%입니다."),
    (
        *(ex10_3.memorised_at_best, ([0.0, 1.0, 9.0], [1.2, 0.6, 2.3], [1.0, 0.35, 0.1])),
        "Valid loss는 α = 1에서 가장 낮고, 그때 외운 틀린 라벨은 35%입니다.",
    ),
    (
        *(ex10_4.shrinks, (torch.stack([START, START - 0.05 * SIGN, START - 0.09 * SIGN]),)),
        "한 step에 0.050에서 0.050까지 줄었습니다.",
    ),
    (
        *(ex10_4.shrinks, (torch.stack([START, 0.954 * START, 0.9 * START]),)),
        "한 step 뒤 모든 weight가 0.95배가 되었습니다.",
    ),
    (
        *(ex10_4.shrinks, (torch.stack([START, START - 0.05 * SIGN, *2 * [START * (START > 1)]]),)),
        "끝에는 weight 3개 가운데 2개가 0입니다.",
    ),
    (
        *(ex10_4.closest_decay, ({1.0: 1e-15, 2.0: 0.5, 4.0: 0.3},)),
        "weight_decay = 1일 때 weight 차이가 0.000000입니다. "
        "나머지 가운데 가장 작은 차이는 0.30입니다.",
    ),
    (
        *(ex10_4.closest_decay, ({1.0: 0.2, 2.0: 0.0512, 4.0: 0.3},)),
        "가장 가까운 weight_decay = 2에서도 weight 차이가 0.051입니다.",
    ),
    (
        *(ex10_4.strong_decay, ([1.0, 2.0, 1.0], [1.2, 2.6, 1.0])),
        "중앙값은 λ = 0에서 1.00, λ = 0.1에서 1.20입니다. 3번 가운데 2번 λ = 0.1이 더 높았습니다.",
    ),
    (*(ex10_4.adam_shrinks, (START, 0.98 * START)), "네 weight 모두 2.00% 줄었습니다."),
    (
        *(ex10_4.adam_shrinks, (START, START - 0.01 * SIGN)),
        "네 weight 모두 0.0100만큼 줄었고, learning rate와 같은 양입니다.",
    ),
    (
        *(ex10_4.adam_shrinks, (START, torch.where(START > 1, 0.9 * START, START))),
        "네 weight는 0.0000에서 0.3000까지 줄었습니다.",
    ),
    (
        *(ex10_5.counts, (torch.tensor([281, 300, 320]), 1000, 0.3)),
        "평균 300.3개가 꺼졌고, 가장 적을 때는 281개, 가장 많을 때는 320개였습니다. "
        "33%가 290개에서 310개 사이, 100%가 270개에서 330개 사이였습니다.",
    ),
    (
        *(ex10_5.sum_of_the_rest, (0.8, 0.214, 1.024)),
        "끄기만 하면 0.21배, 1−p로 나누면 1.02배였습니다.",
    ),
    (*(ex10_5.forgetting, (0.854, 0.744)), "정확도는 eval()을 부르면 0.85, 잊으면 0.74입니다."),
    (
        *(ex10_5.nearly_all_off, ([0.0, 0.1 * 3, 0.1 * 7], [1.0, 0.5, 2.0])),
        "Valid loss는 p = 0.3에서 가장 낮은 0.50입니다. "
        "p = 0에서는 1.00, p = 0.7에서는 2.00입니다.",
    ),
    (
        *(ex10_5.below, ([9, 19, 29, 39], [0, 0, 2, 2])),
        "Valid loss가 더 낮은 epoch은 train()으로 재면 중앙값 24개, eval()로 재면 중앙값 "
        "1개였습니다.",
    ),
    (
        *(ex10_5.at_equal_loss, ([0.65] * 10, [0.52] * 10)),
        "10쌍 가운데 10쌍에서 Dropout 쪽이 적었고 0쌍에서 많았습니다. 중앙값은 65%와 52%입니다.",
    ),
    (
        *(ex10_5.doubtful, ([0.8] * 10, [0.7, 0.7, 0.7, *[0.9] * 7])),
        "10번 가운데 7번은 eval()의 확률이, 3번은 흩어진 정도가 더 나았습니다. "
        "알아낸 비율의 중앙값은 eval()의 확률이 90%, 흩어진 정도가 80%입니다.",
    ),
    (
        *(ex10_6.memorises, ([0.0, 0.05, 0.3], [1.0, 1.0, 0.9])),
        "seed 3개의 중앙값은 best epoch에서는 5%, 마지막 epoch에서는 100%입니다.",
    ),
    (
        *(ex10_6.finds, (15, 18, 20)),
        "seed 20개 가운데 patience 1은 15개, patience 20은 18개에서 찾았습니다.",
    ),
    (
        *(ex10_6.moves, ([1.0, 2.0, 3.0], [2.04, 5.0, 3.0])),
        "마지막 weight는 seed 3개 가운데 2개에서 더 멀었고, "
        "거리는 best epoch의 2.0배(중앙값)였습니다.",
    ),
    (
        *(ex10_6.pairs_with, ([0.1, 0.2], [0.01, 0.0222])),
        "가장 가까운 λ의 중앙값은 0.150에서 0.0161로 바뀌었습니다(0.11배).",
    ),
    (
        *(ex10_6.switches, ([1.0, 2.0], [1.0, 2.108], [2.0, 3.0])),
        "마지막 Valid loss의 중앙값은 처음부터 1.50, 중간부터 1.55, 끝까지 없이 2.50입니다.",
    ),
    (
        *(
            ex10_7.all_against_one,
            (METHODS | {"all": [0.4] * 17 + [0.6] * 3, "dropout": [0.494] * 20},),
        ),
        "하나만 쓴 것 가운데 가장 좋은 것은 Dropout(중앙값 0.49)이고, "
        "모두 함께 쓴 것(중앙값 0.40)이 그보다 낮은 seed는 20개 가운데 17개입니다. "
        "운이 아니라 효과입니다.",
    ),
    (
        *(ex10_7.still_lower, ([0.2] * 20, [0.164] * 20)),
        "Valid loss의 중앙값은 L2 없이 0.20, L2와 함께 0.16이고, L2가 더 낮은 seed는 20개 가운데 "
        "20개입니다. 여전히 효과입니다.",
    ),
    (
        *(ex10_8.strongest, (METHODS | {"L2": [0.4] * 15 + [0.6] * 5},)),
        "L2의 Test loss는 다른 어느 방법과 비교해도 seed 20개 가운데 15개 이상에서 더 낮았습니다.",
    ),
    (
        *(ex10_8.lowers, ([1.0] * 15 + [3.0] * 5, [2.0] * 20)),
        "seed 20개 가운데 15개에서 낮았고, 중앙값은 1.00, 그대로 두면 2.00입니다.",
    ),
    (
        *(ex10_8.helps, ([1.0] * 14 + [3.0] * 6, [2.0] * 20)),
        "seed 20개 가운데 14개에서 낮아졌습니다. "
        "Valid loss는 정규화가 없을 때의 0.50배(중앙값)였습니다.",
    ),
]

# Measurements on a border itself, and the option that they speak for.
BORDERS = [
    (ex10_1.test_loss_ends, ([4.0, 2.0, 2.2],), 1),
    (ex10_1.test_loss_ends, ([4.0, 2.0, 1.9],), 1),
    (ex10_1.train_loss_ends, (history([2.0], [1.0]), history([2.1], [1.0])), 1),
    (ex10_1.train_loss_ends, (history([2.0], [1.0]), history([1.9], [1.0])), 1),
    (ex10_2.more_data, ([2.0], [2.6]), 1),
    (ex10_2.more_data, ([2.0], [1.4]), 1),
    (ex10_2.wrong_answers, ((0.5, 100), (0.5, 120)), 1),
    (ex10_2.wrong_answers, ((0.5, 100), (0.5, 80)), 1),
    (ex10_2.wider, ([2.0], [2.4]), 1),
    (ex10_2.wider, ([2.0], [1.6]), 1),
    (ex10_2.best_degree, ([1, 14, 0, 15], 15), 2),
    (ex10_3.larger_weights, ([2.0], [2.2]), 1),
    (ex10_3.larger_weights, ([2.0], [1.8]), 1),
    (ex10_3.bias_or_variance, ((0.2, 0.4), (0.2, 0.4)), 0),
    (ex10_3.memorised_at_best, ([0.1], [1.0], [0.2]), 0),
    (ex10_3.memorised_at_best, ([0.1], [1.0], [0.8]), 1),
    (ex10_4.closest_decay, ({0.1: ex10_4.SAME, 0.2: 0.5},), 0),
    (ex10_4.strong_decay, ([2.0], [2.1]), 1),
    (ex10_4.strong_decay, ([2.0], [1.9]), 1),
    (ex10_5.counts, (torch.tensor([310] * 9 + [331]), 1000, 0.3), 0),
    (ex10_5.counts, (torch.tensor([330] * 9 + [331]), 1000, 0.3), 1),
    (ex10_5.forgetting, (0.0, 0.02), 0),
    (ex10_5.nearly_all_off, ([0.0, 0.9], [0.0, 0.1]), 1),
    (ex10_6.memorises, ([0.1], [0.9]), 1),
    (ex10_6.memorises, ([0.5], [0.9]), 1),
    (ex10_6.moves, ([2.0], [2.2]), 2),
    (ex10_6.moves, ([2.0], [1.8]), 2),
    (ex10_6.pairs_with, ([2.0], [6.0]), 1),
    (ex10_6.pairs_with, ([6.0], [2.0]), 2),
    (ex10_6.switches, ([1.0], [1.5], [3.0]), 1),
    (ex10_6.switches, ([1.0], [2.5], [3.0]), 2),
]


def test_every_judge_is_in_the_table():
    public = {
        function
        for lesson in LESSONS
        for name, function in getmembers(lesson, isfunction)
        if function.__module__ == lesson.__name__ and not name.startswith("_")
    }
    assert public - NO_JUDGES == {judge for judge, _, _ in SENTENCES}


@pytest.mark.parametrize(
    ("judge", "measured", "sentence"), SENTENCES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_judge_says(judge, measured, sentence):
    assert judge(*measured)[1] == sentence


@pytest.mark.parametrize(
    ("judge", "measured", "option"), BORDERS, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_judge_decides_on_its_border(judge, measured, option):
    assert judge(*measured)[0] == option
