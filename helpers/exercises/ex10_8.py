"""Judges, exercises and quiz of 10-8: one of each kind of mistake the section warns of."""

from collections.abc import Mapping, Sequence
from statistics import mean, median

from helpers.exercises.exercise import Exercise
from helpers.exercises.questions import Question

Losses = Sequence[float]
Judged = tuple[int, str]  # the option that the measurements speak for, and the numbers

METHODS = ("L1", "L2", "dropout", "early stopping")


# -- what the predictions are compared with ----------------------------------------------------


def strongest(losses: Mapping[str, Losses]) -> Judged:
    """Which method is lower than each of the others on three quarters of the seeds, if any."""
    found = {}
    for name in METHODS:
        rivals = [losses[other] for other in METHODS if other != name]
        found[name] = min(_lower(losses[name], rival) for rival in rivals)
    best = max(METHODS, key=lambda name: found[name])
    seeds, title = len(losses[best]), best.title()
    index = METHODS.index(best) if found[best] >= 0.75 * seeds else len(METHODS)
    return index, (
        f"{title}의 Test loss는 다른 어느 방법과 비교해도 "
        f"seed {seeds}개 가운데 {found[best]}개 이상에서 더 낮았습니다."
    )


def lowers(ours: Losses, constant: Losses) -> Judged:
    """On how many seeds StepLR ends lower: three quarters or more, some, a quarter or fewer."""
    lower = _lower(ours, constant)
    index = 0 if lower >= 0.75 * len(ours) else 1 if lower > 0.25 * len(ours) else 2
    ends = f"중앙값은 {median(ours):.2f}, 그대로 두면 {median(constant):.2f}입니다"
    return index, f"seed {len(ours)}개 가운데 {lower}개에서 낮았고, {ends}."


def helps(ours: Losses, none: Losses) -> Judged:
    """On how many seeds the penalty helps: two thirds or more, some, a third or fewer."""
    lower = _lower(ours, none)
    index = 0 if lower >= 2 * len(ours) / 3 else 1 if lower > len(ours) / 3 else 2
    times = median(a / b for a, b in zip(ours, none, strict=True))
    return index, (
        f"seed {len(ours)}개 가운데 {lower}개에서 낮아졌습니다. "
        f"Valid loss는 정규화가 없을 때의 {times:.2f}배(중앙값)였습니다."
    )


def _lower(ours: Losses, theirs: Losses) -> int:
    """The number of seeds on which ours is the lower one."""
    return sum(a < b for a, b in zip(ours, theirs, strict=True))


# -- exercises ---------------------------------------------------------------------------------


active_neurons = Exercise.function(
    "active_neurons",
    cases=[(1000, 0.3), (64, 0.8), (10, 0.0)],
    right=lambda n, p: n * (1 - p),
    mistakes={
        "N×p는 꺼지는 뉴런의 수입니다. 켜져 있는 것은 나머지입니다.": lambda n, p: n * p,
        "1/(1−p)는 남은 뉴런의 출력을 키우는 배율입니다. 수를 세려면 곱하세요.": (
            lambda n, p: n / (1 - p)
        ),
        "켜져 있을 확률까지 맞습니다. 뉴런이 n개라는 것을 더하면 됩니다.": lambda n, p: 1 - p,
    },
    praise="맞습니다. p는 끄는 확률이므로 평균 N(1−p)개가 켜져 있습니다.",
)

wins = Exercise.function(
    "wins",
    cases=[
        ([0.5, 0.9, 0.4, 0.3], [0.6, 0.8, 0.7, 0.9]),
        ([0.2, 0.3, 0.8, 0.7, 0.4], [0.9, 0.1, 0.5, 0.6, 0.2]),
        ([0.9, 0.5, 0.1, 0.2], [0.8, 0.5, 0.6, 0.7]),
    ],
    right=_lower,
    mistakes={
        "거꾸로 세었습니다. Test loss는 낮은 쪽이 이긴 것입니다.": (
            lambda ours, theirs: sum(a > b for a, b in zip(ours, theirs, strict=True))
        ),
        "값이 같은 seed도 세었습니다. 같은 값은 이긴 것이 아닙니다.": (
            lambda ours, theirs: sum(a <= b for a, b in zip(ours, theirs, strict=True))
        ),
        "정렬하면 짝이 흩어집니다. 같은 seed끼리 비교해야 합니다.": (
            lambda ours, theirs: _lower(sorted(ours), sorted(theirs))
        ),
        "모든 seed끼리 비교했습니다. 같은 번호의 값끼리만 짝을 지으세요.": (
            lambda ours, theirs: sum(a < b for a in ours for b in theirs)
        ),
        "상대의 평균과 비교했습니다. 짝은 같은 seed의 값입니다.": (
            lambda ours, theirs: sum(a < mean(theirs) for a in ours)
        ),
        "비율이 아니라 seed의 수를 돌려주세요.": (
            lambda ours, theirs: _lower(ours, theirs) / len(ours)
        ),
    },
    praise="맞습니다. 데이터와 초깃값이 같은 짝끼리 비교하면 seed마다의 운이 빠집니다.",
)


