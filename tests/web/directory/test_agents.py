"""A browser is named by the words that people have for it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel

from web.directory.agents import told

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1"
AGENTS = {
    f"{EDGE} Edg/131.0.0.0": "Edge · Windows",
    EDGE: "Chrome · Windows",
    SAFARI: "Safari · iPhone",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox · Linux",
    "curl/8.5.0": "其他浏览器",
    "": "其他浏览器",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_browser_and_its_system_are_named_as_people_name_them(agent: str) -> None:
    site = Flask(__name__)
    Babel(site)
    with site.test_request_context():
        assert told(agent) == AGENTS[agent]
