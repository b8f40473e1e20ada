"""What is new while a page stands open: from memory, for whoever is signed in, and for nobody else."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.application import open_application
from storage import messages, news
from tests.applications import filled_application
from tests.house import CHEAP, ROOT, House, build_house
from tests.statements import statements
from web.app import create_app

PASSWORD = tomllib.loads((ROOT / "data" / "demo_users.toml").read_text("utf-8"))["password"]
CITY = "shijiazhuang"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path)
    yield made
    made.application.database.close()


@pytest.fixture
def app(house: House) -> Flask:
    return served(house.application)


def served(application: object) -> Flask:
    return create_app({"APPLICATION": application, "SECRET_KEY": "k" * 32, "WTF_CSRF_ENABLED": False})


def signed_in(app: Flask, login: str = CITY) -> FlaskClient:
    client = app.test_client()
    assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
    return client


def news_of(client: FlaskClient, version: str = "") -> dict[str, Any]:
    answer = client.get(f"/news?v={version}")
    assert answer.status_code in (200, 204)
    return dict(answer.get_json()) if answer.data else {}


def begin(house: House) -> None:
    house.start("changan", "post_approval", "130102", filled_application())


def test_a_page_hears_of_a_task_after_the_next_look_and_asking_costs_no_statement(house: House, app: Flask) -> None:
    client, live = signed_in(app), house.application.live
    assert client.get("/news").status_code == 202
    live.look()
    first = news_of(client)
    assert (first["waiting"], first["unread"]) == (0, 0)
    begin(house)
    with statements(house.application.database) as said:
        assert news_of(client, first["version"]) == {}
    assert said == []
    live.look()
    now = news_of(client, first["version"])
    assert (now["waiting"], now["unread"]) == (1, 1) and now["newest"] > first["newest"]
    client.post("/messages/read")
    live.look()
    assert news_of(client)["unread"] == 0


def sign_out(house: House, client: FlaskClient) -> None:
    client.post("/logout")


def lock(house: House, client: FlaskClient) -> None:
    house.application.accounts.lock(None, house.actor(CITY).user_id)


def idle(house: House, client: FlaskClient) -> None:
    house.clock.move(hours=1)


@pytest.mark.parametrize("goes", [sign_out, lock, idle])
def test_whoever_is_gone_learns_nothing(house: House, app: Flask, goes: Callable[[House, FlaskClient], None]) -> None:
    client, live = signed_in(app), house.application.live
    cookie = client.get_cookie("gangwei")
    assert cookie is not None and client.get("/news").status_code == 202
    live.look()
    assert client.get("/news").status_code == 200
    goes(house, client)
    client.set_cookie("gangwei", cookie.value)  # kept by somebody
    live.look()
    assert client.get("/news").status_code == 401


def test_whoever_has_lost_his_role_is_told_of_its_tasks_no_longer(house: House, app: Flask) -> None:
    begin(house)
    client, live, city = signed_in(app), house.application.live, house.actor(CITY)
    client.get("/news")
    live.look()
    assert news_of(client)["waiting"] == 1
    house.application.accounts.grant(None, house.actor("changan").user_id, "city_reviewer", "130100")
    house.application.accounts.revoke(None, city.user_id, "city_reviewer", "130100")
    live.look()
    assert news_of(client)["waiting"] == 0


@pytest.mark.parametrize("cookie", ["", "x", "eyJzZXNzaW9uIjoieCIsInNlZW4iOjF9.aaaaaa.bbbbbbbb"])
def test_a_forged_cookie_learns_nothing_and_makes_nobody_look(house: House, app: Flask, cookie: str) -> None:
    client = app.test_client()
    client.set_cookie("gangwei", cookie)
    assert client.get("/news").status_code == 401
    with statements(house.application.database) as said:
        house.application.live.look()
    assert said == []


def test_another_server_of_the_same_database_tells_it_too(house: House) -> None:
    other = open_application(house.folder, house.clock, entrance=CHEAP)
    client = signed_in(served(other))
    client.get("/news")
    other.live.look()
    begin(house)
    other.live.look()
    assert news_of(client)["waiting"] == 1
    other.database.close()


def test_a_line_that_was_committed_late_is_not_missed(house: House, app: Flask) -> None:
    client, live, city = signed_in(app), house.application.live, house.actor(CITY).user_id
    client.get("/news")
    live.look()
    told: messages.NewMessage = {
        "user_id": city, "kind": "notice", "title": "通知", "title_en": "", "text": "", "text_en": "", "case_id": None,
        "number": None, "opens": False, "sent_at": house.clock.now(),
    }  # fmt: skip
    for number, subject in ((9002, "role@1"), (9001, f"user:{city}")):
        assert news_of(client)["unread"] == 0
        with house.application.database.write() as connection:
            if number == 9001:
                messages.add(connection, told)
            connection.execute(news.news.insert().values(id=number, subject=subject, at=house.clock.now()))
        live.look()
    assert news_of(client)["unread"] == 1
