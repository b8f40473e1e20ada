"""Sealed submissions in a diagram: whole, written down in clear nowhere, and read by no expression before they are opened."""

import pytest

from tests.engine.checks.tiny import at, check, end, errors, script, start, user

SEALED = '<gw:sealed key="=case.number" until="=case.opened_at"/><gw:outcome id="in" name="提交" nameEn="In" kind="submit" opinion="none"/>'
ANSWER = '<gw:outcome id="in" name="提交" nameEn="In" kind="submit" opinion="none"/>'
FLOWS = "begin>offer>read>end"


def offer(extension=SEALED, form="offer"):
    return user("offer", extension, form=form, outcomes=())


def reading(text):
    return check(start(), offer(), script("read", "{ found: " + text + " }"), end(), flows=FLOWS)


def test_what_is_told_of_it_may_be_read():
    for text in ("offer.sealed.digest", "offer.by.name + offer.at", "offer = null", "if offer != null then 1 else 2"):
        assert errors(reading(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "offer.price", "(offer).price", "offer", "{all: offer}", "[offer].price", "[offer][1].price",
        'get value(offer, "price")', "for one in [offer] return one.price", "offer[price > 3]", "get entries(offer)",
        "if offer.price > 3 then 1 else 2", "string(offer)", "(function(x) x.price)(offer)", "offer.sealed + offer.price",
    ],
)  # fmt: skip
def test_no_expression_reads_what_is_in_it_or_passes_it_on(text):
    assert at(reading(text), "read", "sealed submission")


def test_titles_and_columns_do_not_either():
    for case in (
        '<gw:case number="T{year}-{seq:05}" title="=offer.price"/>',
        '<gw:case number="T{year}-{seq:05}" title="=&quot;t&quot;" summary="=offer.price"/>',
        '<gw:case number="T{year}-{seq:05}" title="=&quot;t&quot;"/><gw:column id="p" name="价" type="number" value="=offer.price"/>',
    ):
        found = check(start(), offer(), end(), flows="begin>offer>end", case=case)
        assert any("sealed submission" in one.text("en") for one in found)


def test_nothing_beside_it_is_written_down_in_clear():
    told = ANSWER.replace('opinion="none"', 'opinion="optional"')
    found = check(start(), offer(SEALED.replace(ANSWER, told)), end(), flows="begin>offer>end")
    assert at(found, "offer", "kept in clear")
    twice = check(start(), offer(), user("read", form="offer"), end(), flows=FLOWS)
    assert at(twice, "read", "kept in clear")
    assert at(check(start(), offer(form=""), end(), flows="begin>offer>end"), "offer", "no form")


def share(id, extension):
    return user(id, extension + ANSWER, form="", outcomes=())


def test_a_key_is_made_of_two_phrases_and_a_printed_code():
    phrases = (share("one", '<gw:share kind="phrase"/>'), share("two", '<gw:share kind="phrase"/>'))
    flows = "begin>one>two>three>end"

    def found(words):
        return check(start(), *phrases, share("three", f'<gw:share kind="printed" {words}/>'), end(), flows=flows)

    assert errors(found('with="one two"')) == []
    for wrong in ("", 'with="one"', 'with="one one"', 'with="one three"', 'with="one begin"'):
        assert at(found(wrong), "three", "two steps")
    whole = check(start(), share("one", '<gw:share kind="phrase" with="two"/>'), end(), flows="begin>one>end")
    assert at(whole, "one", "cannot make the key")
    both = share("one", '<gw:share kind="phrase"/><gw:unseal key="=case.number" at="=case.opened_at"/>')
    assert at(check(start(), both, end(), flows="begin>one>end"), "one", "at once")
    for missing in (
        '<gw:sealed key="=begin.key"/>',
        '<gw:unseal at="=begin.at"/>',
        "<gw:share/>",
        '<gw:share kind="x"/>',
    ):
        assert errors(check(start(), share("one", missing), end(), flows="begin>one>end"))
