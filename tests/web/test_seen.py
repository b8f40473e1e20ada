"""Who takes part in a case from outside sees what is his and what the diagram shows him; a crawler looks for the rest.

A word is planted in everything that others write, and none of it comes out of any route.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest

from engine.publishing.folder import FolderFiles
from engine.views import CaseFilters
from engine.views.deadlines import RunningFilters
from tests.house import ROOT
from tests.web.hostile import Browser, World
from tests.web.test_outside import CONTRACTORS, SECRET, accept, invite, link_in

HIDDEN = "暗语"
"""In whatever people from outside must not see."""
SILENT = re.compile(r"/(help|count|calendar|notices|year|definitions|organisations|phrases|absence|profile|password)")
"""Rooms in which nothing of a case stands."""
KEPT = ("matter", "judged", "weighed", "inner", "opinion", "remark", "file", "urged")


def word(what: str) -> str:
    return f"{HIDDEN}{what}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: Any) -> Any:
    made = World(tmp_path_factory.mktemp("seen"), filled=False)
    made.house.application.organisations.take_in(None, "外部单位.csv", CONTRACTORS.encode())
    for folder in ("outside", "confidential"):
        made.house.publish(FolderFiles(ROOT / "tests" / "data" / folder))
    yield made
    made.house.application.database.close()


@pytest.fixture(scope="module")
def agent(world: World, case: str) -> Browser:
    return signed_in(world, "agent")


@pytest.fixture(scope="module")
def rival(world: World, case: str) -> Browser:
    return signed_in(world, "rival")


def signed_in(world: World, login: str) -> Browser:
    browser = Browser(world.app, "")
    browser.page("/login")
    assert browser.post("/login", {"login": login, "password": SECRET}).status_code == 303
    browser.page("/profile")
    return browser


@pytest.fixture(scope="module")
def case(world: World) -> str:
    """A case that went round: offered, returned, offered again, judged, reviewed, answered; it waits inside."""
    for code, login in (("9001", "agent"), ("9002", "rival")):
        assert accept(world, link_in(invite(world, code, f"人员{login}")), login).status_code == 303
    house, cases = world.house, world.house.application.cases
    found = house.start("changan", "quote", "130102", {"who": "9001", "matter": word("matter")}).case_id
    house.complete("agent", found, "done", price="一百元")
    cases.acting.comment(house.actor("changan"), found, word("remark"))
    cases.acting.attach(house.actor("changan"), found, f"{word('file')}.txt", word("file").encode())
    house.complete("changan", found, "back", note=word("judged"), opinion="请补报价依据")
    house.complete("agent", found, "done", price="九十元")
    house.complete("changan", found, "pass", note=word("judged"), opinion=word("opinion"))
    task = house.task_of("shijiazhuang", found)
    cases.verbs.urge(house.actor("changan"), task, word("urged"))
    house.complete("shijiazhuang", found, "pass", note=word("weighed"), opinion=word("opinion"))
    house.complete("changan", found, "done", words="同意所报", inner=word("inner"), opinion=word("opinion"))
    house.clock.move(days=20)
    while house.application.worker.run_due():
        pass
    return found


def addresses(world: World, case: str, key: str = "quote") -> list[str]:
    """Every page and download that may say something of the case, with each task, file, event and tab of it."""
    house = world.house
    whole = house.application.cases.reading.case(house.actor("changan"), case)
    ids: dict[str, Sequence[Any]] = {
        "case_id": [case], "task_id": [f"{case}-{number}" for number in range(1, 7)],
        "attachment_id": [one.id for one in whole.attachments], "sequence": range(1, 9), "key": [key],
        "name": ["post"], "number": ["1"], "code": ["130102", "9001"], "user_id": [house.actor("changan").user_id],
        "digest": ["0" * 64], "incident_id": [1], "downtime": [1], "year": [2026], "message_id": range(1, 15),
    }  # fmt: skip
    found = []
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or not rule.arguments <= ids.keys():
            continue
        places: list[dict[str, Any]] = [{}]
        for name in sorted(rule.arguments):
            places = [{**place, name: value} for place in places for value in ids[name]]
        build = world.app.url_map.bind("localhost").build
        found += [str(build(rule.endpoint, place)) for place in places]
    number = whole.head.number
    tabs = [f"/cases/{case}?tab={tab}" for tab in ("form", "diagram", "deadlines", "history", "files", "family")]
    lists = [f"/{name}?{query}" for name in ("tasks", "cases", "cases/found", "cases/export.xlsx", "deadlines", "stranded") for query in (
        f"key={key}", f"key={key}&c.matter={HIDDEN}", f"key={key}&sort=c.matter", f"q={number}", f"view=done&key={key}",
        "view=mine", "view=copied",
    )]  # fmt: skip
    return found + tabs + lists


def said_by(answer: Any) -> str:
    """All text of an answer, also of a workbook or a Word file."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return str(data.decode("utf-8", "replace"))


