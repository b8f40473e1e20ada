"""The auditor's desk: who may, which tampering it finds, and that no word of a case is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.desks.audit_views import AuditFilters
from engine.errors import NotAllowed
from engine.words import both
from tests.engine.cases.test_acts import APPROVAL, begun
from tests.house import House, build_house

SECRET = "购置桌椅"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, APPROVAL)
    yield made
    made.application.database.close()


def tamper(house: House, table: str, statement: str) -> None:
    """What only somebody with the database file in his hands can do: drop the triggers first."""
    with house.application.database.write() as connection:
        found = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        for name in connection.execute(found, {"table": table}).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(statement))


def test_only_an_auditor_may_look_or_prove(house: House) -> None:
    desk = house.application.audit
    for login in ("changan", "administrator", "operator", "designer"):
        other = house.actor(login)
        for asked in (desk.chain, desk.events, desk.cases, desk.proofs):
            with pytest.raises(NotAllowed):
                asked(other)


def test_an_untouched_installation_is_proved(house: House) -> None:
    begun(house)
    desk, auditor = house.application.audit, house.actor("auditor")
    assert desk.chain(auditor).broken is None
    chain = desk.chain(auditor, prove=True)
    assert chain.broken == () and chain.count == desk.events(auditor).rows[0].sequence
    page = desk.cases(auditor, prove=True)
    assert (page.total, page.proved, page.wrong, page.next) == (1, 1, 0, "")
    assert desk.cases(auditor).proved == 0
    assert [line.differences for line, _ in desk.proofs(auditor)] == [()]


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("UPDATE account_events SET facts = '{}' WHERE sequence = 2", (2,)),
        ("DELETE FROM account_events WHERE sequence = 2", (3,)),
    ],
)
def test_a_changed_log_of_accounts_is_found(house: House, statement: str, places: tuple[int, ...]) -> None:
    tamper(house, "account_events", statement)
    assert house.application.audit.chain(house.actor("auditor"), prove=True).broken == places


@pytest.mark.parametrize(
    ("table", "statement", "told"),
    [
        ("cases", "UPDATE cases SET title = '另一个标题'", "title differs"),
        (
            "event_payloads",
            "UPDATE event_payloads SET data = replace(data, '1200', '9200') WHERE seq = 1",
            "event 1 was changed",
        ),
        ("tasks", "UPDATE tasks SET outcome = 'pass'", "outcome differs"),
    ],
)
def test_a_changed_case_is_found_and_told_without_its_words(
    house: House, table: str, statement: str, told: str
) -> None:
    begun(house)
    tamper(house, table, statement)
    page = house.application.audit.cases(house.actor("auditor"), prove=True)
    assert page.wrong == 1
    lines = page.rows[0].differences
    assert lines and any(told in both(line)[1] for line in lines) and all(both(line)[0] for line in lines)
    for word in (SECRET, "另一个标题", "1200", "9200"):
        assert word not in repr(page)


def test_one_case_is_proved_alone_and_found_by_its_number(house: House) -> None:
    first, second = begun(house), begun(house)
    desk, auditor = house.application.audit, house.actor("auditor")
    page = desk.cases(auditor, only=int(second))
    assert [line.differences for line in page.rows] == [None, ()]
    found = desk.cases(auditor, AuditFilters(page.rows[0].number))
    assert [str(line.id) for line in found.rows] == [first]


def test_long_lists_come_page_by_page(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr("engine.desks.audit.AT_ONCE", 2)  # of what is proved
    for _ in range(3):
        begun(house)
    desk, auditor = house.application.audit, house.actor("auditor")
    page = desk.cases(auditor, prove=True, limit=2)
    rest = desk.cases(auditor, after=page.next, prove=True)
    assert (len(page.rows), len(rest.rows), rest.next) == (2, 1, "")
    assert [line.number for line, _ in desk.proofs(auditor)] == [one.number for one in (*page.rows, *rest.rows)]
    events = desk.events(auditor, limit=2)
    assert desk.events(auditor, after=events.next).rows[0].sequence == events.rows[-1].sequence - 1


def test_events_are_filtered_by_kind_and_person(house: House) -> None:
    desk, auditor = house.application.audit, house.actor("auditor")
    kinds = {row.kind for row in desk.events(auditor, kind="role_granted").rows}
    assert kinds == {"role_granted"}
    people = {row.account for row in desk.events(auditor, person="changan").rows}
    assert people == {
        ("长安区经办员", "changan"), ("长安区社工甲", "changan.worker1"), ("长安区社工乙", "changan.worker2"),
    }  # fmt: skip
    assert desk.events(auditor, person="%").rows == ()
