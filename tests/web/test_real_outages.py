"""A disk that is really full, and a PostgreSQL that is really stopped while several people ask: words, and all well after."""

from __future__ import annotations

import resource
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.house import build_house
from tests.postgres import Server
from tests.web.office import Office
from tests.web.test_outages import FIELDS, START, cases_in, checks, lines

SMALL = 64 * 1024
THREADS = 4
Filling = Callable[[], None]


@contextmanager
def tmpfs(folder: Path) -> Iterator[tuple[Filling, Filling]]:
    """A file system of a few megabytes, and how it is filled up and freed again."""
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "none", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"nobody may mount here: {made.stderr.decode().strip()}")
    filler = folder / "filler"

    def fill() -> None:
        with filler.open("wb", buffering=0) as out:
            try:
                while out.write(b"x" * SMALL):
                    pass
            except OSError:
                return

    try:
        yield fill, filler.unlink
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def limit(folder: Path) -> Iterator[tuple[Filling, Filling]]:
    """What the system itself allows a process to write into one file: everything beyond is refused as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def free() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    try:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1])), free
    finally:
        free()


def upload(desk: FlaskClient, case_id: str) -> Any:
    file = (BytesIO(b"x" * (4 * SMALL)), "清单.txt")
    return desk.post(f"/cases/{case_id}/files", data={"file": file}, content_type="multipart/form-data")


@pytest.mark.parametrize("disk", [tmpfs, limit])
def test_a_disk_that_is_really_full_is_said_in_words_and_leaves_nothing_half(
    disk: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with disk(tmp_path) as (fill, free):
        office = Office(build_house(tmp_path))
        house, desk, files = office.house, office.desk("changan"), tmp_path / "files"
        assert desk.post(START, data={**FIELDS, "idempotency_key": "first"}).status_code == 303
        before = cases_in(office)
        fill()
        refused, done = upload(desk, "1"), 0
        while (answer := desk.post(START, data={**FIELDS, "idempotency_key": str(done)})).status_code == 303:
            done += 1  # until what was free within the files of the database is used
            assert done < 200
        assert [refused.status_code, answer.status_code] == [503, 503]
        assert all("请通知系统管理员" in one.text for one in (refused, answer))
        assert not [one for one in files.rglob("*") if one.is_file()]
        assert desk.get("/tasks").status_code == 200
        assert desk.get("/readyz").status_code == 503 and "full" in checks(desk).values()
        free()
        assert desk.post(START, data={**FIELDS, "idempotency_key": str(done)}).status_code == 303
        assert upload(desk, "1").status_code == 303
        assert cases_in(office) == before + done + 1 and checks(desk)["writing"] == "ok"
        assert len(lines(caplog)) == 2, lines(caplog)
        assert house.proof("1") == []
        house.application.database.close()


def test_a_postgresql_that_is_stopped_and_started_while_many_ask_is_one_outage(
    postgresql: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    office = Office(build_house(tmp_path, server=postgresql))
    desk, over, asked = office.desk("changan"), threading.Event(), [0] * THREADS
    answers: list[Counter[int]] = [Counter() for _ in range(THREADS)]

    def ask(number: int) -> None:
        client = office.app.test_client()
        while not over.is_set():
            key = f"{number}-{asked[number]}"
            for answer in (client.get("/tasks"), client.post(START, data={**FIELDS, "idempotency_key": key})):
                answers[number][answer.status_code] += 1
            asked[number] += 1

    def each_asked_again() -> None:
        goals = [count + 2 for count in asked]
        while any(one.is_alive() and count < goal for one, count, goal in zip(threads, asked, goals, strict=True)):
            over.wait(0.01)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for one in threads:
        one.start()
    try:
        each_asked_again()
        postgresql.stop()
        each_asked_again()
        assert desk.get("/readyz").status_code == 503 and desk.get("/healthz").status_code == 200
        assert desk.get("/tasks").status_code == 503
        postgresql.start()
        each_asked_again()
    finally:
        over.set()
        for one in threads:
            one.join()
    found = sum(answers, Counter())
    assert set(found) == {200, 303, 503} and cases_in(office) == found[303]
    assert desk.get("/readyz").status_code == 200
    assert len(lines(caplog)) == 2, lines(caplog)
    office.house.application.database.close()
