"""A house that is furnished for tamperings: something in every table that is evidence, anchored twice."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from engine.application import open_application
from storage import account_events
from tests.engine.evidence.test_rebuild import APPROVAL, PLACE, REQUEST
from tests.engine.operations.test_writing import FOLDER as REGISTERS
from tests.engine.operations.test_writing import OFFICER, READER
from tests.house import CHEAP, Folder, House, TestClock, build_house

MADE = (
    "INSERT INTO incidents (case_id, act, code, message_zh, message_en, opened_at)"
    " VALUES (1, 'start', 'X', 'a', 'a', '2026-11-23T01:00:00.000000Z')",
    "INSERT INTO restores (backup, made_at, restored_at, ahead)"
    " VALUES ('b', '2026-01-01T00:00:00.000000Z', '2026-01-02T00:00:00.000000Z', 1)",
    "INSERT INTO regulation_articles VALUES ('1', 'x', 'd', '2026-11-23T01:00:00.000000Z')",
    "INSERT INTO calendar_proposals (id, kind, organisation_code, title, content, digest, proposed_at, proposed_by)"
    " VALUES (1, 'closure', '130102', 'x', '{}', 'd', '2026-11-23T01:00:00.000000Z', 1)",
    "INSERT INTO calendar_decisions (proposal_id, sequence, decision, reason, decided_at, decided_by)"
    " VALUES (1, 1, 'refused', 'x', '2026-11-23T01:00:00.000000Z', 2)",
    "INSERT INTO papers VALUES (1, 1, 'zh', 1, 'a.docx', '{digest}', '2026-11-23T01:00:00.000000Z')",
    "INSERT INTO substitutions (absent_id, substitute_id, from_at, until_at, kinds, reason, made_at)"
    " VALUES (1, 2, '2027-01-01T00:00:00.000000Z', '2027-01-02T00:00:00.000000Z', '[]', 'x', '2026-11-23T01:00:00.000000Z')",
    "INSERT INTO invitations (token_hash, organisation_code, role, name, made_by, made_at, expires_at)"
    " VALUES ('t', '130102', 'county_officer', 'x', 1, '2026-11-23T01:00:00.000000Z', '2026-12-23T01:00:00.000000Z')",
)
"""Rows for what the cases leave empty."""


def furnished(folder: Path) -> House:
    """A house with a case that is done, one that runs, files, looks and records, anchored twice, without triggers."""
    house = build_house(folder, APPROVAL, REGISTERS)
    acting = house.application.cases.acting
    first = house.start("changan", "approval", PLACE, REQUEST)
    acting.attach(house.actor("changan"), first.case_id, "清单.txt", "桌椅若干".encode())
    house.start("changan", "approval", PLACE, REQUEST)
    house.start(OFFICER, "enrol", PLACE, READER)
    digest = house.application.files.put(b"paper")
    house.application.looks.write(1, "10.0.0.1", "seen", "case", "1")
    without_triggers(house)
    with house.application.database.write() as connection:
        for statement in MADE:
            connection.exec_driver_sql(statement.replace("{digest}", digest))
        account_events.append(connection, house.clock.now(), "regulation_imported")
        account_events.append(connection, house.clock.now(), "substitution_named", user_id=1)
    house.application.anchors.anchor()
    house.clock.move(days=1)
    acting.comment(house.actor("changan"), "2", "请尽快办理")
    house.application.anchors.anchor()
    return house


def without_triggers(house: House) -> None:
    """Take away what keeps the tables append-only, as whoever owns the database can."""
    with house.application.database.write() as connection:
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


def copy_of(house: House, folder: Path) -> House:
    """The same house in another folder, as it stands."""
    shutil.copytree(house.folder.data_dir, folder, ignore=shutil.ignore_patterns("*.db*"))
    for name in ("gangwei.db", "access.db"):
        with (
            closing(sqlite3.connect(house.folder.data_dir / name)) as source,
            closing(sqlite3.connect(folder / name)) as to,
        ):
            source.backup(to)
    where, clock = Folder(folder, f"sqlite:///{folder / 'gangwei.db'}"), TestClock(house.clock.at)
    return House(open_application(where, clock, entrance=CHEAP), clock, where)
