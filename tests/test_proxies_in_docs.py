"""The examples of reverse proxies in docs/operations.md, read and held against what the program really reads.

Neither proxy need be on the machine: the examples are parsed here, and what they would send goes through our own reader
of forwarded headers.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from web.common.bounds import LARGEST_BODY
from web.common.config import read_config
from web.common.proxies import FOR, HOST, PROTO, behind, read_networks
from web.console.connections import LONGEST_HEAD, Patience

DOC = (Path(__file__).resolve().parent.parent / "docs" / "operations.md").read_text("utf-8")
UNITS = {"": 1, "s": 1, "m": 60, "k": 1024}
BYTES = {"m": 2**20, "MiB": 2**20, "MB": 10**6, "k": 2**10}
FIRST_TOKEN = re.compile(r'"[^"]*"|[{};]|[^\s{};]+|\n')


def example(language: str) -> str:
    return DOC.split(f"```{language}\n")[1].split("```")[0]


def parsed(text: str, end: str) -> list[Any]:
    """Directives as [word, …] and blocks as ([word, …], [what is inside]). ``end``: what ends a directive."""
    stack: list[list[Any]] = [[]]
    words: list[str] = []
    for token in FIRST_TOKEN.findall(text):
        if token == "{":
            stack.append([])
            stack[-2].append((words, stack[-1]))
            words = []
        elif token in (end, "}", "\n"):
            if words and token == end:
                stack[-1].append(words)
                words = []
            if token == "}":
                assert not words, words
                stack.pop()
        else:
            words.append(token)
    assert len(stack) == 1 and not words
    return stack[0]


def inside(tree: list[Any], *path: str) -> list[Any]:
    for name in path:
        tree = next(within for head, within in (one for one in tree if isinstance(one, tuple)) if head[:1] == [name])
    return tree


def value(tree: list[Any], *name: str) -> list[str]:
    (found,) = (one[len(name) :] for one in tree if isinstance(one, list) and tuple(one[: len(name)]) == name)
    return found


def measure(words: list[str], units: dict[str, int]) -> int:
    (text,) = words
    number, unit = re.fullmatch(r"(\d+)(\w*)", text).groups()  # type: ignore[union-attr]
    return int(number) * units[unit]


@pytest.fixture
def nginx() -> list[Any]:
    secure = [one for one in parsed(example("nginx"), ";") if ["listen", "443", "ssl"] in one[1]]
    (found,) = secure
    return list(found[1])


def test_nginx_sends_all_that_the_program_reads_of_a_visitor(nginx: list[Any]) -> None:
    location = inside(nginx, "location")
    known = {"$remote_addr": "203.0.113.7", "$scheme": "https", "$host": "gangwei.example.org"}
    sent = {one[1]: known.get(one[2], one[2]) for one in location if one[0] == "proxy_set_header"}
    environ: dict[str, Any] = {"HTTP_" + name.upper().replace("-", "_"): said for name, said in sent.items()}
    assert {FOR, PROTO, HOST} <= set(environ)
    assert sent["Host"] == "gangwei.example.org"
    seen: dict[str, Any] = {}

    def answer(told: dict[str, Any], _start: object) -> list[bytes]:
        seen.update(told)
        return []

    (proxy,) = re.findall(r"`GANGWEI_TRUSTED_PROXY=([\d.]+)`", DOC)
    start: Any = None
    behind(read_networks(proxy), answer)({**environ, "REMOTE_ADDR": proxy}, start)
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == tuple(known.values())


def test_nginx_takes_what_the_program_takes_and_waits_as_long(nginx: list[Any]) -> None:
    location = inside(nginx, "location")
    config = read_config({"PATH": "x"})
    assert value(location, "proxy_pass") == [f"http://{config.host}:{config.port}"]
    assert measure(value(nginx, "client_max_body_size"), BYTES) == LARGEST_BODY
    count, each = value(nginx, "large_client_header_buffers")
    assert int(count) * measure([each], BYTES) >= LONGEST_HEAD
    assert measure(value(nginx, "client_header_timeout"), UNITS) <= Patience.head
    assert measure(value(nginx, "client_body_timeout"), UNITS) <= Patience.body
    assert measure(value(location, "proxy_read_timeout"), UNITS) >= 120
    assert measure(value(location, "proxy_send_timeout"), UNITS) >= Patience.body


def test_nginx_leads_from_http_to_https() -> None:
    plain = next(one[1] for one in parsed(example("nginx"), ";") if ["listen", "80"] in one[1])
    assert value(plain, "return") == ["301", "https://$host$request_uri"]


def test_caddy_takes_what_the_program_takes_and_waits_as_long() -> None:
    tree = parsed(example("caddy"), "\n")
    config = read_config({"PATH": "x"})
    site = inside(tree, "gangwei.example.org")
    proxies = [one for one in site if isinstance(one, tuple) and one[0][0] == "reverse_proxy"]
    ((head, within),) = proxies
    assert head == ["reverse_proxy", f"{config.host}:{config.port}"]
    assert not any("header_up" in one for one in within)  # its own three headers stay as they are
    assert measure(value(inside(site, "request_body"), "max_size"), BYTES) == LARGEST_BODY
    assert measure(value(inside(within, "transport"), "response_header_timeout"), UNITS) >= 120
    timeouts = inside(tree[0][1], "servers", "timeouts")
    assert measure(value(timeouts, "read_header"), UNITS) <= Patience.head
    assert measure(value(timeouts, "read_body"), UNITS) <= Patience.body


@pytest.mark.parametrize("broken", ["a { b; ", "a b }", "a { b }"])
def test_an_example_that_cannot_be_read_would_be_seen(broken: str) -> None:
    with pytest.raises((AssertionError, IndexError)):
        parsed(broken, ";")