def test_no_route_tells_who_takes_part_from_outside_what_others_have_written(
    world: World, agent: Browser, rival: Browser, case: str
) -> None:
    looked: dict[str, int] = {}
    every = [one for one in addresses(world, case) if not SILENT.match(one)]
    for browser, name in ((agent, "agent"), (rival, "rival")):
        for address in (one for one in every if name == "agent" or "/documents/" not in one):
            answer = browser.get(address)
            assert answer.status_code < 500, address
            said = said_by(answer).replace(f'value="{HIDDEN}"', "").replace(HIDDEN + '"', "")
            looked[name] = looked.get(name, 0) + (answer.status_code == 200)
            traces = [one for one in KEPT if word(one) in said]
            assert traces == [], (name, address)
            assert "石家庄市审核员" not in said, address
    assert looked["agent"] > 60 and looked["rival"] > 40
    inside = world.browser("changan")
    assert word("judged") in inside.get(f"/cases/{case}").text  # the planted words are there to be found
    assert word("remark") in inside.get(f"/cases/{case}?tab=history").text


def test_who_takes_part_sees_his_own_hand_and_what_the_diagram_shows(world: World, agent: Browser, case: str) -> None:
    page = agent.get(f"/cases/{case}")
    assert page.status_code == 200 and "九十元" in page.text and "同意所报" in page.text
    view = world.house.application.cases.reading.case(world.house.actor("agent"), case)
    assert view.head.title == "报价" and view.head.summary == "" and view.head.starter == ""
    assert [one.element_id for one in view.submissions] == ["offer", "judge", "offer", "reply"] and view.tasks == ()
    assert (
        view.submissions[1].fields("zh") == ()
        and view.submissions[-1].opinion == ""
        and len(view.submissions[-1].fields("zh")) == 1
    )
    told = [line for line in view.history if line.outcome_kind == "return"]
    assert [line.opinion for line in told] == ["请补报价依据"]  # a return is said to whom it goes back
    drawn = world.house.application.cases.reading.diagram(world.house.actor("agent"), case)
    assert drawn.elements["offer"].state == "done" and drawn.elements["reply"].visits
    for name in ("judge", "review", "filed", "ask"):
        assert not drawn.elements[name].visits and not drawn.elements[name].state and not drawn.elements[name].times


def test_words_of_others_find_nothing_for_who_is_outside(world: World, agent: Browser, case: str) -> None:
    number = world.house.application.cases.reading.case(world.house.actor("agent"), case).head.number
    for query in (f"q={word('matter')}", "q=长安区经办员", "key=quote&step=归档", "due=late", "waits_at=130102"):
        assert number not in agent.get(f"/cases?{query}").text, query
        assert number not in agent.get(f"/tasks?view=done&{query}").text or "q=" not in query, query
    for query in (f"q={number}", "q=报价", "key=quote"):
        assert number in agent.get(f"/cases?{query}").text, query
    assert number in world.browser("changan").get(f"/cases?q={word('matter')}").text


def test_who_is_outside_does_nothing_to_a_task_that_he_does_not_see(world: World, agent: Browser, case: str) -> None:
    waiting = [one.id for one in world.house.application.cases.reading.case(world.house.actor("changan"), case).tasks]
    for act in ("urge", "claim", "people", "copies", "draft", "check", "preview"):
        assert agent.post(f"/tasks/{waiting[0]}/{act}", {"reason": "请快", "data": "{}"}).status_code in (
            403,
            404,
            422,
        ), act
    judged = agent.post(f"/tasks/{case}-2/claim", {})  # nor does he hear who has done one
    assert judged.status_code == 404 and "长安区经办员" not in judged.text


def test_what_a_message_says_to_outside_names_no_title(world: World, agent: Browser, case: str) -> None:
    box = re.sub(r"\s+", " ", agent.get("/messages").text)
    assert "待您办理" in box and "请补报价依据" in box and HIDDEN not in box


JUDGE = "正定县经办员"
"""Who has the confidential step: before the award nobody hears that it is he."""


def secret(what: str) -> str:
    return f"密语{what}"


@pytest.fixture(scope="module")
def jury(world: World) -> str:
    """A case whose judge has scored, and has a second case before him; the award is still to come."""
    house, cases = world.house, world.house.application.cases
    found = house.start("changan", "jury", "130102", {"topic": "优秀岗位"}).case_id
    house.complete("changan", found, "done", judge="zhengding", place="会议室")
    cases.acting.comment(house.actor("zhengding"), found, secret("remark"))
    cases.acting.attach(house.actor("zhengding"), found, f"{word('file')}.txt", secret("file").encode())
    house.complete(
        "zhengding", found, "done", points=secret("judged"), why=secret("weighed"), opinion=secret("opinion")
    )
    waits = house.start("changan", "jury", "130102", {"topic": "另一岗位"}).case_id
    told = house.complete("changan", waits, "done", judge="zhengding", place="会议室")
    assert [one.waits_for[0] for one in told.opened] == ["保密"]
    house.clock.move(days=9)
    while house.application.worker.run_due():
        pass
    return f"{found} {waits}"


