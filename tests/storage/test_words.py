"""The index of words on both databases: what is in it is found from one letter on, and what is not, is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from storage import migrate, words
from storage.database import Database
from storage.letters import folded
from storage.letters import words as words_of
from storage.words import ACCOUNT, CASE

TEXTS = {
    1: ["GW2026-00007", "初级岗2个、中级岗1个", "长安区总工会社会工作者岗位设置"],
    2: ["GW2026-10007", "岗位核销", "裕华区总工会（筹）"],
    3: ["GW2027-00123", "Ｇｒａｄｅ　Ｂ 👩‍👧 100%_完成", "it's «O'Brien» \"quoted\" -- OR *"],
    4: ["", "", ""],
}
FOUND: list[tuple[str, set[int]]] = [
    ("岗位", {1, 2}), ("岗", {1, 2}), ("岗位设置", {1}), ("设置岗位", set()), ("初级岗2", {1}), ("级岗１", {1}),
    ("2026-0007", set()), ("2026-00007", {1}), ("0007", {1, 2}), ("007", {1, 2}), ("7", {1, 2, 3}),
    ("gw2026", {1, 2}), ("ＧＷ2026", {1, 2}), ("（筹）", {2}), ("(筹)", {2}), ("〔筹〕", {2}), ("👩", {3}), ("👩👧", {3}),
    ("100%", {3}), ("%", {3}), ("_", {3}), ("0%_完", {3}), ("'", {3}), ('"', {3}), ("\\", set()), ("*", {3}), ("-", {1, 2, 3}),
    ("it's", {3}), ("岗位 长安", {1}), ("长安 裕华", set()), ("位岗", set()), ("个长", set()), ("OR", {3}), ("NEAR(", set()),
    ("岗" * 3_000, set()), ("x" * 3_000, set()), (TEXTS[1][2], {1}), ("grade b", {3}), ("\u200b岗\u00ad位", {1, 2}),
]  # fmt: skip


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    migrate.upgrade(made)
    with made.write() as connection:
        for number, texts in TEXTS.items():
            words.put(connection, CASE, number, *texts)
        words.put(connection, ACCOUNT, 1, "岗位管理员", "gangwei")
    yield made
    made.close()


def found(connection: Any, typed: str) -> set[int]:
    """Whom a search finds by the index; the same must be found by looking at each row."""
    plain = words_of(typed)
    subjects = words.subjects(connection, CASE, plain)
    assert subjects is not None
    each = words.words.alias().c
    walked = select(each.subject).where(each.kind == CASE)
    walked = walked.where(*(words.says(connection, CASE, each.subject, word) for word in plain))
    assert sorted(connection.execute(walked).scalars()) == sorted(subjects)
    return {int(one) for one in subjects}


def test_what_is_typed_is_found_as_it_is_read(database: Database) -> None:
    with database.read() as connection:
        assert [(typed, found(connection, typed)) for typed, _ in FOUND] == FOUND
        assert words.subjects(connection, ACCOUNT, ["岗位"]) == ["1"]
        assert words.subjects(connection, CASE, []) is None


def test_a_row_is_found_by_what_it_says_now(database: Database) -> None:
    with database.write() as connection:
        words.put(connection, CASE, 1, "新题目")
        assert (found(connection, "新题"), found(connection, "岗位")) == ({1}, {2})
        connection.execute(delete(words.words).where(words.words.c.subject == "2"))
        assert found(connection, "岗位") == set()


def test_what_is_undone_is_not_found(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        words.put(connection, CASE, 5, "岗位撤回")
        raise ZeroDivisionError
    with database.read() as connection:
        assert found(connection, "撤回") == set()


def test_a_word_that_many_hold_is_left_to_the_list(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "FEW", 1)
    with database.read() as connection:
        assert words.subjects(connection, CASE, ["岗位"]) is None
        assert words.subjects(connection, CASE, ["岗位", "长安"]) == ["1"]


def planted(kind: str, plain: str) -> list[str]:
    """An index that forgets the last letters of a word."""
    return words.grams(kind, " ".join(word[:-1] for word in plain.split()))


LETTERS = "岗位初级0123aB-（%_'\"👧 "


def missed(made: Any, said: str, typed: str) -> list[str]:
    """The words of what was typed that a text holds and the index does not look up."""
    plain = folded(said)
    known = set(made(CASE, plain))
    return [word for word in words_of(typed) if word in plain and not known >= set(words.looked_up(CASE, [word]))]


@settings(max_examples=300, deadline=None)
@given(st.text(LETTERS, max_size=40), st.integers(0, 40), st.integers(1, 30))
def test_every_part_of_a_text_is_looked_up_by_grams_that_it_has(said: str, begin: int, length: int) -> None:
    assert missed(words.grams, said, said[begin : begin + length]) == []


def test_an_index_that_forgets_would_be_found() -> None:
    assert missed(planted, "初级岗2", "岗2") == ["岗2"]
