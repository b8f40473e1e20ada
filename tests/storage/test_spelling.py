"""A word is found in a column in whatever width, case, dashes and brackets it was stored, on both databases."""

import pytest
from sqlalchemy import literal, select

from engine import letters
from storage.database import Database
from storage.spelling import says

STORED = "冀工发〔２０２６〕１号 ＧＷ2026－00001 总工会（长安区）阿依古丽•买买提 a\\b]c^d*e?f%g_h"


@pytest.fixture
def connection(database_url):
    database = Database(database_url)
    with database.read() as found:
        yield found
    database.close()


@pytest.mark.parametrize(
    ("word", "there"),
    [
        ("冀工发[2026]1号", True), ("gw2026-00001", True), ("ＧＷ２０２６—００００１", True), ("总工会(长安区)", True),
        ("阿依古丽·买买提", True), ("a\\b)c^d", True), ("d*e?f%g_h", True), ("长安", True),
        ("gw2026-00002", False), ("2027", False), ("桥西", False), ("d*f", False), ("axb", False), ("g%h", False),
    ],
)  # fmt: skip
def test_a_word_is_found_however_it_was_stored_and_nothing_else_is(connection, word, there):
    found = connection.execute(select(says(connection, literal(STORED), letters.folded(word)))).scalar_one()
    assert bool(found) is there
