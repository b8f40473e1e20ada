"""The real server, driven over HTTP and killed at random, with files, registers, jobs and messages; then every promise is
checked. On PostgreSQL the database is killed, too.

Proved at the end: what was answered with yes is there once, with its event; what was not answered at most once; each
row of a file has its file, and no other is left after the clean-up; each record is what its case's events make it;
every message was delivered once; a key that is used again got the same answer.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import urlopen

from sqlalchemy import text

from engine.desks.proofs import prove_all
from storage import cases, copying, events
from storage.events import LoggedEvent
from tests.crash import flaws as planted
from tests.crash.callers import Act, Caller, Shared, content
from tests.crash.harness import numbering, wait_for_quiet
from tests.crash.servers import LOG
from tests.house import ROOT, House, build_house
from tests.postgres import Server
from tests.site import demo_environment

LONGEST = 0.06  # seconds from an answer to the kill: somewhere within what is asked for next
SECONDS = 120.0
CALLERS = 3
LEDGER = Path(__file__).parent / "ledger"
WORDS = {"open": "case_started", "upload": "file_attached", "remark": "comment_added", "settle": "task_completed"}


@dataclass
class Found:
    """What was counted, and every broken promise in words. ``hits``: kills that cut somebody off."""

    kills: int = 0
    hits: int = 0
    promised: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    messages: int = 0
    broken: list[str] = field(default_factory=list)


def build(folder: Path, server: Server | None = None) -> House:
    """A house with the process of this harness."""
    return build_house(folder, LEDGER, server=server)


Born = Callable[[dict[str, str]], int]


@contextmanager
def nursery() -> Iterator[Born]:
    """The parent of all servers. Gives a function from an environment to the pid of a new one."""
    words = [sys.executable, "-m", "tests.crash.servers"]
    parent = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdin is not None and parent.stdout is not None
    orders, answers = parent.stdin, parent.stdout

    def born(environment: dict[str, str]) -> int:
        orders.write(json.dumps(environment) + "\n")
        orders.flush()
        return int(answers.readline())

    try:
        yield born
    finally:
        orders.close()
        parent.wait()
        answers.close()


class Served:
    """The server of one house, and its PostgreSQL where that is to be killed, too."""

    def __init__(self, house: House, born: Born, flaws: str, server: Server | None) -> None:
        folder, url = house.folder.data_dir, house.folder.database_url
        self._environment = demo_environment(folder) | {"GANGWEI_DATABASE_URL": url, planted.SETTING: flaws}
        self.url = f"http://127.0.0.1:{self._environment['GANGWEI_PORT']}"
        self._born, self._server = born, server
        self._pid = 0

    def start(self) -> None:
        self._pid = self._born(self._environment)
        _until(lambda: _answers(f"{self.url}/readyz"))

    def kill(self, chance: random.Random) -> None:
        """Kill the server, or PostgreSQL, or both; start again what was killed."""
        database = self._server if self._server is not None and chance.random() < 0.5 else None
        alone = database is not None and chance.random() < 0.5
        if not alone:
            os.kill(self._pid, signal.SIGKILL)
        if database is not None:
            database.kill()
            database.start()
        if not alone:
            self.start()

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        if Path(f"/proc/{self._pid}").exists():
            os.kill(self._pid, signal.SIGTERM)
            _until(lambda: not Path(f"/proc/{self._pid}").exists())


def run(house: House, hits: int, born: Born, *, server: Server | None = None, seed: int = 1, flaws: str = "") -> Found:
    """Kill until ``hits`` kills have cut somebody off, let everything end, and check.

    ``server``: the PostgreSQL to kill as well. ``flaws``: faults to put in (``tests.crash.flaws``).
    """
    found, shared, chance = Found(), Shared(), random.Random(seed)
    served = Served(house, born, flaws, server)
    served.start()
    try:
        callers = [Caller(served.url, number, shared, seed + number) for number in range(CALLERS)]
        threads = [Thread(target=one.live, daemon=True) for one in callers]
        for thread in threads:
            thread.start()
        while found.hits < hits and not shared.broken:
            known = _promises(callers)
            _until(lambda: _promises(callers) > known or shared.broken)  # noqa: B023
            time.sleep(chance.uniform(0, LONGEST))
            at_work = [one.under_way for one in callers]
            served.kill(chance)
            found.kills += 1
            found.hits += _were_cut(at_work)
        shared.over.set()
        for thread in threads:
            thread.join(SECONDS)
        _until(lambda: not _waiting(house))
    finally:
        shared.over.set()
        served.stop()
    wait_for_quiet(house)
    found.repeated = sum(one.repeated for one in callers)
    found.broken += shared.broken
    check(house, found, [act for one in callers for act in one.acts])
    return found


def _were_cut(at_work: list[Act | None]) -> bool:
    """Whether somebody who was at work when it was killed was cut off; he may need a moment to see it."""
    limit = time.monotonic() + 1
    while time.monotonic() < limit and any(act and not act.cut and not act.answer for act in at_work):
        time.sleep(0.005)
    return any(act and act.cut for act in at_work)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def _promises(callers: list[Caller]) -> int:
    return sum(len(one.promised) for one in callers)


def _until(holds: Callable[[], object]) -> None:
    limit = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < limit, "it does not come to pass"
        time.sleep(0.01)


def _waiting(house: House) -> int:
    with house.application.database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM jobs WHERE status = 'waiting'")).scalar_one())


# -- what must be so at the end --------------------------------------------------------------------------------------


def check(house: House, found: Found, acts: list[Act]) -> None:
    """Compare the promises, and all that is stored, with the events."""
    with house.application.database.read() as connection:
        logs = {number: events.of_case(connection, number) for number in cases.case_ids(connection)}
        numbers = sorted(str(row["number"]) for number in logs if (row := cases.get(connection, number)))
    found.broken += numbering(numbers)
    found.broken += [f"case {number} has no event" for number, log in logs.items() if not log]
    _check_promises(found, acts, logs)
    check_files(house, found, logs)
    _check_messages(house, found, logs)
    _check_records(house, found, logs)
    for proof in prove_all(house.application.database, house.application.catalog):
        found.broken += [f"case {proof.case_id}: {line}" for line in proof.differences]
    said = (house.folder.data_dir / LOG).read_text(encoding="utf-8", errors="replace")
    if "Traceback" in said:
        found.broken.append(said[said.index("Traceback") :][:1500])


def _word(event: LoggedEvent) -> str:
    data = event["data"]
    submitted = data.get("submission") or data.get("variables", {}).get("opened") or {}
    return str(data.get("text") or data.get("name", "").removesuffix(".txt") or submitted.get("note"))


def _check_promises(found: Found, acts: list[Act], logs: dict[int, list[LoggedEvent]]) -> None:
    said = Counter((event["name"], _word(event)) for log in logs.values() for event in log)
    for act in acts:
        count = said[WORDS[act.kind], act.word]
        found.promised[act.kind] += act.answer is not None
        if count > 1:
            found.broken.append(f"{count} times: {act.kind} {act.word}")
        if act.answer and not count:
            found.broken.append(f"lost: {act.kind} {act.word}")


def check_files(house: House, found: Found, logs: dict[int, list[LoggedEvent]]) -> None:
    """Whether each row of a file has its event and its file, whole, and no other file is left."""
    named = {
        (number, event["data"]["name"], event["data"]["digest"])
        for number, log in logs.items()
        for event in log
        if event["name"] == "file_attached"
    }
    files = house.application.files
    with house.application.database.read() as connection:
        rows = {
            (one["case_id"], one["name"], one["digest"]) for n in logs for one in cases.attachments_of(connection, n)
        }
        digests = copying.named_files(connection)
    found.broken += [f"of row and event of a file only one is there: {one}" for one in named ^ rows]
    for _, name, digest in rows:
        try:
            whole = files.get(digest).decode() == content(name.removesuffix(".txt"))
        except Exception as error:
            found.broken.append(f"the file {name}: {error}")
        else:
            found.broken += [] if whole else [f"the file {name} is not what was handed in"]
    files.sweep(digests, timedelta(seconds=-60))  # as if it were tomorrow
    left = {one.name for one in (house.folder.data_dir / "files").rglob("*") if one.is_file()} - digests
    found.broken += [f"left of no row: {one}" for one in left]


def _check_messages(house: House, found: Found, logs: dict[int, list[LoggedEvent]]) -> None:
    """One that the case was entered, and one for each timer that came."""
    due = Counter({(number, "已登记"): 1 for number in logs})
    due.update((n, "请办结") for n, log in logs.items() for event in log if event["name"] == "timer_fired")
    with house.application.database.read() as connection:
        told = Counter(
            tuple(row) for row in connection.execute(text("SELECT case_id, text FROM messages WHERE kind = 'notice'"))
        )
        failed = connection.execute(text("SELECT kind, error FROM jobs WHERE status = 'failed'")).all()
    found.messages = told.total()
    found.broken += [f"a job has failed: {one}" for one in failed]
    found.broken += [
        f"message {one}: {told[one]}, and {due[one]} were due" for one in due | told if told[one] != due[one]
    ]


def _check_records(house: House, found: Found, logs: dict[int, list[LoggedEvent]]) -> None:
    due: Counter[tuple[Any, Any]] = Counter()
    for log in logs.values():
        said = {event["name"]: _word(event) for event in log}
        due[said.get("case_started"), said.get("task_completed")] += 1
    with house.application.database.read() as connection:
        kept = connection.execute(text("SELECT data FROM records WHERE register = 'entry' AND valid_to IS NULL"))
        held = [json.loads(one) for one in kept.scalars()]
    have = Counter((one["opened_with"], one.get("settled_with")) for one in held)
    found.broken += [
        f"records of {one}: {have[one]}, and {due[one]} were due" for one in have | due if have[one] != due[one]
    ]
