"""What of a text is visible, and the one form in which texts are compared."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import letters

BLANKS = "\t\n\v\f\r\x1c\x1f\x07\x85\xa0\u1680\u2003\u2007\u2028\u2029\u202f\u205f\u2800\u3000"
NOTHING = "\xad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200d\u2060\u2066\u3164\ufe0f\ufeff\uffa0\U000e0020\U000e0100"


@pytest.mark.parametrize("letter", BLANKS + NOTHING, ids=lambda letter: f"U+{ord(letter):04X}")
def test_what_nobody_sees_is_no_text_and_makes_no_difference(letter):
    assert not letters.is_visible(letter * 3)
    assert letters.tidy(f"{letter}补报 材料{letter}") == "补报 材料"
    assert letters.code(f"GW{letter}2026") == "GW2026"
    assert letters.folded(f"长安区{letter} 总工会") == letters.folded("长安区 总工会")


@pytest.mark.parametrize(
    "typed, same",
    [
        ("ＧＷ２０２６", "GW2026"),
        ("ｇｗ－２０２６", "GW-2026"),
        ("GW—2026", "GW-2026"),
        ("１３０１０２", "130102"),
        ("13010219900101001x", "13010219900101001X"),
        ("９１１３０１００ｍａ０７ｘｘｘｘ", "91130100MA07XXXX"),
        ("13 01\u300002", "130102"),
        ("冀工［2026］1号", "冀工〔2026〕1号"),
        ("冀工【２０２６】1号", "冀工(2026)1号"),
    ],
)
def test_numbers_and_codes_are_the_same_in_every_width_case_and_with_blanks(typed, same):
    assert letters.code(typed) == letters.code(same)


def test_names_are_the_same_with_every_point_and_every_bracket():
    assert letters.folded("阿依古丽・买买提") == letters.folded("阿依古丽·买买提")
    assert letters.folded("总工会（长安区）") == letters.folded("总工会(长安区)")
    assert letters.folded("长安区") != letters.folded("长安")


def test_a_login_is_small_and_narrow():
    assert letters.login(" Ｚｈａｎｇ\u200b　") == "zhang"


def test_prose_stays_as_it_was_typed_but_for_its_ends_and_controls():
    assert letters.tidy("\ufeff第一行\v第二行\x07\r\n第三行\u3000") == "第一行 第二行 \n第三行"
    assert letters.tidy("ＡＢＣ　１２３，“全角”照旧") == "ＡＢＣ　１２３，“全角”照旧"
    assert letters.tidy("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    for never in "\0\x1b\x7f\x9b\uffff":  # not ours to mend: whoever stores it refuses it
        assert letters.tidy(f"a{never}b{never}") == f"a{never}b{never}"
        assert letters.is_never_text(f"a{never}b")
    assert not letters.is_never_text("从\vWord\x07粘贴\x85的文字\u3000")


def test_words_of_a_search_are_folded_each():
    assert letters.words("ＧＷ２０２６　长安\u00a0区") == ["gw2026", "长安", "区"]


@settings(max_examples=300)
@given(st.text(max_size=30))
def test_folding_again_changes_nothing_and_width_never_matters(text):
    once = letters.folded(text)
    assert letters.folded(once) == once
    assert letters.folded(unicodedata.normalize("NFKC", text)) == once
    assert letters.code(letters.code(text)) == letters.code(text)
    assert letters.login(letters.login(text)) == letters.login(text)
    assert letters.tidy(letters.tidy(text)) == letters.tidy(text)
