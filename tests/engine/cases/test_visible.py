"""全部事项: whoever may open a case finds it in the list, and nobody finds another; pages, count and export agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.errors import NotFound
from engine.views import CaseFilters
from storage.tables import cases as case_table
from tests.engine.cases.test_acts import APPROVAL, REQUEST
from tests.house import House, build_house
from tests.postgres import Server

PEOPLE = (
    *("changan", "zhengding", "lubei", "shijiazhuang", "tangshan", "shijiazhuang.leader", "province"),
    *("observer", "observer.tangshan", "changan.worker1", "administrator", "auditor"),
)


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, APPROVAL, server=server)
    for login, place in (("changan", "130102"), ("zhengding", "130123"), ("lubei", "130203"), ("changan", "130102")):
        made.start(login, "approval", place, REQUEST)
    made.clock.move(days=2)
    made.complete("shijiazhuang", "1", "agree")
    yield made
    made.application.database.close()


def found(house: House, login: str, **filters: Any) -> list[str]:
    page = house.application.cases.visible.page(house.actor(login), CaseFilters(**filters))
    assert page.total == len(page.rows) or page.next
    return [row.id for row in page.rows]


def opens(house: House, login: str, case_id: str) -> bool:
    try:
        house.application.cases.reading.case(house.actor(login), case_id)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("few", [0, 30])
def test_who_may_open_a_case_finds_it_and_nobody_else_does(
    house: House, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.visible_cases.FEW", few)
    told = {login: found(house, login) for login in PEOPLE}
    assert told == {login: [one for one in "4321" if opens(house, login, one)] for login in PEOPLE}
    assert told["observer"] == list("4321") and told["observer.tangshan"] == ["3"] and told["auditor"] == []


def test_a_case_outside_ones_units_is_found_by_who_took_part_in_it_once(house: House) -> None:
    with house.application.database.write() as connection:  # it was handed over to another county since
        connection.execute(
            case_table.update()
            .where(case_table.c.id == 1)
            .values(organisation_path="/130000/130200/130203/", organisation_code="130203")
        )
    for login in ("changan", "shijiazhuang"):
        assert found(house, login) == [one for one in "4321" if opens(house, login, one)] and "1" in found(house, login)
    assert "1" not in found(house, "zhengding")


def test_the_filters_say_where_a_case_stands_with_whom_since_when_and_how_late(house: House) -> None:
    waiting = house.application.cases.visible.page(house.actor("observer"), CaseFilters()).rows[-1].waiting
    assert [(one.name[0], one.waits_for[0]) for one in waiting] != []
    assert found(house, "observer", place="130203") == ["3"] and found(house, "observer", place="130100") == list("421")
    assert found(house, "observer", state="completed") == []
    assert found(house, "observer", waits_at="130200") == ["3"] and found(house, "observer", waits_at="999999") == []
    assert found(house, "observer", step=waiting[0].name[0]) == ["1"]
    assert found(house, "observer", sort="opened") == list("1234") and found(house, "observer", sort="number") == list(
        "1234"
    )
    assert found(house, "observer", q="长安") == list("41") and found(house, "observer", key="nothing") == []
    assert found(house, "observer", due="late") == []
    house.clock.move(days=60)
    assert set(found(house, "observer", due="late")) >= {"2", "3", "4"}


def test_pages_count_and_export_are_of_one_query(house: House) -> None:
    visible, observer = house.application.cases.visible, house.actor("observer")
    rows, after = [], ""
    while True:
        page = visible.page(observer, CaseFilters(limit=1, after=after))
        rows += [row.id for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert rows == [row.id for row in visible.every(observer, CaseFilters())] == list("4321")
    assert (page.total, visible.count(observer, CaseFilters(), 2)) == (4, 3)
    assert found(house, "observer", after="%00x") == list("4321")
