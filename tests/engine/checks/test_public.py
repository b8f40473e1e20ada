"""What a process may not show to everybody, and how a page for everybody must be declared."""

from __future__ import annotations

import pytest

from engine.definition import check_files
from tests.engine.checks.test_personal import AROUND
from tests.house import ROOT

SALE = ROOT / "tests" / "data" / "public" / "sale"
BOOK = '<gw:show name="书名" nameEn="Book" value="=offer.book" json="releases/0/tender/title"/>'
SHOW = '<gw:show name="另一项" nameEn="More" value="{value}"/>'


def told(*replaced: tuple[str, str]) -> list[str]:
    """The errors of the book sale with something in its diagram replaced."""
    files = {path.relative_to(SALE).as_posix(): path.read_bytes() for path in SALE.rglob("*") if path.is_file()}
    text = files["process.bpmn"].decode()
    for before, after in replaced:
        assert before in text
        text = text.replace(before, after, 1)
    files["process.bpmn"] = text.encode()
    return [one.text("en") for one in check_files(files, AROUND) if one.severity == "error"]


def shown(value: str, more: str = "") -> list[str]:
    """The same with one field more."""
    return told((BOOK, BOOK + SHOW.format(value=value).replace("/>", f" {more}/>")))


def scripted(text: str, value: str, more: str = "") -> list[str]:
    """The same with a field that reads what a script has worked out."""
    script = f'<bpmn:scriptTask id="work" name="算" scriptFormat="application/feel"><bpmn:script>{text}</bpmn:script></bpmn:scriptTask>'
    flows = '<bpmn:sequenceFlow id="f0" sourceRef="offer" targetRef="work"/><bpmn:sequenceFlow id="f1" sourceRef="work" targetRef="prepare"/>'
    return told(
        ('<bpmn:sequenceFlow id="f1" sourceRef="offer" targetRef="prepare"/>', script + flows),
        ("<bpmn:flowNodeRef>offer", "<bpmn:flowNodeRef>work</bpmn:flowNodeRef><bpmn:flowNodeRef>offer"),
        (BOOK, BOOK + SHOW.format(value=value).replace("/>", f" {more}/>")),
    )


def test_what_fits_passes() -> None:
    assert told() == []
    assert shown("=offer.price * 2", 'kind="money"') == []
    assert (
        scripted("{{ n: count(offer.volumes) }}".replace("{{", "{").replace("}}", "}"), "=n", 'personal="false"') == []
    )


@pytest.mark.parametrize(
    "value",
    [
        "=offer.seller", "=upper case(offer.seller)", "=for one in offer.volumes return one.owner", "=offer.volumes[1].owner",
        "={x: offer}.x.seller", "=string join(offer.volumes.owner)", "=[offer.seller]",
    ],
)  # fmt: skip
def test_what_is_about_a_person_is_shown_to_nobody(value: str) -> None:
    assert [one for one in shown(value) if "personal" in one], shown(value)
    assert [one for one in shown(value, 'personal="false"') if "personal" in one], (
        "a declared field is personal, whatever is said"
    )


@pytest.mark.parametrize(
    ("script", "value"),
    [("{ who: offer.seller }", "=who"), ("{ a: offer.seller, b: a }", "=b"), ("{ n: offer.volumes }", "=n.owner")],
)
def test_nor_is_what_is_worked_out_from_it(script: str, value: str) -> None:
    assert [one for one in scripted(script, value) if "personal" in one], scripted(script, value)


def test_nor_does_it_stand_in_a_title_a_period_or_a_column() -> None:
    assert "personal" in told(("&quot;义卖：&quot; + offer.book", "offer.seller"))[0]
    assert "personal" in told(('from="=offer.opens"', 'from="=date(offer.seller)"'))[0]
    assert "personal" in told(("=item.volume", "=item.owner"))[0]


@pytest.mark.parametrize(
    "value",
    [
        "=case.starter.name", "=case.started_by", "=prepare.by.name", "=(prepare.by).login", "=[prepare.by.name][1]",
        "=for one in [prepare] return one.by.name",
    ],
)  # fmt: skip
def test_nor_who_has_opened_the_case_or_acted_in_it_unless_that_is_meant(value: str) -> None:
    assert [one for one in shown(value) if "personal" in one], shown(value)
    assert shown(value, 'personal="false"') == []
    assert [one for one in scripted(f"{{ who: {value[1:]} }}", "=who") if "personal" in one]
    assert [one for one in told(("&quot;义卖：&quot; + offer.book", value[1:])) if "personal" in one]


def test_what_sounds_personal_is_asked_for() -> None:
    assert "personal" in told((BOOK, BOOK.replace("书名", "联系电话")))[0]
    assert told((BOOK, BOOK.replace("书名", "联系电话").replace("/>", ' personal="false"/>'))) == []
    assert "personal" in shown("=offer.telephone")[-1]


@pytest.mark.parametrize(
    ("replaced", "said"),
    [
        ((BOOK, BOOK.replace("tender/title", "tender/value")), "overlaps"),
        ((BOOK, BOOK.replace("releases/0/tender/title", "0/x")), "no path"),
        ((BOOK, BOOK.replace("releases/0/tender/title", "releases/x/title")), "overlaps"),
        ((BOOK, BOOK.replace("releases/0/tender/title", "uri")), "overlaps"),
        ((BOOK, BOOK.replace("offer.book", "offr.book")), "offr"),
        ((BOOK, BOOK.replace("/>", ' kind="sound"/>')), "sound"),
        ((BOOK, '<gw:show value="=offer.book"/>'), "neither"),
        ((BOOK, BOOK.replace("/>", "><gw:show name=\"表\" value=\"=1\"><gw:show name=\"列\" value=\"=item\"/></gw:show></gw:show>")), "another"),
        (('<gw:public id="sale" name="义卖公告"', '<gw:operation name="notify"/><gw:public id="sale" name="义卖公告"'), "both"),
        (('<gw:public id="sale" name="义卖公告"', '<gw:public id="sale"'), "name"),
    ],
)  # fmt: skip
def test_a_page_is_declared_as_it_can_be_shown(replaced: tuple[str, str], said: str) -> None:
    assert [one for one in told(replaced) if said in one], told(replaced)
