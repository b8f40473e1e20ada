"""What comes with a finding over HTTP: the way to it, and what surely mends it."""

from __future__ import annotations

import pytest

from tests.engine.checks import tiny
from tests.web.designers import Page, designers_site, signed_in, uploaded


@pytest.fixture(scope="module")
def designer(tmp_path_factory):
    with designers_site(tmp_path_factory.mktemp("findings"), "designer") as site:
        yield signed_in(site, "designer")


def test_a_join_that_starves_comes_with_the_way_to_it(designer):
    data = tiny.process(
        tiny.start(), tiny.gateway("choice", default="choice_a"), tiny.user("a"), tiny.user("b"),
        tiny.gateway("join", "parallel"), tiny.end(), flows="begin>choice>a>join>end; choice>b?a.n = 1; b>join",
    )  # fmt: skip
    design = uploaded(designer, "stuck.bpmn", data).location
    problems = Page(designer, design, "a1").ask("check").json["problems"]
    assert [one["walk"] for one in problems if one["walk"]] == [["begin", "choice", "a", "join"]]


def test_what_surely_mends_a_finding_comes_with_it(designer):
    data = tiny.process(
        tiny.start(), tiny.gateway("choice"), tiny.user("a"), tiny.end(),
        flows="begin>choice>a>end; choice>end?begin.n = 1",
    )  # fmt: skip
    design = uploaded(designer, "mended.bpmn", data).location
    problems = Page(designer, design, "a1").ask("check").json["problems"]
    fixes = [one["fix"] for one in problems if one["fix"]]
    assert fixes == [{"element": "choice", "tag": "default", "values": {"flow": "choice_a"}}]
