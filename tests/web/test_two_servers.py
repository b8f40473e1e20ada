"""Two server processes on one PostgreSQL are one installation: whoever is answered by which does not matter."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from engine.publishing.folder import FolderFiles
from storage import jobs, messages
from tests.applications import filled_application
from tests.house import WORKFLOWS, House, build_house
from tests.postgres import Server
from tests.site import demo_environment, serving
from tests.visitor import Visitor

COUNT = re.compile(r'data-told="共 (\d+) 件"')
MESSAGES = 12
NEW = "岗位开发设置审批（新版）"
SECONDS = 120


@dataclass
class Two:
    """The addresses of both servers, and what is under them."""

    first: str
    second: str
    house: House
    stack: ExitStack

    def visitor(self, url: str) -> Visitor:
        """A new browser at one of them."""
        return self.stack.enter_context(Visitor(url))

    def elsewhere(self, visitor: Visitor) -> Visitor:
        """The same browser at the other server."""
        other = self.visitor(self.second if visitor.url == self.first else self.first)
        other.cookies, other.token = dict(visitor.cookies), visitor.token
        return other


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, postgresql: Server) -> Iterator[Two]:
    house = build_house(tmp_path_factory.mktemp("two"), server=postgresql)
    folder = house.folder.data_dir
    with ExitStack() as running:
        sites = []
        for name in ("one", "two"):
            log = folder / name
            log.mkdir()
            environment = demo_environment(folder) | {"GANGWEI_DATABASE_URL": house.folder.database_url}
            sites.append(running.enter_context(serving(log, environment)))
        yield Two(sites[0].url, sites[1].url, house, running)
    house.application.database.close()


@pytest.fixture(scope="module")
def desks(two: Two) -> dict[str, Visitor]:
    """Everybody at a server of his own: each act is seen, next, through the other one."""
    places = {"changan": two.first, "shijiazhuang": two.second, "province": two.first}
    return {login: two.visitor(url).sign_in(login) for login, url in places.items()}


def waiting(visitor: Visitor) -> int:
    found = COUNT.search(visitor.get("/tasks").text)
    return int(found[1]) if found else 0


def the_task(visitor: Visitor, case_id: str) -> str:
    found = re.search(rf"/tasks/({case_id}-\d+)", visitor.get(f"/cases/{case_id}").text)
    assert found
    return found[1]


def act(visitor: Visitor, case_id: str, outcome: str, data: dict[str, Any]) -> None:
    answer = visitor.post(f"/tasks/{the_task(visitor, case_id)}", {"data": data, "outcome": outcome})
    assert answer.status == 200, answer.text


def test_a_post_is_approved_from_county_to_province_across_both(two: Two, desks: dict[str, Visitor]) -> None:
    county, city, province = desks["changan"], desks["shijiazhuang"], desks["province"]
    before = waiting(city)
    started = county.post("/start/post_approval?organisation=130102", {"data": filled_application()})
    case_id = started.json["case_id"]
    assert waiting(city) == waiting(two.elsewhere(city)) == before + 1
    act(city, case_id, "pass", {"opinion": "同意"})
    assert waiting(city) == waiting(two.elsewhere(city)) == before
    form = two.house.application.cases.reading.task(two.house.actor("province"), the_task(province, case_id)).form
    assert form is not None
    act(province, case_id, "approve", dict(form.values))
    for visitor in (county, two.elsewhere(county)):
        assert "130102903-001" in visitor.get("/registers/post").text
        assert COUNT.search(visitor.get("/tasks?view=mine").text)
    assert two.house.proof(case_id) == []


def test_what_is_handed_in_to_both_at_once_is_done_once(two: Two, desks: dict[str, Visitor]) -> None:
    county = desks["changan"]
    words = {"data": filled_application(), "idempotency_key": "from-one-page"}
    answers = [one.post("/start/post_approval?organisation=130102", words) for one in (county, two.elsewhere(county))]
    assert answers[0].json["case_id"] == answers[1].json["case_id"]


def test_a_session_is_good_at_both_and_ends_at_both(two: Two) -> None:
    first = two.visitor(two.first).sign_in("observer")
    second = two.elsewhere(first)
    assert second.get("/tasks").status == 200
    assert second.post_form("/logout", {}).status == 303
    assert first.get("/tasks").status == 303


def test_wrong_passwords_at_one_delay_at_the_other(two: Two) -> None:
    guess = {"login": "tangshan", "password": "wrong"}
    visitors = [two.visitor(two.first), two.visitor(two.second)]
    for visitor in visitors:
        visitor.get("/login")
    tried = 0
    while visitors[0].post_form("/login", guess).status != 429:
        tried += 1
        assert tried < 30
    assert visitors[1].post_form("/login", guess).status == 429


def test_what_is_published_holds_at_both_with_the_next_request(two: Two, desks: dict[str, Visitor]) -> None:
    county = desks["changan"]
    both = (county, two.elsewhere(county))
    assert not any(NEW in one.get("/start").text for one in both)
    files = dict(FolderFiles(WORKFLOWS))
    diagram = files["post_approval/process.bpmn"].decode()
    files["post_approval/process.bpmn"] = diagram.replace('name="岗位开发设置审批"', f'name="{NEW}"').encode()
    two.house.publish(files)
    assert all(NEW in one.get("/start").text for one in both)


def test_every_job_is_done_once_whoever_finds_it(two: Two) -> None:
    database = two.house.application.database
    user = two.house.actor("zhengding").user_id
    with database.write() as connection:
        for number in range(MESSAGES):
            payload = {"user": user, "title": f"通知{number}", "text": ""}
            jobs.add(connection, {"kind": "message", "payload": payload, "run_at": two.house.clock.now()})
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit:
        with database.read() as connection:
            told = [row["title"] for row in messages.listing(user, messages.Wanted()).page(connection, "", 100)]
            tries = connection.execute(text("SELECT sum(done + failed) FROM ticks")).scalar_one()
            done = connection.execute(text("SELECT count(*) FROM jobs WHERE status = 'done'")).scalar_one()
        if len(told) >= MESSAGES and tries >= done:
            break
        time.sleep(0.1)
    assert (
        sorted(told) == sorted(f"通知{number}" for number in range(MESSAGES)) and tries == done
    )  # of earlier ones, too
