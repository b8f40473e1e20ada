"""What programs before this one left is upgraded, read, proved and gone on with, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine import semantics, upgrading
from engine.directory.contents import read_directory
from engine.publishing.catalog import Catalog
from engine.publishing.directory import DirectoryGuarded
from storage import definitions, events, migrate
from storage.database import Database
from tests.directory import changed
from tests.house import House
from tests.old_databases import REVISIONS, house_of, restored
from tests.postgres import Server

KEPT = Path(migrate.__file__).parent / "migrations" / "directory"
AT_THAT_TIME = read_directory({one.name: one.read_bytes() for one in KEPT.iterdir() if one.suffix == ".toml"})


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path, server: Server | None) -> Any:
    """An installation whose database such a program left, upgraded."""
    url = restored(tmp_path, request.param, server)
    upgrading.upgrade(url)
    made = house_of(tmp_path, url)
    yield made
    made.application.database.close()


def each(*revisions: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("house", revisions or REVISIONS, indirect=True)


def running(house: House) -> list[tuple[str, str]]:
    """The open tasks of the applications for posts, each with somebody who may do it."""
    holders = "SELECT login, role || '@' || organisation_code FROM users JOIN memberships ON users.id = user_id"
    waiting = (
        "SELECT case_id, tasks.number, element, candidate FROM tasks JOIN cases ON cases.id = case_id"
        " WHERE tasks.status = 'open' AND key = 'post_approval' ORDER BY 1, 2"
    )
    with house.application.database.read() as connection:
        who = {candidate: login for login, candidate in connection.exec_driver_sql(holders)}
        found = connection.exec_driver_sql(waiting).fetchall()
    return [(f"{case_id}-{number}", who[candidate]) for case_id, number, _, candidate in found]


def every_case(house: House) -> list[str]:
    with house.application.database.read() as connection:
        return [str(found) for found in connection.exec_driver_sql("SELECT id FROM cases ORDER BY id").scalars()]


def filed(house: House, task: str) -> dict[str, Any]:
    """What was handed in when the case of a task began."""
    with house.application.database.read() as connection:
        data = events.of_case(connection, int(task.partition("-")[0]))[0]["data"]
    return {
        name: value for name, value in data["variables"]["application"].items() if name not in ("at", "by", "_chosen")
    }


def unlike(house: House) -> dict[str, list[str]]:
    """The cases that their events do not make again."""
    return {case: found for case in every_case(house) if (found := house.proof(case))}


@each()
def test_every_case_is_rebuilt_equal(house: House) -> None:
    assert len(every_case(house)) >= 10 and unlike(house) == {}


def written(house: House) -> set[tuple[int, int]]:
    """In which formats and under which semantics the events of all cases stand."""
    with house.application.database.read() as connection:
        logs = [events.of_case(connection, int(case)) for case in every_case(house)]
    return {(event["format"], event["semantics"]) for log in logs for event in log}


@each()
def test_every_case_goes_on_and_is_still_proved(house: House) -> None:
    acting, done, before = house.application.cases.acting, 0, written(house)
    for words in ("材料不全", "不再申请"):  # the cities send back, and what has come back is given up
        for task, login in running(house):
            house.clock.move(minutes=1)
            outcomes = {one.id for one in house.application.cases.reading.task(house.actor(login), task).outcomes}
            if "approve" in outcomes:
                house.application.cases.claims.claim(house.actor(login), task)
                acting.comment(house.actor(login), task.partition("-")[0], words)
                continue
            outcome = "return" if "return" in outcomes else "withdraw"
            filled = {} if outcome == "return" else filed(house, task)
            acting.complete(house.actor(login), task, {**filled, "opinion": words}, outcome)
            done += 1
    assert done >= 6 and unlike(house) == {}
    today = (events.FORMAT, semantics.CURRENT)
    assert written(house) == {*before, today}


@each("endings")
def test_what_stood_in_files_beside_the_program_is_published_by_the_upgrade(house: House) -> None:
    application = house.application
    assert application.directory.in_force() == AT_THAT_TIME
    with application.database.read() as connection:
        row = next(one for one in definitions.listed(connection, "_directory") if one["current"])
        assert definitions.get(connection, row["digest"]) is not None
    guarded = Catalog(application.database, guarded=True)
    with pytest.raises(DirectoryGuarded):  # what the migration put there is as good as published
        guarded.publish(changed(add=True), house.clock.now())


@pytest.mark.parametrize("state", [b'{"f":99,"n":1,"v":{},"m":null,"s":{}}', b"{}", b"nothing"])
def test_an_upgrade_that_cannot_read_a_case_says_so_and_changes_nothing(
    tmp_path: Path, server: Server | None, state: bytes
) -> None:
    url = restored(tmp_path, "first_tables", server)
    database = Database(url)
    with database.write() as connection:
        changed_rows = text("UPDATE cases SET state = :state WHERE number = 'GW2026-00007'")
        connection.execute(changed_rows, {"state": state})
    with pytest.raises(upgrading.StatesUnreadable, match="GW2026-00007") as refusal:
        upgrading.upgrade(url)
    assert "1" in refusal.value.message("en") and migrate.revision_of(database) == "first_tables"
    database.close()
