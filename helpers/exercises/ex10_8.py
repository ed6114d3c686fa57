"""Exercises and quiz of 10-8: one of each kind of mistake the section warns of."""

from helpers.exercises.exercise import Exercise
from helpers.exercises.questions import Question
from helpers.training import early_stop

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

same_weight_decay = Exercise.function(
    "same_weight_decay",
    cases=[(0.01,), (0.003,), (0.2,)],
    right=lambda alpha: 2 * alpha,
    mistakes={
        "2를 잊었습니다. w²을 미분하면 2w이므로 gradient에는 2αW가 더해집니다.": (
            lambda alpha: alpha
        ),
        "방향이 반대입니다. 손실이 α/2·‖W‖²이었다면 λ = α가 됩니다.": lambda alpha: alpha / 2,
        "제곱하는 것은 weight이지 α가 아닙니다. ‖W‖²을 W로 미분해 보세요.": lambda alpha: alpha**2,
    },
    praise="맞습니다. λ = 2α일 때 두 학습의 weight가 같습니다.",
)


restored_epoch = Exercise.function(
    "restored_epoch",
    cases=[
        ([3.0, 2.0, 1.5, 1.8, 1.9, 2.0, 1.0], 3),
        ([2.0, 1.0, 1.2, 0.9, 1.3, 1.4, 1.5], 2),
        ([1.0, 1.1, 0.5, 0.6, 0.7, 0.8, 0.9, 0.1], 4),
    ],
    right=lambda losses, patience: early_stop(losses, patience).best_epoch,
    mistakes={
        "0부터 세었습니다. 목록의 첫 값이 1번째 epoch입니다.": (
            lambda losses, patience: early_stop(losses, patience).best_epoch - 1
        ),
        "멈춘 epoch입니다. 되돌릴 곳은 그때까지 Valid loss가 가장 낮았던 epoch입니다.": (
            lambda losses, patience: early_stop(losses, patience).epoch
        ),
        "멈춘 뒤의 epoch까지 보았습니다. 이미 멈췄다면 그 뒤의 값은 알 수 없습니다.": (
            lambda losses, patience: losses.index(min(losses)) + 1
        ),
        "마지막 epoch입니다. Early Stopping은 마지막이 아니라 가장 좋았던 weight를 씁니다.": (
            lambda losses, patience: len(losses)
        ),
        "한 번 올랐다고 멈추었습니다. patience만큼은 더 기다려 보세요.": (
            lambda losses, patience: early_stop(losses, 1).best_epoch
        ),
    },
    praise="맞습니다. 멈출 때까지 본 것 가운데 가장 좋았던 epoch로 되돌립니다.",
)

QUESTIONS = [
    Question(
        "과적합(Overfitting)을 가장 잘 보여 주는 것은 무엇인가요?",
        {
            "Train loss와 Valid loss가 함께 높다": (
                "둘 다 높은 것은 덜 배운 것입니다. 과적합은 둘이 갈라지는 것입니다."
            ),
            "Train loss는 내려가는데 Valid loss는 올라간다": (
                "맞습니다. 학습 데이터의 noise까지 배우고 있다는 징조입니다."
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
            "Train loss를 더 빨리 낮춘다": "오히려 Train loss를 조금 내주고 Valid loss를 얻습니다.",
        },
        right=0,
    ),
    Question(
        "L1의 벌점을 soft threshold로 학습하면 무엇이 생기나요?",
        {
            "정확히 0인 weight": "맞습니다. 문턱보다 작은 weight는 0이 됩니다.",
            "모두 똑같은 비율로 작아진 weight": (
                "비율로 줄이는 것은 L2입니다. L1은 크기와 상관없이 같은 양을 뺍니다."
            ),
            "0에 가깝지만 0은 아닌 weight": (
                "subgradient로 학습하면 그렇습니다. soft threshold는 정확히 0에 멈춥니다."
            ),
        },
        right=0,
    ),
    Question(
        "그림에 그릴 Train loss에는 벌점 α‖W‖을 넣어야 할까요?",
        {
            "넣는다. 최소화하는 것이 그 합이므로": (
                "합을 그리면 α가 다른 곡선끼리 견줄 수 없습니다. 벌점은 따로 그립니다."
            ),
            "넣지 않는다. α가 달라도 견줄 수 있어야 하므로": (
                "맞습니다. 데이터의 loss만 그려야 공정하게 견줍니다."
            ),
        },
        right=1,
    ),
    Question(
        "제약 조건 |W₁| + |W₂| ≤ s에서 해가 축 위에 자주 놓이는 까닭은 무엇인가요?",
        {
            "마름모의 꼭짓점이 축 위에 있어서": "맞습니다. 등고선이 꼭짓점에 먼저 닿습니다.",
            "L의 최솟점이 축 위에 있어서": (
                "최솟점은 어디든 있을 수 있습니다. 해를 축으로 데려가는 것은 제약의 모양입니다."
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
            "Adam에서는 벌점까지 gradient의 크기로 나뉘어서": (
                "맞습니다. 그래서 weight에 비례한 줄임이 사라집니다. AdamW는 따로 뺍니다."
            ),
            "AdamW에는 λ가 필요 없어서": "AdamW에도 λ가 있고, SGD와 다른 값을 새로 골라야 합니다.",
            "둘은 같지만 AdamW가 빨라서": "둘은 다른 weight에 닿습니다. SGD에서만 같습니다.",
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
                "학습할 때 1/(1−p)배를 하므로 평균은 그대로입니다. 흔들림이 남습니다."
            ),
        },
        right=1,
    ),
    Question(
        "patience = 5로 멈췄습니다. 어느 epoch의 weight를 써야 할까요?",
        {
            "마지막 epoch": "마지막 5 epoch는 나아지지 않은 동안입니다. 그 앞으로 되돌려야 합니다.",
            "Valid loss가 가장 낮았던 epoch": "맞습니다. 기억해 둔 weight로 되돌립니다.",
            "Train loss가 가장 낮았던 epoch": (
                "Train loss는 끝까지 내려갑니다. 멈출 곳을 알려 주는 것은 Valid loss입니다."
            ),
        },
        right=1,
    ),
    Question(
        "α, p, patience는 무엇을 보고 골라야 할까요?",
        {
            "Train loss": "Train loss는 정규화가 없을 때 가장 낮습니다. 늘 0을 고르게 됩니다.",
            "Valid loss": "맞습니다. test 데이터는 마지막에 한 번만 엽니다.",
            "Test loss": "고르는 데 쓰는 순간 test 데이터는 더는 처음 보는 데이터가 아닙니다.",
        },
        right=1,
    ),
]
