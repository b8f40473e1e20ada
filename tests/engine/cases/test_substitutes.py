"""Who stands in for somebody acts on his tasks, in his place, as long as it lasts, and never as two persons."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.desks.substitutes import WantedSubstitute
from engine.errors import BadInput, NotAllowed, NotFound
from storage import account_events, cases
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDERS = (ROOT / "tests" / "data" / "substitutes", ROOT / "tests" / "data" / "recusal")
CITY = "130100"
TODAY, WEEK = date(2026, 11, 23), date(2026, 11, 29)
REVIEWER, COLLEAGUE, LEADER = "shijiazhuang", "shijiazhuang2", "shijiazhuang.leader"


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, *FOLDERS, server=server)
    yield made
    made.application.database.close()


def stands_in(house: House, substitute: str, absent: str, **other: Any) -> int:
    """Let one stand in for the other for a week, as the one who is away says."""
    by = house.actor(other.pop("by", absent))
    ids = (house.actor(absent).user_id, house.actor(substitute).user_id)
    asked = WantedSubstitute(*ids, **{"first": TODAY, "last": WEEK, **other})
    return house.application.substitutes.name(by, asked)


def case_of(house: House, key: str = "two_halves") -> str:
    return house.start("changan", key, "130102", {}).case_id


def rows_of(house: House, login: str) -> list[tuple[str, str]]:
    found = house.application.cases.inbox.page(house.actor(login)).rows
    return [(row.number, row.in_place_of) for row in found]


def deputy_of_the_reviewer(house: House) -> str:
    """The leader stands in for the reviewer, who is the only one."""
    colleague = house.actor(COLLEAGUE)
    house.application.accounts.revoke(None, colleague.user_id, "city_reviewer", CITY)
    house.application.accounts.grant(None, colleague.user_id, "city_leader", CITY)
    stands_in(house, LEADER, REVIEWER)
    return house.actor(REVIEWER).name


def test_a_substitute_acts_in_the_place_of_who_is_away_and_never_in_both_halves(house: House) -> None:
    name, leader = deputy_of_the_reviewer(house), house.actor(LEADER)
    case = case_of(house)
    assert [place for _, place in rows_of(house, LEADER)] == [name]
    assert not leader.has("city_reviewer")  # his roles have not grown
    told = house.complete(LEADER, case, "pass", opinion="同意")
    assert (told.opened[0].mine, told.opened[0].aside) == (False, True)  # the other half is not for him
    line = house.application.cases.reading.case(leader, case).history[-1]
    assert (line.actor, line.opinion) == (f"{leader.name}（代{name}）", "同意")
    with pytest.raises(NotAllowed, match="stand aside"):
        task = house.application.cases.reading.case(leader, case).tasks[0].id
        house.application.cases.acting.complete(leader, task, {}, "signed")
    house.complete(COLLEAGUE, case, "signed")
    assert house.proof(case) == []
    page = house.application.cases.inbox.page(house.actor(LEADER), "done")
    assert len(page.rows) == 1
    with house.application.database.read() as connection:
        assert cases.acted_in(connection, int(case), house.actor(REVIEWER).user_id)


def test_what_a_substitute_did_he_takes_back_and_who_is_away_hears_of_it(house: House) -> None:
    deputy_of_the_reviewer(house)
    case = case_of(house)
    house.complete(LEADER, case, "pass", opinion="同意")
    house.clock.move(minutes=1)
    house.application.taking_back.take_back(house.actor(LEADER), case, "点错了")
    told = [one.title[0] for one in house.application.messages.page(house.actor(REVIEWER)).rows]
    assert "已撤回代您办理的" in told[0] and "已代您办理" in told[1]
    assert len(rows_of(house, LEADER)) == 1 and house.proof(case) == []


def test_who_did_the_first_half_keeps_his_substitute_from_the_second(house: House) -> None:
    reviewer = house.actor(REVIEWER)
    house.application.accounts.grant(None, reviewer.user_id, "city_leader", CITY)
    case = case_of(house)
    house.complete(REVIEWER, case, "pass")
    stands_in(house, COLLEAGUE, REVIEWER)
    colleague = house.actor(COLLEAGUE)
    shown = house.application.cases.reading.case(colleague, case).tasks[0]
    assert (shown.mine, shown.aside) == (False, True)
    with pytest.raises(NotAllowed, match="took part"):
        house.application.cases.acting.complete(colleague, shown.id, {}, "signed")
    house.complete(LEADER, case, "signed")  # he acts in his own right
    assert house.proof(case) == []


def test_a_chain_passes_on_and_binds_everybody_in_it(house: House) -> None:
    accounts = house.application.accounts
    worker = house.actor("tangshan")
    accounts.grant(None, worker.user_id, "city_leader", CITY)
    name = deputy_of_the_reviewer(house)
    stands_in(house, "tangshan", LEADER)
    case = case_of(house)
    assert [place for _, place in rows_of(house, "tangshan")] == [name]
    house.application.cases.claims.claim(house.actor("tangshan"), house.task_of("tangshan", case))
    assert [place for _, place in rows_of(house, LEADER)] == [name]  # it is the reviewer's, not the substitute's own
    house.complete("tangshan", case, "pass")
    for login in ("tangshan", LEADER, REVIEWER):
        page = house.application.cases.reading.case(house.actor(login), case)
        assert not page.tasks[0].mine, login
    house.complete(COLLEAGUE, case, "signed")
    assert house.proof(case) == []


def test_it_ends_by_itself_when_ended_and_when_an_account_is_closed(house: House) -> None:
    deputy_of_the_reviewer(house)
    case_of(house)
    desk, people = house.application.substitutes, house.application.accounts
    held, task = house.actor(LEADER), house.application.cases.inbox.page(house.actor(LEADER)).rows[0].task_id
    house.at(11, 29, 23)
    assert len(rows_of(house, LEADER)) == 1
    house.at(11, 30, 0)
    assert rows_of(house, LEADER) == [] and len(rows_of(house, REVIEWER)) == 1
    with pytest.raises(NotAllowed, match="no longer"):
        house.application.cases.acting.complete(held, str(task), {}, "pass")  # a page that was open since
    days = {"first": date(2026, 11, 30), "last": date(2026, 12, 4)}
    desk.end(house.actor(LEADER), stands_in(house, LEADER, REVIEWER, **days))
    assert rows_of(house, LEADER) == []
    stands_in(house, LEADER, REVIEWER, **days)
    people.lock(None, held.user_id)
    people.unlock(None, held.user_id)
    assert rows_of(house, LEADER) == []  # what was ended stays ended
    with house.application.database.read() as connection:
        told = account_events.of_user(connection, house.actor(REVIEWER).user_id, limit=9)
        assert [one["kind"] for one in told].count("substitution_ended") == 2
        assert list(account_events.broken(connection)) == []


def test_a_substitute_signs_for_who_is_away_and_both_stand_in_the_history(signing: House) -> None:
    house, name = signing, signing.actor(COLLEAGUE).name
    stands_in(house, LEADER, COLLEAGUE)
    begun = house.start("changan", "signed_together", "130102", {})
    task = begun.opened[0].id
    assert rows_of(house, LEADER) == [(begun.number, name)]  # as a task of his role
    involved(house, REVIEWER, task, "before", COLLEAGUE)
    leader, case_id = house.actor(LEADER), task.split("-")[0]
    (row,) = house.application.cases.inbox.page(leader).rows
    assert (row.involved, row.in_place_of) == ("before", name)
    verbs = house.application.cases.verb_reading.of_task(leader, task)
    assert verbs.mine is not None and verbs.in_place_of == name
    house.application.cases.answering.answer(leader, verbs.mine.id, "agree", "同意上报")
    both = f"{leader.name}（代{name}）"
    assert house.application.cases.reading.case(leader, case_id).history[-1].actor == both
    told = house.application.cases.verb_reading.of_task(house.actor(REVIEWER), task).people[0]
    assert (told.who, told.answered_by, told.status) == (name, leader.name, "done")
    assert house.proof(case_id) == []
    house.clock.move(minutes=1)
    receipt = house.application.cases.acting.complete(house.actor(REVIEWER), task, {"opinion": "好"}, "agree")
    left = next(one.id for one in receipt.opened if one.element_id == "left")
    for who in (COLLEAGUE, LEADER, REVIEWER):  # whoever signed has acted, whoever let him as well
        with pytest.raises((NotAllowed, NotFound)):
            house.application.cases.acting.complete(house.actor(who), left, {}, "done")
    assert house.proof(case_id) == []


def test_nobody_signs_twice_nor_answers_what_he_has_asked_nor_after_it_is_over(signing: House) -> None:
    house, answering = signing, signing.application.cases.answering
    number, reading = stands_in(house, LEADER, COLLEAGUE), house.application.cases.verb_reading
    for kinds, passes in (([("beside", [COLLEAGUE, LEADER])], False), ([("ask", [COLLEAGUE])], True)):
        task = house.start("changan", "signed_together", "130102", {}).opened[0].id
        for kind, people in kinds:
            involved(house, REVIEWER, task, kind, *people)
        keys = {one.who: one.id for one in reading.of_task(house.actor(REVIEWER), task).people}
        key = keys[house.actor(COLLEAGUE).name]
        if passes:
            answering.answer(house.actor(LEADER), key, "", "去年的编制")
            continue
        with pytest.raises(NotAllowed, match="place"):
            answering.answer(house.actor(LEADER), key, "agree", "")
        answering.answer(house.actor(LEADER), keys[house.actor(LEADER).name], "agree", "")
        assert rows_of(house, LEADER) == []  # what is left there is not his to sign
    own = house.start("changan", "signed_together", "130102", {}).opened[0].id
    involved(house, LEADER, own, "ask", COLLEAGUE)  # in his place: the question is his own
    (asked,) = reading.of_task(house.actor(REVIEWER), own).people
    with pytest.raises(NotAllowed, match="place"):
        answering.answer(house.actor(LEADER), asked.id, "", "自问自答")
    task = house.start("changan", "signed_together", "130102", {}).opened[0].id
    involved(house, REVIEWER, task, "before", COLLEAGUE)
    (asked,) = reading.of_task(house.actor(REVIEWER), task).people
    before = house.actor(LEADER)  # as he came to the page
    house.application.substitutes.end(house.actor(COLLEAGUE), number)
    for who in (before, house.actor(LEADER)):
        with pytest.raises((NotAllowed, NotFound)):
            answering.answer(who, asked.id, "agree", "")
    assert house.proof(task.split("-")[0]) == []


@pytest.fixture
def signing(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, ROOT / "tests" / "data" / "verbs", server=server)
    yield made
    made.application.database.close()


def involved(house: House, who: str, task: str, kind: str, *people: str) -> None:
    house.clock.move(minutes=1)
    ids = [house.actor(one).user_id for one in people]
    house.application.cases.verbs.involve(house.actor(who), task, kind, ids, "请看一下")
    house.clock.move(minutes=1)


def test_a_clock_that_is_set_back_brings_nothing_back(house: House) -> None:
    deputy_of_the_reviewer(house)
    number = stands_in(house, COLLEAGUE, LEADER)
    case = case_of(house)
    house.at(11, 24)
    house.application.substitutes.end(house.actor(LEADER), number)
    house.at(11, 23, 12)
    assert house.actor(COLLEAGUE).represents == ()
    house.at(12, 1)
    house.complete(REVIEWER, case, "pass")
    house.at(11, 25)  # by the clock he stands in, by what happened it is over
    other = case_of(house)
    house.complete(LEADER, other, "pass")
    assert house.proof(case) == house.proof(other) == []


def test_only_some_kinds_are_passed_on(house: House) -> None:
    house.application.accounts.revoke(None, house.actor(COLLEAGUE).user_id, "city_reviewer", CITY)
    number = stands_in(house, LEADER, REVIEWER, kinds=("stand_aside",))
    two, aside = case_of(house), case_of(house, "stand_aside")
    numbers = {
        house.application.cases.reading.case(house.actor("changan"), one).head.number: one for one in (two, aside)
    }
    assert [numbers[number] for number, _ in rows_of(house, LEADER)] == [aside]
    page = house.application.cases.inbox.page(house.actor(LEADER))
    assert page.counts["todo"] == page.total == 1
    with pytest.raises(BadInput, match="already"):
        stands_in(house, LEADER, REVIEWER)
    stands_in(house, LEADER, REVIEWER, kinds=("two_halves",))
    assert len(rows_of(house, LEADER)) == 2
    house.application.substitutes.end(house.actor(REVIEWER), number)
    assert len(rows_of(house, LEADER)) == 1


def test_who_may_name_whom(house: House) -> None:
    for wrong in (
        {"first": TODAY - timedelta(days=1)}, {"last": TODAY - timedelta(days=1)}, {"kinds": ("nothing",)},
        {"last": TODAY + timedelta(days=400)},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            stands_in(house, LEADER, REVIEWER, **wrong)
    for stranger in ("tangshan", "shijiazhuang.worker1", REVIEWER, "operator"):
        with pytest.raises(BadInput):
            stands_in(house, stranger, REVIEWER)
    with pytest.raises(NotAllowed):
        stands_in(house, LEADER, REVIEWER, by=COLLEAGUE)
    with pytest.raises(NotAllowed):
        stands_in(house, "tangshan", "baoding", by=LEADER)
    number = stands_in(house, COLLEAGUE, REVIEWER, by=LEADER)
    with pytest.raises(BadInput):
        stands_in(house, REVIEWER, COLLEAGUE)  # it would come back to him
    with pytest.raises(NotAllowed):
        house.application.substitutes.end(house.actor("tangshan"), number)
    with pytest.raises(NotFound):
        house.application.substitutes.end(house.actor(LEADER), 999)
    house.application.substitutes.end(house.actor(LEADER), number)
    house.application.substitutes.end(house.actor(LEADER), number)
    stands_in(house, REVIEWER, COLLEAGUE)
    stands_in(house, LEADER, REVIEWER, by="administrator")


def test_the_operator_sees_a_substitution_by_which_nobody_can_act(house: House) -> None:
    leader, page = house.actor(LEADER), house.application.cases.stranding.page
    stands_in(house, LEADER, REVIEWER)
    assert page(house.actor("operator")).idle == ()
    house.application.accounts.revoke(None, leader.user_id, "city_leader", CITY)
    (idle,) = page(house.actor("operator")).idle
    assert (idle.absent, idle.substitute) == (house.actor(REVIEWER).name, leader.name)
    assert page(house.actor("province")).idle == ()


def test_lateness_is_told_to_who_stands_in(house: House) -> None:
    accounts = house.application.accounts
    accounts.grant(None, house.actor(COLLEAGUE).user_id, "city_leader", CITY)
    stands_in(house, REVIEWER, LEADER, last=date(2026, 12, 31))
    case = case_of(house)
    house.complete(COLLEAGUE, case, "pass")
    house.at(12, 15)
    told = house.application.cases.inbox.page(house.actor(REVIEWER), "copied").rows
    assert [row.case_id for row in told] == [case]
