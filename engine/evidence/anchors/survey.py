"""What stands in the house now beside what was anchored last: what differs is found, what is new is handed on.

Reads rows, slice by slice, and plays no case. What is found wrong is not handed on: the next anchor does not hide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Final, TypeVar

from engine.evidence.anchors.covered import TABLES, How
from engine.evidence.anchors.mismatch import Mismatch, Survey, readable
from engine.evidence.anchors.rows import ACCOUNT_LOG, CASE, RowSurvey, Sink, ToldRows, gone
from engine.words import Words, say
from storage import access_log, account_events, anchor_entries, stated, summits
from storage.anchor_entries import EntryRow, NewEntry
from storage.database import Connection, Database, Unreachable

ACCESS_LOG: Final = "access_batches"
SEQUENCES: Final = "sequences"
HASHED: Final = {name: one for name, one in TABLES.items() if How.ROWS in one.how}
NUMBERED: Final = tuple(name for name in HASHED if stated.is_numbered(name))
T = TypeVar("T")


def nothing(_: list[NewEntry]) -> None:
    """For who only proves."""


def ceilings(database: Database) -> dict[str, int]:
    """By table with numbers, what may be anchored without missing a row that comes later under a lower number."""
    return stated.ceilings(database, (*NUMBERED, CASE))


def survey(
    connection: Connection, log: Database, upto: Mapping[str, int] | None = None, sink: Sink = nothing
) -> Survey:
    """All of the house beside its newest entries. ``upto``: as ``ceilings`` says, for who anchors."""
    found, limits, told = Survey(), upto or {}, ToldRows(connection)
    _met(found, ACCOUNT_LOG, lambda: _logs(connection, log, found, sink))
    _met(found, CASE, lambda: _cases(connection, found, limits.get(CASE), sink))
    _met(found, SEQUENCES, lambda: _sequences(connection, found, sink))
    for name, covered in HASHED.items():
        one = RowSurvey(connection, name, covered.unhashed, told, found, sink)
        _met(found, name, partial(one.compare, limits.get(name)))
    return found


def _met(found: Survey, kind: str, part: Callable[[], None]) -> None:
    """Do a part; when its rows cannot be read, that is a finding, and the others are proved."""
    try:
        part()
    except Unreachable:
        raise
    except Exception as error:  # whatever the rows hold
        found.findings.append(Mismatch(kind, "", say("{table} 无法读取：{why}", table=kind, why=str(error)[:200])))


def _logs(connection: Connection, log: Database, found: Survey, sink: Sink) -> None:
    """The chains that the whole house shares: their ends are entries, their rows were hashed as they were written."""
    count, head = account_events.end(connection)
    wrong = list(account_events.broken(connection))
    found.findings += [
        Mismatch(ACCOUNT_LOG, str(one), say("账号记录第 {number} 条与记录链不符", number=one)) for one in wrong
    ]
    known = anchor_entries.newest(connection, ACCOUNT_LOG, [""]).get("")
    if known is None or summits.account_hash(connection, known["upto"]) == known["hash"]:
        _grown(ACCOUNT_LOG, known, count, head, found, sink if not wrong else nothing)
    else:
        told = say("账号记录第 {number} 条不是已锚定的那一条，或已被截去", number=known["upto"])
        found.findings.append(Mismatch(ACCOUNT_LOG, str(known["upto"]), told))
    with log.read() as looks:
        _looks(connection, looks, found, sink)


def _looks(connection: Connection, looks: Connection, found: Survey, sink: Sink) -> None:
    known = anchor_entries.newest(connection, ACCESS_LOG, [""]).get("")
    there = access_log.exists(looks)
    wrong = list(access_log.broken(looks)) if there else []
    found.findings += [
        Mismatch(ACCESS_LOG, str(one), say("查看记录第 {number} 批与记录链不符", number=one)) for one in wrong
    ]
    if known is not None and (not there or summits.batch_hash(looks, known["upto"]) != known["hash"]):
        told = say("查看记录第 {number} 批不是已锚定的那一批，或已被截去", number=known["upto"])
        found.findings.append(Mismatch(ACCESS_LOG, str(known["upto"]), told))
    elif there:
        _, batch, head = access_log.end(looks)
        _grown(ACCESS_LOG, known, batch, head, found, sink if not wrong else nothing)


def _grown(kind: str, known: EntryRow | None, upto: int, head: str, found: Survey, sink: Sink) -> None:
    before = known["upto"] if known else 0
    found.count(found.proved, kind, before)
    if upto > before:
        found.count(found.young, kind, upto - before)
        sink([{"kind": kind, "subject": "", "upto": upto, "hash": head}])


def _cases(connection: Connection, found: Survey, upto: int | None, sink: Sink) -> None:
    """Each case by its newest event: the chain of the case commits to all events before."""
    highest, seen = anchor_entries.highest_number(connection, CASE), 0
    for part in summits.case_ends(connection, upto):
        known = anchor_entries.newest(connection, CASE, [stated.subject_of([one["id"]]) for one in part])
        was = {int(readable(one["subject"])): one for one in known.values()}
        hashes = summits.event_hashes(connection, [(number, one["upto"]) for number, one in was.items()])
        fresh: list[NewEntry] = []
        seen += len(was)
        for one in part:
            entry = was.get(one["id"])
            if entry is None and one["id"] <= highest:
                found.findings.append(
                    _of_case(one["id"], None, say("事项 {number} 不在已锚定之列，是后来插入的", number=one["number"]))
                )
            elif entry is not None and hashes.get((one["id"], entry["upto"])) != entry["hash"]:
                told = say(
                    "事项 {number} 到第 {event} 条为止的流转记录与锚定的不符", number=one["number"], event=entry["upto"]
                )
                found.findings.append(_of_case(one["id"], entry["upto"], told))
            elif one["last"] != one["head"] or one["events"] != one["revision"]:
                told = say("事项 {number} 的末条与流转记录不符", number=one["number"])
                found.findings.append(_of_case(one["id"], one["events"], told))
            else:
                before = entry["upto"] if entry else 0
                found.count(found.proved, CASE, 1 if entry else 0)
                found.count(found.young, CASE, one["revision"] - before)
                if one["revision"] > before:
                    fresh.append(
                        {
                            "kind": CASE,
                            "subject": stated.subject_of([one["id"]]),
                            "upto": one["revision"],
                            "hash": one["head"],
                        }
                    )
        sink(fresh)
    gone(connection, CASE, seen, found)


def _of_case(case_id: int, event: int | None, told: Words) -> Mismatch:
    return Mismatch(CASE, str(case_id), told, case_id, event)


def _sequences(connection: Connection, found: Survey, sink: Sink) -> None:
    rows, fresh, seen = summits.sequence_values(connection), list[NewEntry](), 0
    for part in _slices(iter(rows.items())):
        known = anchor_entries.newest(connection, SEQUENCES, [stated.subject_of([name]) for name, _ in part])
        seen += len(known)
        for name, value in part:
            entry = known.get(subject := stated.subject_of([name]))
            if entry is not None and value < entry["upto"]:
                told = say(
                    "编号序列“{name}”倒退了：锚定时为 {was}，现为 {value}", name=name, was=entry["upto"], value=value
                )
                found.findings.append(Mismatch(SEQUENCES, name, told))
            elif entry is None or value > entry["upto"]:
                found.count(found.young, SEQUENCES)
                fresh.append({"kind": SEQUENCES, "subject": subject, "upto": value, "hash": ""})
            else:
                found.count(found.proved, SEQUENCES)
    sink(fresh)
    gone(connection, SEQUENCES, seen, found)


def _slices(found: Iterator[T]) -> Iterator[list[T]]:
    while part := list(islice(found, anchor_entries.SLICE)):
        yield part
