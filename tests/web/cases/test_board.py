"""看板: the cases of a kind in lanes by the column that its diagram declares for it; each lane is what its list shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.engine.cases.test_acts import APPROVAL, REQUEST
from tests.house import build_house, replaced
from tests.web.office import Office

LANES = (
    '<gw:column id="kind" name="类别" nameEn="Kind" type="choice" choices="甲|乙|丙" choicesEn="First|Second|Third" board="true"'
    ' value="=if request.kind = &quot;a&quot; then &quot;甲&quot; else &quot;乙&quot;"/>'
    '<gw:column id="amount" name="金额" nameEn="Amount" type="number" value="=request.amount"/>'
)
BOARD = "/cases/board?key=approval"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    house = build_house(tmp_path_factory.mktemp("board"), APPROVAL)
    house.publish(replaced(APPROVAL, ("<gw:case ", f"{LANES}<gw:case ")))
    for login, place, kind in (("changan", "130102", "a"), ("lubei", "130203", "b"), ("changan", "130102", "b")):
        house.start(login, "approval", place, {**REQUEST, "kind": kind})
    yield Office(house)
    house.application.database.close()


def lanes(page: str) -> dict[str, list[str]]:
    """The numbers in each lane, by what the lane is called."""
    found = re.findall(r'<section class="lane.*?</section>', page, re.DOTALL)
    return {
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", part.split("</h2>")[0])).strip(): re.findall(
            r'class="board-number">([^<\s]+)', part
        )
        for part in found
    }


def test_each_case_stands_in_the_lane_of_its_choice_and_only_for_who_sees_it(office: Office) -> None:
    every = lanes(office.desk("observer").get(BOARD).text)
    assert list(every) == ["甲 1", "乙 2", "丙 0"]
    own = lanes(office.desk("changan").get(BOARD).text)
    assert list(own) == ["甲 1", "乙 1", "丙 0"]
    assert own["甲 1"] == every["甲 1"] and set(own["乙 1"]) < set(every["乙 2"])


def test_a_lane_leads_to_the_list_of_just_its_cases_and_the_list_back_to_the_board(office: Office) -> None:
    desk = office.desk("observer")
    listed = desk.get("/cases?key=approval&state=running&c.kind=乙").text
    assert len(re.findall(r'class="row-number">', listed)) == 2
    (back,) = re.findall(r'href="(/cases/board[^"]+)"', listed)
    assert list(lanes(desk.get(unescape(back)).text)) == ["甲 1", "乙 2", "丙 0"]


def test_an_english_board_calls_lanes_and_columns_by_their_english_names(office: Office) -> None:
    page = office.desk("observer", english=True).get(BOARD).text
    assert list(lanes(page)) == ["First 1", "Second 2", "Third 0"]
    assert "Amount" in page


def test_a_board_shows_what_runs_unless_another_state_is_asked_for(office: Office) -> None:
    page = office.desk("observer").get(f"{BOARD}&state=refused").text
    assert list(lanes(page)) == ["甲 0", "乙 0", "丙 0"]


@pytest.mark.parametrize("address", ["/cases/board", "/cases/board?key=nothing", "/cases/board?key=post_approval"])
def test_a_kind_without_a_board_has_no_page(office: Office, address: str) -> None:
    assert office.desk("observer").get(address).status_code == 404


def test_a_case_opened_from_a_board_leads_back_to_that_board(office: Office) -> None:
    desk = office.desk("observer")
    opened = re.findall(r'href="(/cases/\d+\?back=[^"]+)"', desk.get(f"{BOARD}&place=130203").text)
    (back,) = re.findall(r'top-back" href="([^"]+)"', desk.get(unescape(opened[0])).text)
    assert list(lanes(desk.get(unescape(back)).text)) == ["甲 0", "乙 1", "丙 0"]
