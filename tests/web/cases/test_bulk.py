"""Many tasks in one go over HTTP: chosen, rehearsed, done once whatever is pressed twice, and told task by task."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.house import ROOT, build_house
from tests.web.office import Office

A, B, COUNTY = "shijiazhuang", "shijiazhuang2", "changan"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    house = build_house(tmp_path_factory.mktemp("bulk"), ROOT / "tests" / "data" / "verbs")
    yield Office(house)
    house.application.database.close()


def begun(office: Office, count: int) -> list[str]:
    return [office.house.start(COUNTY, "signed_together", "130102", {}).opened[0].id for _ in range(count)]


def fields(page: str, form: str) -> dict[str, list[str]]:
    """What a browser would hand in from a form of a page, its boxes as they are ticked."""
    (inside,) = re.findall(rf'<form[^>]*{re.escape(form)}"[^>]*>(.*?)</form>', page, re.S)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<(?:input|textarea)[^>]*>", inside):
        named = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if "name" in named and (named.get("type") not in ("radio", "checkbox") or " checked" in tag):
            found.setdefault(named["name"], []).append(named.get("value", ""))
    return found


def rehearsed(desk: FlaskClient, tasks: list[str], **more: str) -> str:
    page = desk.post("/bulk/choose", data={"task": tasks, "list": "/tasks?sort=arrived"}).text
    told = desk.post("/bulk/rehearse", data={**fields(page, "/bulk/rehearse"), "outcome:0": "agree", **more})
    assert told.status_code == 200
    return told.text


def test_a_list_offers_its_rows_and_all_that_match_and_says_of_each_what_would_happen(office: Office) -> None:
    tasks = begun(office, 22)
    desk = office.desk(A)
    page = desk.get("/tasks").text
    assert page.count("data-pick ") == 20 and "全部符合条件的 22 件" in page
    chosen = desk.post("/bulk/choose", data={"all": "1", "list": "/tasks"}).text
    assert all(f"{task}:" in chosen for task in tasks) and "先选择办理结果" in chosen
    told = rehearsed(desk, tasks[:3])
    assert "3 件可以办理" in told and "下一步" in told and 'href="/tasks?sort=arrived"' in told
    assert "已办" not in desk.get(f"/tasks/{tasks[0]}").text


def test_of_many_tasks_each_request_tries_some_and_brings_along_what_is_known(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.cases.bulk.SECONDS", 0.0)
    tasks, desk = begun(office, 3), office.desk(A)
    told = rehearsed(desk, tasks, words="同意")
    for left in (2, 1):
        assert f"继续试办其余 {left} 件" in told and f"{3 - left} 件可以办理" in told and told.count(" disabled") == 1
        told = desk.post("/bulk/rehearse", data={**fields(told, 'action="/bulk'), "more": "1"}).text
    assert "继续试办" not in told and fields(told, 'action="/bulk')["words"] == ["同意"]
    assert len(fields(told, 'action="/bulk')["go"]) == 3
    broken = {**fields(rehearsed(desk, tasks), 'action="/bulk'), "more": "1", "known": "[1]"}
    assert "继续试办其余 2 件" in desk.post("/bulk/rehearse", data=broken).text


def test_what_is_pressed_twice_is_done_once_and_the_page_tells_how_it_went(office: Office) -> None:
    tasks = begun(office, 3)
    desk = office.desk(A)
    data = fields(rehearsed(desk, tasks, words="同意"), 'action="/bulk')
    data["go"] = data["go"][:2]
    first, second = desk.post("/bulk", data=data), desk.post("/bulk", data=data)
    assert (first.status_code, first.location) == (303, second.location)
    assert "正在办理：0 / 2" in desk.get(first.location).text
    assert "批量办理正在进行" in desk.get("/tasks").text
    assert office.house.application.bulk_runner.run() == 2
    page = desk.get(first.location).text
    assert "已办 2 件" in page and "同意" not in page
    assert "已办 2 件" in desk.get(first.location, headers={"HX-Request": "true"}).text
    assert "批量办理 · 2 件" in desk.get("/bulk").text
    changed = desk.post("/bulk", data={**data, "words": "另一句"})
    assert changed.status_code == 409
    assert office.desk(B).get(first.location).status_code == 404
    assert office.desk(B).post(first.location.partition("?")[0] + "/stop").status_code == 404


def test_what_is_stopped_leaves_the_rest_alone(office: Office) -> None:
    tasks = begun(office, 2)
    desk = office.desk(A)
    answer = desk.post("/bulk", data=fields(rehearsed(desk, tasks), 'action="/bulk'))
    address = answer.location.partition("?")[0]
    assert desk.post(f"{address}/stop").status_code == 303
    assert office.house.application.bulk_runner.run() == 0
    assert "2 件没有办" in desk.get(address).text
    assert "2 件可以办理" in rehearsed(desk, tasks)


def test_claiming_is_rehearsed_at_once_and_passing_on_asks_to_whom(office: Office) -> None:
    tasks = begun(office, 2)
    desk = office.desk(A)
    page = desk.post("/bulk/choose", data={"task": tasks, "verb": "claim"}).text
    desk.post("/bulk", data=fields(page, 'action="/bulk'))
    office.house.application.bulk_runner.run()
    assert "我已签收" in desk.get("/tasks?sort=-arrived").text
    page = desk.post("/bulk/choose", data={"task": tasks, "verb": "forward"}).text
    colleague = str(office.house.actor(B).user_id)
    assert f'value="{colleague}"' in page
    told = desk.post("/bulk/rehearse", data={**fields(page, "/bulk/rehearse"), "people:0": colleague}).text
    desk.post("/bulk", data=fields(told, 'action="/bulk'))
    office.house.application.bulk_runner.run()
    inbox = office.house.application.cases.inbox.page(office.house.actor(A)).rows
    assert not {row.task_id for row in inbox} & set(tasks)


def test_whoever_waits_urges_many_at_once_and_each_as_often_as_its_step_allows(office: Office) -> None:
    tasks, desk, holder = begun(office, 2), office.desk(COUNTY), office.house.actor(A)
    page = desk.get("/cases").text
    assert f'name="task" value="{tasks[0]}"' in page and "批量催办" in page
    assert "data-pick" not in office.desk("observer").get("/cases").text  # who only reads urges nobody
    refused = desk.post("/bulk/choose", data={"task": tasks, "verb": "urge"}).text
    assert "您不能催办：您的角色只能查看" in refused
    desk = office.desk(COUNTY)
    told = desk.post("/bulk/choose", data={"task": [" ".join(tasks)], "verb": "urge", "list": "/cases"}).text
    assert "2 件可以催办" in told and "确认催办 2 件" in told and "提醒：石家庄市审核员" in told
    box = office.house.application.messages
    assert not [one for one in box.page(holder).rows if one.kind.text() == "催办提醒"]  # it was a rehearsal
    answer = desk.post("/bulk", data={**fields(told, 'action="/bulk'), "words": "请尽快办理"})
    assert office.house.application.bulk_runner.run() == 2
    page = desk.get(answer.location).text
    assert (
        "催办完毕：已催办 2 件" in page
        and page.count(">已催办<") == 2
        and page.count("提醒：石家庄市审核员、石家庄市第二审核员") == 2
        and "会签" in page
    )
    assert [one.times for one in box.page(holder).rows if "请尽快办理" in one.words[0]]
    again = desk.post("/bulk/choose", data={"all": "1", "verb": "urge", "list": "/cases?sort=-opened"}).text
    assert "2 件不能催办" in again and "今天已催办1次" in again and "件可以催办" in again
    mine = office.desk(A).post("/bulk/choose", data={"task": tasks, "verb": "urge"}).text
    assert "2 件不能催办" in mine and "正由您办理" in mine
    none = office.desk("lubei").post("/bulk/choose", data={"task": tasks, "verb": "urge"})
    assert "没有可以办理的任务" in none.text and "会签" not in none.text  # he may not even know of them
    stranger = {"verb": "urge", "groups": "1", "go": [f"0:{one}:1" for one in tasks], "words": ""}
    assert office.desk("lubei").post("/bulk", data=stranger).status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        {"task": ["x"]}, {"task": ["1-1"] * 501}, {}, {"all": "1", "list": "/tasks?q=nothing"},
        {"task": ["1-1"], "verb": "start"}, {"task": ["999-1", "1-999999999"]},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_or_leaves_nothing_to_do(office: Office, data: dict[str, object]) -> None:
    desk = office.desk(A)
    answer = desk.post("/bulk/choose", data=data)
    assert answer.status_code in (404, 422, 413) or "没有列入" in answer.text
    for address in ("/bulk", "/bulk/rehearse"):
        wrong = {"groups": "1", "tasks:0": "x", "go": "0:1-1:x", "outcome:0": "agree"}
        assert desk.post(address, data=wrong).status_code in (404, 422)
        assert desk.post(address, data={**wrong, "groups": "1000000000"}).status_code in (404, 422)
        assert desk.post(address, data={**wrong, "tasks:0": "", "go": "3:1-1:1"}).status_code in (404, 422)
