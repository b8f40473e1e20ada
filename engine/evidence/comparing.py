"""What is stored of a case beside what its events make of it, table by table. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import spiff
from engine.cases.acting.fills import RECUSALS
from engine.cases.recording.concerns import concerned_by
from engine.cases.recusal import Recusal
from engine.definition import Definition
from engine.evidence.differences import Difference
from engine.evidence.rebuilt import Rebuilt
from engine.words import say
from storage import cases as rows
from storage import (
    deadlines,
    fills,
    involvements,
    organisations,
    public_pages,
    records,
    recusals,
    sealed,
    waits,
)
from storage.database import Connection
from storage.pieces import Pieces
from storage.rows import AttachmentRow, CaseRow
from storage.waits import Awaited

_NOT_TOLD = ("state", "organisation_path", "revision", "head", "listed_by")
"""What of a case is checked elsewhere, or follows the tree."""
_DONE = ("completed_at", "completed_by", "completed_for", "outcome", "outcome_kind", "claimed_by", "claimed_name")
_NAMED = ("element", "name_zh", "name_en", "candidate", "organisation_name")
_ASKED = (*_NAMED, "instances", "opened_at", "due_at", "due_key", "warn_at")


def case_differences(connection: Connection, case: CaseRow, built: Rebuilt) -> list[Difference]:
    found: list[Difference] = []
    stored_pieces = Pieces(connection, case["id"])
    if built.opened is None or not spiff.same(built.opened["state"], case["state"], built.pieces, stored_pieces):
        found.append(Difference("state differs", say("流程状态与流转记录不一致")))
    places = organisations.paths_of(connection, case["organisation_code"])
    if places and case["organisation_path"] not in places:
        found.append(Difference("the place differs from the tree", say("事项所在单位的位置与单位树不一致")))
    stored: Mapping[str, object] = case
    return found + [
        Difference(
            f"{name} is {stored[name]}, the events say {value}", say("事项的 {name} 与流转记录不一致", name=name)
        )
        for name, value in (built.opened or {}).items()
        if name not in _NOT_TOLD and stored[name] != value and not (name == "passages" and stored[name] is None)
    ]


def file_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    if [_file(row) for row in rows.attachments_of(connection, case_id)] == built.files:
        return []
    return [Difference("the files differ", say("附件与流转记录不一致"))]


def public_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    stored = {(row["page"], row["key"]): row for row in public_pages.of_case(connection, case_id)}
    told: dict[tuple[str, str], Mapping[str, object]] = {**built.public}
    return [
        Difference(f"the public page {page} {key} differs", say("公开页面“{page}”与流转记录不一致", page=page))
        for page, key in sorted(stored.keys() | told.keys())
        if {k: v for k, v in stored.get((page, key), {}).items() if k != "id"} != told.get((page, key), {})
    ]


def sealed_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    """What was handed in sealed, the keys that were made, and those that were used here."""
    keys = sealed.keys_of(connection, case_id)
    made = {row["id"]: {**row, "opened_case": None, "opened_seq": None} for row in keys if row["case_id"] == case_id}
    used = {row["id"]: row["opened_seq"] for row in keys if row["opened_case"] == case_id}
    if (sealed.entries_of(connection, case_id), made, used) == (built.sealed, built.keys, built.opened_keys):
        return []
    return [Difference("what was sealed differs", say("密封提交与流转记录不一致"))]


def concern_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    if tuple(concerned_by(connection, case_id)) == built.concerned:
        return []
    return [Difference("the records that it concerns differ", say("涉及的台账记录与流转记录不一致"))]


def _file(row: AttachmentRow) -> tuple[Any, ...]:
    by = (row["added_by"], row["added_name"], row["added_at"])
    return (row["event_seq"], row["name"], row["size"], row["digest"], *by)


def task_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    stored: dict[int, Mapping[str, object]] = {task["number"]: task for task in rows.tasks_of(connection, case_id)}
    told: dict[int, Mapping[str, object]] = {**built.tasks}
    found = [
        Difference(f"task {number} is only on one side", say("任务 {number} 只有一方存在", number=number))
        for number in sorted(stored.keys() ^ told.keys())
    ]
    for number in sorted(stored.keys() & told.keys()):
        for name in ("status", *_ASKED, *_DONE):
            if stored[number][name] != told[number][name] and not (name == "instances" and not stored[number][name]):
                line = f"task {number}: {name} is {stored[number][name]!r}, the events say otherwise"
                words = say("任务 {number} 的 {name} 与流转记录不一致", number=number, name=name)
                found.append(Difference(line, words))
    return found


def people_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    """Who was brought into which task, and what became of it."""
    told = sorted((row for rows in built.people.values() for row in rows), key=lambda row: (row["seq"], row["place"]))
    if involvements.of_case(connection, case_id) == told:
        return []
    return [Difference("the people of its tasks differ", say("协办人员与流转记录不一致"))]


def recusal_differences(connection: Connection, definition: Definition, case: CaseRow) -> list[Difference]:
    """Who must stand aside at its open tasks, beside what is decided now; nothing while that is still filled in."""
    if not definition.recusing or fills.after(connection, RECUSALS) is not None:
        return []
    decided, recusal = set[tuple[int, int]](), Recusal(connection, case, definition)
    for task in recusals.open_at(connection, case["id"], definition.recusing):
        decided |= {(task["number"], user_id) for user_id in recusal.at(task, task["element"])}
    if {(row["number"], row["user_id"]) for row in recusals.of_case(connection, case["id"])} == decided:
        return []
    return [Difference("who must stand aside differs", say("应当回避的人与流转记录不一致"))]


def wait_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    """What the case waits for, and of a timer when it is due (one that failed keeps that moment)."""
    stored = {(row["number"], row["element"]): _awaited(row) for row in waits.of_case(connection, case_id)}
    told = {place: _awaited(row) for place, row in built.waits.items()}
    return [
        Difference(f"wait {number} {element} differs", say("等待“{element}”与流转记录不一致", element=element))
        for number, element in sorted(stored.keys() | told.keys())
        if stored.get((number, element)) != told.get((number, element))
    ]


def _awaited(row: Awaited) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("kind", "name", "key", "run_at", "payload"))


def deadline_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    elsewhere = deadlines.places_of(connection, case_id) - {built.case["organisation_code"]}
    misplaced = [Difference("a deadline has another place", say("期限所属的单位与事项不一致"))] if elsewhere else []
    stored = {row["number"]: row for row in deadlines.of_case(connection, case_id)}
    return misplaced + [
        Difference(f"the deadline of task {number} differs", say("任务 {number} 的期限与流转记录不一致", number=number))
        for number in sorted(stored.keys() | built.deadlines.keys())
        if stored.get(number) != built.deadlines.get(number)
    ]


def record_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    found = []
    written = {seq: records.of_event(connection, case_id, seq) for seq in records.event_seqs(connection, case_id)}
    for seq in sorted(written.keys() | built.changes.keys()):
        stored = [
            (row["register"], row["number"], row["data"], row["search"], row["valid_from"])
            for row in written.get(seq, [])
        ]
        told = sorted(built.changes.get(seq, []), key=lambda one: one[:2])
        if stored != told:
            told_as = say("第 {number} 条流转记录写入的台账不一致", number=seq)
            found.append(Difference(f"the records written by event {seq} differ", told_as))
    return found + [
        Difference(
            f"version {row['version']} of {row['register']} {row['number']} does not stand among the others",
            say(
                "台账记录 {number} 第 {version} 版的版次、起止时间或单位与其他版本不符",
                number=row["number"],
                version=row["version"],
            ),
        )
        for row in records.misplaced(connection, case_id)
    ]
