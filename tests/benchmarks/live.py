"""Five hundred browsers that stand open, each asking what is new: the share of a core, and how old the news is.

The floor is the same server while nobody asks. The browsers ask as ``web/frontend/src/live.js`` does; meanwhile another program acts on the same database, so that there is news.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from engine.application import Application
from storage import accounts
from tests.applications import filled_application
from tests.benchmarks.race import person
from tests.site import Site
from web.common.config import read_config
from web.common.secret import secret_key

BROWSERS, RHYTHM, SECONDS, ACT_EVERY = 500, 9.0, 40.0, 2.0
MOST_SHARE, MOST_AGE = 5.0, 15.0
READERS = ("shijiazhuang", "changan", "province", "observer")


@dataclass
class Heard:
    """What the browsers heard: answers in all, and how old each piece of news was when all had it."""

    answers: int = 0
    strange: int = 0
    ages: list[float] = field(default_factory=list)
    acted: list[float] = field(default_factory=list)


def measure(site: Site) -> None:
    """Prints the share of a core with and without the browsers, and the age of the news."""
    with site.opened() as opened:
        cookies = _sessions(site, opened)
        floor = _share(site, lambda: time.sleep(SECONDS / 4))
        heard = Heard()
        share = _share(site, lambda: asyncio.run(_browse(site, opened, cookies, heard)))
    told = "OK" if share - floor <= MOST_SHARE and max(heard.ages, default=99) <= MOST_AGE else "missed"
    print(
        f"{f'{BROWSERS} browsers ask for news':<40} {share:8.1f} % of a core   nobody asks {floor:5.1f} %"
        f"   asked ≤ {MOST_SHARE} % more   news {max(heard.ages, default=99):4.1f} s old at most, asked ≤ {MOST_AGE} s"
        f"   {heard.answers / SECONDS:5.1f} answers a second, {heard.strange} strange   {told}",
        flush=True,
    )


def _share(site: Site, act: Callable[[], object]) -> float:
    """Percent of a core that the server takes meanwhile."""
    before, began = _seconds(site.process), time.perf_counter()
    act()
    return 100 * (_seconds(site.process) - before) / (time.perf_counter() - began)


def _seconds(process: int) -> float:
    parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _sessions(site: Site, opened: Application) -> list[str]:
    """So many sessions as the sign-in would make, without its passwords."""
    app = Flask("web")
    app.config["SECRET_KEY"] = secret_key(read_config(site.environment).secret_key_file, make=False)
    signed = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signed is not None
    now, cookies = opened.machine.now(), []
    users = [person(opened, login).user_id for login in READERS]
    with opened.database.write() as connection:
        for number in range(BROWSERS):
            row = {"id": secrets.token_urlsafe(32), "user_id": users[number % len(users)], "started_at": now}
            accounts.start_session(connection, {**row, "address": "", "agent": ""})
            cookies.append(str(signed.dumps({"session": row["id"], "seen": int(now.timestamp())})))
    return cookies


async def _browse(site: Site, opened: Application, cookies: list[str], heard: Heard) -> None:
    ends = time.perf_counter() + SECONDS
    browsers = [_browser(site, number, cookie, ends, heard) for number, cookie in enumerate(cookies)]
    await asyncio.gather(_act(opened, ends, heard), *browsers)


async def _act(opened: Application, ends: float, heard: Heard) -> None:
    """A county asks the city again and again, from another process than the server."""
    officer = person(opened, "changan")
    await asyncio.sleep(RHYTHM * 1.5)  # all know where they stand
    while time.perf_counter() < ends - MOST_AGE:
        act = opened.cases.acting.start
        await asyncio.to_thread(act, officer, "post_approval", "130102", filled_application())
        heard.acted.append(time.perf_counter())
        await asyncio.sleep(ACT_EVERY)


async def _browser(site: Site, number: int, cookie: str, ends: float, heard: Heard) -> None:
    await asyncio.sleep(RHYTHM * number / BROWSERS)
    version, told = "", 0
    while time.perf_counter() < ends:
        status, body = await _ask(site, f"/news?v={version}", cookie)
        heard.answers += 1
        heard.strange += status not in (200, 202, 204)
        if status == 200:
            version = json.loads(body)["version"]
            if READERS[number % len(READERS)] == "shijiazhuang":
                told = _note(heard, told)
        await asyncio.sleep(3.0 if status == 202 else RHYTHM)


def _note(heard: Heard, told: int) -> int:
    """How old the oldest act is that this browser has just heard of; all that were done are heard of together."""
    fresh = heard.acted[told:]
    if fresh:
        heard.ages.append(time.perf_counter() - fresh[0])
    return told + len(fresh)


async def _ask(site: Site, address: str, cookie: str) -> tuple[int, bytes]:
    """One request, as a browser sends it whose last connection was closed: status and body."""
    host, _, port = site.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {address} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: gangwei={cookie}\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    if b"chunked" in head:
        body = body.partition(b"\r\n")[2].partition(b"\r\n")[0]
    return int(head.split()[1]), body
