"""The proof over the house in the background: begun by a person, one at a time, its progress and its result in a file.

The file lies in the data folder, so every server of an installation shows the same. Shows no business.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Final

from engine.errors import Conflict
from engine.evidence.anchors import proving
from engine.evidence.anchors.lock import alone
from engine.evidence.anchors.mismatch import Mismatch
from engine.evidence.anchors.proving import House, HouseProof
from engine.model import Clock
from engine.words import Text, both, say
from storage import cases
from storage.database import utc_text, utc_time

logger = logging.getLogger(__name__)

FORMAT: Final = 1
FILE, LOCK = "proof.json", "proof.lock"
SHOWN: Final = 100
"""Differences that are kept of a run; all of them tells the console."""
STEPS: Final = 50
"""How often at most a run says how far it has come."""
REST: Final = 0.5
"""After each case as long a rest, in parts of what it took: others are to feel little of a proof."""


class AlreadyProving(Conflict):
    """Somebody has begun a proof that goes on."""

    sentence = say("核验正在进行，请等它完成后再开始。")


@dataclass(frozen=True, slots=True)
class Differing:
    """One difference, as it is shown."""

    kind: str
    subject: str
    told: Text
    case_id: int | None
    event: int | None


@dataclass(frozen=True, slots=True)
class ProofRun:
    """A proof under way or over. Moments are ISO 8601 in UTC; ``ended_at``: empty while it goes on, or broke off.

    ``replays``: every case is played again, of which ``done`` of ``total`` are; ``late``: cases not proved in time;
    ``failed``: why there is no result.
    """

    by: str
    begun_at: str
    replays: bool
    total: int = 0
    done: int = 0
    ended_at: str = ""
    under_way: bool = True
    failed: str = ""
    late: int = 0
    wrong: int = 0
    findings: tuple[Differing, ...] = ()
    proved: Mapping[str, int] | None = None
    young: Mapping[str, int] | None = None

    @property
    def begun(self) -> datetime | None:
        return utc_time(self.begun_at)

    @property
    def ended(self) -> datetime | None:
        return utc_time(self.ended_at) if self.ended_at else None

    @property
    def holds(self) -> bool:
        """Whether it came to its end and found nothing."""
        return bool(self.ended_at) and not self.failed and not self.wrong

    @property
    def kinds(self) -> list[str]:
        """Of what it has counted anything."""
        return list({**(self.proved or {}), **(self.young or {})})


class ProofRuns:
    """Begins a proof, and tells of the newest one."""

    def __init__(self, house: House, folder: Path, machine: Clock, rest: float = REST) -> None:
        self._house, self._folder, self._machine, self._rest = house, folder, machine, rest
        self._thread: Thread | None = None

    def newest(self) -> ProofRun | None:
        """The proof that goes on, or the last one; None: there was none, or what it left cannot be read."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            run = _read((self._folder / FILE).read_bytes())
            if not run.under_way:
                return run
            with alone(self._folder / LOCK, waits=False) as free:  # its program has gone
                return replace(run, under_way=False) if free else run
        return None

    def begin(self, by: str, replays: bool) -> None:
        """Begin a proof, which goes on by itself. Raises AlreadyProving, OSError."""
        with ExitStack() as stack:
            if not stack.enter_context(alone(self._folder / LOCK, waits=False)):
                raise AlreadyProving
            run = ProofRun(by, utc_text(self._machine.now()), replays)
            self._write(run)
            held = stack.pop_all()
        self._thread = Thread(target=self._prove, args=(run, held), name="proof", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until the proof that was begun here is over."""
        if self._thread is not None:
            self._thread.join()

    def _prove(self, run: ProofRun, held: ExitStack) -> None:
        with held:
            try:
                run = self._proved(run)
            except Exception as error:
                logger.exception("a proof failed")
                run = replace(run, failed=f"{type(error).__name__}: {error}"[:200])
            with suppress(OSError):
                self._write(replace(run, under_way=False, ended_at=utc_text(self._machine.now())))

    def _proved(self, run: ProofRun) -> ProofRun:
        if run.replays:
            with self._house.database.read() as connection:
                run = replace(run, total=len(cases.case_ids(connection)))
            self._write(run)
        progress = self._progress(run)
        next(progress)
        proof = proving.prove(self._house, run.replays, progress.send)
        return _of(replace(run, done=run.total), proof)

    def _progress(self, run: ProofRun) -> Generator[None, int, None]:
        """Hears how many cases are done, says so now and then, and rests."""
        began = time.monotonic()
        while True:
            done = yield
            if done % max(1, run.total // STEPS) == 0:
                self._write(replace(run, done=done))
            time.sleep((time.monotonic() - began) * self._rest)
            began = time.monotonic()

    def _write(self, run: ProofRun) -> None:
        part = self._folder / f"{FILE}.part"
        part.write_bytes(json.dumps({"format": FORMAT, **asdict(run)}, ensure_ascii=False).encode())
        part.replace(self._folder / FILE)


def _of(run: ProofRun, proof: HouseProof) -> ProofRun:
    found = proof.survey
    return replace(
        run, late=proof.late, wrong=len(found.findings), proved=found.proved, young=found.young,
        findings=tuple(_differing(one) for one in found.findings[:SHOWN]),
    )  # fmt: skip


def _differing(one: Mismatch) -> Differing:
    return Differing(one.kind, one.subject, both(one.told), one.case_id, one.event)


def _read(content: bytes) -> ProofRun:
    told = json.loads(content)
    if told.pop("format") != FORMAT:
        raise ValueError("of another program")
    found = tuple(_found(**one) for one in told.pop("findings"))
    return ProofRun(**told, findings=found)


def _found(kind: str, subject: str, told: list[str], case_id: int | None, event: int | None) -> Differing:
    zh, en = told
    return Differing(kind, subject, (zh, en), case_id, event)
