"""Korean for sentences that are made from numbers and English words."""

OPEN, CLOSED, RIEUL = "open", "closed", "rieul"  # how a word ends: on a vowel, a consonant, or ㄹ
# 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구
DIGITS = [CLOSED, RIEUL, OPEN, CLOSED, OPEN, OPEN, CLOSED, RIEUL, RIEUL, OPEN]
CLOSED_WORDS = ("epoch", "fit", "step", "dropout")  # 에폭, 핏, 스텝, 드롭아웃


def particle(word: str, pair: str) -> str:
    """The word with the particle of a pair that fits how it is read aloud.

    E.g. particle("0.83", "으로/로") is "0.83으로", and particle("α", "이/가") is "α가". The form
    after a consonant comes first in the pair.
    """
    closed, open_ = pair.split("/")
    end = ending(word)
    fits = closed if end == CLOSED or (end == RIEUL and closed != "으로") else open_
    return word + fits


def ending(word: str) -> str:
    """How a word ends when it is read aloud; foreign words end open unless they are known."""
    last = word[-1]
    if last.isdigit():
        return DIGITS[int(last)]
    if has_hangul(last):
        coda = (ord(last) - ord("가")) % 28  # the final consonant's place in the syllable block
        return OPEN if coda == 0 else RIEUL if coda == 8 else CLOSED
    return CLOSED if word.lower().endswith(CLOSED_WORDS) else OPEN


def has_hangul(text: str) -> bool:
    """Whether a text has Korean letters."""
    return any("가" <= letter <= "힣" for letter in text)


def without_hangul(text: str) -> str:
    """The words of a text that have no Korean letters."""
    return " ".join(word for word in text.split() if not has_hangul(word))
