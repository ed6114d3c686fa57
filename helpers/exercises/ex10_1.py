"""10-1: judges of its predictions; accuracy without memorising, the memorised share, an alarm."""

from collections.abc import Sequence

from torch import Tensor

from helpers.data import Dataset, digits
from helpers.exercises.exercise import Exercise, equals
from helpers.lab.korean import particle
from helpers.models import MLP
from helpers.training import History, accuracy, train

EARLY = 15  # the epoch at which `lower_early` looks


def test_loss_ends(loss: Sequence[float]) -> tuple[int, str]:
    """0: it falls to the end, 1: it falls and stays, 2: it ends over 10 % above its minimum."""
    lowest, halfway, last = min(loss), loss[len(loss) // 2], loss[-1]
    answer = 2 if last > 1.1 * lowest else 0 if last < 0.95 * halfway else 1
    end = particle(f"{last:.2f}", "으로/로")
    step = loss.index(lowest) + 1
    return answer, f"Test loss는 {step} step에서 {lowest:.2f}까지 내려갔고, {end} 끝났습니다."


def wrong_or_true(says_wrong: float, says_true: float) -> tuple[int, str]:
    """0: the true digit, 1: the wrong label, 2: neither is what mislabelled images mostly get."""
    shares = [says_true, says_wrong, 1 - says_true - says_wrong]
    measured = f"틀린 라벨을 답한 비율은 {says_wrong:.0%}, 진짜 숫자는 {says_true:.0%}였습니다."
    return shares.index(max(shares)), measured


def train_loss_ends(without: History, regularised: History) -> tuple[int, str]:
    """Whether the train loss of the regularised run ends lower (0), level (1) or higher (2)."""
    before, after = without.train_loss[-1], regularised.train_loss[-1]
    answer = 2 if after > 1.05 * before else 0 if after < 0.95 * before else 1
    ends = particle(f"{after:.2f}", "으로/로")
    return answer, f"Train loss는 정규화 없이 {before:.2f}, 정규화하면 {ends} 끝났습니다."


def lower_early(noisy: Sequence[History], clean: Sequence[History]) -> tuple[int, str]:
    """Why valid lies below train early on: 0 easier images, 1 the wrong labels, 2 luck.

    Easier images would show with clean labels too, and luck in no more than some of the runs.
    """
    lower, lower_clean = (
        sum(h.valid_loss[EARLY - 1] < h.train_loss[EARLY - 1] for h in group)
        for group in (noisy, clean)
    )
    answer = 0 if lower_clean > len(clean) / 2 else 1 if lower > 0.8 * len(noisy) else 2
    measured = (
        f"epoch {EARLY}에서 Valid loss가 더 낮은 학습은 틀린 라벨이 있을 때 {len(noisy)}번 가운데 "
        f"{lower}번, 없을 때 {len(clean)}번 가운데 {lower_clean}번이었습니다."
    )
    return answer, measured


clean_accuracy = Exercise(
    "clean_accuracy",
    right=equals(0.8),
    mistakes={
        "1.0이면 틀린 라벨까지 맞힌 것입니다. 그 모델은 틀린 라벨을 외운 모델입니다.": equals(1.0),
        "0.2는 라벨이 틀린 비율입니다. 진짜 숫자와 라벨이 같은 비율을 구하세요.": equals(0.2),
        "퍼센트로 썼습니다. 비율로, 곧 0과 1 사이의 수로 써 주세요.": equals(80),
        "틀린 라벨이 우연히 진짜 숫자가 되는 일은 없습니다. 언제나 다른 숫자로 바꿉니다.": (
            equals(0.82)
        ),
    },
    praise="맞습니다. 노이즈를 외우지 않은 가장 좋은 모델은 Train accuracy가 오히려 낮습니다.",
)


def _case(seed: int, epochs: int) -> tuple[MLP, Dataset]:
    """A small network that has memorised some of its wrong labels, and its data."""
    data = digits(n_train=60, n_valid=50, n_test=10, label_noise=0.4, seed=seed)
    model = MLP((64, 16, 10), seed=seed)
    train(model, data, epochs=epochs)
    return model, data


def _train_accuracy(model: MLP, data: Dataset, rows: Tensor) -> float:
    return accuracy(model, data.x_train[rows], data.y_train[rows])


def _gives_label(model: MLP, data: Dataset) -> Tensor:
    return (model(data.x_train).argmax(dim=1) == data.y_train).double()


memorised = Exercise.function(
    "memorised",
    cases=[_case(seed=1, epochs=14), _case(seed=2, epochs=20)],
    right=lambda model, data: _train_accuracy(model, data, data.flipped),
    mistakes={
        "Train 데이터 전체에서 쟀습니다. 라벨이 틀린 이미지만 골라 주세요.": (
            lambda model, data: accuracy(model, data.x_train, data.y_train)
        ),
        "라벨이 옳은 이미지를 골랐습니다. `~`를 빼 보세요.": (
            lambda model, data: _train_accuracy(model, data, ~data.flipped)
        ),
        "Valid 데이터에는 틀린 라벨이 없습니다. Train 데이터에서 재세요.": (
            lambda model, data: accuracy(model, data.x_valid, data.y_valid)
        ),
        "거꾸로 셌습니다. 틀린 라벨과 다르게 답한 비율입니다.": (
            lambda model, data: 1 - _train_accuracy(model, data, data.flipped)
        ),
        "개수를 셌습니다. 라벨이 틀린 이미지의 수로 나누어 비율로 만드세요.": (
            lambda model, data: _gives_label(model, data)[data.flipped].sum()
        ),
        "Train 데이터 전체의 수로 나누었습니다. 라벨이 틀린 이미지의 수로 나누세요.": (
            lambda model, data: (_gives_label(model, data) * data.flipped).mean()
        ),
        "라벨이 틀린 비율입니다. 모델의 답이 들어 있지 않습니다.": (
            lambda model, data: data.flipped.double().mean()
        ),
    },
    praise="맞습니다. 이 비율이 높을수록 모델은 노이즈를 외운 것입니다.",
)

_curves = [
    ([2.3, 1.1, 0.5, 0.2, 0.1], [2.3, 1.2, 0.8, 1.0, 1.4]),  # turns up
    ([2.3, 1.0, 0.4, 0.2, 0.1], [2.3, 1.3, 0.9, 0.8, 0.7]),  # a gap, but still falling
    ([2.3, 1.3, 0.9, 0.8, 0.75], [2.2, 1.2, 0.8, 0.75, 0.78]),  # wobbles up at the end
    ([1.9, 0.8, 0.3, 0.1, 0.05], [1.0, 0.6, 1.1, 1.5, 1.45]),  # up, but not in the last step
    ([0.5, 0.7, 0.9, 1.1, 1.2], [2.3, 2.0, 2.05, 2.1, 2.15]),  # up by less than a tenth
    ([2.3, 1.5, 1.0], [2.2, 1.3, 0.9]),  # valid below train
]

overfits = Exercise.function(
    "overfits",
    cases=_curves,
    right=lambda train_loss, valid_loss: valid_loss[-1] > 1.1 * min(valid_loss),
    mistakes={
        "Valid loss는 보통 Train loss보다 높습니다. 간격이 아니라 다시 올랐는지를 보세요.": (
            lambda train_loss, valid_loss: valid_loss[-1] > train_loss[-1]
        ),
        "Train loss와 비교했습니다. 10%는 가장 낮았던 Valid loss에 대한 것입니다.": (
            lambda train_loss, valid_loss: valid_loss[-1] > 1.1 * train_loss[-1]
        ),
        "조금만 출렁여도 과적합이 됩니다. 10%의 여유를 두세요.": (
            lambda train_loss, valid_loss: valid_loss[-1] > min(valid_loss)
        ),
        "처음 값과 비교했습니다. 가장 낮았던 값과 비교해야 다시 오른 것을 알 수 있습니다.": (
            lambda train_loss, valid_loss: valid_loss[-1] > valid_loss[0]
        ),
        "바로 앞 epoch과 비교했습니다. 가장 낮았던 값과 비교하세요.": (
            lambda train_loss, valid_loss: valid_loss[-1] > valid_loss[-2]
        ),
        "0.1을 더했습니다. 10%는 가장 낮은 값의 1.1배입니다.": (
            lambda train_loss, valid_loss: valid_loss[-1] > min(valid_loss) + 0.1
        ),
        "Train loss가 줄었는지만 보았습니다. 과적합은 Valid loss에서 드러납니다.": (
            lambda train_loss, valid_loss: train_loss[-1] < train_loss[0]
        ),
        "참과 거짓이 뒤바뀌었습니다. 높으면 과적합입니다.": (
            lambda train_loss, valid_loss: valid_loss[-1] <= 1.1 * min(valid_loss)
        ),
    },
    praise="맞습니다. Train loss가 아니라 Valid loss가 과적합을 알려 줍니다.",
)
