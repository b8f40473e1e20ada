"""What is only foreseen reads what stands, holds nothing, writes nothing and ends where it would; on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, insert, select, update

from storage import numbering
from storage.database import Database, is_foreseen
from storage.migrate import all_tables
from storage.prepared import Prepared
from storage.tables import sequences

OWN = sequences.c.name == bindparam("b_name")
KNOWN = Prepared(select(sequences).where(OWN).with_for_update())
MOVING = update(sequences).where(OWN).values(value=bindparam("b_value"))
MOVE, MOVED = Prepared(MOVING), Prepared(MOVING.returning(sequences.c.value))
SAID = {"b_name": "s", "b_value": 9}
WRITES = {
    "a writing past SQLAlchemy": lambda connection: MOVE.write(connection, SAID),
    "one that is counted": lambda connection: MOVE.change(connection, SAID),
    "one that answers": lambda connection: MOVED.one(connection, SAID),
    "a statement": lambda connection: connection.execute(update(sequences).values(value=9)),
    "a text": lambda connection: connection.exec_driver_sql("DELETE FROM sequences"),
}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    all_tables().create_all(made.engine)
    with made.write() as connection:
        connection.execute(insert(sequences), {"name": "s", "value": 1})
    yield made
    made.close()


def value(database: Database) -> object:
    with database.read() as connection:
        return connection.execute(select(sequences.c.value)).scalar_one()


def test_it_ends_where_it_would_write_and_nothing_is_held_meanwhile(database: Database) -> None:
    other, reached = Database(database.engine.url.render_as_string(hide_password=False)), list[str]()
    for name, write in WRITES.items():
        with database.foreseeing(), database.write() as connection:
            assert is_foreseen(connection) and KNOWN.one(connection, SAID) == {"name": "s", "value": 1}
            connection.execute(select(sequences).with_for_update()).all()
            assert numbering.next_in_sequence(connection, "s") == 2
            assert numbering.next_case(connection, "s") == (0, 2)
            with other.write() as writing:  # who writes meanwhile does not wait
                MOVE.change(writing, SAID)
                writing.execute(update(sequences).values(value=1))
            reached.append(name)
            write(connection)
            raise AssertionError("it goes on")
    assert reached == list(WRITES) and value(database) == 1
    other.close()


def test_what_comes_after_it_is_written_as_ever(database: Database) -> None:
    with database.foreseeing(), database.write() as connection:
        MOVE.change(connection, SAID)
    with database.write() as connection:
        assert not is_foreseen(connection) and KNOWN.one(connection, SAID) is not None
        MOVE.change(connection, SAID)
    assert value(database) == 9 and database.outage.why is None
