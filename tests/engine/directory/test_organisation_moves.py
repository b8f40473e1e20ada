"""Whatever is moved where: paths, levels and the report of an import stay true."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as some

from engine.directory.organisation_import import ImportRefused, load
from storage import organisations
from storage.database import Database, metadata
from tests.directory import put_in_force
from tests.engine.directory.people_house import Clock

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HEAD = "编码,名称,类型,上级编码\n"
TREE = (
    HEAD
    + "p,省,省,\n"
    + "".join(f"c{i},市{i},市,p\n" for i in range(3))
    + "".join(f"x{i},县{i},县,c{i % 3}\n" for i in range(4))
    + "".join(f"t{i},街道{i},街道,x{i % 4}\n" for i in range(5))
)
CODES = ["p", *(f"c{i}" for i in range(3)), *(f"x{i}" for i in range(4)), *(f"t{i}" for i in range(5))]
moves = some.lists(some.tuples(some.sampled_from(CODES), some.sampled_from([*CODES, "-", "nowhere"])), max_size=4)


def rows_of(database):
    with database.read() as connection:
        return {row["code"]: dict(row) for row in organisations.everything(connection)}


@given(some.lists(moves, min_size=1, max_size=4))
@settings(max_examples=40)
def test_after_any_moves_every_path_is_its_parent_s_path_and_its_own_code(batches):
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/test.db")
        metadata.create_all(database.engine)
        put_in_force(database, Clock())
        load(database, "tree.csv", TREE.encode(), NOW)
        for batch in batches:
            check_a_batch(database, batch)
        database.close()


def check_a_batch(database, batch):
    before = rows_of(database)
    table = ("编码,上级编码\n" + "".join(f"{code},{parent}\n" for code, parent in batch)).encode()
    try:
        done = load(database, "moves.csv", table, NOW)
    except ImportRefused as refused:
        assert refused.problems
        assert rows_of(database) == before
        return
    after = rows_of(database)
    for code, row in after.items():
        above = after.get(row["parent_code"])
        assert row["path"] == (above["path"] if above else "/") + code + "/"
        assert row["level"] == (above["level"] if above else 0) + 1
    changed = {code for code in after if after[code] != before[code]}
    assert {move.code for move in done.moved} == changed
    assert all(before[move.code]["path"] == move.old_path for move in done.moved)
    assert done.added == 0
    assert done.changed + done.unchanged == len(batch)
    again = load(database, "moves.csv", table, NOW)
    assert (again.changed, again.moved) == (0, ())