def test_before_the_event_nobody_hears_what_is_confidential_nor_who_has_it(world: World, jury: str) -> None:
    looked, (scored, waits) = 0, jury.split()
    rooms = re.compile(r"/(cases|tasks|deadlines|stranded|audit|operations|registers)\b|/$")
    pages = [
        one
        for one in addresses(world, scored, "jury")
        if rooms.match(one) and not one.endswith(("/5", "/6", "/7", "/8"))
    ]
    pages += [f"/cases/{waits}{tab}" for tab in ("", "?tab=history", "?tab=diagram", "?tab=deadlines", "/diagram.json")]
    pages = [one for one in pages if "?" not in one or one.endswith("key=jury") or "tab=" in one]
    sees_business = re.compile(r"/(cases|tasks)/")
    for login in ("changan", "shijiazhuang", "operator", "auditor"):
        browser, inside = Browser(world.app, login), login in ("changan", "shijiazhuang")
        for address in (one for one in pages if inside or not sees_business.match(one)):
            answer = browser.get(address)
            assert answer.status_code < 500, address
            said = said_by(answer)
            looked += answer.status_code == 200
            assert [one for one in KEPT if secret(one) in said] == [], (login, address)
            ours = re.match(r"/(cases|tasks)/\d|/(deadlines|cases|tasks|stranded)\?", address)
            shown = answer.status_code == 200 and ours and (JUDGE in said or "zhengding" in said)
            assert login == "changan" or not shown, (login, address)
    assert looked > 50


def test_no_refusal_names_who_had_a_confidential_step(world: World, jury: str) -> None:
    scored, _ = jury.split()
    for login in ("changan", "shijiazhuang"):
        for act in ("", "/check", "/claim", "/draft", "/urge"):
            answer = Browser(world.app, login).post(f"/tasks/{scored}-2{act}", {"data": "{}", "outcome": "done"})
            assert answer.status_code == 404 and JUDGE not in answer.text, (login, act)


def test_who_has_it_and_the_roles_that_are_named_see_it_before(world: World, jury: str) -> None:
    reading, actor = world.house.application.cases.reading, world.house.actor
    scored, waits = jury.split()
    for login in ("zhengding", "province"):
        assert "score" in [one.element_id for one in reading.case(actor(login), scored).submissions], login
    for login in ("changan", "shijiazhuang"):
        view = reading.case(actor(login), scored)
        assert "score" not in [one.element_id for one in view.submissions]
        fields = {one.element_id: [field.label for field in one.fields("zh")] for one in view.submissions}
        assert fields["pick"] == (["评委", "地点"] if login == "changan" else ["地点"])
        (task,) = reading.case(actor(login), waits).tasks
        assert task.waits_for == ("保密", "Confidential") and task.element_id == "score"
    assert world.house.proof(scored) == [] and world.house.proof(waits) == []


def test_who_leads_finds_no_confidential_step_under_a_persons_name(world: World, jury: str) -> None:
    cases, leader, judge = (
        world.house.application.cases,
        world.house.actor("shijiazhuang.leader"),
        world.house.actor("zhengding"),
    )
    scored, waits = jury.split()
    whole = {one.id for one in cases.visible.page(leader, CaseFilters(key="jury")).rows}
    done = {one.id for one in cases.visible.page(leader, CaseFilters(done_by=judge.user_id)).rows}
    assert {scored, waits} <= whole and not {scored, waits} & done
    asked = CaseFilters(done_by=judge.user_id)
    assert not {scored, waits} & {one.id for one in cases.visible.every(leader, asked)}  # nor is it exported
    assert not {int(scored), int(waits)} & {*cases.visible.first_ids(leader, asked, 10)[0]}  # nor urged with others
    assert {scored, waits} <= {one.id for one in cases.visible.every(leader, CaseFilters(key="jury"))}
    running = cases.ledgers.running(leader, RunningFilters(key="jury"))
    assert {one.holder for one in running.rows if one.case_id == waits} == {"保密"}


def test_after_the_event_it_appears(world: World, jury: str) -> None:
    case = world.house.start("changan", "jury", "130102", {"topic": "第三岗位"}).case_id
    world.house.complete("changan", case, "done", judge="zhengding", place="会议室")
    world.house.complete("zhengding", case, "done", points=secret("judged"), why="好", opinion="同意")
    world.house.complete("shijiazhuang", case, "done", note="定")
    browser = Browser(world.app, "changan")
    assert secret("judged") in browser.get(f"/cases/{case}").text
    assert JUDGE in browser.get(f"/cases/{case}?tab=history").text
    assert world.house.proof(case) == []


def test_a_case_opens_for_others_while_a_step_of_it_is_confidential(world: World) -> None:
    case_id = world.house.start("changan", "jury", "130102", {"topic": "优秀岗位"}).case_id
    world.house.complete("changan", case_id, "done", judge="zhengding", place="会议室")
    for login in ("shijiazhuang", "shijiazhuang.leader", "observer"):
        page = world.browser(login).get(f"/cases/{case_id}")
        assert page.status_code == 200 and "评分" in page.text and "正定县经办员" not in page.text
        listed = world.browser(login).get("/cases?key=jury")
        assert f'value="{case_id}-' not in listed.text  # nobody urges whom he does not know
