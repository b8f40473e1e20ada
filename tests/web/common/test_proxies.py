"""Whose word about a visitor's address, scheme and host is believed."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import BadInput
from web.common.proxies import behind, read_networks

FORWARDED = "HTTP_X_FORWARDED_FOR"


def seen(proxies, remote="127.0.0.1", **headers):
    told: dict[str, Any] = {}
    start: Any = None

    def answer(environ, _start):
        told.update(environ)
        return [b""]

    list(behind(read_networks(proxies), answer)({"REMOTE_ADDR": remote, "HTTP_HOST": "inside", **headers}, start))
    return told


@pytest.mark.parametrize(
    ("proxies", "remote", "said", "believed"),
    [
        ("", "127.0.0.1", "203.0.113.7", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("198.51.100.1", "127.0.0.1", "203.0.113.7", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "192.0.2.1, 203.0.113.7", "203.0.113.7"),  # the first may be anybody's lie
        ("127.0.0.1, 10.0.0.0/24", "127.0.0.1", "203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("127.0.0.1, 10.0.0.0/24", "10.0.0.3", "203.0.113.7:4711", "203.0.113.7"),
        ("::1", "::1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("::1", "::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.7, <script>", "127.0.0.1"),
        ("127.0.0.1", "::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_a_visitor_is_where_the_last_proxy_that_is_named_saw_him(proxies, remote, said, believed):
    environ = seen(proxies, remote, **{FORWARDED: said})
    assert environ["REMOTE_ADDR"] == believed
    assert FORWARDED not in environ


def test_scheme_and_host_are_believed_from_a_named_proxy_alone():
    said = {
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "gangwei.example.org",
        "HTTP_FORWARDED": "for=x",
    }
    inside, outside = seen("127.0.0.1", **said), seen("", **said)
    assert (inside["wsgi.url_scheme"], inside["HTTP_HOST"]) == ("https", "gangwei.example.org")
    assert "wsgi.url_scheme" not in outside
    assert outside["HTTP_HOST"] == "inside"
    assert not any("FORWARDED" in name for name in (*inside, *outside))
    assert "wsgi.url_scheme" not in seen("127.0.0.1", HTTP_X_FORWARDED_PROTO="ftp")


@pytest.mark.parametrize("text", ["proxy.example.org", "*", "10.0.0.1/8", "127.0.0.1 10.0.0.1"])
def test_what_is_no_address_is_refused_by_the_name_of_the_setting(text):
    with pytest.raises(BadInput, match="GANGWEI_TRUSTED_PROXY"):
        read_networks(text)
