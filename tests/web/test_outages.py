"""What passes by: another writer, a full disk, a database that is away. It is said in words, and nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from engine.publishing.suspending import Suspensions
from storage import connecting as opening
from storage.failing import Seats, Unavailable
from tests.applications import filled_application
from tests.house import build_house
from tests.postgres import Server
from tests.web.office import Office
from web.common.outage import handed_in

START = "/start/post_approval?organisation=130102"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
FIELDS = {"data": json.dumps(filled_application()), "idempotency_key": "one-page"}
READ = ("/tasks", "/start", "/healthz", "/readyz", "/metrics", "/login")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr("web.app.PATIENCE", 0.05)
    made = Office(build_house(tmp_path))
    yield made
    made.house.application.database.close()


def cases_in(office: Office) -> int:
    with office.house.application.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one())


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage().partition(" (")[0] for record in caplog.records if record.levelname in ("ERROR", "WARNING")
    ]


def checks(desk: FlaskClient) -> dict[str, str]:
    found: dict[str, str] = (desk.get("/readyz").json or {})["checks"]
    return found


def handed_back(answer: Any) -> dict[str, str]:
    """What the page of an outage would hand in again."""
    form = answer.text.partition('<main class="main')[2]
    return {name: unescape(value) for name, value in HIDDEN.findall(form) if name != "next"}


def test_a_stuck_writer_gets_words_and_nothing_typed_is_lost(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    desk = office.desk("changan")
    other = sqlite3.connect(office.house.folder.data_dir / "gangwei.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = desk.post(START, data=FIELDS)
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "5"
    assert "暂时不能办理" in refused.text and "等待时间过长" in refused.text
    assert handed_back(refused) == FIELDS
    told = desk.post(START, json={"data": filled_application()}, headers={"Accept": "application/json"})
    assert told.status_code == 503 and (told.json or {})["reason"] == "busy"
    assert {page: desk.get(page).status_code for page in READ} == dict.fromkeys(READ, 200)
    assert checks(desk)["writing"] == "busy"
    assert office.house.application.scheduler._stretch is None
    other.execute("ROLLBACK")
    other.close()
    for _ in range(2):
        assert desk.post(START, data=handed_back(refused)).status_code == 303
    assert cases_in(office) == 1 and checks(desk)["writing"] == "ok"
    assert lines(caplog) == [
        "nothing can be written: somebody else holds the database",
        "the database works again, 2 were refused meanwhile",
    ]


def test_who_comes_while_others_must_be_first_hands_the_same_in_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office.desk("changan")
    with monkeypatch.context() as others:
        others.setattr(Suspensions, "rest", lambda *_: 3)
        refused = desk.post(START, data=FIELDS)
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "3"
    assert "在3秒后再试" in refused.text and handed_back(refused) == FIELDS
    for _ in range(2):
        assert desk.post(START, data=handed_back(refused)).status_code == 303
    assert cases_in(office) == 1


def test_a_person_who_signs_in_meanwhile_is_told_and_his_password_is_in_no_page(office: Office) -> None:
    other = sqlite3.connect(office.house.folder.data_dir / "gangwei.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = office.desk("changan").post("/login", data={"login": "changan", "password": "gonghui-demo-2026"})
    other.close()
    assert answer.status_code == 503 and "gonghui-demo-2026" not in answer.text


def test_of_the_threads_some_are_left_for_those_who_need_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Seats, "PATIENCE", 0.02)
    seats, inside, leave = Seats(), threading.Barrier(3), threading.Event()
    seats.most = 2

    def wait() -> None:
        with seats.one():
            inside.wait()
            leave.wait()

    writers = [threading.Thread(target=wait) for _ in range(2)]
    for one in writers:
        one.start()
    inside.wait()
    for _ in range(2):
        with pytest.raises(Unavailable, match="too many wait"), seats.one():
            pass
    with seats.one(spare=1), seats.one():  # who reads has a turn, and his own goes on in it
        pass
    leave.set()
    for one in writers:
        one.join()
    with seats.one(), seats.one():
        pass


@pytest.mark.parametrize(("pragma", "reason"), [("max_page_count = 1", "full"), ("query_only = ON", "read_only")])
def test_a_full_or_read_only_disk_is_said_in_words_and_told_to_who_watches(
    office: Office, caplog: pytest.LogCaptureFixture, pragma: str, reason: str
) -> None:
    desk, engine = office.desk("changan"), office.house.application.database.engine
    wanted = [f"PRAGMA {pragma}"]
    event.listen(engine, "connect", lambda connection, _: [connection.execute(one) for one in wanted])
    engine.dispose()
    done = 0
    while (refused := desk.post(START, data={**FIELDS, "idempotency_key": str(done)})).status_code == 303 and done < 99:
        done += 1  # until the pages that were free are used
    assert refused.status_code == 503 and "请通知系统管理员" in refused.text
    assert desk.get("/tasks").status_code == 200
    assert desk.get("/readyz").status_code == 503 and checks(desk)["writing"] == reason
    wanted.clear()
    engine.dispose()
    assert desk.post(START, data=FIELDS).status_code == 303 and desk.get("/readyz").status_code == 200
    assert cases_in(office) == done + 1 and len(lines(caplog)) == 2


def test_a_disk_that_takes_no_file_leaves_neither_half_a_file_nor_a_row(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, desk = office.house, office.desk("changan")
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    files = house.folder.data_dir / "files"
    before = sorted(files.rglob("*"))
    with monkeypatch.context() as patched:
        patched.setattr("engine.files.store.os.fsync", full)
        upload = {"file": (BytesIO("桌椅若干".encode()), "清单.txt")}
        answer = desk.post(f"/cases/{case_id}/files", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 503 and "磁盘已满" in answer.text
    assert [one for one in sorted(files.rglob("*")) if one.is_file()] == [one for one in before if one.is_file()]
    assert not house.application.cases.reading.case(house.actor("changan"), case_id).attachments


def test_a_table_that_somebody_locks_and_a_server_that_goes_away_come_back_by_themselves(
    tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(opening, "WAIT_SECONDS", 0.1)
    office = Office(build_house(tmp_path, server=postgresql))
    desk, name = office.desk("changan"), postgresql.name_in(office.house.folder.database_url)
    with psycopg.connect(host=str(postgresql.folder), dbname=name, user="gangwei") as other:
        other.execute("LOCK TABLE tasks IN EXCLUSIVE MODE")
        assert desk.post(START, data=FIELDS).status_code == 503
        assert {page: desk.get(page).status_code for page in READ} == dict.fromkeys(READ, 200)
    assert desk.post(START, data=FIELDS).status_code == 303
    socket = postgresql.folder / ".s.PGSQL.5432"
    with psycopg.connect(host=str(postgresql.folder), dbname="postgres", user="gangwei", autocommit=True) as other:
        socket.rename(socket.with_suffix(".away"))  # nobody comes in any more, and whoever is in is put out
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    try:
        answers = [desk.get("/tasks"), desk.post(START, data=FIELDS), desk.get("/tasks")]
        assert [one.status_code for one in answers] == [503] * 3 and "数据库暂时无法连接" in answers[0].text
        assert desk.get("/healthz").status_code == 200 and desk.get("/readyz").status_code == 503
        with pytest.raises(Unavailable):
            office.house.application.scheduler.tick()
    finally:
        socket.with_suffix(".away").rename(socket)
    assert desk.get("/tasks").status_code == 200 and desk.get("/readyz").status_code == 200
    assert office.house.application.scheduler.tick() >= 0 and cases_in(office) == 1
    assert len(lines(caplog)) == 4, lines(caplog)
    office.house.application.database.close()


@pytest.mark.parametrize("name", ["password", "again", "secret", "repeated", "secret_0", "secret_2"])
def test_no_page_that_hands_the_same_in_again_holds_what_is_secret(name: str) -> None:
    app = Flask("outage")
    with app.test_request_context("/tasks/1-1/unseal", method="POST", data={name: "青山一道同云雨", "outcome": "open"}):
        assert handed_in() == {}
    with app.test_request_context("/tasks/1-1", method="POST", data={"secret_word": "x", "outcome": "open"}):
        assert handed_in()["again"] == [("secret_word", "x"), ("outcome", "open")]
