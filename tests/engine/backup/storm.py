"""A backup of a server that people are busy with, restored elsewhere: what must be in it, and what must not differ."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from engine.backup.checking import check
from engine.backup.making import make
from engine.backup.restoring import restore
from engine.clock import SystemClock
from engine.evidence import replay
from engine.words import worded
from storage import events
from tests.engine.backup.installation import Place, empty, furnished, opened
from tests.house import TestClock
from tests.postgres import Server
from tests.site import free_port, serving
from tests.visitor import Visitor


@dataclass
class Storm:
    """What was found: comments acknowledged before the backup began, in all, and in what was restored of it."""

    before: set[str] = field(default_factory=set)
    all: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    during: int = 0  # acknowledged while it was being made
    broken: list[str] = field(default_factory=list)


def environment(place: Place) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GANGWEI_")}
    mine = {"GANGWEI_DATA_DIR": str(place.data_dir), "GANGWEI_DATABASE_URL": place.database_url, "GANGWEI_ENV": "demo"}
    return kept | mine | {"GANGWEI_PORT": str(free_port()), "LC_ALL": "C.UTF-8"}


def storm(folder: Path, server: Server | None, writers: int, seconds: float) -> Storm:
    """Let writers comment over HTTP while a backup is made beside the server, then restore it and prove every case."""
    house, place = furnished(folder / "home", server)
    house.application.database.close()
    found, over, lock = Storm(), threading.Event(), threading.Lock()
    there = empty(folder / "new", server)
    there.data_dir.mkdir()

    def write(number: int) -> None:
        with Visitor(f"http://127.0.0.1:{asked['GANGWEI_PORT']}") as visitor:
            visitor.sign_in("changan")
            count = 0
            while not over.is_set():
                said = f"第{number}人第{count}条"
                if visitor.post_form("/cases/1/comment", {"text": said}).status == 303:
                    with lock:
                        found.all.add(said)
                count += 1

    asked = environment(place)
    with serving(place.data_dir, asked):
        threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
        for thread in threads:
            thread.start()
        try:
            _until(lambda: len(found.all) > 2 * writers)
            with lock:
                found.before = set(found.all)
            make(place, folder / "b", SystemClock())
            found.during = len(found.all) - len(found.before)
            time.sleep(seconds)
        finally:
            over.set()
            for thread in threads:
                thread.join()
    check(folder / "b")
    restore(there, folder / "b", SystemClock())
    _prove(there, found)
    return found


def _prove(there: Place, found: Storm) -> None:
    application = opened(there, TestClock())
    with application.database.read() as connection:
        found.restored = {
            row["data"]["text"] for row in events.of_case(connection, 1) if row["name"] == "comment_added"
        }
        found.broken = [str(worded(one.told, "en")) for one in replay.differences(connection, application.catalog, 1)]
    application.database.close()


def _until(holds: object, most: float = 60) -> None:
    limit = time.monotonic() + most
    while time.monotonic() < limit:
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.02)
    raise AssertionError("nothing was written")