step_lr = Exercise.function(
    "step_lr",
    cases=[(0.1, 1, 20, 0.1), (0.1, 20, 20, 0.1), (0.4, 21, 10, 0.5), (0.2, 45, 15, 0.3)],
    right=lambda lr, epoch, size, gamma: lr * gamma ** ((epoch - 1) // size),
    mistakes={
        "한 epoch 먼저 낮췄습니다. `step_size`번째 epoch까지는 처음 learning rate입니다.": (
            lambda lr, epoch, size, gamma: lr * gamma ** (epoch // size)
        ),
        "epoch마다 낮췄습니다. `step_size` epoch에 한 번만 낮춰야 합니다.": (
            lambda lr, epoch, size, gamma: lr * gamma ** (epoch - 1)
        ),
        "나눈 몫을 정수로 내리지 않아서 조금씩 낮아집니다. `//`를 쓰세요.": (
            lambda lr, epoch, size, gamma: lr * gamma ** ((epoch - 1) / size)
        ),
        "한 번만 낮췄습니다. `step_size`의 배수를 지날 때마다 다시 낮춰야 합니다.": (
            lambda lr, epoch, size, gamma: lr * gamma if epoch > size else lr
        ),
        "gamma를 거듭제곱하지 않고 횟수를 곱했습니다. 낮출 때마다 gamma배입니다.": (
            lambda lr, epoch, size, gamma: lr * gamma * ((epoch - 1) // size)
        ),
        "gamma로 나누어 learning rate가 커졌습니다. 곱해야 작아집니다.": (
            lambda lr, epoch, size, gamma: lr / gamma ** ((epoch - 1) // size)
        ),
        "배율만 돌려주었습니다. 처음 learning rate를 곱하세요.": (
            lambda lr, epoch, size, gamma: gamma ** ((epoch - 1) // size)
        ),
    },
    praise="맞습니다. `StepLR`의 learning rate와 같습니다.",
)

QUESTIONS = [
    Question(
        "과적합(Overfitting)을 가장 잘 보여 주는 것은 무엇인가요?",
        {
            "Train loss와 Valid loss가 함께 높다": (
                "둘 다 높은 것은 덜 배운 것입니다. 과적합은 Valid loss가 다시 오르는 것입니다."
            ),
            "Train loss는 내려가는데 Valid loss는 올라간다": (
                "맞습니다. Train 데이터의 노이즈까지 배우고 있다는 징조입니다."
            ),
            "Valid loss가 Train loss보다 조금 높다": (
                "작은 차이는 늘 있습니다. Valid loss가 올라가기 시작하는지 보아야 합니다."
            ),
        },
        right=1,
    ),
    Question(
        "정규화(Regularization)는 무엇을 하는 방법인가요?",
        {
            "model complexity를 통제한다": "맞습니다. 너무 복잡해지지 않게 하여 과적합을 막습니다.",
            "입력의 평균과 크기를 맞춘다": (
                "그것은 표준화(Normalization)입니다. 이름이 비슷하지만 다른 것입니다."
            ),
            "Train loss를 더 빨리 낮춘다": "오히려 Train loss는 높아집니다.",
        },
        right=0,
    ),
    Question(
        "L1의 페널티를 soft threshold로 학습하면 무엇이 생기나요?",
        {
            "정확히 0인 weight": "맞습니다. 줄이는 양보다 작은 weight는 0이 됩니다.",
            "모두 똑같은 비율로 작아진 weight": (
                "비율로 줄이는 것은 L2입니다. L1은 크기와 상관없이 같은 만큼 줄입니다."
            ),
            "0에 가깝지만 0은 아닌 weight": (
                "subgradient로 학습하면 그렇습니다. soft threshold는 정확히 0에 멈춥니다."
            ),
        },
        right=0,
    ),
    Question(
        "그림에 그릴 Train loss에는 페널티를 넣어야 할까요?",
        {
            "넣는다. 최소화하는 것이 그 합이므로": (
                "합을 그리면 α가 다른 곡선끼리 비교할 수 없습니다. 페널티는 따로 그립니다."
            ),
            "넣지 않는다. α가 달라도 비교할 수 있어야 하므로": (
                "맞습니다. 데이터의 손실만 그려야 공정하게 비교합니다."
            ),
        },
        right=1,
    ),
    Question(
        "제약 조건 |W₁| + |W₂| ≤ s에서 해가 축 위에 자주 놓이는 까닭은 무엇인가요?",
        {
            "마름모의 꼭짓점이 축 위에 있어서": "맞습니다. 등고선이 꼭짓점에 먼저 닿습니다.",
            "L의 최소점이 축 위에 있어서": (
                "최소점은 어디든 있을 수 있습니다. 해를 축 위에 놓는 것은 제약의 모양입니다."
            ),
            "원이 축과 만나서": "원은 L2의 제약입니다. 둘레가 매끄러워 축이 특별하지 않습니다.",
        },
        right=0,
    ),
    Question(
        "손실에 0.01·‖W‖²을 더한 SGD와 같은 학습은 무엇인가요?",
        {
            "weight_decay=0.01": "2를 잊었습니다. w²을 미분하면 2w입니다.",
            "weight_decay=0.02": "맞습니다. λ = 2α입니다.",
            "weight_decay=0.0001": "α를 제곱했습니다. 제곱하는 것은 weight입니다.",
        },
        right=1,
    ),
    Question(
        "Adam으로 학습하면서 L2를 손실에 넣는 대신 AdamW를 쓰는 까닭은 무엇인가요?",
        {
            "Adam에서는 페널티까지 gradient의 크기로 나뉘어서": (
                "맞습니다. weight의 크기에 비례해서 줄지 않습니다. AdamW는 weight를 따로 줄입니다."
            ),
            "AdamW에는 λ가 필요 없어서": "AdamW에도 λ가 있고, SGD와 다른 값을 새로 골라야 합니다.",
            "둘은 같지만 AdamW가 빨라서": "둘은 다른 weight에 이릅니다. SGD에서만 같습니다.",
        },
        right=0,
    ),
    Question(
        "추론할 때 model.eval()을 잊으면 Dropout은 어떻게 되나요?",
        {
            "저절로 꺼진다": (
                "model.train()으로 둔 채라면 계속 뉴런을 끕니다. 모드는 직접 바꿔야 합니다."
            ),
            "뉴런을 계속 끄므로 같은 입력에도 출력이 달라진다": "맞습니다. 정확도도 떨어집니다.",
            "출력이 (1−p)배로 작아진다": (
                "학습할 때 1/(1−p)배를 하므로 뉴런 출력의 평균은 그대로입니다."
            ),
        },
        right=1,
    ),
    Question(
        "patience = 5로 멈췄습니다. 어느 epoch의 weight를 써야 할까요?",
        {
            "마지막 epoch": "마지막 5 epoch은 나아지지 않은 동안입니다. 그 앞으로 되돌려야 합니다.",
            "Valid loss가 가장 낮았던 epoch": "맞습니다. 기억해 둔 weight로 되돌립니다.",
            "Train loss가 가장 낮았던 epoch": (
                "Train loss는 끝까지 내려갑니다. 멈출 곳을 알려 주는 것은 Valid loss입니다."
            ),
        },
        right=1,
    ),
    Question(
        "α와 p는 무엇을 보고 골라야 할까요?",
        {
            "Train loss": "Train loss는 정규화가 없을 때 가장 낮습니다. 늘 α = 0을 고르게 됩니다.",
            "Valid loss": "맞습니다. Test 데이터는 마지막에 한 번만 엽니다.",
            "Test loss": "고르는 데 쓰는 순간 Test 데이터는 더는 처음 보는 데이터가 아닙니다.",
        },
        right=1,
    ),
]
