"""What must not happen to cases: by people who have left, by faults of a diagram, by too much of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.directory.actors import Actor
from engine.errors import BadInput, NotAllowed, NotFound, Refusal
from engine.files.uploads import MOST_FILES
from engine.publishing.folder import FolderFiles
from engine.views import InboxFilters
from storage.database import LostRace
from storage.tables import drafts, incidents
from tests.engine.cases.test_acts import APPROVAL, PLACE, REQUEST, begun
from tests.house import House, build_house, replaced
from tests.postgres import Server


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, APPROVAL, server=server)
    yield made
    made.application.database.close()


def moved(house: House, login: str, to: str) -> Actor:
    """The same person, who now holds what ``to`` holds."""
    return replace(house.actor(login), memberships=house.actor(to).memberships)


def count(house: House, table: Any) -> int:
    with house.application.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_who_has_left_the_post_sees_his_case_and_cannot_withdraw_it(house: House) -> None:
    case_id, elsewhere = begun(house), moved(house, "changan", "zhengding")
    assert "withdraw" not in house.application.cases.reading.case(elsewhere, case_id).may
    with pytest.raises(NotAllowed):
        house.application.cases.acting.withdraw(elsewhere, case_id, "不办了")


@pytest.mark.parametrize("now", ["designer", "operator", "auditor", "administrator"])
def test_who_has_become_an_administrator_sees_no_business_any_more(house: House, now: str) -> None:
    case_id, keeper, cases = begun(house), moved(house, "changan", now), house.application.cases
    for view in ("todo", "done", "mine", "copied"):
        page = cases.inbox.page(keeper, view)
        assert page.rows == () and page.total == 0 and set(page.counts.values()) == {0}
    with pytest.raises(NotFound):
        cases.reading.case(keeper, case_id)
    assert house.application.messages.page(keeper).rows == ()


@pytest.mark.parametrize("how", ["revoked", "closed"])
def test_what_somebody_claimed_goes_back_to_his_colleagues_when_he_has_to_leave(house: House, how: str) -> None:
    case_id, cases, people = begun(house), house.application.cases, house.application.accounts
    house.complete("shijiazhuang", case_id, "agree")
    first, second = house.actor("province"), house.actor("province2")
    cases.claims.claim(first, house.task_of("province", case_id))
    assert cases.inbox.page(second).total == 0
    held = first.memberships[0]
    if how == "revoked":
        people.revoke(None, first.user_id, held.role, held.organisation.code)
    else:
        people.lock(None, first.user_id)
    assert cases.inbox.page(second).total == 1
    assert house.proof(case_id) == []
    line = cases.reading.case(second, case_id).history[-1]
    assert (line.event, line.actor) == ("task_released", None)
    assert house.complete("province2", case_id, "agree").opened


def test_an_observer_leaves_nothing_behind(house: House) -> None:
    case_id, observer = begun(house), house.actor("observer")
    assert house.application.cases.reading.case(observer, case_id).may == frozenset()
    with pytest.raises(NotAllowed):
        house.application.cases.acting.comment(observer, case_id, "看过了")
    with pytest.raises(NotAllowed):
        house.application.cases.acting.attach(observer, case_id, "说明.txt", b"x")


def test_a_step_for_which_nobody_can_be_asked_is_an_incident_and_not_the_persons_fault(house: House) -> None:
    old = 'role="province_approver" where="ancestor" kinds="province"'
    house.publish(replaced(APPROVAL, (old, 'role="county_officer" where="ancestor" kinds="county"')))
    case_id = begun(house)
    with pytest.raises(Refusal) as refused:
        house.complete("shijiazhuang", case_id, "agree")
    assert refused.value.code == "NoHolder" and "找不到承办单位" in refused.value.message("zh")
    with house.application.database.read() as connection:
        assert connection.execute(select(incidents.c.code)).scalars().all() == ["NoHolder"]
    assert house.proof(case_id) == []


def test_a_diagram_in_another_encoding_is_shown(house: House) -> None:
    files = replaced(APPROVAL, ("UTF-8", "UTF-16"))
    house.publish(files | {"approval/process.bpmn": files["approval/process.bpmn"].encode("utf-16")})
    assert "三级审批" in house.application.cases.reading.diagram(house.actor("changan"), begun(house)).xml


def test_two_kinds_made_of_the_same_files_are_two_kinds(house: House) -> None:
    files = dict(FolderFiles(APPROVAL))
    house.publish(files | {name.replace("approval/", "purchase/", 1): data for name, data in files.items()})
    assert {one.key for one in house.application.cases.starts.startable(house.actor("changan"))} == {
        "approval",
        "purchase",
    }
    case_id = house.start("changan", "purchase", PLACE, REQUEST).case_id
    assert house.application.cases.reading.case(house.actor("changan"), case_id).head.key == "purchase"
    assert house.proof(case_id) == []


def test_a_case_takes_only_so_many_files(house: House, monkeypatch: Any) -> None:
    assert MOST_FILES > 10
    monkeypatch.setattr("engine.files.uploads.MOST_FILES", 2)
    case_id, officer = begun(house), house.actor("changan")
    for name in ("一.txt", "二.txt"):
        house.application.cases.acting.attach(officer, case_id, name, b"x")
    with pytest.raises(BadInput):
        house.application.cases.acting.attach(officer, case_id, "三.txt", b"x")


def test_nobody_keeps_a_draft_of_a_case_that_is_over(house: House) -> None:
    case_id, reviewer = begun(house), house.actor("shijiazhuang")
    house.application.cases.drafts.save(reviewer, house.task_of("shijiazhuang", case_id), {"note": "待核"})
    house.application.cases.acting.withdraw(house.actor("changan"), case_id, "写错了")
    assert count(house, drafts) == 0


@pytest.mark.parametrize("words", ["a\0b", "a\ud800b", "a\x1bb", "a\uffffb"])
def test_a_remark_holds_nothing_that_cannot_be_stored_or_printed(house: House, words: str) -> None:
    case_id = begun(house)
    with pytest.raises(BadInput):
        house.application.cases.acting.comment(house.actor("changan"), case_id, words)


def test_a_day_outside_every_calendar_filters_like_the_first_or_the_last(house: House) -> None:
    begun(house)
    whole = InboxFilters(arrived_from=date.min, arrived_to=date.max)
    assert house.application.cases.inbox.page(house.actor("shijiazhuang"), "todo", whole).total == 1
    none = InboxFilters(arrived_from=date.max)
    assert house.application.cases.inbox.page(house.actor("shijiazhuang"), "todo", none).total == 0


def test_who_lost_a_race_in_the_database_is_told_to_look_again(house: House, monkeypatch: Any) -> None:
    case_id = begun(house)

    def lose(*_: Any) -> None:
        raise LostRace

    monkeypatch.setattr("storage.events.append", lose)
    with pytest.raises(Refusal) as refused:
        house.complete("shijiazhuang", case_id, "agree")
    assert refused.value.code == "Conflict"
