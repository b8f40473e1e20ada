"""Rows that account events change: each must be what the newest event of it has told."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage import account_events, regulation, told
from tests.engine.evidence import tamperings
from tests.house import House


def found_in(house: House) -> list[tuple[str, str]]:
    """What the proof finds and no anchor hides, each time that it is asked."""
    found = [(one.kind, one.subject) for one in tamperings.findings(house, deep=False)]
    house.application.anchors.anchor()
    assert [(one.kind, one.subject) for one in tamperings.findings(house, deep=False)] == found
    return found


def test_a_row_must_be_what_the_newest_account_event_of_it_tells(own: House) -> None:
    now = own.clock.now()
    with own.application.database.write() as connection:
        one, two, three = connection.execute(text("SELECT id FROM users ORDER BY id LIMIT 3")).scalars()
        for number in (one, two, three):
            connection.execute(text(f"UPDATE users SET active = 0 WHERE id = {number}"))
            account_events.append(connection, now, "account_closed", user_id=number)
        connection.execute(text(f"UPDATE users SET name = 'x' WHERE id = {two}"))  # an event allowed another change
        connection.execute(text(f"UPDATE users SET active = 1 WHERE id = {three}"))  # as it was anchored
        connection.execute(text(f"UPDATE memberships SET role = 'x' WHERE user_id = {one}"))
        role = connection.execute(text(f"SELECT id FROM memberships WHERE user_id = {one}")).scalar()
    assert found_in(own) == [("memberships", str(role)), ("users", str(two)), ("users", str(three))]
    own.clock.move(days=1)
    assert found_in(own) == [("memberships", str(role)), ("users", str(two)), ("users", str(three))]


def test_an_account_that_no_event_tells_of_is_found_before_any_anchor_knows_it(own: House) -> None:
    with own.application.database.write() as connection:
        made = connection.execute(
            text(
                "INSERT INTO users (login, name, password_hash, active, must_change_password, created_at) VALUES"
                " ('x', 'x', 'x', 1, 0, '2026-11-23T01:00:00.000000Z') RETURNING id"
            )
        ).scalar()
    assert found_in(own) == [("users", str(made))]


def test_an_article_that_a_later_import_leaves_out_is_no_finding_and_one_that_is_missing_is(own: House) -> None:
    def imports(*numbers: str) -> None:
        with own.application.database.write() as connection:
            regulation.replace(connection, dict.fromkeys(numbers, "x"), "d", own.clock.now())
            account_events.append(connection, own.clock.now(), "regulation_imported")

    imports("1", "2", "3")
    assert found_in(own) == []
    imports("1", "3", "4")
    with own.application.database.write() as connection:
        connection.execute(text("DELETE FROM regulation_articles WHERE number = '4'"))
    assert found_in(own) == [("regulation_articles", "4")]
    imports("1", "2")
    assert found_in(own) == []


def test_an_event_from_before_events_told_of_rows_lets_a_row_differ_once(
    own: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, own.application.database.write() as connection:
        patch.setattr(told, "TOLD", {})
        one, two = connection.execute(text("SELECT id FROM users ORDER BY id LIMIT 2")).scalars()
        connection.execute(text(f"UPDATE users SET active = 0 WHERE id IN ({one}, {two})"))
        account_events.append(connection, own.clock.now(), "account_closed", user_id=one)
    assert found_in(own) == [("users", str(two))]
