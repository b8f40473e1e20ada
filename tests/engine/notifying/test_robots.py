"""Robots of 企业微信, 钉钉 and 飞书, against a receiver on loopback: what is posted, signed, and what a refusal is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from engine.channels.settings import Channels, read_hosts, read_robots
from engine.messages.kinds import URGED
from tests.engine.notifying.correspondent import Correspondent
from tests.outside import HOST, Post, Receiver, receiving

SECRET = "SEC-of-the-robot"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def robots(receiver: Receiver) -> Channels:
    url = f"http://{HOST}:{receiver.port}/send?key=k-of-the-robot"
    text = f"wecom 审核群 {url}; dingtalk 办公室 {url} {SECRET}\nfeishu 值班群 {url} {SECRET}"
    return Channels(robots=read_robots("X", text, read_hosts("Y", f"{HOST}:{receiver.port}")))


@pytest.fixture
def office(tmp_path: Path, receiver: Receiver) -> Iterator[Correspondent]:
    made = Correspondent(tmp_path, Post(), robots=robots(receiver).robots, details=frozenset({"urged"}))
    yield made
    made.close()


def posted(receiver: Receiver, place: int = -1) -> tuple[dict[str, list[str]], dict]:
    path, body = receiver.posts[place]
    return parse_qs(urlsplit(path).query), json.loads(body)


def test_one_member_is_called_by_name_and_the_post_is_signed_as_each_kind_asks(
    office: Correspondent, receiver: Receiver
) -> None:
    for channel, account in (("审核群", "zhangsan"), ("办公室", "13800000000"), ("值班群", "ou_1")):
        office.verified(account, channel)
    office.tell(URGED, by="张三", step='<at user_id="all"></at>初审')
    assert office.look() == {"sent": 3, "not_sent": 0}
    (query, wecom), (signed, dingtalk), (_, feishu) = (posted(receiver, place) for place in range(3))
    assert query == {"key": ["k-of-the-robot"]} and wecom["text"]["mentioned_list"] == ["zhangsan"]
    assert "初审" in wecom["text"]["content"]
    assert dingtalk["at"] == {"atMobiles": ["13800000000"], "isAtAll": False}
    own = hmac.new(SECRET.encode(), f"{signed['timestamp'][0]}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert signed["sign"] == [base64.b64encode(own).decode()]
    own = hmac.new(f"{feishu['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert feishu["sign"] == base64.b64encode(own).decode()
    assert feishu["content"]["text"].count("<at ") == 1 and '<at user_id="ou_1">' in feishu["content"]["text"]


ANSWERS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "a refusal inside 200": (200, b'{"errcode":93000,"errmsg":"invalid webhook url k-of-the-robot"}', {}),
    "too often": (200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', {}),
    "no JSON": (200, b"<html>ok</html>", {}),
    "JSON that says nothing": (200, b"[]", {}),
    "true is no number": (200, b'{"code":false}', {}),
    "an error of the server": (502, b"", {}),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_clear_yes_is_tried_again(
    office: Correspondent, receiver: Receiver, answer: tuple[int, bytes, dict[str, str]]
) -> None:
    office.verified("zhangsan", "审核群")
    receiver.answers.append(answer)
    office.tell(URGED, by="张三", step="初审")
    assert office.look() == {"sent": 0, "not_sent": 1}
    (waiting,) = office.fates()
    assert waiting["status"] == "waiting" and waiting["why_zh"]
    office.house.clock.move(minutes=1)
    assert office.look() == {"sent": 1, "not_sent": 0}


def test_a_redirect_to_another_host_is_not_followed(office: Correspondent, receiver: Receiver) -> None:
    office.verified("zhangsan", "审核群")
    with receiving() as inside:
        receiver.answers.append((307, b"", {"Location": f"http://{HOST}:{inside.port}/admin"}))
        office.tell(URGED, by="张三", step="初审")
        office.look()
        assert inside.posts == [] and len(receiver.posts) == 1
    assert "307" in office.fates()[0]["why_zh"]
