"""What is evidence can be added to and nothing else, on both databases: the database itself refuses."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.benchmarks.steps import WORKFLOWS, walk
from tests.house import build_house

CHANGES = {
    "sqlite": ["UPDATE {} SET {column} = ''", "DELETE FROM {}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"],
    "postgresql": ["UPDATE {} SET {column} = ''", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
}


@pytest.mark.parametrize(
    ("table", "column"), [("events", "hash"), ("event_payloads", "data"), ("account_events", "hash")]
)
def test_the_database_refuses_to_change_or_to_remove_what_is_evidence(tmp_path, server, table, column):
    house = build_house(tmp_path, WORKFLOWS, server=server)
    walk(house)
    database = house.application.database
    before = rows(database, table)
    assert before
    for change in CHANGES[database.engine.dialect.name]:
        with pytest.raises(DBAPIError, match="evidence"), database.write() as connection:
            connection.execute(text(change.format(table, column=column)))
    assert rows(database, table) == before
    database.close()


def rows(database, table):
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]
