"""The pages of what is told outside: a person's own and the operator's; the way from a mail to its task; the doctor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from engine.messages.kinds import URGED
from storage.accounts import users
from tests.applications import filled_application
from tests.engine.notifying.correspondent import MAILBOX, URL, Correspondent, channels
from tests.house import build_house
from tests.outside import Post
from tests.web.office import Office
from web.app import create_app
from web.common.config import read_config
from web.console.doctor import doctor

SECRET = "s3cret-of-the-server"


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def writer(tmp_path: Path, post: Post) -> Iterator[Correspondent]:
    made = Correspondent(tmp_path, post)
    yield made
    made.close()


def own(client: FlaskClient) -> str:
    return unescape(client.get("/notifications").text)


def test_a_person_registers_an_address_verifies_it_by_the_link_and_chooses(writer: Correspondent, post: Post) -> None:
    desk = Office(writer.house).desk("shijiazhuang")
    assert "还没有推送过" in own(desk)
    refused = desk.post("/notifications", data={"channel": "mail", "address": "not an address"})
    assert (
        refused.status_code == 422 and "不是可用的邮箱地址" in refused.text and 'value="not an address"' in refused.text
    )
    assert desk.post("/notifications", data={"channel": "mail", "address": f" {MAILBOX} "}).status_code == 303
    assert "待验证" in own(desk)
    writer.look()
    link = re.search(r"https?://\S+/notifications\?address=(\d+)&code=(\d{6})", writer.text())
    assert link is not None
    page = desk.get(link[0].removeprefix(URL)).text
    assert f'value="{link[2]}"' in page
    at = f"/notifications/{link[1]}"
    wrong = desk.post(f"{at}/verify", data={"code": "000000" if link[2] != "000000" else "111111"})
    assert wrong.status_code == 422 and "不正确" in wrong.text
    assert desk.post(f"{at}/code").status_code == 422  # too soon
    assert Office(writer.house).desk("changan").post(f"{at}/verify", data={"code": link[2]}).status_code == 404
    desk = Office(writer.house).desk("shijiazhuang")
    assert desk.post(f"{at}/verify", data={"code": link[2]}).status_code == 303 and "已验证" in own(desk)
    assert desk.post(f"{at}/choose", data={"digest": "weekly", "urged": "never"}).status_code == 303
    assert desk.post(f"{at}/choose", data={"digest": "hourly"}).status_code == 422
    writer.tell(URGED, by="张三", step="初审")
    assert writer.look() == {}
    assert "已发送" in own(desk) and desk.post(f"{at}/remove").status_code == 303
    assert MAILBOX in own(desk)  # what was sent there can still be seen


def test_a_code_that_was_tried_too_often_or_is_old_holds_no_longer(writer: Correspondent) -> None:
    desk = Office(writer.house).desk("shijiazhuang")
    desk.post("/notifications", data={"channel": "mail", "address": MAILBOX})
    writer.look()
    code = re.search(r"\b\d{6}\b", writer.text())
    assert code is not None
    for _ in range(5):
        desk.post("/notifications/1/verify", data={"code": "x"})
    assert desk.post("/notifications/1/verify", data={"code": code[0]}).status_code == 422
    writer.house.clock.move(minutes=2)
    desk.post("/notifications/1/code")
    writer.look()
    fresh = re.search(r"\b\d{6}\b", writer.text(-1))
    assert fresh is not None
    writer.house.clock.move(hours=2)
    assert desk.post("/notifications/1/verify", data={"code": fresh[0]}).status_code == 422
    for _ in range(12):
        writer.house.clock.move(minutes=2)
        last = desk.post("/notifications/1/code")
    assert last.status_code == 422 and "请明天再试" in last.text


def test_the_operator_sees_what_becomes_of_each_but_no_address_sends_a_test_and_nobody_else_may(
    writer: Correspondent, post: Post
) -> None:
    writer.verified()
    office = Office(writer.house)
    assert office.desk("changan").get("/operations/notifications").status_code == 403
    post.refuses[MAILBOX] = "550 nobody here"
    writer.tell(URGED, by="张三", step="初审")
    writer.look()
    desk = office.desk("operator")
    page = unescape(desk.get("/operations/notifications?status=failed").text)
    assert "s***@example.org" in page and MAILBOX not in page and "550 nobody here" in page
    assert "张三" not in page and "127.0.0.1" in page
    post.refuses.clear()
    number = writer.fates()[0]["id"]
    assert desk.post(f"/operations/notifications/{number}/again").status_code == 303
    assert desk.post(f"/operations/notifications/{number}/again").status_code == 409
    assert desk.post("/operations/notifications/test", data={"channel": "mail", "address": "x"}).status_code == 422
    assert desk.post("/operations/notifications/test", data={"channel": "mail", "address": MAILBOX}).status_code == 303
    writer.look()
    assert "测试消息" in post.mails[-1]["subject"]
    english = unescape(office.desk("operator", english=True).get("/operations/notifications").text)
    assert "Notifications" in english and "Not needed" in english  # its address is verified no longer


def test_nothing_set_up_is_said_to_both(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    office = Office(house)
    assert "还没有设置推送渠道" in own(office.desk("changan"))
    assert "GANGWEI_SMTP" in office.desk("operator").get("/operations/notifications").text
    house.application.database.close()


def test_the_link_of_a_mail_leads_to_the_task_after_signing_in_even_with_a_first_password(
    writer: Correspondent,
) -> None:
    house = writer.house
    writer.verified()
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    writer.tell(
        URGED, case_id, task=int(house.task_of("shijiazhuang", case_id).partition("-")[2]), by="张三", step="初审"
    )
    writer.look()
    link = re.search(rf"{URL}(/messages/\d+)", writer.text())
    assert link is not None
    settings = {"APPLICATION": house.application, "SECRET_KEY": "k" * 32, "WTF_CSRF_ENABLED": False}
    client = create_app(settings).test_client()
    asked = client.get(link[1])
    assert asked.location.startswith("/login?next=")
    with house.application.database.write() as connection:
        connection.execute(users.update().where(users.c.login == "shijiazhuang").values(must_change_password=True))
    entered = client.post(asked.location, data={"login": "shijiazhuang", "password": "gonghui-demo-2026"})
    assert entered.location == link[1]
    first = client.get(link[1])
    assert first.location.startswith("/password?next=")
    words = {"old": "gonghui-demo-2026", "new": "很长的新密码-Baoding-41", "again": "很长的新密码-Baoding-41"}
    for evil in ("//example.org/x", "https://example.org/", "/\\example.org"):
        page = client.get("/password", query_string={"next": evil}).text
        assert 'name="next" value=""' in page
    changed = client.post("/password", data={**words, "next": link[1]})
    assert changed.location == link[1]
    assert client.get(link[1]).location == f"/tasks/{house.task_of('shijiazhuang', case_id)}"


@pytest.mark.parametrize("works", [True, False])
def test_the_doctor_tells_whether_the_mail_server_can_be_used_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, post: Post, works: bool
) -> None:
    house = build_house(tmp_path)
    if not works:
        post.stop()
    for name, value in {
        "DATA_DIR": str(tmp_path), "ENV": "development", "SMTP": f"smtp://127.0.0.1:{post.port}", "MAIL_FROM": "a@b.example",
        "SMTP_PASSWORD": SECRET, "ROBOTS": f"wecom 审核群 https://qyapi.weixin.qq.com/send?key={SECRET}",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"GANGWEI_{name}", value)
    assert SECRET not in repr(read_config())
    told = CliRunner().invoke(doctor).output
    assert ("可以使用" in told) is works and ("连接" in told or "不能使用" in told) is not works
    assert "GANGWEI_URL" in told and "审核群" in told and SECRET not in told
    house.application.database.close()


def test_pages_that_mails_lead_to_are_there() -> None:
    from engine.notifying import composing

    app = create_app({"APPLICATION": object(), "SECRET_KEY": "k" * 32})
    adapter = app.url_map.bind("x")
    for path in (composing.MESSAGE_PAGE.format(id=1), composing.BOX_PAGE, composing.OWN_PAGE, composing.TASKS_PAGE):
        adapter.match(path)
    assert channels(1).names == ("mail",)
