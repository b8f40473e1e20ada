"""Sealed submissions by HTTP: shares, handing in with files, the receipt, opening; nothing of a secret is kept on the way."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine.cases.sealed_house import AUTHORS, CLOSES, FOLDER, MARK, PHRASES, PRICE, at, everything, key_of, run
from tests.house import build_house
from tests.web.hostile import JSON, Browser
from web.app import create_app


class Site:
    """A house behind the application, and sessions of its people."""

    def __init__(self, folder: Path) -> None:
        self.house = build_house(folder, FOLDER)
        self.app = create_app({"APPLICATION": self.house.application, "SECRET_KEY": "k" * 32})
        self.browsers: dict[str, Browser] = {}

    def of(self, login: str) -> Browser:
        if login not in self.browsers:
            self.browsers[login] = Browser(self.app, login)
        return self.browsers[login]

    def page(self, login: str, case_id: str) -> str:
        return str(self.of(login).get(f"/tasks/{self.house.task_of(login, case_id)}").text)

    def post(self, login: str, case_id: str, door: str, fields: dict[str, Any], **more: Any) -> Any:
        address = f"/tasks/{self.house.task_of(login, case_id)}/{door}"
        return self.of(login).post(address, fields, headers={**JSON, **more.pop("headers", {})}, **more)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.house.application.database.close()


def begun(site: Site) -> tuple[str, str, str]:
    """A contest with its key made over HTTP: its case, the key, and the recovery code."""
    people = {"first": "shijiazhuang", "second": "tangshan", "third": "province", "opens": "2026-12-11T09:00:00+08:00"}
    case_id = site.house.start("shijiazhuang", "contest", "130100", people).case_id
    for login, phrase in zip(("shijiazhuang", "tangshan"), PHRASES, strict=True):
        assert 'type="password"' in site.page(login, case_id)
        sent = {"secret": phrase, "repeated": phrase, "outcome": "set"}
        assert site.post(login, case_id, "share", sent).status_code == 200
    page = site.page("province", case_id)
    (code,) = re.findall(r'name="secret" value="([^"]+)"', page)
    assert code != re.findall(r'name="secret" value="([^"]+)"', site.page("province", case_id))[0]
    wrong = site.post("province", case_id, "share", {"secret": code, "repeated": code[:-1] + "*", "outcome": "made"})
    assert wrong.status_code == 422
    sent = {"secret": code, "repeated": code.replace("-", " "), "outcome": "made"}
    assert site.post("province", case_id, "share", sent).status_code == 200
    return case_id, key_of(site.house, case_id), code


def fields(price: int = PRICE, size: int = 0) -> dict[str, Any]:
    """A form with a file; ``size``: further bytes of it."""
    data = {"price": price, "words": MARK, "score": "file-1"}
    file = (io.BytesIO(f"{MARK}{price}".encode() + b"x" * size), "曲谱.txt")
    return {"data": json.dumps(data), "outcome": "hand_in", "file-1": file}


def test_a_whole_contest_by_http_leaves_no_trace_until_it_is_opened(site: Site) -> None:
    case_id, key, code = begun(site)
    cases = {
        login: site.house.start(login, "piece", AUTHORS[login], {"key": key, "closes": "2026-12-10"}).case_id
        for login in AUTHORS
    }
    page = site.page("changan", cases["changan"])
    assert f'"ownDraft": "gangwei.sealed.{site.house.actor("changan").user_id}.' in page
    assert '"draftUrl": null' in page
    for login, one in cases.items():
        answer = site.post(login, one, "sealed", fields(size=200_000))
        assert answer.status_code == 200, answer.text
    task = site.house.task_of("changan", cases["changan"])
    first, second, other = (
        site.of("changan").post(f"/tasks/{task}/sealed", fields(price), headers={**JSON, "Idempotency-Key": "once"})
        for price in (7, 7, 8)
    )
    task = site.house.task_of("changan", cases["changan"])
    assert (first.json, second.status_code, other.status_code) == (second.json, 200, 409)
    drafted = site.of("changan").send(f"/tasks/{task}/draft", json.dumps({"data": {"words": MARK}}))
    plain = site.of("changan").send(f"/tasks/{task}", json.dumps({"data": {"words": MARK}, "outcome": "hand_in"}))
    looked = json.dumps({"data": {"words": MARK, "price": 0}, "idempotency_key": "of what only tells nothing is kept"})
    checked = site.of("changan").send(f"/tasks/{task}/check", looked)
    assert (drafted.status_code, plain.status_code, checked.status_code) == (403, 403, 200)
    wrong = site.post("changan", cases["changan"], "sealed", fields(0))
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["price"])
    held = everything(site.house, None)
    for secret in (MARK.encode(), str(PRICE).encode(), code.encode(), *(one.encode() for one in PHRASES)):
        assert secret not in held
    receipt = site.of("changan").get(f"/cases/{cases['changan']}").text
    assert "密封提交回执" in receipt
    assert MARK not in receipt
    at(site.house, CLOSES + timedelta(hours=10))
    site.browsers.clear()  # their sessions are over
    run(site.house)
    page = site.page("shijiazhuang", case_id)
    assert page.count('name="secret_') == 3
    wrong = site.post(
        "shijiazhuang", case_id, "unseal", {"secret_0": PHRASES[0], "secret_1": PHRASES[0], "outcome": "open"}
    )
    assert wrong.status_code == 422
    assert PHRASES[0] not in wrong.text
    done = site.post("shijiazhuang", case_id, "unseal", {"secret_0": PHRASES[0], "secret_2": code, "outcome": "open"})
    assert done.status_code == 200, done.text
    assert "开启的密封件" in site.of("shijiazhuang").get(f"/cases/{case_id}").text
    held = everything(site.house, None)
    assert MARK.encode() in held
    assert not [secret for secret in (code, *PHRASES) if secret.encode() in held]


def test_late_is_told_with_the_time_and_a_secret_that_is_too_long_is_refused(site: Site) -> None:
    _, key, _ = begun(site)
    one = site.house.start("changan", "piece", "130102", {"key": key, "closes": "2026-12-10"}).case_id
    at(site.house, CLOSES + timedelta(seconds=2))
    site.browsers.clear()
    waiting = {"gangwei.arrived": time.monotonic() - 3}  # it had come in time, and waited for a thread
    assert site.post("changan", one, "sealed", fields(), environ_overrides=waiting).status_code == 200
    late = site.post("changan", one, "sealed", fields())
    assert late.status_code == 422
    assert "2026年12月11日 00:00:01" in late.json["detail"]
    assert "已过，不再收下" in site.page("changan", one)
    history = site.of("changan").get(f"/cases/{one}?tab=history").text
    assert "已过截止时间，没有收下" in history
    people = {"first": "changan", "second": "tangshan", "third": "province", "opens": "2026-12-11T09:00:00+08:00"}
    other = site.house.start("shijiazhuang", "contest", "130100", people).case_id
    long = site.post("changan", other, "share", {"secret": "长" * 401, "repeated": "长" * 401, "outcome": "set"})
    assert long.status_code == 422
