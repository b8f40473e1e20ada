"""What proofs, playback and exports cost: a million events of a hundred thousand cases, and a case of five thousand."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, insert, select

from engine.desks.audit_views import AuditFilters
from engine.evidence import replay
from engine.evidence.anchors import proving
from storage import cases as case_rows
from storage import chains, events
from storage.rows import CaseRow
from storage.tables import cases
from tests.benchmarks.measure import milliseconds, spread
from tests.engine.evidence.test_rebuild import APPROVAL, PLACE, REQUEST
from tests.house import House, build_house
from tests.soak.tamperings import demo

CASES, EVENTS = 100_000, 10
LONG = 5_000
AT_ONCE = 500


def measure(copies: int = CASES, long: int = LONG) -> None:
    """Prints events per second of chain and replay, and time and memory of proof, playback and export."""
    with tempfile.TemporaryDirectory() as folder:
        _replays(demo(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        house = build_house(Path(folder), APPROVAL)
        _playback(house, long)
        _fill(house, copies)
        _chains(house)
        _whole(house)
        _exports(house)
        house.application.database.close()


class _Memory:
    """How much the process grew at most since this was made, in megabytes. Linux forgets the peak when it is asked to."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        self._before = self._peak()

    def __str__(self) -> str:
        return f"+{self._peak() - self._before:.0f} MB"

    @staticmethod
    def _peak() -> float:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _replays(house: House) -> None:
    """Every case of the demo is proved, twice; the second round counts: the definitions are compiled."""
    application, taken, count = house.application, 0.0, 0
    with application.database.snapshot(), application.database.read() as connection:
        for _ in range(2):
            taken, count = 0.0, 0
            for number in [one["id"] for one in connection.execute(cases.select()).mappings()]:
                taken += milliseconds(partial(replay.differences, connection, application.catalog, number))
                count += len(events.of_case(connection, number))
    print(f"{'cases of the demo proved and replayed':<40} {count / taken * 1000:8,.0f} events per second   (n={count})")
    sizes = []
    for number in ("1", "3", "7"):
        out = io.BytesIO()
        application.playback.bundle(house.actor("auditor"), number, "", out)
        sizes.append(f"{len(out.getvalue()) / 1024:.0f} KB")
    print(f"{'bundles of evidence':<40} {', '.join(sizes)}")
    application.database.close()


def _playback(house: House, long: int) -> None:
    """A case of thousands of events, asked for position by position, anywhere."""
    first = house.start("changan", "approval", PLACE, REQUEST)
    officer, auditor = house.actor("changan"), house.actor("auditor")
    for number in range(long - 1):
        house.application.cases.acting.comment(officer, first.case_id, f"第{number}次催办")
    desk = house.application.playback
    begun = milliseconds(lambda: desk.positions(auditor, first.case_id, long, 1))
    print(f"{f'playback, the last of {long:,}, first time':<40} {begun:8.2f} ms")
    places = [(number * 977) % long + 1 for number in range(200)]
    taken = [milliseconds(partial(desk.positions, auditor, first.case_id, place, 1)) for place in places]
    print(spread(f"a step anywhere in {long:,}", taken))


def _fill(house: House, copies: int) -> None:
    """``copies`` of one case that was decided, each with a chain of its own."""
    receipt = house.start("changan", "approval", PLACE, REQUEST)
    number = int(receipt.case_id)
    for at in range(EVENTS - 1):
        house.application.cases.acting.comment(house.actor("changan"), receipt.case_id, f"第{at}次催办")
    with house.application.database.read() as connection:
        log = events.of_case(connection, number)
        row = case_rows.get(connection, number)
    assert row is not None
    for first in range(1_000, 1_000 + copies, AT_ONCE):
        _write(house, row, log, range(first, min(first + AT_ONCE, 1_000 + copies)))


def _write(house: House, row: CaseRow, log: list[events.LoggedEvent], numbers: Iterable[int]) -> None:
    links, payloads, rows = [], [], []
    for number in numbers:
        previous = events.FIRST
        for one in log:
            said: events.NewEvent = {
                "name": one["name"], "at": one["at"], "data": one["data"], "actor_id": one["actor_id"],
                "actor_name": one["actor_name"], "actor_role": one["actor_role"],
            }  # fmt: skip
            made = events.sealed(number, one["seq"], previous, said, one["semantics"])
            previous = made["link"]["hash"]
            links.append(made["link"])
            payloads.append(made["payload"])
        rows.append({**row, "id": number, "number": f"{row['number'][:4]}-{number}", "head": previous})
    with house.application.database.write() as connection:
        connection.execute(insert(cases), rows)
        connection.execute(insert(events.events), links)
        connection.execute(insert(events.payloads), payloads)


def _chains(house: House) -> None:
    """Beside the hashing alone, of as many links in memory."""
    with house.application.database.read() as connection:
        count = connection.execute(select(func.count()).select_from(events.events)).scalar_one()
        memory = _Memory()
        wrong: list[Any] = []
        taken = milliseconds(lambda: wrong.extend(chains.broken(connection)))
    assert not wrong, wrong[:3]
    said = [2, 1, "0" * 64, 123456, 7, "comment_added", "2026-11-22T03:05:00.000000Z", "f" * 64]

    def hashing() -> None:
        for _ in range(count):
            hashlib.sha256(orjson.dumps(said)).hexdigest()

    floor = milliseconds(hashing)
    print(
        f"{f'chain of {count:,} events':<40} {count / taken * 1000:8,.0f} events per second   "
        f"floor {count / floor * 1000:,.0f}   ratio {taken / floor:.2f}   {memory}"
    )


def _whole(house: House) -> None:
    """Anchored, then proved without playing a case again."""
    house.application.anchors.anchor()
    memory = _Memory()
    found: list[proving.HouseProof] = []
    taken = milliseconds(lambda: found.append(proving.prove(house.application.anchors.house, replays=False)))
    print(f"{'proof of the house without replays':<40} {taken / 1000:8.1f} s   {memory}")
    print(f"{'  findings':<40} {len(found[0].survey.findings):8}")


def _exports(house: House) -> None:
    """All cases as event logs, streamed."""
    desk, auditor = house.application.event_logs, house.actor("auditor")
    for name, told in (("XES", desk.xes), ("OCEL", desk.ocel)):
        memory, size = _Memory(), [0]

        def sent(told: Any = told, size: list[int] = size) -> None:
            size[0] = sum(len(part) for part in told(auditor, AuditFilters()))

        taken = milliseconds(sent)
        print(f"{f'{name} of all cases':<40} {taken / 1000:8.1f} s   {size[0] / 1e6:.0f} MB   {memory}")
