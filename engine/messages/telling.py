"""Telling people something, in the transaction of the act that is to be told: it commits with it or not at all.

Each person is told once by a call. Knows the kinds and not why something is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypedDict

from engine.directory.actors import personal
from engine.directory.in_force import by_digest
from engine.messages.kinds import NOTICE, MessageKind
from engine.words import Said, Words, both, say
from storage import definitions, messages, news, people
from storage.database import Connection

LONGEST_TITLE = 300
_ABOUT = say("{number} {title}")
_ABOUT_AND = say("{number} {title}：{words}")
_OUTSIDE_AND = say("{number}：{words}")


Pair = tuple[str, str]
"""Chinese and English."""


class OfCase(TypedDict):
    """What a message says of the case that it is about."""

    id: int
    number: str
    title: str


def tell(
    connection: Connection, now: datetime, kind: MessageKind, people: Iterable[int | None],
    case: OfCase | None = None, *, task: int | None = None, words: Said | None = None, opens: bool | None = None,
    **facts: Any,
) -> None:  # fmt: skip
    """Tell each of these people (ids; None is nobody) one thing of a kind.

    ``case``: its row; the message leads there, and says its number and title. ``task``: the number of the task that it
    is about. ``words``: what somebody said, an opinion or a reason. ``opens``: whether who is told may read the case,
    else as the kind says. ``facts``: what the kind's title names; a fact may be a pair of Chinese and English.
    """
    title, text = kind.title.about(**facts), _text(case, words)
    outside = text if case is None else _text({**case, "title": ""}, words)
    _write(connection, now, kind, people, case, both(title), (text, outside), task, opens)


def notice(
    connection: Connection, now: datetime, people: Iterable[int | None], title: Said, text: Said,
    case: OfCase | None = None, *, kind: MessageKind = NOTICE, opens: bool | None = None, task: int | None = None,
    outside: Said | None = None,
) -> None:  # fmt: skip
    """Tell people what a diagram or a desk has put into words itself. ``outside``: what those from outside hear."""
    texts = _pair(text), _pair(text if outside is None else outside)
    _write(connection, now, kind, people, case, _pair(title), texts, task, opens)


def _pair(said: Said) -> tuple[str, str]:
    return (said, "") if isinstance(said, str) else both(said)


def _text(case: OfCase | None, words: Said | None) -> tuple[str, str]:
    if case is None:
        return _pair(words or "")
    if not case["title"]:
        return _pair(_OUTSIDE_AND.about(number=case["number"], words=words) if words else case["number"])
    about: Words = _ABOUT if not words else _ABOUT_AND.about(words=words)
    facts = {**dict(about.facts), "number": case["number"], "title": case["title"]}
    return both(about.about(**facts))


def _write(
    connection: Connection, now: datetime, kind: MessageKind, people: Iterable[int | None], case: OfCase | None,
    title: tuple[str, str], texts: tuple[Pair, Pair], task: int | None, opens: bool | None,
) -> None:  # fmt: skip
    told = sorted({one for one in people if one is not None})
    row = {
        "kind": kind.name, "title": title[0][:LONGEST_TITLE], "title_en": title[1][:LONGEST_TITLE],
        "case_id": case["id"] if case else None,
        "number": task if kind.of_task else None,
        "opens": bool(kind.opens if opens is None else opens) and case is not None, "sent_at": now,
    }  # fmt: skip
    outside = _outside(connection, told) if texts[0] != texts[1] else frozenset()
    for person in told:
        text, text_en = texts[person in outside]
        messages.add(connection, {"user_id": person, **row, "text": text, "text_en": text_en})  # type: ignore[typeddict-item]
    news.add(connection, (personal(person) for person in told), now)


def _outside(connection: Connection, told: Sequence[int]) -> frozenset[int]:
    """Who of them is of an outside organisation: he hears of a case its number, and no title."""
    if not told:
        return frozenset()
    directory = by_digest(connection, definitions.digest_of_directory(connection))
    roles = [role.id for role in directory.roles.values() if role.outside]
    return people.holders_among(connection, told, roles) if roles else frozenset()
