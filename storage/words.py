"""The index of words: what people read of a row, folded, and found from one letter on. Knows no other table.

Of each text stand in it its grams: every run of one and of two letters, and every run of four where all are of ASCII,
as numbers are. A search takes the longest that its words have, and what they find it compares with the text itself: the
index says who may hold a word, the text says who does. SQLite looks the grams up by FTS5, PostgreSQL by a GIN index.

A word that very many rows hold needs no index: whoever reads a list in its order meets the first of them soon.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, TypedDict

import orjson
from sqlalchemy import (
    DDL,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    event,
    false,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.database import metadata
from storage.letters import folded
from storage.prepared import Prepared

CASE, RECORD, ACCOUNT = "case", "register_record", "account"
"""Of what a row of the index speaks; the first letter tells one's grams from another's."""
FEW: Final = 4_000
"""As many rows may hold the grams of a search and be compared one by one; more are met soon enough on a list."""
MOST_GRAMS: Final = 24
"""So many grams of a search are looked up; the text settles the rest."""
_LONG: Final = 4
_APART: Final = {point: 0xE000 + point for point in range(0x80) if not chr(point).isalnum()}
"""FTS5's tokenizer of ASCII parts words at such letters: they are kept under points of nobody's use."""


class Grams(TypeDecorator[list[str]]):
    """Grams as each database looks them up: an array, or one text with blanks between them."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array where there are arrays."""
        kind = postgresql.ARRAY(Text) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        """As it is stored."""
        if value is None or dialect.name == "postgresql":
            return value
        return " ".join(one.translate(_APART) for one in value)


words = Table(
    "words",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(160), nullable=False),  # which case, record or account
    Column("text", Text, nullable=False),  # folded
    Column("grams", Grams, nullable=False),
    UniqueConstraint("kind", "subject"),
    Index("ix_words_grams", "grams", postgresql_using="gin").ddl_if(dialect="postgresql"),
)
_w = words.c


class WordsRow(TypedDict):
    """What a row can be found by; the grams are for the index alone."""

    id: int
    kind: str
    subject: str
    text: str
    grams: object


INDEX: Final = (
    "CREATE VIRTUAL TABLE words_index USING fts5(grams, content='words', content_rowid='id', tokenize='ascii',"
    " detail='none', columnsize=0)",
    "CREATE TRIGGER words_added AFTER INSERT ON words BEGIN"
    " INSERT INTO words_index (rowid, grams) VALUES (NEW.id, NEW.grams); END",
    "CREATE TRIGGER words_removed AFTER DELETE ON words BEGIN"
    " INSERT INTO words_index (words_index, rowid, grams) VALUES ('delete', OLD.id, OLD.grams); END",
    "CREATE TRIGGER words_changed AFTER UPDATE ON words BEGIN"
    " INSERT INTO words_index (words_index, rowid, grams) VALUES ('delete', OLD.id, OLD.grams);"
    " INSERT INTO words_index (rowid, grams) VALUES (NEW.id, NEW.grams); END",
)
"""SQLite's index and what keeps it in step with the table, in whatever way a row comes, changes or goes."""
for _statement in INDEX:
    event.listen(words, "after_create", DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]


def _put(kind: Any) -> Prepared:
    row = kind.insert(words).values({name: bindparam(name) for name in ("kind", "subject", "text", "grams")})
    fresh = {"text": row.excluded.text, "grams": row.excluded.grams}
    other = _w.text != row.excluded.text  # most acts leave a case's words as they are
    return Prepared(row.on_conflict_do_update(index_elements=["kind", "subject"], set_=fresh, where=other))


_PUT: Final = {"sqlite": _put(sqlite), "postgresql": _put(postgresql)}


def put(connection: Connection, kind: str, subject: object, *texts: str) -> None:
    """Let a row be found by the words of these texts, and no longer by those that it had. A part of the step path."""
    _PUT[connection.dialect.name].write(connection, _row(kind, subject, texts))


def put_all(connection: Connection, kind: str, rows: Iterable[tuple[object, Sequence[str]]]) -> None:
    """The same for rows of which nothing is in the index yet."""
    fresh = [_row(kind, subject, texts) for subject, texts in rows]
    if fresh:
        connection.execute(insert(words), fresh)


def _row(kind: str, subject: object, texts: Sequence[str]) -> dict[str, object]:
    plain = folded(" ".join(texts))
    return {"kind": kind, "subject": str(subject), "text": plain, "grams": grams(kind, plain)}


def grams(kind: str, plain: str) -> list[str]:
    """What of a folded text is in the index: the letter of its kind before each gram."""
    found: dict[str, None] = {}
    for word in plain.split():
        found.update(dict.fromkeys(word))
        found.update(dict.fromkeys(a + b for a, b in pairwise(word)))
        found.update(dict.fromkeys(one for one in _runs(word, _LONG) if one.isascii()))
    return [kind[0] + one for one in found]


def looked_up(kind: str, plain: Iterable[str]) -> list[str]:
    """The grams by which rows are found that hold every word: the fewest that tell."""
    found: dict[str, None] = {}
    for word in plain:
        length = _LONG if len(word) >= _LONG and word.isascii() else min(2, len(word))
        found.update(dict.fromkeys(_runs(word, length)))
    every = list(found)
    return [kind[0] + one for one in every[:: -(-len(every) // MOST_GRAMS) or 1]]


def _runs(word: str, length: int) -> list[str]:
    return [word[at : at + length] for at in range(len(word) - length + 1)]


def subjects(connection: Connection, kind: str, plain: Sequence[str]) -> list[str] | None:
    """Whose text holds every folded word; None when they may be too many to be named. An empty list: nobody's."""
    wanted = looked_up(kind, plain)
    if not wanted:
        return None
    if connection.dialect.name == "sqlite":
        match = " AND ".join(f'"{one.translate(_APART)}"' for one in wanted)
        may = text("SELECT rowid FROM words_index WHERE words_index MATCH :match LIMIT :most").bindparams(match=match)
    else:
        may = text("SELECT id FROM words WHERE grams @> CAST(:match AS text[]) LIMIT :most").bindparams(match=wanted)
    found = list(connection.execute(may.bindparams(most=FEW + 1)).scalars())
    if len(found) > FEW:
        return None
    holding = [_holds(connection, _w.text, word) for word in plain]
    return list(connection.execute(select(_w.subject).where(among(connection, _w.id, found), *holding)).scalars())


def says(connection: Connection, kind: str, subject: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether the text of a row of another query holds a folded word, looked at row by row."""
    own = select(_w.text).where(_w.kind == kind, _w.subject == subject).scalar_subquery()
    return _holds(connection, own, word)


def among(connection: Connection, column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a column has one of the values, which go to the database as one."""
    if not values:
        return false()
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(orjson.dumps(list(values)).decode()).table_valued("value").c.value))
    return column == func.any(literal(list(values), postgresql.ARRAY(column.type)))


def _holds(connection: Connection, column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[int] = (
        func.instr(column, word) if connection.dialect.name == "sqlite" else func.strpos(column, word)
    )
    return found > 0
