"""Phrases for opinions: one's own and an organisation's, in the order of their use or of one's hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.house import ROOT, build_house
from tests.web.office import Office

REVIEWER, CITY = "shijiazhuang", "130100"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    house = build_house(tmp_path, ROOT / "tests" / "data" / "substitutes")
    yield Office(house)
    house.application.database.close()


def picked(desk: FlaskClient) -> list[tuple[str, str]]:
    """The picker: number and words."""
    return re.findall(r'data-phrase="(\d+)"[^>]*>([^<]+)<', desk.get("/phrases/picker").text)


def test_what_is_used_most_stands_first_until_somebody_orders_it(office: Office) -> None:
    desk = office.desk(REVIEWER)
    for text in ("同意。", "材料齐全，同意上报。", "同意。"):
        assert desk.post("/phrases", data={"text": text}).status_code == 303
    (first, _), (second, _) = picked(desk)
    assert desk.post(f"/phrases/{second}/used").status_code == 204
    assert [one for one, _ in picked(desk)] == [second, first]
    desk.post(f"/phrases/{first}/up")
    assert [one for one, _ in picked(desk)] == [first, second]
    desk.post("/phrases/by-use")
    assert [one for one, _ in picked(desk)] == [second, first]
    desk.post(f"/phrases/{first}/change", data={"text": "予以通过。"})
    desk.post(f"/phrases/{second}/remove")
    assert picked(desk) == [(first, "予以通过。")]
    kept = desk.post("/phrases", data={"text": "另存的意见。"}, headers={"X-Picker": "1"})
    assert kept.status_code == 200 and "另存的意见。" in kept.text
    for wrong in ("", " ", "字" * 201):
        assert desk.post("/phrases", data={"text": wrong}).status_code == 422


def test_a_unit_shares_what_its_administrator_keeps(office: Office) -> None:
    own = office.desk(REVIEWER)
    assert own.post("/phrases", data={"text": "x", "organisation": CITY}).status_code == 403
    keeper = office.desk("operator")
    assert keeper.post("/phrases", data={"text": "经审核，符合规定。", "organisation": CITY}).status_code == 303
    assert "经审核，符合规定。" in keeper.get(f"/phrases?organisation={CITY}").text
    desk = office.desk(REVIEWER)
    ((number, _),) = picked(desk)
    assert desk.post(f"/phrases/{number}/change", data={"text": "y"}).status_code == 403
    assert desk.post(f"/phrases/{number}/used").status_code == 204
    assert "经审核，符合规定。" in desk.get("/phrases").text
    other = office.desk("tangshan")
    assert picked(other) == [] and other.post(f"/phrases/{number}/used").status_code == 404
    own = office.desk(REVIEWER)
    own.post("/phrases", data={"text": "我的。"})
    mine = next(one for one, text in picked(own) if text == "我的。")
    assert office.desk("tangshan").post(f"/phrases/{mine}/remove").status_code == 404
