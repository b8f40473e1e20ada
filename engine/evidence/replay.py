"""The proof: a case rebuilt from its events with its own definition must be the case that is stored. Writes nothing.

Checked are the chain of hashes, the numbering without a gap, the state, the case row, every task row,
every version of a record, what its register asks of it, and every file. What differs is named. Not checked is where an
organisation stands in the tree: that follows the tree and no event of a case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from engine.errors import NotFound, Refusal, Runaway
from engine.evidence import comparing
from engine.evidence.differences import Difference, Late
from engine.evidence.rebuilding import rebuild
from engine.evidence.rebuilt import Rebuilt
from engine.evidence.registers import register_differences
from engine.feel import UNHURRIED, Allowance, BudgetExceeded, step
from engine.publishing.catalog import Catalog
from engine.words import Words, say
from storage import cases as rows
from storage import events
from storage.database import Connection, Unreachable
from storage.events import LoggedEvent
from storage.rows import CaseRow

T = TypeVar("T")
PROOF_SECONDS: Final = 30.0
"""Of the processor, that the proof of one case may take."""


def differences(
    connection: Connection, catalog: Catalog, case_id: int, seconds: float = PROOF_SECONDS
) -> list[Difference]:
    """Everything in which the stored case differs from its rebuilt one; empty when it is proved.

    A proof meets the worst data there is: what cannot be read is named, and the rest is proved. No limit of time holds
    that held when the case ran, only those of memory; when ``seconds`` are over, the proof is ``Late``. Raises
    NotFound, and what the database raises when it is out of reach.
    """
    with step(Allowance(seconds, UNHURRIED, again=True)):
        return _differences(connection, catalog, case_id)


def _differences(connection: Connection, catalog: Catalog, case_id: int) -> list[Difference]:
    found: list[Difference] = []
    log, broken = events.readable_of_case(connection, case_id)
    found += [
        Difference(f"event {seq} cannot be read", say("第 {number} 条流转记录无法读取", number=seq)) for seq in broken
    ]
    case = met(found, "the case", say("事项"), lambda: rows.get(connection, case_id))
    if case is None:
        if found:
            return found
        raise NotFound(what=say("这个事项"))
    found += [] if broken else chain_breaks(log, case)
    try:
        built = rebuild(catalog.definition(connection, case["digest"]), log, case_id)
    except Unreachable:
        raise
    except (BudgetExceeded, Runaway) as exceeded:
        return [*found, _late(exceeded)]
    except Exception as error:  # whatever an event holds, it is the history that is wrong and not the proof
        return [*found, Difference(f"cannot be rebuilt: {error}", say("无法由流转记录重建"))]
    for what, name, part in _parts(connection, catalog, case, log, built):
        found += met(found, what, name, part) or []
    return found


def _parts(
    connection: Connection, catalog: Catalog, case: CaseRow, log: list[LoggedEvent], built: Rebuilt
) -> list[tuple[str, Words, Callable[[], list[Difference]]]]:
    """What is compared, part by part, by name."""
    number = case["id"]
    return [
        ("the case", say("事项"), lambda: comparing.case_differences(connection, case, built)),
        ("the files", say("附件"), lambda: comparing.file_differences(connection, number, built)),
        ("what was sealed", say("密封提交"), lambda: comparing.sealed_differences(connection, number, built)),
        ("the waits", say("等待"), lambda: comparing.wait_differences(connection, number, built)),
        ("the deadlines", say("期限"), lambda: comparing.deadline_differences(connection, number, built)),
        (
            "the records that it concerns",
            say("涉及的台账记录"),
            lambda: comparing.concern_differences(connection, number, built),
        ),
        ("the public pages", say("公开页面"), lambda: comparing.public_differences(connection, number, built)),
        ("the rules of registers", say("台账规则"), lambda: [*register_differences(connection, catalog, number, log)]),
        ("the tasks", say("任务"), lambda: comparing.task_differences(connection, number, built)),
        ("the people", say("协办人员"), lambda: comparing.people_differences(connection, number, built)),
        ("the records", say("台账记录"), lambda: comparing.record_differences(connection, number, built)),
        (
            "who must stand aside",
            say("应当回避的人"),
            lambda: comparing.recusal_differences(connection, catalog.definition(connection, case["digest"]), case),
        ),
    ]


def met(found: list[Difference], what: str, name: Words, part: Callable[[], T]) -> T | None:
    """What a part of a proof gives; None, and its name among the differences, when its rows cannot be read."""
    try:
        return part()
    except Unreachable:
        raise
    except (BudgetExceeded, Runaway) as exceeded:
        found.append(_late(exceeded))
        return None
    except Exception as error:
        found.append(Difference(f"{what} cannot be read: {error}", say("{name}无法读取", name=name)))
        return None


def _late(exceeded: Refusal) -> Late:
    return Late(f"not proved in time: {exceeded}", say("未能在时限内核验"))


def chain_breaks(log: list[LoggedEvent], case: CaseRow) -> list[Difference]:
    """Gaps in the numbering, hashes that do not follow from what stands there, and a head that is not the last."""
    found: list[Difference] = []
    previous = events.FIRST
    for expected, event in enumerate(log, start=1):
        if event["seq"] != expected:
            found.append(Difference(f"event {expected} is missing", say("第 {number} 条流转记录缺失", number=expected)))
            break
        if event["previous"] != previous or not events.holds(event):
            found.append(
                Difference(f"event {expected} was changed", say("第 {number} 条流转记录被改动", number=expected))
            )
        previous = event["hash"]
    if case["head"] != previous or case["revision"] != len(log):
        found.append(Difference("the case does not end with its last event", say("事项的末条与流转记录不符")))
    return found
