"""Every rule of tools/wording.py complains of the wrong word, and only of that."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.lab.korean import particle
from tools import wording


def written(text):
    return new_notebook(cells=[new_markdown_cell(text, id="text")])


def coded(source, *outputs):
    return new_notebook(cells=[new_code_cell(source, id="code", outputs=list(outputs))])


def complaints(nb):
    return [complaint for rule in wording.RULES for complaint in rule(nb)]


def words(*phrases):
    return list(phrases)


FOREIGN = {
    "Weight Decay": words("체중 감소", "웨이트 디케이", "weight decay를 켭니다"),
    "Dropout": words("드롭 아웃", "드롭아웃", "드랍아웃", "Monte-Carlo dropout"),
    "Early Stopping": words("얼리 스토핑", "early stopping으로", "Early stopping"),
    "과적합": words("오버피팅", "과대적합"),
    "정규화": words("정칙화"),
    "Batch Normalization": words("배치 정규화"),
    "뉴럴넷": words("신경망", "뉴럴 네트워크"),
    "손실": words("로스 펑션", "로스를 줄입니다", "비용을 줄입니다", "비용 함수"),
    "페널티": words("벌점", "벌을 줍니다", "벌이 커집니다", "패널티", "큰 벌"),
    "라벨": words("틀린 label", "labels", "레이블"),
    "노이즈": words("noise까지 배웁니다", "noisy", "잡음", "적고 시끄러운", "시끄럽습니다"),
    "Train 데이터": words("학습용 데이터", "train 데이터"),
    "Valid 데이터": words("검증용", "valid 데이터", "validation 데이터", "Validation 데이터"),
    "Test 데이터": words("test 데이터"),
    "Train loss": words("train loss"),
    "Valid loss": words("valid loss", "Validation loss"),
    "Test loss": words("test loss"),
    "hidden layer": words("가운데 층", "은닉층", "숨은 층"),
    "뉴런": words("숨은 뉴런", "은닉 뉴런"),
    "숫자 이미지": words("숫자 그림", "손글씨 그림"),
    "비교하다": words("견주어 봅니다", "견줍니다", "견줘", "견준 값"),
    "Valid loss가 가장 낮은 epoch": words("갈림길"),
    "Regularization": words("L2 Regularisation", "regularised"),
}


@pytest.mark.parametrize(("right", "wrong"), [(r, w) for r, all_ in FOREIGN.items() for w in all_])
def test_a_foreign_word_is_complained_of_with_the_right_one(right, wrong):
    (complaint,) = wording.lecture_terms(written(wrong))
    assert right in complaint


@pytest.mark.parametrize(
    "fine",
    [
        "벌써 갈라집니다. 차이가 벌어집니다. 일을 벌입니다. weight 두 벌을 비교합니다.",
        "크로스 엔트로피와 계산 비용, 사로잡음, 정규화와 표준화",
        "그림을 봅니다. 손실과 Train loss, Valid 데이터, 틀린 라벨, hidden layer의 뉴런",
        "`label`과 `data.noise`, $\\text{label}$, <b title='label'>글</b>, data_label",
        "[다음](10-2_label.ipynb), [10-3. L1, L2 Regularisation](10-3_l1_l2.ipynb)",
        '강의 제목은 "PyTorch로 구현해보는 Regularisation"입니다.',
        "# 10-3. L1, L2 Regularisation",
        "Weight Decay(가중치 감쇠), Early Stopping (조기 종료)입니다.",
        "weight(가중치)는 한 epoch(에폭)마다 learning rate (학습률)만큼",
        "| 줄인다. | 는다. |",
        "20%는 100%로, 0과 1, 3과 6은, 7로 8로 10으로 2로, 0.83으로, 0.72로, 1,000은",
        "epoch을 epoch이 fit과 step은 learning rate는 seed는 loss는 batch와 α가 p를 λ로",
        "**Valid loss**는 20 epoch에서, 3가지, 2이상, epoch마다 epoch이면 loss로는 1은 0으로는",
        "L1은 L1과 L1으로 L1로 L2는 L2로, Early Stopping은, 9/10이, p = 0.3이면 x1은",
        "10-2와 10-3을 봅니다. step 수가 `n`가 되면, $x$은",
    ],
)
def test_fine_prose_is_let_through(fine):
    assert complaints(written(fine)) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        *(("0.83로", "0.83으로"), ("0.72으로", "0.72로"), ("7으로", "7로"), ("10를", "10을")),
        *(("3가 됩니다", "3이"), ("2이 됩니다", "2가"), ("10-2과", "2와"), ("20%은", "%는")),
        *(("Epoch를", "Epoch을"), ("epoch가", "epoch이"), ("epoch로는", "epoch으로")),
        *(("fit와", "fit과"), ("step를", "step을"), ("learning rate을", "learning rate를")),
        *(("Valid loss은", "loss는"), ("**loss**이", "loss가"), ("α은", "α는"), ("p을", "p를")),
        *(("seed과의", "seed와"), ("weight으로", "weight로"), ("optimizer이", "optimizer가")),
        *(("Dropout를", "Dropout을"), ("Early Stopping는", "Early Stopping은"), ("L1를", "L1을")),
    ],
)
def test_a_wrong_particle_is_complained_of_with_the_right_one(wrong, right):
    (complaint,) = wording.particles_fit(written(f"여기서 {wrong}."))
    assert complaint.endswith(right)


@pytest.mark.parametrize("wrong", ["20 %", "라벨의 20 %가", "`x` %"])
def test_a_percent_sign_stands_close(wrong):
    assert list(wording.percent_without_space(written(wrong)))


@pytest.mark.parametrize(
    "wrong",
    [
        *("가중치 감쇠", "조기 종료", "가중치가 큽니다", "20 에폭", "학습률은"),
        "weight(가중치)와 또 weight(가중치)",
    ],
)
def test_a_gloss_does_not_stand_alone_nor_twice(wrong):
    assert list(wording.glosses_stand_beside(written(wrong)))


@pytest.mark.parametrize("source", ["Train loss는 계속 줄어든다. 그렇습니다.", "**아니다.** 네."])
def test_plain_style_is_complained_of(source):
    assert list(wording.polite_prose(written(source)))
    assert list(wording.polite_prose(written("둘은 같다(정말 같다).")))


@pytest.mark.parametrize(
    "source",
    [
        'plots.show(fig, "벌점이 커집니다.")',
        'guess = Prediction("name", "질문", ["벌점이 커진다", "그대로다"], judge)',
        'def describe(result):\n    return f"벌점은 {result:.2f}입니다."',
        'print("벌점:", 3)\nprint("벌점" f"{x}")',
        "x = 1  # 벌점의 세기",
        "%time x\nx = '벌점'",
    ],
)
def test_what_code_says_is_read(source):
    (complaint,) = complaints(coded(source))
    assert complaint == "code: 벌점 → 페널티"


def test_what_was_printed_is_read_and_complained_of_once():
    printed = new_output("stream", name="stdout", text="label\n틀린 label 10 %\n0.83로 끝남\n")
    shown = new_output("display_data", data={"text/plain": "틀린 label"})
    assert complaints(coded('print("틀린 label", n)', printed, shown)) == [
        "code: label → 라벨",
        "code: 10 % → 10%",
        "code: 0.83로 → 0.83으로",
    ]


@pytest.mark.parametrize(
    "source",
    [
        'plots.line(ax, "label", x, y, label="Train loss")  # 곡선',
        'label_noise = 20\nprint(f"{x:.2f}로 끝났고, {label}은 {noise:.0%}입니다.")',
        "label = digits(noise=0.2)",
    ],
)
def test_code_itself_is_not_read(source):
    assert complaints(coded(source)) == []


KNOWN_TO_THE_HELPER = ["epoch", "fit", "step", "Dropout", "loss", "bias", "α", "p", "seed", "L2"]


@pytest.mark.parametrize("word", [*KNOWN_TO_THE_HELPER, "learning rate", "Weight Decay", "0.83"])
def test_words_are_read_as_the_helper_reads_them_that_writes_sentences(word):
    for pair in wording.PAIRS:
        written = pair.split("/")[0]
        assert word + wording.right_particle(word, written) == particle(word, pair)
