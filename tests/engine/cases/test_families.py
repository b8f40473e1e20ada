"""Cases that other cases start: what is handed over, who hears of whom, and what becomes of them together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.errors import DefinitionInvalid, NotFound
from engine.operations.registry import ask
from engine.publishing.catalog import problems_in
from engine.spiff import Stored
from storage import cases as case_rows
from storage import jobs
from storage.case_columns import case_columns
from storage.events import of_case
from storage.rows import CaseRow
from storage.tables import cases
from tests.directory import SHIPPED
from tests.house import ROOT, House, build_house, replaced

FOLDER = ROOT / "tests" / "data" / "starts"
MESSAGES = ROOT / "tests" / "data" / "messages"
OFFICER, PLACE, ABOVE = "changan", "130102", "province"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, FOLDER, MESSAGES)
    yield made
    made.application.database.close()


def work(house: House) -> None:
    while house.application.worker.run_due():
        pass


def asked(house: House, note: str = "搬家") -> tuple[str, str]:
    """A case that has asked for another one, and that."""
    parent = house.start(OFFICER, "ask_help", PLACE, {"note": note, "n": 3}).case_id
    work(house)
    return parent, str(int(parent) + 1)


def row(house: House, case_id: str) -> CaseRow:
    with house.application.database.read() as connection:
        found = case_rows.get(connection, int(case_id))
    assert found is not None
    return found


def incidents(house: House) -> list[str]:
    with house.application.database.read() as connection:
        return [one["code"] for one in jobs.incident_list().every(connection)]


def test_a_case_starts_another_one_once_with_its_form_filled_in_and_hears_its_number(house: House) -> None:
    parent, child = asked(house)
    work(house)
    found = row(house, child)
    assert (found["key"], found["title"], found["parent_id"], found["parent_seq"]) == ("help", "搬家", int(parent), 1)
    handed = Stored(found["state"]).variables["start"]
    assert (handed["note"], handed["n"], handed["by"]["login"]) == ("搬家", 3, OFFICER)
    assert Stored(row(house, parent)["state"]).variables["child"] == {"number": found["number"], "process": "help"}
    assert house.task_of(OFFICER, parent) and house.task_of(OFFICER, child)
    with house.application.database.read() as connection:
        said = of_case(connection, int(child))[0]["data"]["parent"]
        assert len(case_rows.case_ids(connection)) == 2
    assert said == {"id": int(parent), "number": row(house, parent)["number"], "event": 1}
    assert incidents(house) == [] and house.proof(parent) == house.proof(child) == []


def test_what_a_case_has_opened_is_counted_and_added_up(house: House) -> None:
    parent, child = asked(house)
    parts, at = house.application.cases.parts, house.clock.now()
    with house.application.database.read() as connection:
        scene = parts.scene_of(connection, row(house, parent), at)
        whole = ask(scene, "family.aggregate", {"process": "help", "of": "n"})
        by = ask(scene, "family.aggregate", {"process": "help", "of": "n", "by": ["status", "organisation"]})
        none = ask(scene, "family.aggregate", {"process": "help", "equals": {"status": "completed"}})
        childless = ask(parts.scene_of(connection, row(house, child), at), "family.aggregate", {"process": "help"})
    total = {"count": 1, "sum": 3, "min": 3, "max": 3}
    assert whole == total
    assert by == [{"group": {"status": "running", "organisation": PLACE}, **total}]
    assert none["count"] == childless["count"] == 0
    for typed in ("NaN", "Infinity", "1e999999999", "1e99999", "１２", "1_000"):  # what a person may write into a text
        with house.application.database.write() as connection:
            connection.execute(update(case_columns).values(shown=typed))
            both = {"process": "help", "of": "n", "equals": {"status": ["completed", "running"]}}
            found = ask(parts.scene_of(connection, row(house, parent), at), "family.aggregate", both)
        assert found == {"count": 1, "sum": 0, "min": None, "max": None}


def test_a_case_that_a_message_opens_keeps_who_has_thrown_it(house: House) -> None:
    sender = house.start(OFFICER, "asker", PLACE, {"note": OFFICER}).case_id
    work(house)
    opened = row(house, str(int(sender) + 1))
    assert (opened["key"], opened["parent_id"], opened["parent_seq"]) == ("answer", int(sender), 1)
    assert house.proof(str(opened["id"])) == []


def test_what_the_form_of_the_other_kind_refuses_opens_nothing_and_an_operator_hears_of_it(house: House) -> None:
    parent, _ = asked(house, "一" * 21)
    for _ in range(6):
        house.clock.move(hours=1)
        work(house)
    with house.application.database.read() as connection:
        assert case_rows.case_ids(connection) == [int(parent)]
    assert incidents(house) == ["InvalidForm"] and house.proof(parent) == []


WRONG = [
    (("=&quot;help&quot;", "=&quot;halp&quot;"), "halp"),
    (("=&quot;help&quot;", "=&quot;monthly&quot;"), "开始事件"),
    (("=&quot;help&quot;", "=start.note"), "常量"),
    (("{note: start.note, n: start.n}", "{note: start.note, m: start.n}"), "m"),
    (("{note: start.note, n: start.n}", "{n: start.n}"), "note"),
    (("{note: start.note, n: start.n}", "start"), "上下文"),
    (("key=&quot;=case.number&quot;".replace("&quot;", '"') + ' result="off"', 'result="off"'), "编号"),
]


def test_what_does_not_fit_the_form_of_the_other_kind_is_refused_before_it_is_published(house: House) -> None:
    for change, told in WRONG:
        found = problems_in(replaced(FOLDER, change), SHIPPED)
        errors = [problem.text("zh") for problem in found if problem.severity == "error"]
        assert any(told in error for error in errors), (change, errors)


def test_a_form_that_those_in_force_would_no_longer_fit_is_refused(house: House) -> None:
    files = {name: text for name, text in replaced(FOLDER).items() if name.startswith("help/")}
    form = files["help/forms/need.form.json"]
    files["help/forms/need.form.json"] = form.replace('"key": "n",', '"key": "many", "validate": {"required": true},')
    with pytest.raises(DefinitionInvalid) as refused:
        house.publish(files)
    assert {problem.file for problem in refused.value.problems} == {"ask_help/process.bpmn"}


def test_who_calls_off_a_case_ends_the_open_ones_that_it_has_opened_as_their_diagrams_say(house: House) -> None:
    parent, child = asked(house)
    other = house.start(OFFICER, "agree", PLACE, {"n": 1}).case_id
    deaf = house.start(OFFICER, "waiter", PLACE, {"note": "A1"}).case_id
    with house.application.database.write() as connection:
        connection.execute(update(cases).where(cases.c.id.in_([int(deaf), int(other)])).values(parent_id=int(parent)))
    house.application.cases.acting.withdraw(house.actor(OFFICER), parent, "不需要了")
    assert row(house, child)["status"] == "running"
    work(house)
    assert (row(house, child)["status"], row(house, child)["end_element"]) == ("withdrawn", "off_end")
    told = [event for event in _events(house, child) if event["name"] == "message_received"]
    assert [one["data"]["payload"]["reason"] for one in told] == ["不需要了"]
    assert row(house, deaf)["status"] == "running" and incidents(house) == []
    assert house.proof(parent) == house.proof(child) == []


def _events(house: House, case_id: str) -> list[Any]:
    with house.application.database.read() as connection:
        return list(of_case(connection, int(case_id)))


def test_a_family_shows_both_sides_and_of_who_may_not_be_seen_only_that_there_is_one(house: House) -> None:
    parent, child = asked(house)
    own = house.application.cases.families.of_case(house.actor(OFFICER), child)
    assert [one and one.id for one in own.above] == [parent] and own.total == 0
    assert [step[0][0] for step in own.case.waits] == ["协助办理"]
    with house.application.database.write() as connection:  # its parent goes where this officer sees nothing
        hidden = update(cases).where(cases.c.id == int(parent))
        connection.execute(hidden.values(organisation_path="/130000/130200/", starter_id=0))
        connection.execute(update(cases).where(cases.c.id == int(child)).values(starter_id=0))
    above = house.application.cases.families.of_case(house.actor(ABOVE), child).above
    assert [one and one.id for one in above] == [parent]
    found = house.application.cases.families.of_case(house.actor("shijiazhuang"), child)
    assert found.above == (None,)
    with pytest.raises(NotFound):
        house.application.cases.families.of_case(house.actor("shijiazhuang"), parent)


def test_a_large_family_comes_in_pages(house: House) -> None:
    parent, _ = asked(house)
    with house.application.database.write() as connection:
        model = dict(connection.execute(select(cases).where(cases.c.id == int(parent) + 1)).mappings().one())
        many = [model | {"id": 1000 + n, "number": f"X{n}", "status": "completed"} for n in range(45)]
        connection.execute(cases.insert(), many)
    pages, after = [], 0
    while True:
        page = house.application.cases.families.of_case(house.actor(OFFICER), parent, after)
        pages.append(len(page.children))
        if not page.next:
            break
        after = int(page.next)
    assert pages == [20, 20, 6] and page.total == 46
