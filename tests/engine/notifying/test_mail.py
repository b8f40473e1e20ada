"""Messages by mail, to a real server: what arrives, what does not leave, and what becomes of it when things go wrong."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.channels.mail import MailLine
from engine.channels.sending import NotSent, Parcel
from engine.channels.settings import MailServer
from engine.messages.kinds import ARRIVED, DECIDED, RETURNED, URGED
from engine.notifying.courier import GIVEN_UP_AFTER, Courier
from storage import addresses, notifications, restores
from storage.accounts import users
from tests.applications import filled_application
from tests.engine.notifying.correspondent import MAILBOX, PERSON, URL, Correspondent, channels
from tests.outside import Post, talking
from tests.postgres import Server

BY = "张三"


def states(office: Correspondent) -> list[str]:
    return [one["status"] for one in office.fates()]


def test_a_message_arrives_once_with_both_parts_in_chinese_and_says_nothing_personal(
    tmp_path: Path, post: Post, server: Server | None
) -> None:
    office = Correspondent(tmp_path, post, server)
    office.register()
    case_id = office.house.start("changan", "post_approval", "130102", filled_application()).case_id
    office.look()
    assert office.post.mails == []  # an arrival waits for the list
    office.tell(RETURNED, case_id, "李四的身份证不清楚", step="初审")
    assert office.look() == {"sent": 1, "not_sent": 0} and office.look() == {}
    (got,) = office.post.mails
    number = office.application.cases.reading.case(office.person, case_id).head.number
    assert got["subject"] == f"【岗位办】退回 · 岗位开发设置审批 {number}"
    assert (got["to"], got["from"]) == (MAILBOX, "岗位办 <gangwei@example.org>")
    assert got["auto-submitted"] == "auto-generated" and got.get_content_type() == "multipart/alternative"
    html = got.get_body(("html",))
    assert html is not None and f'<a href="{URL}/messages/' in html.get_content()
    assert f"{URL}/messages/" in office.text() and f"{URL}/notifications" in office.text()
    assert not any(word in got.as_string() + office.text() + html.get_content() for word in ("李四", "初审", "长安区"))
    assert states(office) == ["sent"]
    (standing,) = office.application.notifications.standing()
    assert (standing.sent, standing.waiting, standing.addresses) == (2, 0, 1) and standing.last_at is not None
    office.house.at(11, 24)
    office.look()
    assert "新消息1条" in office.post.mails[-1]["subject"]
    office.close()


def test_where_the_settings_let_a_kind_its_words_leave_and_break_no_header(tmp_path: Path, post: Post) -> None:
    office = Correspondent(tmp_path, post, details=frozenset({"urged"}))
    office.verified()
    office.tell(URGED, by="张三\r\nBcc: everybody@example.org", step="<b>初审</b>", words="请今天办结。")
    office.tell(DECIDED, result="不予通过")
    office.look()
    (got,) = post.mails
    assert got["bcc"] is None and "不予通过" not in office.text() and "办理结果" in office.text()
    html = got.get_body(("html",))
    assert html is not None and "&lt;b&gt;初审" in html.get_content() and "请今天办结。" in office.text()
    office.tell(URGED, by="张三\r\nBcc: everybody@example.org\r\n\r\n", step="初审")
    office.look()
    assert post.mails[-1]["bcc"] is None and "Bcc: everybody" in post.mails[-1]["subject"]
    office.close()


def test_nothing_but_a_code_is_sent_to_an_address_that_nobody_has_verified(office: Correspondent) -> None:
    office.application.addresses.add(office.person, "mail", MAILBOX, "zh")
    office.tell(URGED, by=BY, step="初审")
    office.look()
    assert len(office.post.mails) == 1 and "验证码" in office.text()
    assert f"{URL}/notifications?address=" in office.text()


def test_while_the_server_is_down_nothing_is_lost_and_when_it_is_up_nothing_comes_twice(office: Correspondent) -> None:
    office.verified()
    office.post.stop()
    pauses = []
    for round_ in range(3):
        office.tell(URGED, by=BY, step=f"第{round_}步")
        office.look()
        (*_, first) = office.fates()
        pauses.append((first["next_at"] - office.house.clock.now()).total_seconds())
        office.house.clock.at = first["next_at"]
    assert pauses == [60, 120, 240] and states(office) == ["waiting"] * 3
    assert "连接不上" in office.fates()[0]["why_zh"] and office.fates()[0]["attempts"] == 1
    office.post.start()
    office.house.clock.move(hours=1)
    office.look()
    office.look()
    assert states(office) == ["sent"] * 3
    assert len({mail["message-id"] for mail in office.post.mails}) == len(office.post.mails) == 3


def test_who_dies_after_sending_sends_again_with_the_same_message_id(
    office: Correspondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.verified()
    office.tell(URGED, by=BY, step="初审")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Courier, "_end", die)
        with pytest.raises(KeyboardInterrupt):
            office.look()
    assert office.look() == {}  # it may still be under way elsewhere
    office.house.clock.move(minutes=4)
    office.look()
    first, second = office.post.mails
    assert first["message-id"] == second["message-id"] and states(office) == ["sent"]


def test_what_is_given_up_says_why_and_goes_out_when_an_operator_lets_it(office: Correspondent) -> None:
    office.verified()
    office.post.stop()
    office.tell(URGED, by=BY, step="初审")
    office.look()
    office.house.clock.at += GIVEN_UP_AFTER
    office.house.clock.move(hours=1)
    office.look()
    (given_up,) = office.fates()
    assert given_up["status"] == "failed" and given_up["why_en"]
    office.post.start()
    operator = office.house.actor("operator")
    office.application.notifications.again(operator, given_up["id"])
    office.look()
    assert states(office) == ["sent"] and len(office.post.mails) == 1


def test_a_slow_server_holds_neither_acts_nor_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.channels.mail.SILENCE_SECONDS", 120.0)  # for longer than all this takes
    monkeypatch.setattr("engine.channels.sending.DEADLINE_SECONDS", 120.0)
    released = threading.Event()
    with talking(["220 here", "250 here", "250", "250", "354 go on", "250 taken", "221"], released) as (port, _):
        office = Correspondent(tmp_path, Post(port))
        office.verified()
        office.tell(URGED, by=BY, step="初审")
        sending = threading.Thread(target=office.look)
        sending.start()
        office.house.start("changan", "post_approval", "130102", filled_application())
        office.application.worker.run_due()
        assert sending.is_alive()
        released.set()
        sending.join()
        assert states(office)[-1] == "sent"
        office.close()


LIES = {
    "hangs up": [None],
    "speaks otherwise": ["HTTP/1.1 200 OK"],
    "never ends an answer": ["220 here", *["250-more"] * 2000, None],
    "takes it and hangs up": ["220 here", "250 here", "250", "250", "354 go on", None],
    "knows no sender": ["220 here", "250 here", "550 who are you?"],
    "closes for today": ["220 here", "250 here", "250", "421 closing"],
    "is full": ["220 here", "250 here", "250", "250", "354 go on", "452 full"],
}


@pytest.mark.parametrize("lines", LIES.values(), ids=LIES)
def test_a_server_that_lies_has_sent_nothing_and_is_asked_again(tmp_path: Path, lines: list[str | None]) -> None:
    with talking(lines) as (port, _):
        office = Correspondent(tmp_path, Post(port))
        office.verified()
        office.tell(URGED, by=BY, step="初审")
        office.look()
        (waiting,) = office.fates()
        assert (waiting["status"], waiting["attempts"]) == ("waiting", 1) and waiting["why_zh"]
        office.close()


def test_a_server_that_sends_a_byte_now_and_then_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.channels.sending.DEADLINE_SECONDS", 0.2)
    with talking(["220 here", *["250-more"] * 10**6]) as (port, _), pytest.raises(NotSent) as failed:
        MailLine(channels(port).mail).send(  # type: ignore[arg-type]
            Parcel(MAILBOX, "题目", "正文", "<p>正文</p>", "token", datetime(2026, 11, 23, tzinfo=UTC))
        )
    assert failed.value.away


def test_no_password_goes_to_a_server_that_offers_no_encryption(tmp_path: Path) -> None:
    with talking(["220 here", "250 here", "250"]) as (port, heard):
        server = MailServer("127.0.0.1", port, "starttls", "gangwei@example.org", "", "gangwei", "s3cret-word")
        with pytest.raises(NotSent) as failed:
            MailLine(server).check()
    assert not any("AUTH" in line or "s3cret" in line for line in heard) and "s3cret" not in repr(server)
    assert failed.value.away


def test_an_address_that_is_refused_is_given_up_and_sent_to_no_longer_and_its_owner_hears_of_it(
    office: Correspondent,
) -> None:
    office.verified()
    office.post.refuses[MAILBOX] = f"550 no {MAILBOX} here\r\n"
    office.tell(URGED, by=BY, step="初审")
    office.look()
    (refused,) = office.fates()
    assert refused["status"] == "failed" and "550" in refused["why_zh"] and MAILBOX not in refused["why_zh"]
    (address,) = office.application.addresses.page(office.person).addresses
    assert not address.verified and address.refused_at is not None
    newest = office.application.messages.page(office.person).rows[0]
    assert "s***@example.org" in newest.title[0]
    office.tell(URGED, by=BY, step="初审")
    assert office.look() == {}


def test_a_server_that_is_busy_with_one_address_is_asked_again_for_that_one_alone(office: Correspondent) -> None:
    office.verified()
    office.verified("other@example.org")
    office.post.refuses[MAILBOX] = "451 come back later"
    office.tell(URGED, by=BY, step="初审")
    assert office.look() == {"sent": 1, "not_sent": 1}
    office.post.refuses.clear()
    office.house.clock.move(minutes=1)
    assert office.look() == {"sent": 1, "not_sent": 0}


def test_a_restored_installation_sends_nothing_until_an_operator_lets_it(office: Correspondent) -> None:
    office.verified()
    office.tell(URGED, by=BY, step="初审")
    now, operator = office.house.clock.now(), office.house.actor("operator")
    with office.application.database.write() as connection:
        restores.note(connection, {"backup": "0" * 64, "made_at": now, "restored_at": now, "ahead": 100})
    assert office.look() == {} and office.post.mails == []
    held = office.application.operator.standing(operator).held
    assert held is not None and held.notifications == 1
    office.application.outbox.release(operator)
    office.look()
    assert len(office.post.mails) == 1


def test_an_account_that_is_closed_is_told_nothing_whether_it_was_queued_or_not(office: Correspondent) -> None:
    office.verified()
    office.post.stop()
    office.tell(URGED, by=BY, step="初审")
    office.look()
    office.tell(URGED, by=BY, step="复核")
    with office.application.database.write() as connection:
        connection.execute(users.update().where(users.c.login == PERSON).values(active=False))
    office.post.start()
    office.house.clock.move(hours=2)
    office.look()
    assert office.post.mails == [] and states(office) == ["dropped"]


def test_what_was_read_in_the_product_meanwhile_is_not_told_again(office: Correspondent) -> None:
    office.verified()
    office.tell(URGED, by=BY, step="初审")
    office.application.messages.read(office.person)
    assert office.look() == {} and office.fates() == []


def test_what_a_person_does_not_want_is_not_sent_and_an_address_that_is_removed_gets_nothing(
    office: Correspondent,
) -> None:
    number, desk = office.verified(), office.application.addresses
    desk.choose(office.person, number, "daily", {"urged": "never", "arrived": "now"})
    office.tell(URGED, by=BY, step="初审")
    office.tell(ARRIVED, step="初审")
    office.look()
    assert len(office.post.mails) == 1 and "任务到达" in office.text()
    office.post.stop()
    office.tell(ARRIVED, step="初审")
    office.look()
    desk.remove(office.person, number)
    office.post.start()
    office.house.clock.move(hours=2)
    office.look()
    assert len(office.post.mails) == 1 and states(office) == ["dropped", "sent"]
    with office.application.database.read() as connection:
        assert addresses.of_person(connection, office.person.user_id) == []
        assert notifications.held(connection) == 0
