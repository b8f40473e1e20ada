"""Settings of channels: what is refused and by which name, which hosts robots may have, and that no secret is told."""

from __future__ import annotations

import pytest

from engine.channels.settings import (
    is_mail_address,
    read_details,
    read_hosts,
    read_hours,
    read_mail,
    read_robots,
    read_url,
)
from engine.errors import BadInput

SECRET = "k3y-of-the-robot"
SENDER = ("FROM", "岗位办 <gangwei@example.org>")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/send", "https://localhost/send", "http://169.254.169.254/latest", "https://[::1]/",
        "https://10.0.0.1:6379/", "https://qyapi.weixin.qq.com.example.org/send", "https://oapi.dingtalk.com/robot/send",
        "http://qyapi.weixin.qq.com/send", "https://qyapi.weixin.qq.com:8443/send", "file:///etc/passwd", "gopher://x/",
        "https://user@qyapi.weixin.qq.com/send", "https://qyapi.weixin.qq.com@10.0.0.1/send", "https://[oops/", "//x/",
    ],
)  # fmt: skip
def test_a_robot_is_at_no_host_but_that_of_its_kind_and_those_that_are_named(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_robots("ROBOTS", f"wecom 审核群 {url}?key={SECRET}", frozenset())
    assert refused.value.facts["field"] == "ROBOTS" and SECRET not in refused.value.message()


def test_hosts_that_are_named_may_be_asked_and_no_text_shows_a_secret() -> None:
    hosts = read_hosts("HOSTS", "robots.example.org, 10.0.0.1:8080")
    text = (
        f"wecom 甲 https://qyapi.weixin.qq.com/send?key={SECRET};feishu 乙 http://10.0.0.1:8080/hook/{SECRET} {SECRET}"
    )
    found = read_robots("ROBOTS", text + f"\ndingtalk 丙 https://robots.example.org/{SECRET}", hosts)
    assert list(found) == ["甲", "乙", "丙"] and SECRET not in repr(found)
    with pytest.raises(BadInput):
        read_robots("ROBOTS", "feishu 乙 http://10.0.0.1:8081/hook", hosts)


@pytest.mark.parametrize("text", ["wecom 甲", "slack 甲 https://x/", "wecom mail https://qyapi.weixin.qq.com/", "x"])
def test_robots_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_robots("ROBOTS", text, frozenset())


def test_a_server_is_read_with_its_port_and_its_encryption() -> None:
    found = read_mail("SMTP", "smtps://u%40x@mail.example.org", "pw", SENDER)
    assert (found.host, found.port, found.security, found.user) == ("mail.example.org", 465, "tls", "u@x")
    assert (found.sender, found.sender_name, found.domain) == ("gangwei@example.org", "岗位办", "example.org")
    assert read_mail("SMTP", "smtp+starttls://mail.example.org:25", "", SENDER).port == 25
    assert read_mail("SMTP", "smtp://127.0.0.1:2525", "pw", SENDER).security == "plain"


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("smtp://mail.example.org", SENDER[1]),  # with a password
        ("smtps://u:pw@mail.example.org", SENDER[1]), ("mail.example.org", SENDER[1]), ("https://x", SENDER[1]),
        ("smtps://mail.example.org:port", SENDER[1]), ("smtps://mail.example.org", ""),
        ("smtps://mail.example.org", "岗位办 <张@example.org>"),
    ],
)  # fmt: skip
def test_a_server_that_makes_no_sense_is_refused_without_its_password(text: str, sender: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_mail("SMTP", text, "s3cret", ("FROM", sender))
    assert refused.value.facts["field"] in ("SMTP", "FROM") and "s3cret" not in refused.value.message()


def test_hours_kinds_and_the_address_are_refused_by_name_when_they_make_no_sense() -> None:
    assert [f"{one:%H:%M}" for one in read_hours("HOURS", "08:30-18:00")] == ["08:30", "18:00"]
    assert read_details("KINDS", "urged, all", frozenset({"urged"})) == {"urged", "all"}
    assert read_url("URL", "https://gangwei.example.org/app/") == "https://gangwei.example.org/app"
    for read in (
        lambda: read_hours("HOURS", "18:00-08:00"), lambda: read_hours("HOURS", "8-18"),
        lambda: read_details("KINDS", "urge", frozenset({"urged"})), lambda: read_hosts("HOSTS", "a b"),
        lambda: read_url("URL", "javascript:alert(1)"), lambda: read_url("URL", "https://x/?q=1"),
        lambda: read_url("URL", "gangwei.example.org"),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            read()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a@example.org", True), ("a.b+c@mail.example.org", True), ("a@b", True), ("a@b@c", False), ("@b", False),
        ("a@", False), ("a b@c", False), ("a@b\r\nBcc: x@y", False), ("张@example.org", False), (".a@b", False),
        ("a..b@c", False), ("a@" + "b" * 260, False), ("<a@b>", False), ("a,c@b", False),
    ],
)  # fmt: skip
def test_addresses_that_no_server_could_misread_are_taken_and_no_others(text: str, fits: bool) -> None:
    assert is_mail_address(text) is fits
