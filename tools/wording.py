"""The Korean of a lesson: everything it says to a learner, and the rules for how it says it.

A rule is a function as those of tools/lint.py, which gathers them all.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from nbformat import NotebookNode

from helpers.lab.korean import has_hangul, particle

GAP = "□"  # stands where code, a formula or the value of an f-string was
LINK = r"\]\((?P<target>(?:[^()\s]|\([^()\s]*\))+)\)"  # a heading's minutes may stand in a target
NOT_IN_WORD = r"(?<![A-Za-z_])"

# What not to write → what to write instead.
TERMS = {
    r"체중 ?감소|웨이트 ?디케이": "Weight Decay",
    r"드(롭|랍) ?아웃": "Dropout",
    r"(얼리|이른) ?(스톱|스탑|스토핑|스타핑)": "Early Stopping",
    r"오버 ?피팅|과대 ?적합": "과적합",
    r"레귤러라이제이션|정칙화|규제화": "정규화",
    r"배치 ?정규화": "Batch Normalization (정규화는 Regularization)",
    r"신경망|뉴럴 넷|뉴럴 ?네트워크": "뉴럴넷 (또는 모델)",
    r"(손실|로스) ?펑션": "손실 함수",
    r"벌점|벌칙|패널티": "페널티",
    # Neither 벌써 and 벌어지다 nor 한 벌.
    r"(?<![가-힣])(?<![한두세네몇] )(?<!여러 )벌(을|은|이|도|로|의|만)?(?![가-힣])": "페널티",
    NOT_IN_WORD + r"labels?(?![A-Za-z_=])|레이블": "라벨",
    NOT_IN_WORD + r"nois[ey](?![A-Za-z_=])|(?<![가-힣])잡음": "노이즈",
    r"시끄[러럽럼]\w*": "노이즈가 많은",
    r"(?<![가-힣])로스(?! ?펑션)|(?<!계산 )(?<!시간 )비용": "손실",
    r"학습용|검증용": "Train 데이터, Valid 데이터",
    NOT_IN_WORD + r"train 데이터": "Train 데이터",
    NOT_IN_WORD + r"(valid|[Vv]alidation) 데이터": "Valid 데이터",
    NOT_IN_WORD + r"test 데이터": "Test 데이터",
    NOT_IN_WORD + r"train loss": "Train loss",
    NOT_IN_WORD + r"(valid|[Vv]alidation) loss": "Valid loss",
    NOT_IN_WORD + r"test loss": "Test loss",
    r"(은닉|숨은|가운데) ?층": "hidden layer",
    r"(은닉|숨은) ?뉴런": "뉴런",
    r"(숫자|손글씨) ?그림": "숫자 이미지 (그림은 figure)",
    r"견[주줘줬줄준줌줍]\w*": "비교하다",
    r"갈림길": "Valid loss가 가장 낮은 epoch",
    r"[Rr]egularis\w+": "Regularization",
    NOT_IN_WORD + r"([Ww]eight decay)": "Weight Decay",
    NOT_IN_WORD + r"dropout(?![A-Za-z_=])": "Dropout",
    NOT_IN_WORD + r"([Ee]arly[ -]stopping)": "Early Stopping",
}
# Fine beside the lecture's word, not instead of it.
GLOSSES = {"가중치 감쇠": "Weight Decay", "조기 종료": "Early Stopping"}
# Fine once a lesson, in parentheses right after the word itself.
GLOSSES_ONCE = {"가중치": "weight", "에폭": "epoch", "학습률": "learning rate"}

# How the words that stay English are read aloud. The rest is for helpers.lab.korean to know.
SOUNDS = {
    "epoch": "에폭",
    "step": "스텝",
    "batch": "배치",
    "seed": "시드",
    "fit": "핏",
    "loss": "로스",
    "weight": "웨이트",
    "bias": "바이어스",
    "gradient": "그레이디언트",
    "learning rate": "레이트",
    "patience": "페이션스",
    "optimizer": "옵티마이저",
    "momentum": "모멘텀",
    "hidden layer": "레이어",
    "α": "알파",
    "λ": "람다",
    "p": "피",
    "Dropout": "드롭아웃",
    "Weight Decay": "디케이",
    "Early Stopping": "스토핑",
    "Regularization": "제이션",
    "Overfitting": "피팅",
    "L1": "원",
    "L2": "투",
    "%": "퍼센트",
}
PAIRS = ("은/는", "을/를", "이/가", "과/와", "으로/로")
NUMBER = r"(?<![A-Za-z_/\d.,])\d[\d.,]*(?<=\d)"  # not the 10 of 9/10, which is read first
SPOKEN = f"{NUMBER}|{NOT_IN_WORD}(?:{'|'.join(SOUNDS)})"
# A particle may carry another one (epoch과의, 0.83으로는); any other letter makes it a new word.
ENDS = (
    r"(은|는|을|를|이|가|과|와|으로|로)"
    r"(?=(?:(?<=[과와로])(?:의|는|도|만|부터|서|써))?(?![가-힣]))"
)


def prose(source: str) -> str:
    """Markdown without what is not prose: code, formulas, HTML tags and link targets."""
    source = re.sub(r"```.*?```", "", source, flags=re.S)
    source = re.sub(r"\$\$.*?\$\$", "", source, flags=re.S)
    source = re.sub(r"`[^`]*`|\$[^$\n]+\$", GAP, source)
    return re.sub(LINK, "]", re.sub(r"<[^>\n]+>", "", source))


def paragraphs(source: str) -> Iterator[str]:
    """The running text of a markdown cell: no headings, lists, tables or quoted blocks."""
    for block in re.split(r"\n\s*\n", prose(source)):
        lines = [s.strip() for s in block.splitlines()]
        text = " ".join(s for s in lines if s and not re.match(r"[#|>*+-]( |$)|\||\d+[.)] ", s))
        if text:
            yield text


def tree(cell: NotebookNode) -> ast.Module:
    """The parsed code of a cell, its magics aside."""
    return ast.parse(_python(cell.source))


def _python(source: str) -> str:
    return re.sub(r"^([%!].*)$", "", source, flags=re.M)


def strings(cell: NotebookNode) -> Iterator[str]:
    """The strings and comments of a code cell, the values in an f-string as gaps."""
    parts = set()
    for node in ast.walk(tree(cell)):  # an f-string comes before its parts
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in ast.walk(node) if part is not node}
            texts = [p.value if isinstance(p, ast.Constant) else GAP for p in node.values]
            yield "".join(map(str, texts))
        elif isinstance(node, ast.Constant) and id(node) not in parts:
            yield str(node.value)
    for token in tokenize.generate_tokens(io.StringIO(_python(cell.source)).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def texts(nb: NotebookNode) -> Iterator[tuple[str, str]]:
    """(cell id, text) of all that a learner reads in Korean: prose, captions, what is printed.

    Emphasis is taken out, and so are titles of lessons, which are quoted from the lecture.
    """
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"^# .*$|\[10-\d\.[^\]]*\]", "", prose(cell.source), flags=re.M)
            yield cell.id, re.sub(r"\*+|\"[^\"\n]*Regularis[^\"\n]*\"", "", text)
            continue
        said = list(strings(cell))
        for output in cell.outputs:
            data = output.get("data", {})
            said += f"{output.get('text', '')}\n{data.get('text/plain', '')}".splitlines()
        for text in said:
            if has_hangul(text):
                yield cell.id, prose(text)


def once(complaints: Iterator[str]) -> Iterator[str]:
    """What a cell says in its code it says again in its output: one complaint will do."""
    yield from dict.fromkeys(complaints)


# -- the rules ---------------------------------------------------------------------------------


def lecture_terms(nb: NotebookNode) -> Iterator[str]:
    yield from once(
        f"{name}: {found[0]} → {word}"
        for name, text in texts(nb)
        for pattern, word in TERMS.items()
        for found in re.finditer(pattern, text)
    )


def glosses_stand_beside(nb: NotebookNode) -> Iterator[str]:
    """가중치 감쇠 beside Weight Decay; weight(가중치) in parentheses, once a lesson."""
    glossed: list[str] = []
    for name, text in dict.fromkeys(texts(nb)):
        for gloss, word in GLOSSES.items():
            if gloss in text and word not in text:
                yield f"{name}: {gloss} without {word}"
        for gloss, word in GLOSSES_ONCE.items():
            beside = re.findall(rf"(?i:{word}) ?\({gloss}", text)
            glossed += beside
            if len(re.findall(rf"{gloss}(?! 감쇠)", text)) > len(beside):
                yield f"{name}: {gloss} → {word}"
            elif beside and sum(gloss in done for done in glossed) > 1:
                yield f"{name}: {gloss} explains {word} once more; once a lesson is enough"


def percent_without_space(nb: NotebookNode) -> Iterator[str]:
    yield from once(
        f"{name}: {found} → {found.replace(' ', '')}"
        for name, text in texts(nb)
        for found in re.findall(rf"(?:\d+|{GAP}) +%", text)
    )


def particles_fit(nb: NotebookNode) -> Iterator[str]:
    """epoch을, loss는, 0.83으로: a particle follows how the word is read aloud."""
    yield from once(
        f"{name}: {found[0]} → {found[1]}{right}"
        for name, text in texts(nb)
        for found in re.finditer(rf"({SPOKEN}){ENDS}", text, flags=re.I)
        if (right := right_particle(found[1], found[2])) != found[2]
    )


def right_particle(word: str, written: str) -> str:
    """The particle that fits the word, of the pair to which the written one belongs."""
    if word == "L1" and "로" in written:
        return written  # read 엘원 or 엘일
    (pair,) = (pair for pair in PAIRS if written in pair.split("/"))
    sound = next((s for w, s in SOUNDS.items() if w.lower() == word.lower()), word)
    return particle(sound, pair).removeprefix(sound)


def polite_prose(nb: NotebookNode) -> Iterator[str]:
    """존댓말: a sentence that ends in 다 ends in 니다 or ㅂ시다, quotations aside."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for text in paragraphs(cell.source):
                text = re.sub(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|'[^']*'", "", text)
                for plain in re.findall(r"\S*(?:[^니시\W]다|아니다)[*_)]*[.!?](?=[\s)*_]|$)", text):
                    yield f"{cell.id}: plain style in 존댓말: {plain}"


RULES = [lecture_terms, glosses_stand_beside, percent_without_space, particles_fit, polite_prose]
