"""People from outside: they come by a link that works once, and see their own matters, whatever they try."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.directory.delays import Limits
from engine.errors import NotAllowed
from engine.publishing.folder import FolderFiles
from tests.house import ROOT
from tests.web.hostile import Browser, World

CONTRACTORS = "编码,名称,类型,上级编码\n9001,甲承接社,承接机构,130000\n9002,乙承接社,承接机构,130000\n"
SECRET = "long enough a password 8"


@pytest.fixture(scope="module")
def world(tmp_path_factory: Any) -> Any:
    made = World(tmp_path_factory.mktemp("outside"))
    house = made.house
    house.application.organisations.take_in(None, "外部单位.csv", CONTRACTORS.encode())
    house.publish(FolderFiles(ROOT / "tests" / "data" / "outside"))
    yield made
    house.application.database.close()


def invite(world: World, code: str = "9001", name: str = "王承接", role: str = "contractor_agent") -> Any:
    browser = Browser(world.app, "administrator")
    return browser.post("/invitations", {"organisation": code, "role": role, "name": name})


def link_in(answer: Any) -> str:
    assert answer.status_code == 201, answer.text
    return re.findall(r"http://localhost(/invited/[\w-]+)<", answer.text)[0]


def accept(world: World, link: str, login: str, password: str = SECRET, again: str = SECRET) -> Any:
    browser = Browser(world.app, "")
    browser.page(link)
    return browser.post(link, {"login": login, "password": password, "again": again})


def entered(world: World, code: str, login: str) -> Browser:
    """Somebody of an outside organisation who has come by an invitation, signed in."""
    assert accept(world, link_in(invite(world, code, f"人员{login}")), login).status_code == 303
    browser = Browser(world.app, "")
    browser.page("/login")
    assert browser.post("/login", {"login": login, "password": SECRET}).status_code == 303
    browser.page("/profile")
    return browser


@pytest.fixture(scope="module")
def agent(world: World) -> Browser:
    return entered(world, "9001", "agent")


@pytest.fixture(scope="module")
def rival(world: World) -> Browser:
    return entered(world, "9002", "rival")


def test_what_is_to_be_watched_over_is_no_part_of_his_navigation_nor_of_his_tour(agent: Browser) -> None:
    home, help_page = agent.get("/").text, agent.get("/help").text
    assert all(address in home for address in ('href="/tasks"', 'href="/registers"'))
    for address in ("/deadlines", "/stranded"):
        assert f'href="{address}"' not in home + help_page
        assert agent.get(address).status_code in (200, 403)  # an old link does no harm


def test_nobody_is_invited_under_a_name_that_cannot_be_seen(world: World) -> None:
    for name in ("", "\u3000\u200b\xa0", "王" * 51):
        answer = invite(world, name=name)
        assert answer.status_code == 422 and "需要 1 至 50 个字" in answer.text and "/invited/" not in answer.text, name


def test_a_link_works_once_and_says_nothing_when_it_is_over(world: World) -> None:
    link = link_in(invite(world))
    assert "甲承接社 王承接" in Browser(world.app, "").get(link).text
    assert accept(world, link, "first", again="another").status_code == 422
    assert accept(world, link, "first", password="short", again="short").status_code == 422
    assert accept(world, link, "changan").status_code == 422  # a user name that somebody has
    stale = Browser(world.app, "")
    stale.page(link)
    assert accept(world, link, "first").status_code == 303
    twice = stale.post(link, {"login": "second", "password": SECRET, "again": SECRET})
    gone = Browser(world.app, "").get("/invited/nothing")
    assert twice.status_code == gone.status_code and "链接无效" in twice.text and "链接无效" in gone.text
    assert "甲承接社" not in Browser(world.app, "").get(link).text
    with world.house.application.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT token_hash FROM invitations").scalars().all()
    assert all(link.rpartition("/")[2] not in one and len(one) == 64 for one in kept)


def test_an_invitation_that_was_taken_back_or_has_expired_lets_nobody_in(world: World) -> None:
    back, late = link_in(invite(world, name="撤回的")), link_in(invite(world, name="过期的"))
    security = Browser(world.app, "administrator")
    row = re.findall(r"/invitations/\d+/revoke", security.get("/invitations").text)[1]
    assert security.post(row).status_code == 303
    assert security.post(row).status_code == 409
    assert "链接无效" in Browser(world.app, "").get(back).text
    began = world.house.clock.at
    world.house.clock.move(days=7)
    assert "链接无效" in Browser(world.app, "").get(late).text
    world.house.clock.at = began
    assert "过期的" in Browser(world.app, "").get(late).text


def test_who_may_not_invite_invites_nobody_and_nobody_is_invited_inside(world: World, agent: Browser) -> None:
    for login in ("changan", "province", "operator", "auditor"):
        browser = Browser(world.app, login)
        assert browser.get("/invitations").status_code == 403
        wanted = {"organisation": "9001", "role": "contractor_agent", "name": "某"}
        assert browser.post("/invitations", wanted).status_code == 403
    assert agent.get("/invitations").status_code == 403
    assert invite(world, "130102", "某").status_code == 422
    assert invite(world, "9001", "某", role="county_officer").status_code == 422
    assert invite(world, "9001", "").status_code == 422
    accounts, security = world.house.application.accounts, world.house.actor("administrator")
    with pytest.raises(NotAllowed, match="inside"):
        accounts.grant(security, world.house.actor("agent").user_id, "county_officer", "130102")


def test_whoever_tries_links_has_to_wait_and_keeps_nobody_else_waiting(world: World) -> None:
    link = link_in(invite(world, name="等候的"))
    seen = []
    for number in range(Limits().failures + 1):
        seen.append(Browser(world.app, "").get(f"/invited/guess{number}", environ_base={"REMOTE_ADDR": "10.9.9.9"}))
    assert seen[-1].status_code == 429 and "Retry-After" in seen[-1].headers
    assert Browser(world.app, "").get(link, environ_base={"REMOTE_ADDR": "10.9.9.9"}).status_code == 429
    assert "等候的" in Browser(world.app, "").get(link, environ_base={"REMOTE_ADDR": "10.9.9.8"}).text


def test_outside_sees_its_own_matter_and_no_trace_of_any_other(world: World, agent: Browser, rival: Browser) -> None:
    house = world.house
    begun = house.start("changan", "ask_outside", "130102", {"who": "9001"})
    own = f"/cases/{begun.case_id}"
    assert agent.get(own).status_code == 200 and begun.number in agent.get("/cases").text
    assert rival.get(own).status_code == 404 and begun.number not in rival.get("/cases").text
    task = house.task_of("agent", begun.case_id)
    assert rival.post(f"/tasks/{task}", {"outcome": "done"}).status_code in (403, 404)
    assert agent.post(f"/tasks/{task}", {"outcome": "done", "data": "{}"}).status_code in (200, 303)
    assert agent.get(own).status_code == 200  # he took part
    head = house.application.cases.reading.case(house.actor("changan"), world.case).head
    number = head.number
    hidden = (number, head.title, "石家庄市审核员", "正定县经办员", "唐山市", "甲承接社")
    ids = {
        "case_id": world.case, "task_id": world.task, "attachment_id": world.file, "key": "post_approval", "name": "post",
        "number": 130102001, "code": "130102", "user_id": house.actor("changan").user_id, "sequence": 1,
        "digest": "0" * 64, "incident_id": 1, "downtime": 1, "year": 2026,
    }  # fmt: skip
    looked = 0
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or not rule.arguments <= ids.keys():
            continue
        built = world.app.url_map.bind("localhost").build(rule.endpoint, {k: ids[k] for k in rule.arguments})
        address = str(built).replace("130102001", world.record)
        for query in ("", f"?q={number}", "?words=石家庄&q=石家庄&place=130100"):
            answer = rival.get(address + query)
            looked += 1
            traces = [one for one in hidden if one not in query and one.encode() in answer.get_data()]
            assert answer.status_code < 500, address
            if answer.status_code == 200 and not rule.endpoint.startswith(("language", "calendar", "year", "help")):
                assert traces == [], address + query
    assert looked > 60


def test_outside_brings_only_colleagues_into_a_task(world: World, agent: Browser) -> None:
    house = world.house
    colleague = entered(world, "9001", "mate")
    begun = house.start("changan", "ask_outside", "130102", {"who": "9001"})
    task = house.task_of("agent", begun.case_id)
    for verb in ("forward", "delegate", "ask"):
        offered = house.application.cases.verb_reading.people(house.actor("agent"), task, verb, "")
        assert {one.id for one in offered} <= {house.actor("mate").user_id, house.actor("first").user_id}
        for login in ("changan", "rival"):
            with pytest.raises(NotAllowed):
                house.application.cases.verbs.involve(
                    house.actor("agent"), task, verb, [house.actor(login).user_id], "请看。"
                )
    assert colleague.get(f"/cases/{begun.case_id}").status_code == 200  # the office's task
