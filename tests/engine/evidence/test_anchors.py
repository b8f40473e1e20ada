"""The proof over the whole house: every table and file, every kind of tampering, found and located."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from engine.evidence.anchors.anchoring import AnchorsDiffer
from engine.evidence.anchors.book import LEAVES, LINES, Book
from engine.evidence.anchors.covered import FILES, TABLES, How
from storage import access_log, events, told
from storage.migrate import all_tables
from tests.engine.evidence import anchored_house, tamperings
from tests.engine.evidence.tamperings import Done
from tests.engine.evidence.test_rebuild import APPROVAL, PLACE, REQUEST
from tests.house import House, build_house
from tests.postgres import Server


def test_every_table_and_column_is_proved_or_said_not_to_be_evidence() -> None:
    schema = {**all_tables().tables, **access_log.tables.tables}
    assert TABLES.keys() == schema.keys()
    for name, one in TABLES.items():
        assert bool(one.how) != (one.why is not None), name
        assert set(one.unhashed) <= set(schema[name].c.keys()), name
    for name, telling in told.TOLD.items():
        assert How.ROWS in TABLES[name].how and not TABLES[name].unhashed, name
        assert not telling.person or telling.person in schema[name].c, name


def test_every_file_of_an_installation_is_proved_or_said_not_to_be_evidence(house: House) -> None:
    there = {one.name.removesuffix("-wal").removesuffix("-shm") for one in house.folder.data_dir.iterdir()}
    assert there <= FILES.keys()


def test_nothing_is_found_in_a_house_as_it_is(house: House) -> None:
    assert [one.told.text("en") for one in tamperings.findings(house)] == []


def test_every_tampering_with_a_table_is_found_and_located(house: House) -> None:
    with house.application.database.read() as connection:
        tried = list(tamperings.tamperings(connection, rows=6))
    assert len(tried) >= 300
    touched = {one.table for one in tried}
    assert {name for name, one in TABLES.items() if How.ROWS in one.how} <= touched
    unfound = []
    for one in tried:
        found = tamperings.found_with(house, one)
        if not any(tamperings.is_located(one, finding) for finding in found):
            unfound.append((one.name, [finding.told.text("en") for finding in found]))
    assert unfound == []


@pytest.mark.parametrize("table", ["messages", "users", "memberships"])
def test_a_row_slipped_in_below_the_last_anchor_is_located(house: House, table: str) -> None:
    first = (
        f"DELETE FROM anchor_entries WHERE kind = '{table}' AND subject = (SELECT '[' || min(id) || ']' FROM {table})"
    )
    with tamperings.done(house, (first, {})):
        assert any(one.kind == table and one.subject for one in tamperings.findings(house, deep=False))


def rehash(house: House, case_id: int) -> list[Done]:
    """What makes the chain of a case hold again after its first event was forged."""
    with house.application.database.read() as connection:
        log = events.of_case(connection, case_id)
    done: list[Done] = []
    previous = events.FIRST
    for event in log:
        data = {**event["data"], "forged": True} if event["seq"] == 1 else event["data"]
        new: events.NewEvent = {
            "name": event["name"], "at": event["at"], "data": data,
            "actor_id": event["actor_id"], "actor_name": event["actor_name"], "actor_role": event["actor_role"],
        }  # fmt: skip
        made = events.sealed(case_id, event["seq"], previous, new, event["semantics"])
        where = f"WHERE case_id = {case_id} AND seq = {event['seq']}"
        for column in ("previous", "hash", "commitment"):
            done.append((f"UPDATE events SET {column} = '{made['link'][column]}' {where}", {}))
        done.append((f"UPDATE event_payloads SET data = :value {where}", {"value": made["payload"]["data"]}))
        done.append((f"UPDATE event_payloads SET salts = '{made['payload']['salts']}' {where}", {}))
        previous = made["link"]["hash"]
    return [*done, (f"UPDATE cases SET head = '{previous}' WHERE id = {case_id}", {})]


@pytest.mark.parametrize("column", ["seq", "format", "semantics", "name", "at", "commitment", "previous", "hash"])
def test_an_event_in_the_middle_of_a_chain_is_located_without_playing_its_case(house: House, column: str) -> None:
    value = {"seq": 9, "format": 3, "semantics": 1, "at": tamperings.LATER}.get(column, "0" * 64)
    forged: Done = (f"UPDATE events SET {column} = :value WHERE case_id = 1 AND seq = 2", {"value": value})
    with tamperings.done(house, forged):
        found = tamperings.findings(house, deep=False)
    assert ("cases", 1, 2) in [(one.kind, one.case_id, one.event) for one in found]


def test_a_chain_that_was_recomputed_is_located_at_its_case(house: House) -> None:
    with tamperings.done(house, *rehash(house, 1)):
        found = tamperings.findings(house, deep=False)
    assert [(one.kind, one.case_id, one.event) for one in found] == [("cases", 1, 2)]


def test_a_chain_recomputed_with_what_was_anchored_of_it_is_located_by_the_leaves_outside(house: House) -> None:
    with house.application.database.read() as connection:
        position = connection.execute(
            text("SELECT position FROM anchor_entries WHERE kind = 'cases' AND subject = '[1]'")
        ).scalar()
    also: Done = (
        f"UPDATE anchor_entries SET hash = (SELECT hash FROM events WHERE case_id = 1 AND seq = 2) WHERE position = {position}",
        {},
    )
    with tamperings.done(house, *rehash(house, 1), also):
        found = tamperings.findings(house, deep=False)
    assert [(one.kind, one.subject, one.case_id) for one in found] == [("anchor_entries", str(position), 1)]


def test_a_cut_tail_and_a_deleted_case_are_located(house: House) -> None:
    cut: tuple[Done, ...] = (
        ("DELETE FROM event_payloads WHERE case_id = 2 AND seq = 2", {}),
        ("DELETE FROM events WHERE case_id = 2 AND seq = 2", {}),
        (
            "UPDATE cases SET revision = 1, head = (SELECT hash FROM events WHERE case_id = 2 AND seq = 1) WHERE id = 2",
            {},
        ),
    )
    with tamperings.done(house, *cut):
        assert [(one.case_id, one.event) for one in tamperings.findings(house, deep=False)] == [(2, 2)]
    tables = [one for one in all_tables().sorted_tables if "case_id" in one.c and one.name != "anchor_entries"]
    with house.application.database.read() as connection:
        full = [
            one.name
            for one in reversed(tables)
            if connection.execute(text(f"SELECT 1 FROM {one.name} WHERE case_id = 1 LIMIT 1")).first()
        ]
    gone: list[Done] = [(f"DELETE FROM {name} WHERE case_id = 1", {}) for name in full]
    with tamperings.done(house, *gone, ("DELETE FROM cases WHERE id = 1", {})):
        assert ("cases", "1", 1) in [
            (one.kind, one.subject, one.case_id) for one in tamperings.findings(house, deep=False)
        ]


def test_a_deleted_day_of_the_logs_is_located(house: House, own: House) -> None:
    tail = "(SELECT max(sequence) FROM account_events) - 2"
    with tamperings.done(house, (f"DELETE FROM account_events WHERE sequence > {tail}", {})):
        assert "account_events" in {one.kind for one in tamperings.findings(house, deep=False)}
    with closing(sqlite3.connect(own.folder.data_dir / "access.db", isolation_level=None)) as log:
        for (name,) in log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            log.execute(f"DROP TRIGGER {name}")
        log.execute("DELETE FROM access_looks")
        log.execute("DELETE FROM access_batches")
    assert {one.kind for one in tamperings.findings(own, deep=False)} == {"access_batches"}
    own.application.looks.database.close()
    for file in own.folder.data_dir.glob("access.db*"):
        file.unlink()
    assert {one.kind for one in tamperings.findings(own, deep=False)} == {"access_batches"}


def test_a_byte_of_a_file_and_a_missing_file_are_located(own: House) -> None:
    with own.application.database.read() as connection:
        digest = str(connection.execute(text("SELECT digest FROM attachments")).scalar())
    file = own.folder.data_dir / "files" / digest[:2] / digest
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert [(one.kind, one.case_id) for one in tamperings.findings(own, deep=False)] == [("files", 1)]
    file.unlink()
    assert [(one.kind, one.case_id) for one in tamperings.findings(own, deep=False)] == [("files", 1)]


def test_an_old_backup_in_the_place_of_the_database_is_found_and_not_anchored(house: House, tmp_path: Path) -> None:
    made = anchored_house.copy_of(house, tmp_path / "own")
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(made.folder.data_dir / "gangwei.db")) as source, closing(sqlite3.connect(old)) as to:
        source.backup(to)
    made.clock.move(days=1)
    made.application.cases.acting.comment(made.actor("changan"), "1", "再催办")
    made.application.anchors.anchor()
    made.application.database.close()
    for file in made.folder.data_dir.glob("gangwei.db*"):
        file.unlink()
    shutil.copyfile(old, made.folder.data_dir / "gangwei.db")
    assert ("anchors", "3") in [(one.kind, one.subject) for one in tamperings.findings(made, deep=False)]
    with pytest.raises(AnchorsDiffer):
        made.application.anchors.anchor()
    with made.application.database.write() as connection:  # whoever forges this, too, is not silent
        connection.execute(text("UPDATE restores SET restored_at = '2031-01-01T00:00:00.000000Z'"))
    assert ("anchors", "3") in [(one.kind, one.subject) for one in tamperings.findings(made, deep=False)]
    with made.application.database.write() as connection:
        connection.execute(text("UPDATE restores SET restored_at = '2026-01-02T00:00:00.000000Z'"))
    assert made.application.anchors.anchor(go_on=True).after == 2
    assert tamperings.findings(made, deep=False) == []
    made.application.database.close()


@pytest.mark.parametrize("line", [0, 1])
def test_a_line_of_the_book_that_was_changed_or_cut_is_located(own: House, line: int) -> None:
    file = own.folder.data_dir / "anchors" / LINES
    lines = file.read_text().splitlines()
    told = orjson.loads(lines[line])
    lines[line] = orjson.dumps({**told, "size": told["size"] - 1}).decode()
    file.write_text("\n".join(lines) + "\n")
    assert ("anchors", str(line + 1)) in [(one.kind, one.subject) for one in tamperings.findings(own, deep=False)]
    file.unlink()
    assert [one.kind for one in tamperings.findings(own, deep=False)] == ["anchors"]


def test_a_first_anchoring_that_was_broken_off_is_no_finding_and_is_done_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = build_house(tmp_path, APPROVAL)
    made.start("changan", "approval", PLACE, REQUEST)

    def killed(*_: object, **__: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="killed"):
        patch.setattr(Book, "add", killed)
        made.application.anchors.anchor()
    told = made.application.anchors.nightly()
    assert told["differences"] == 0 and told["anchored"] > 0
    assert tamperings.findings(made, deep=False) == []
    made.application.database.close()


def test_a_key_in_the_place_of_ours_is_found(own: House) -> None:
    (own.folder.data_dir / "anchor.key").write_text("11" * 32)
    assert {one.kind for one in tamperings.findings(own, deep=False)} == {"anchors"}


def test_leaves_that_are_gone_leave_the_day(own: House) -> None:
    shutil.rmtree(own.folder.data_dir / "anchors" / LEAVES)
    with own.application.database.write() as connection:
        connection.execute(text("UPDATE anchor_entries SET hash = 'x' WHERE position = 1"))
    assert ("anchors", "1") in [(one.kind, one.subject) for one in tamperings.findings(own, deep=False)]


def test_what_is_younger_than_the_anchor_is_told_and_no_finding(own: House) -> None:
    own.start("changan", "approval", PLACE, REQUEST)
    proof = own.application.anchors.prove(None)
    assert proof.holds and proof.survey.young["cases"] == 1


def test_a_failed_proof_is_an_incident_and_a_message_once(own: House) -> None:
    own.clock.move(days=1)
    with own.application.database.write() as connection:
        connection.execute(text("UPDATE cases SET title = 'x' WHERE id = 1"))
        connection.execute(text("DELETE FROM messages WHERE id = (SELECT min(id) FROM messages)"))
    assert own.application.anchors.nightly() and own.application.anchors.nightly() == {}
    with own.application.database.read() as connection:
        told = connection.execute(text("SELECT count(*) FROM incidents WHERE act = 'prove'")).scalar()
        heard = connection.execute(text("SELECT count(*) FROM messages WHERE title = '证据核验不符'")).scalar()
    assert told == 1 and heard


def test_two_servers_that_come_at_the_same_moment_anchor_once(own: House) -> None:
    own.clock.move(days=1)
    with own.application.anchors.house.book.alone():
        assert own.application.anchors.nightly() == {}  # the other server is at it
    assert own.application.anchors.nightly() and own.application.anchors.nightly() == {}
    anchors, broken = own.application.anchors.house.book.anchors()
    assert len(anchors) == 3 and broken == []


def test_a_house_on_postgresql_is_anchored_and_proved_alike(tmp_path: Path, server: Server | None) -> None:
    made = build_house(tmp_path, APPROVAL, server=server)
    made.start("changan", "approval", PLACE, REQUEST)
    made.application.anchors.anchor()
    assert tamperings.findings(made) == []
    made.application.database.close()
