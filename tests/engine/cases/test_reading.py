"""What people read of cases: the inbox, the case, the diagram, registers."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from engine.directory import organisation_import, policy
from engine.errors import NotFound
from engine.views import InboxFilters, RegisterFilters
from storage import todo
from tests.applications import filled_application, post
from tests.engine.cases.test_acts import APPROVAL, PLACE, REQUEST, begun
from tests.house import House, build_house
from tests.postgres import Server


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, APPROVAL, server=server)
    yield made
    made.application.database.close()


def subjects(house: House, login: str, view: str = "todo", **filters: Any) -> list[str]:
    page = house.application.cases.inbox.page(house.actor(login), view, InboxFilters(**filters))
    return [row.title for row in page.rows]


def asked(house: House, *names: str) -> list[str]:
    return [house.start("changan", "approval", PLACE, {**REQUEST, "subject": n}).case_id for n in names]


def test_the_inbox_holds_what_waits_for_the_role_at_the_organisation_the_most_urgent_first(house: House) -> None:
    asked(house, "甲")
    house.clock.move(days=1)
    asked(house, "乙")
    assert subjects(house, "shijiazhuang") == ["甲", "乙"]
    assert subjects(house, "tangshan") == [] and subjects(house, "observer") == []


def test_pages_follow_one_another_without_a_gap_or_a_double_in_every_order(house: House) -> None:
    asked(house, *(f"第{n}件" for n in range(7)))
    for sort in ("due", "arrived", "-arrived", "number"):
        whole = subjects(house, "shijiazhuang", sort=sort)
        found, after = [], ""
        for _ in range(5):
            filters = InboxFilters(sort=sort, limit=2, after=after)
            page = house.application.cases.inbox.page(house.actor("shijiazhuang"), "todo", filters)
            found += [row.title for row in page.rows]
            if page.next is None:
                break
            after = page.next
        assert found == whole and len(set(found)) == 7


@pytest.mark.parametrize("after", ["x", "bnVsbA", "WzEsMl0", "W10", "%00", "WyIyMDI2IiwieCIsMV0"])
def test_a_page_mark_that_is_none_begins_at_the_first_page(house: House, after: str) -> None:
    asked(house, "甲")
    assert subjects(house, "shijiazhuang", after=after) == ["甲"]


def test_the_inbox_is_searched_by_every_word(house: House) -> None:
    asked(house, "购置桌椅", "购置电脑", "维修100%空调")
    assert subjects(house, "shijiazhuang", q="购置 电脑") == ["购置电脑"]
    assert subjects(house, "shijiazhuang", q="100%") == ["维修100%空调"]
    assert subjects(house, "shijiazhuang", q="_") == []
    assert subjects(house, "shijiazhuang", q="长安") != []


def test_a_number_or_the_end_of_one_finds_its_case_alone(house: House) -> None:
    asked(house, "甲")
    (first,) = house.application.cases.inbox.page(house.actor("shijiazhuang")).rows
    asked(house, f"参照{first.number}的乙", "丙")
    for words in (first.number, first.number.lower(), first.number[-5:], f"甲 {first.number}"):
        assert subjects(house, "shijiazhuang", q=words) == ["甲"], words
        page = house.application.cases.inbox.page(house.actor("shijiazhuang"), "todo", InboxFilters(q=words, limit=1))
        assert (page.total, page.next) == (1, None)
    assert subjects(house, "shijiazhuang", q=f"丙 {first.number}") == []
    assert subjects(house, "changan", "mine", q=first.number) == ["甲"]


def test_a_number_that_no_case_of_the_list_has_is_looked_for_in_its_words(house: House) -> None:
    (done,) = asked(house, "甲")
    number = house.application.cases.reading.case(house.actor("changan"), done).head.number
    asked(house, f"参照{number}的乙", "X2026001型电脑", "丙")
    house.complete("shijiazhuang", done, "refuse", opinion="超出预算")
    assert subjects(house, "shijiazhuang", q=number) == [f"参照{number}的乙"]
    assert subjects(house, "shijiazhuang", q="x2026001") == ["X2026001型电脑"]
    assert subjects(house, "shijiazhuang", q="99999") == []


def test_the_inbox_of_two_offices_is_one_list_in_every_order(house: House) -> None:
    house.application.accounts.grant(None, house.actor("shijiazhuang").user_id, "city_reviewer", "130200")
    for place in ("130102", "130203", "130102", "130203", "130102"):
        house.start("changan" if place == PLACE else "lubei", "approval", place, {**REQUEST, "subject": f"{place}请购"})
    for sort, reverse in (("arrived", False), ("-arrived", True), ("number", False), ("due", False)):
        rows: list[Any] = []
        after = ""
        for _ in range(3):
            filters = InboxFilters(sort=sort, limit=2, after=after)
            page = house.application.cases.inbox.page(house.actor("shijiazhuang"), "todo", filters)
            assert page.total == 5
            rows += page.rows
            after = page.next or ""
        moments = [row.arrived_at for row in rows]
        assert len(moments) == 5 and moments == sorted(moments, reverse=reverse), sort


def test_the_inbox_is_filtered_by_place_state_arrival_and_deadline(house: House) -> None:
    asked(house, "甲")
    assert subjects(house, "shijiazhuang", place="130100") == ["甲"]
    assert subjects(house, "shijiazhuang", place="130200") == [] == subjects(house, "shijiazhuang", place="none")
    assert subjects(house, "shijiazhuang", arrived_from=date(2026, 11, 23), arrived_to=date(2026, 11, 23)) == ["甲"]
    assert subjects(house, "shijiazhuang", arrived_from=date(2026, 11, 24)) == []
    assert subjects(house, "shijiazhuang", due="later") == ["甲"]
    house.clock.move(days=11)
    assert subjects(house, "shijiazhuang", due="soon") == ["甲"]
    house.clock.move(days=10)
    assert subjects(house, "shijiazhuang", due="late") == ["甲"]
    row = house.application.cases.inbox.page(house.actor("shijiazhuang")).rows[0]
    assert row.deadline is not None and row.deadline.late
    assert subjects(house, "changan", "mine", state="running") == ["甲"]
    assert subjects(house, "changan", "mine", state="refused") == []


def test_what_i_did_and_what_i_began_stay_to_be_found(house: House) -> None:
    (case_id,) = asked(house, "甲")
    house.complete("shijiazhuang", case_id, "refuse", opinion="超出预算")
    assert subjects(house, "shijiazhuang") == []
    (done,) = house.application.cases.inbox.page(house.actor("shijiazhuang"), "done").rows
    assert (done.title, done.outcome_kind, done.state) == ("甲", "refuse", "refused")
    (mine,) = house.application.cases.inbox.page(house.actor("changan"), "mine").rows
    assert mine.ending is not None and mine.ending[0] == "不同意" and mine.step == ("", "")
    head = house.application.cases.reading.case(house.actor("changan"), case_id).head
    assert (head.status, head.ending) == ("refused", mine.ending)
    _, paper = house.application.cases.papers.document(house.actor("changan"), case_id, 1, "zh")
    assert "不同意" in [cell.text for cell in docx.Document(io.BytesIO(paper)).tables[0].rows[1].cells]


def test_a_case_that_somebody_has_called_off_stands_as_that_act_says(house: House) -> None:
    (case_id,) = asked(house, "甲")
    house.application.cases.acting.withdraw(house.actor("changan"), case_id, "不再需要")
    head = house.application.cases.reading.case(house.actor("changan"), case_id).head
    assert (head.status, head.ending) == ("withdrawn", None)


def test_the_diagram_knows_what_was_done_where_the_case_stands_and_who_is_asked(house: House) -> None:
    case_id = begun(house)
    house.clock.move(hours=3)
    house.complete("shijiazhuang", case_id, "agree")
    elements = house.application.cases.reading.diagram(house.actor("changan"), case_id).elements
    assert (elements["first"].state, elements["second"].state, elements["third"].state) == ("done", "current", "")
    (visit,) = elements["first"].visits
    assert visit.who[0] == "石家庄市审核员" and visit.seconds == 3 * 3600 + 60
    assert elements["second"].visits[0].who == ("河北省总工会省级核定员", "Province approver, 河北省总工会")
    assert (elements["first_result"].visits, elements["first_result"].times) == ((), 1)  # the system did it


def test_a_withdrawn_case_stands_nowhere_in_its_diagram(house: House) -> None:
    case_id = begun(house)
    house.application.cases.acting.withdraw(house.actor("changan"), case_id, "写错了")
    states = {
        one.state for one in house.application.cases.reading.diagram(house.actor("changan"), case_id).elements.values()
    }
    assert "current" not in states


def test_the_history_tells_what_changed_between_two_submissions(tmp_path: Path, server: Server | None) -> None:
    house = build_house(tmp_path, server=server)
    case_id = house.start("changan", "post_approval", PLACE, filled_application(post(number=1))).case_id
    house.complete("shijiazhuang", case_id, "return", opinion="请减少数量")
    house.complete("changan", case_id, "resubmit", **filled_application(post(number=2)))
    line = house.application.cases.reading.case(house.actor("changan"), case_id).history[-1]
    changes = {change.label: (change.before, change.after) for change in line.changes}
    assert any("拟设数量" in label[0] and values == ("1", "2") for label, values in changes.items())


def test_a_record_is_seen_inside_the_subtree_only_and_follows_its_organisation(
    tmp_path: Path, server: Server | None
) -> None:
    house = build_house(tmp_path, server=server)
    case_id = house.start("changan", "post_approval", PLACE, filled_application(post())).case_id
    house.complete("shijiazhuang", case_id, "pass")
    task = house.task_of("province", case_id)
    form = house.application.cases.reading.task(house.actor("province"), task).form
    assert form is not None
    house.application.cases.acting.complete(house.actor("province"), task, dict(form.values), "approve")
    registers = house.application.registers
    (row,) = registers.search(house.actor("changan"), "post", RegisterFilters()).rows
    assert registers.record(house.actor("observer"), "post", row.number).versions[0].case_id == case_id
    with pytest.raises(NotFound):
        registers.record(house.actor("tangshan"), "post", row.number)
    move = "编码,上级编码\n130102,130200\n".encode()
    organisation_import.load(house.application.database, "moved.csv", move, house.clock.now())
    assert registers.record(house.actor("tangshan"), "post", row.number).number == row.number
    assert house.application.cases.reading.case(house.actor("tangshan"), case_id).head.id == case_id


def test_the_decisions_that_a_form_consulted_are_kept_with_their_rules_and_inputs(
    tmp_path: Path, server: Server | None
) -> None:
    house = build_house(tmp_path, server=server)
    case_id = house.start("changan", "post_approval", PLACE, filled_application(post())).case_id
    (line,) = house.application.cases.reading.case(house.actor("changan"), case_id).history
    consulted = {name: (rules, inputs) for name, rules, inputs, _ in line.facts["decisions"]}
    rules, inputs = consulted["post_quota"]
    assert rules and inputs["workers"] == 9000


def test_the_task_to_go_on_with_is_the_one_with_which_the_inbox_begins(tmp_path: Path, server: Server | None) -> None:
    house = build_house(tmp_path, APPROVAL, server=server)
    for _ in range(3):
        begun(house)
    cases, city = house.application.cases, house.actor("shijiazhuang")
    waiting = [row.task_id or "" for row in cases.inbox.page(city).rows]
    cases.claims.claim(house.actor("shijiazhuang"), waiting[1])
    with house.application.database.read() as connection:
        first = todo.most_urgent(connection, policy.reached(city))
        stranger = todo.most_urgent(connection, ())
    assert (first, stranger) == (tuple(map(int, waiting[0].split("-"))), None)
    assert cases.acting.complete(city, waiting[0], {}, "agree").next_task in waiting[1:]
    house.application.database.close()


def test_the_next_task_is_the_next_of_the_same_list_then_of_the_same_kind(
    tmp_path: Path, server: Server | None
) -> None:
    house = build_house(tmp_path, APPROVAL, server=server)
    for name in ("甲", "乙", "丙", "丁"):
        house.start("changan", "approval", PLACE, {**REQUEST, "subject": name})
    cases, city, other = house.application.cases, house.actor("shijiazhuang"), house.actor("tangshan")
    first, second, third, fourth = [row.task_id or "" for row in cases.inbox.page(city).rows]
    only = InboxFilters(q="丙")
    assert [cases.inbox.next_like(city, one, InboxFilters()) for one in (first, second, fourth)] == [
        second,
        third,
        first,
    ]
    assert cases.inbox.next_like(city, first, only) == third
    assert cases.inbox.next_like(city, third, only) == fourth  # none is left of the list: the same kind
    assert cases.inbox.next_like(city, third, InboxFilters(sort="-arrived")) == second
    cases.acting.complete(city, second, {}, "agree")
    cases.claims.claim(house.actor("shijiazhuang2"), third)
    assert cases.inbox.next_like(city, second, InboxFilters()) == fourth  # where the finished one stood
    assert cases.inbox.next_like(other, first) is None
    assert cases.inbox.next_like(city, "x", InboxFilters()) == first
    house.application.database.close()
