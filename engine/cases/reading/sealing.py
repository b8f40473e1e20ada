"""What a task of a sealed submission asks for, and what stands of one that was handed in. Opens nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from engine.cases.base import seen_at
from engine.cases.sealed_types import Handed, SealedEntry, handed
from engine.cases.sealing import at_last, at_second, key_named, key_of, moment_named
from engine.definition import Definition
from engine.diagram import Element
from engine.errors import Refusal
from engine.sealing.keys import PRINTED
from engine.views import FieldView, SealingView, ShareHolder
from engine.words import Said, Text, say, worded
from storage import sealed
from storage.database import Connection
from storage.rows import CaseRow, TaskRow

_TIME, _HASH, _SIZE, _CLOSES = say("收到时间"), say("密文 SHA-256"), say("密文大小"), say("截止时间")
_WHO: Final = (say("事项编号"), say("单位"))
_HEAD: Final = (say("提交人"), _TIME, _HASH, say("开启结果"))


def sealing_view(
    connection: Connection, definition: Definition, case: CaseRow, task: TaskRow, now: datetime
) -> SealingView | None:
    """What an open task does; None for any other one."""
    asked = definition.elements[task["element"]].sealing
    if not asked.kind:
        return None
    if asked.share is not None:
        return SealingView(asked.kind, printed=asked.share.kind == PRINTED)
    text = asked.sealed.until if asked.sealed else asked.unseal.at if asked.unseal else ""
    seen, at = seen_at(connection, case, task), None
    holders: tuple[ShareHolder, ...] = ()
    entries = 0
    with suppress(Refusal):  # what is wrong is told to whoever hands in
        at = moment_named(definition, case, seen, text)
        if asked.unseal is not None:
            _, key = key_of(connection, key_named(definition, case, seen, asked.unseal.key))
            holders = tuple(ShareHolder(one["name"], one["kind"] == PRINTED) for one in key["shares"])
            entries = len(sealed.counted(connection, key["id"])) if at <= now else 0
    told = None if at is None else at_last(at) if asked.sealed else at_second(at)
    return SealingView(asked.kind, told, at is not None and now > at, holders=holders, entries=entries)


def sealed_fields(element: Element, submission: Mapping[str, Any], language: str) -> tuple[FieldView, ...]:
    """What is read of a submission beside its form: the receipt of what was sealed, or what was opened."""
    read_out = element.sealing.unseal.read_out if element.sealing.unseal else ()
    return tuple(_parts(handed(element, submission), read_out, language))


def _parts(said: Handed, read_out: Sequence[tuple[str, Text]], language: str) -> Iterator[FieldView]:
    if "sealed" in said:
        yield FieldView("heading", _text(say("密封提交回执"), language))
        yield from (
            FieldView("field", _text(name, language), _text(value, language)) for name, value in _of(said["sealed"])
        )
        yield FieldView("text", "", _text(say("内容已加密，开启以前谁也读不到；这里只有密文的散列值。"), language))
    if "share" in said:
        printed = said["share"]["kind"] == PRINTED
        made = say("恢复码已打印，系统不保存") if printed else say("口令已设置，系统不保存")
        yield FieldView("field", _text(say("密钥份额"), language), _text(made, language))
    if "key" in said:
        yield FieldView("field", _text(say("密封密钥"), language), said["key"]["id"])
    if "opened" in said:
        rows = tuple(
            (
                one["case"], one["organisation_name"], *(_value(one["data"], name) for name, _ in read_out),
                one["by"], _moment(one["received_at"], language), one["digest"],
                _text(say("已开启") if one["readable"] else say("密文缺失或被改动，无法开启"), language),
            )
            for one in said["opened"]
        )  # fmt: skip
        heads: tuple[Said, ...] = (*_WHO, *(name for _, name in read_out), *_HEAD)
        head, bad = tuple(_text(one, language) for one in heads), [not one["readable"] for one in said["opened"]]
        marked = frozenset(at for at, wrong in enumerate(bad) if wrong)
        yield FieldView("table", _text(say("开启的密封件"), language), columns=head, rows=rows, marked=marked)


def _of(entry: SealedEntry) -> Iterator[tuple[Said, Said]]:
    yield _TIME, at_second(datetime.fromisoformat(entry["received_at"]))
    yield _CLOSES, at_last(datetime.fromisoformat(entry["closes_at"]))
    yield _HASH, entry["digest"]
    yield _SIZE, say("{count}字节", count=entry["size"])


def _value(data: Mapping[str, Any] | None, name: str) -> str:
    found = (data or {}).get(name)
    return "" if found is None else str(found)


def _moment(text: str, language: str) -> str:
    return _text(at_second(datetime.fromisoformat(text)), language)


def _text(said: Said, language: str) -> str:
    return str(worded(said, language))
