"""What an installation says of its channels: server, sender, robots, hours. Reads no environment; refuses by name.

Secrets are kept out of every text: no refusal, no log and no ``repr`` shows a password or the address of a robot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from email.utils import parseaddr
from types import MappingProxyType
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from engine import letters
from engine.errors import BadInput
from engine.words import Words, say

MAIL: Final = "mail"
"""The channel of mail; every other one is a robot, by its name."""
PLAIN, STARTTLS, TLS = "plain", "starttls", "tls"
_SCHEMES: Final = {"smtp": (PLAIN, 25), "smtp+starttls": (STARTTLS, 587), "smtps": (TLS, 465)}
WECOM, DINGTALK, FEISHU = "wecom", "dingtalk", "feishu"
HOSTS: Final = {WECOM: "qyapi.weixin.qq.com", DINGTALK: "oapi.dingtalk.com", FEISHU: "open.feishu.cn"}
"""The kinds of robots, with the host at which each is found unless an installation names others."""
KINDS: Final = {WECOM: say("企业微信"), DINGTALK: say("钉钉"), FEISHU: say("飞书")}
ALL: Final = "all"
LONGEST_ADDRESS, LONGEST_NAME = 254, 30
_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server. ``security``: plain, starttls (refused where the server offers none) or tls."""

    host: str
    port: int
    security: str
    sender: str
    sender_name: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def domain(self) -> str:
        """Where the sender is at home."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot of a group. ``secret``: by which it proves who posts, where its kind asks for that."""

    name: str
    kind: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Channels:
    """All that an installation says of telling people outside. ``url``: where people reach it, without a slash at its
    end.

    ``opens``, ``closes``: on working days it is told between these times in Shanghai. ``details``: the kinds of
    messages whose words may leave the installation, or ``all``.
    """

    url: str = ""
    mail: MailServer | None = None
    robots: Mapping[str, Robot] = field(default_factory=lambda: MappingProxyType({}))
    opens: time = time(8)
    closes: time = time(20)
    details: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The channels that are set up."""
        return (*((MAIL,) if self.mail else ()), *self.robots)

    def may_say(self, kind: str) -> bool:
        """Whether the words of a kind of message may leave the installation."""
        return ALL in self.details or kind in self.details


NONE: Final = Channels()
"""Nothing is told outside."""


def is_mail_address(text: str) -> bool:
    """Whether a text is an address that every server understands: ASCII, with one ``@``."""
    local, _, domain = text.partition("@")
    fits = len(text) <= LONGEST_ADDRESS and _MAIL.fullmatch(text) is not None
    return fits and ".." not in local and not local.startswith(".") and not local.endswith(".") and bool(domain)


def read_url(name: str, text: str) -> str:
    """Where people reach the installation. Raises BadInput."""
    parts = _split(name, text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or "@" in text:
        raise BadInput(field=name, reason=say("应为完整的网址，如 https://gangwei.example.org"))
    return text.rstrip("/")


def read_mail(name: str, text: str, password: str, sender: tuple[str, str]) -> MailServer:
    """A server from ``smtps://user@host:465``. ``sender``: the name of its setting, and 名称 <address>.

    A password goes over no open line but to this machine. Raises BadInput.
    """
    parts = _split(name, text)
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.password or parts.path.strip("/") or parts.query:
        reason = say("应为 smtps://用户名@服务器:465、smtp+starttls://用户名@服务器:587 或 smtp://服务器:25，密码另设")
        raise BadInput(field=name, reason=reason)
    security, port = _SCHEMES[parts.scheme]
    if password and security == PLAIN and parts.hostname not in _LOOPBACK:
        raise BadInput(field=name, reason=say("不加密的连接不能使用密码，请改用 smtps 或 smtp+starttls"))
    shown, address = parseaddr(letters.tidy(sender[1]))
    if not is_mail_address(address):
        raise BadInput(field=sender[0], reason=say("应为发件人，如 岗位办 <gangwei@example.org>"))
    user = unquote(parts.username or "")
    return MailServer(parts.hostname, parts.port or port, security, address, shown[:LONGEST_NAME], user, password)


def read_robots(name: str, text: str, hosts: frozenset[str]) -> Mapping[str, Robot]:
    """Robots from ``kind 名称 URL [secret]``, one a line or with semicolons between them. Raises BadInput.

    Only hosts of their kind are posted to, over HTTPS, and those (``host`` or ``host:port``) that the installation
    names.
    """
    found: dict[str, Robot] = {}
    for number, line in enumerate(filter(None, map(str.strip, re.split(r"[;\n]", text))), 1):
        words = line.split()
        if len(words) not in (3, 4) or words[0] not in HOSTS:
            reason = say(
                "第{number}项应为：wecom、dingtalk 或 feishu，名称，网址，密钥（可不填），以空格分开", number=number
            )
            raise BadInput(field=name, reason=reason)
        kind, label, url, *secret = words
        if label in found or label == MAIL or len(label) > LONGEST_NAME:
            raise BadInput(field=name, reason=say("第{number}项的名称重复、过长或不能使用", number=number))
        why = _not_allowed(_split(name, url), HOSTS[kind], hosts)
        if why is not None:
            raise BadInput(field=name, reason=say("第{number}项：{why}", number=number, why=why))
        found[label] = Robot(label, kind, url, "".join(secret))
    return MappingProxyType(found)


def read_hosts(name: str, text: str) -> frozenset[str]:
    """Further hosts of robots, with commas between them. Raises BadInput."""
    found = frozenset(one.strip().lower() for one in text.split(",") if one.strip())
    if any(not re.fullmatch(r"[a-z0-9.-]+(:\d{1,5})?", one) for one in found):
        raise BadInput(field=name, reason=say("应为主机名或“主机名:端口”，以逗号分开"))
    return found


def read_hours(name: str, text: str) -> tuple[time, time]:
    """From when to when, as ``08:00-20:00``. Raises BadInput."""
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
    opens, closes = (
        (time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))) if match else (time(), time())
    )
    if opens >= closes:
        raise BadInput(field=name, reason=say("应为一天之内的起止时间，如 08:00-20:00"))
    return opens, closes


def read_details(name: str, text: str, known: frozenset[str]) -> frozenset[str]:
    """The kinds whose words may leave, with commas between them, or ``all``. Raises BadInput."""
    found = frozenset(one.strip() for one in text.split(",") if one.strip())
    strange = sorted(found - known - {ALL})
    if strange:
        raise BadInput(field=name, reason=say("没有“{kind}”这类消息", kind=strange[0]))
    return found


def _split(name: str, text: str) -> SplitResult:
    """An address in its parts; what it is stays out of the refusal. Raises BadInput."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        raise BadInput(field=name, reason=say("不是网址")) from None
    if not text.isascii() or not text.isprintable() or " " in text:
        raise BadInput(field=name, reason=say("不是网址"))
    return parts


def _not_allowed(parts: SplitResult, official: str, hosts: frozenset[str]) -> Words | None:
    host = (parts.hostname or "").lower()
    named = host in hosts or f"{host}:{parts.port}" in hosts
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return say("不是网址")
    if not named and (host != official or parts.port not in (None, 443)):
        return say("主机 {host} 不在允许之列，请核对，或将它写入 GANGWEI_ROBOT_HOSTS", host=host)
    return None if parts.scheme == "https" or named else say("网址应以 https 开头")
