"""Settings, read from the environment once at the start. Knows no request and no database.

| variable | meaning | default |
| --- | --- | --- |
| GANGWEI_DATA_DIR | folder of database, files, secrets | ``var`` beside a checkout; else ``gangwei`` in XDG_DATA_HOME |
| GANGWEI_DATABASE_URL | SQLAlchemy URL; Flask's SQLALCHEMY_DATABASE_URI | SQLite, ``gangwei.db`` in the data folder |
| GANGWEI_WORKFLOWS_DIR | folder of the process definitions to publish | those that come with the program |
| GANGWEI_HOST, GANGWEI_PORT | where to listen | 127.0.0.1, 8600 |
| GANGWEI_THREADS | requests served at once | 8 |
| GANGWEI_SECRET_KEY_FILE | signs sessions; ``gangwei secret`` makes it | ``secret.key`` in the data folder |
| GANGWEI_ENV | ``production``; ``demo``: the clock can be moved; ``development``: neither | production |
| GANGWEI_TRUSTED_PROXY | addresses and networks of reverse proxies whose forwarded headers count | empty: none |
| GANGWEI_URL | where people reach the installation: links in mails begin with it | empty: no links |
| GANGWEI_SMTP | the mail server: ``smtps://user@host:465``, ``smtp+starttls://…``, ``smtp://…`` | empty: no mail |
| GANGWEI_SMTP_PASSWORD | its password | empty |
| GANGWEI_MAIL_FROM | who sends mails: ``name <address>`` | none; needed for mail |
| GANGWEI_ROBOTS | robots: wecom, dingtalk or feishu, name, URL, secret; semicolons between them | empty: none |
| GANGWEI_ROBOT_HOSTS | further hosts at which robots may be | empty: none |
| GANGWEI_ANCHORS | folder outside the database; each night adds a signed line | ``anchors`` in the data folder |
| GANGWEI_ANCHOR_KEY_FILE | signs these lines; made with the first | ``anchor.key`` in the data folder |
| GANGWEI_TRIAL_MINUTES | after so many minutes without an act a trial of a design ends | 20 |
| GANGWEI_NOTIFY_HOURS | between which hours of working days people are told outside | 08:00-20:00 |
| GANGWEI_NOTIFY_DETAILS | kinds of messages whose words may leave; ``all`` | empty: none |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from engine.channels import settings as channels
from engine.channels.settings import Channels
from engine.errors import BadInput
from engine.messages.kinds import KINDS
from engine.shipped import CHECKOUT, WORKFLOWS
from web.common.proxies import Network, read_networks
from web.common.words import say

SQLITE_FILE = "sqlite:///"
LONGEST_TRIAL = 24 * 60
"""Minutes: a trial holds memory and one of few places."""
PRODUCTION, DEMO, DEVELOPMENT = "production", "demo", "development"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one program. Paths are absolute."""

    data_dir: Path
    database_url: str
    workflows_dir: Path
    host: str
    port: int
    threads: int
    trial_idle: timedelta
    secret_key_file: Path
    anchors: Path
    anchor_key_file: Path
    mode: str
    production: bool
    demo: bool
    trusted_proxies: tuple[Network, ...]
    channels: Channels


def read_config(environment: Mapping[str, str] | None = None) -> Config:
    """The settings that ``environment`` (default: the process's own) asks for. Raises BadInput naming the variable."""
    asked = {key: value for key, value in (environment or os.environ).items() if value}
    data = Path(asked.get("GANGWEI_DATA_DIR") or _data_dir(asked)).absolute()
    mode = asked.get("GANGWEI_ENV", PRODUCTION)  # what nobody has thought of is meant for users
    if mode not in (PRODUCTION, DEMO, DEVELOPMENT):
        raise BadInput(field="GANGWEI_ENV", reason=say("只能是 production（默认）、demo 或 development"))
    minutes = _number(asked, "GANGWEI_TRIAL_MINUTES", 20, LONGEST_TRIAL)
    return Config(
        data_dir=data,
        database_url=_whole(asked.get("GANGWEI_DATABASE_URL", f"{SQLITE_FILE}{data / 'gangwei.db'}")),
        workflows_dir=Path(asked.get("GANGWEI_WORKFLOWS_DIR", WORKFLOWS)).absolute(),
        host=asked.get("GANGWEI_HOST", "127.0.0.1"),
        port=_number(asked, "GANGWEI_PORT", 8600, 65535),
        threads=_number(asked, "GANGWEI_THREADS", 8, 256),
        trial_idle=timedelta(minutes=minutes),
        secret_key_file=Path(asked.get("GANGWEI_SECRET_KEY_FILE", data / "secret.key")).absolute(),
        anchors=Path(asked.get("GANGWEI_ANCHORS", data / "anchors")).absolute(),
        anchor_key_file=Path(asked.get("GANGWEI_ANCHOR_KEY_FILE", data / "anchor.key")).absolute(),
        mode=mode,
        production=mode == PRODUCTION,
        demo=mode == DEMO,
        trusted_proxies=read_networks(asked.get("GANGWEI_TRUSTED_PROXY", "")),
        channels=_channels(asked),
    )


def _channels(asked: Mapping[str, str]) -> Channels:
    """How people are told outside. No refusal quotes a secret."""
    server, robots = asked.get("GANGWEI_SMTP", ""), asked.get("GANGWEI_ROBOTS", "")
    sender = ("GANGWEI_MAIL_FROM", asked.get("GANGWEI_MAIL_FROM", ""))
    password, url = asked.get("GANGWEI_SMTP_PASSWORD", ""), asked.get("GANGWEI_URL", "")
    hosts = channels.read_hosts("GANGWEI_ROBOT_HOSTS", asked.get("GANGWEI_ROBOT_HOSTS", ""))
    opens, closes = channels.read_hours("GANGWEI_NOTIFY_HOURS", asked.get("GANGWEI_NOTIFY_HOURS", "08:00-20:00"))
    details = asked.get("GANGWEI_NOTIFY_DETAILS", "")
    return Channels(
        url=channels.read_url("GANGWEI_URL", url) if url else "",
        mail=channels.read_mail("GANGWEI_SMTP", server, password, sender) if server else None,
        robots=channels.read_robots("GANGWEI_ROBOTS", robots, hosts),
        opens=opens,
        closes=closes,
        details=channels.read_details("GANGWEI_NOTIFY_DETAILS", details, frozenset(KINDS)),
    )


def _data_dir(asked: Mapping[str, str]) -> Path:
    """Beside a checkout; of an installed program where the system keeps a person's data, whatever folder he is in."""
    if CHECKOUT:
        return CHECKOUT / "var"
    return Path(asked.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "gangwei"


def _whole(url: str) -> str:
    """With the whole path of SQLite's file: Flask-SQLAlchemy would look for a relative one in a folder of its own."""
    file = url.removeprefix(SQLITE_FILE)
    return url if file in (url, "", ":memory:") else f"{SQLITE_FILE}{Path(file).absolute()}"


def _number(asked: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= largest:
        reason = say("“{text}”不是 1 到 {largest} 的整数", text=text, largest=largest)
        raise BadInput(field=name, reason=reason)
    return int(text)
