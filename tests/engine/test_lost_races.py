"""Who loses to another transaction is told to look again, whatever he did: a deadlock of the database is no fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError

from engine.desks import regulation
from engine.directory import organisation_import
from engine.errors import Conflict
from engine.publishing.folder import FolderFiles
from storage.database import Connection, Database
from tests.benchmarks.steps import WORKFLOWS
from tests.house import START, House, build_house


def import_tree(house: House) -> object:
    sheet = "code,name\n130102,长安区总工会\n".encode()
    return organisation_import.load(house.application.database, "单位.csv", sheet, START)


def import_articles(house: House) -> object:
    return regulation.import_regulation(house.application.database, "第一条 为了规范。".encode(), START)


def publish(house: House) -> object:
    return house.application.catalog.publish(FolderFiles(WORKFLOWS), START)


@pytest.mark.parametrize("act", [import_tree, import_articles, publish])
def test_who_is_caught_in_a_deadlock_is_told_to_look_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act
) -> None:
    house = build_house(tmp_path)
    write = Database.write

    @contextmanager
    def caught(self: Database) -> Iterator[Connection]:
        with write(self) as connection:
            yield connection
            raise OperationalError("COMMIT", {}, errors.DeadlockDetected())

    monkeypatch.setattr(Database, "write", caught)
    with pytest.raises(Conflict):
        act(house)
    monkeypatch.undo()
    house.application.database.close()
