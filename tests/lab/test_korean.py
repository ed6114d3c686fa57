"""Particles that fit how numbers and English words are read aloud."""

import pytest

from helpers.lab.korean import particle, without_hangul


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        *[(digit, "이/가", digit + "이") for digit in "013678"],
        *[(digit, "이/가", digit + "가") for digit in "2459"],
        *[(digit, "으로/로", digit + "으로") for digit in "036"],
        *[(digit, "으로/로", digit + "로") for digit in "1245789"],
        ("0.83", "으로/로", "0.83으로"),
        ("0.72", "으로/로", "0.72로"),
        ("20%", "을/를", "20%를"),
        ("α", "이/가", "α가"),
        ("epoch", "은/는", "epoch은"),
        ("fit", "과/와", "fit과"),
        ("step", "을/를", "step을"),
        ("Dropout", "이/가", "Dropout이"),
        ("batch", "은/는", "batch는"),
        ("weight", "을/를", "weight를"),
        ("라벨", "으로/로", "라벨로"),
        ("손실", "이/가", "손실이"),
        ("그림", "으로/로", "그림으로"),
        ("시간", "은/는", "시간은"),
        ("정규화", "은/는", "정규화는"),
    ],
)
def test_the_particle_fits(word, pair, expected):
    assert particle(word, pair) == expected


def test_a_picture_keeps_the_words_without_korean_letters():
    assert without_hangul("learning rate (학습률) 0.1") == "learning rate 0.1"
    assert without_hangul("차수") == ""
