"""The server and the proxy in front of it: whose word about a visitor's address is believed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.site import prepared_environment, serving
from tests.visitor import Visitor

FORGED = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return prepared_environment(tmp_path_factory.mktemp("proxied"))


@pytest.mark.parametrize(("proxy", "believed"), [("127.0.0.1", "203.0.113.7"), ("", "127.0.0.1")])
def test_only_the_proxy_that_is_named_may_say_where_a_visitor_comes_from(environment, proxy, believed):
    folder = environment["GANGWEI_DATA_DIR"]
    with (
        serving(Path(folder), environment | {"GANGWEI_TRUSTED_PROXY": proxy}) as site,
        Visitor(site.url, extra=FORGED) as visitor,
    ):
        visitor.sign_in("changan")
    with closing(sqlite3.connect(f"{folder}/gangwei.db")) as connection:
        newest = connection.execute("SELECT address FROM account_events ORDER BY sequence DESC LIMIT 1").fetchone()
    assert newest == (believed,)
