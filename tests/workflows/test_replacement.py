"""When a replacement goes on, is held, cancelled or without a post: the diagram's own judgement against a table by hand."""

from __future__ import annotations

import io
import tomllib
from datetime import UTC, datetime
from itertools import product

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.documents.templates import fill
from engine.feel import Environment, compile_expression
from tests.workflows.world import WORKFLOWS

HAND = tomllib.loads((WORKFLOWS.parent / "tests" / "data" / "replacement_by_hand.toml").read_text("utf-8"))
NOW = Environment(now=datetime(2026, 12, 23, 1, 0, tzinfo=UTC))
ON_RESULTS = {"unqualified", "basic_twice", "retraining_failed"}
CELLS = list(
    product(HAND["happens"], ("none", "open", "upheld", "raised"), ("active", "paused", "taken_over", "ended"))
)


def script_of(element):
    root = etree.parse(WORKFLOWS / "replacement" / "process.bpmn")
    (script,) = (one for one in root.iter("{*}scriptTask") if one.get("id") == element)
    return compile_expression(script.findtext("{*}script") or "")


def values_of(task):
    """The expression that fills the paper of a task."""
    root = etree.parse(WORKFLOWS / "replacement" / "process.bpmn")
    (made,) = (one for one in root.iter("{*}serviceTask") if one.get("id") == task)
    (found,) = (one.get("value") for one in made.iter("{*}parameter") if one.get("name") == "values")
    return compile_expression((found or "").removeprefix("="))


WEIGH, SETTLED = script_of("weigh"), script_of("note_settled")


def world_of(contract, left):
    """What the look-ups find: the worker, his post, its contract."""
    number = "HT2" if contract == "taken_over" else "HT1"
    state = contract if contract in ("paused", "ended") else "active"
    who = {"number": "SG1", "post": None if left else "P1", "contractor": "C1", "contractor_name": "甲"}
    post = {"number": "P1", "state": "filled", "grade": "third", "contract": number, "holder": None if left else "SG1"}
    offer = {"number": number, "contractor": "C2" if number == "HT2" else "C1", "contractor_name": "乙", "state": state}
    return {"subject": "SG1", "found_workers": [who], "found_posts": [post], "found_contracts": [offer]}


def weighed(reasons, appeals, contract, left):
    known = world_of(contract, left) | {"reasons": reasons, "open_appeals": appeals}
    return WEIGH.evaluate(known, NOW)


def happening(found):
    if found["over"]:
        return "cancelled" if found["ground"] is None else "gone"
    return "held" if found["held"] else "nominate"


def reason(kind):
    return {"kind": kind, "evaluation": "PJ1" if kind in ON_RESULTS else None, "source": "S1"}


@pytest.mark.parametrize(("trigger", "appeal", "contract"), CELLS)
def test_each_cell_is_what_was_written_down_by_hand(trigger, appeal, contract):
    reasons = [reason(trigger)]
    if appeal in ("upheld", "raised"):
        told = {"evaluation": "PJ1", "stands": appeal == "upheld"}
        reasons = SETTLED.evaluate({"reasons": reasons, "settled_message": told}, NOW)["reasons"]
    found = weighed(reasons, [{"number": "PJ1"}] if appeal == "open" else [], contract, trigger == "left")
    expected = HAND["happens"][trigger][appeal]
    if contract == "ended" and expected != "cancelled":
        expected = "gone"
    assert happening(found) == expected
    assert found["contractor"] == ("C2" if contract == "taken_over" else "C1")


@given(
    kinds=st.lists(st.sampled_from(sorted(HAND["happens"])), min_size=1, max_size=5, unique=True),
    open_=st.booleans(),
    gone=st.booleans(),
)
def test_a_replacement_has_one_ground_and_nobody_is_replaced_while_his_appeal_is_open(kinds, open_, gone):
    told = {"evaluation": "PJ1", "stands": not gone}
    reasons = SETTLED.evaluate({"reasons": [reason(kind) for kind in kinds], "settled_message": told}, NOW)["reasons"]
    found = weighed(reasons, [{"number": "PJ1"}] if open_ else [], "active", "left" in kinds)
    standing = [kind for kind in kinds if not (gone and kind in ON_RESULTS)]
    assert found["ground"] == (standing[0] if standing else None)
    assert [one["kind"] for one in found["standing"]] == standing
    if happening(found) == "nominate":
        assert not open_ or "left" in standing
    if not standing:
        assert happening(found) == "cancelled"


def test_a_post_that_its_holder_has_left_and_another_one_holds_is_gone():
    known = world_of("active", left=True) | {"reasons": [reason("left")], "open_appeals": []}
    known["found_posts"][0]["holder"] = "SG9"
    assert happening(WEIGH.evaluate(known, NOW)) == "gone"


def test_a_contractor_who_has_been_asked_is_asked_no_longer_when_another_one_has_the_contract():
    first = weighed([reason("breach")], [], "active", left=False)
    assert first["another_contractor"] is False
    known = world_of("taken_over", left=False) | {"reasons": [reason("breach")], "open_appeals": []}
    second = WEIGH.evaluate(known | {"asked_contractor": first["asked_contractor"]}, NOW)
    assert second["another_contractor"] is True
    third = WEIGH.evaluate(known | {"asked_contractor": second["asked_contractor"]}, NOW)
    assert (third["another_contractor"], third["contractor"]) == (False, "C2")


def test_the_notice_names_each_ground_once():
    told = {"unqualified": "年度评价不合格", "adjustment": "年终人员调整"}
    known = {
        "case": {"number": "GHRY2026-0001", "organisation": {"name": "定州市总工会"}}, "contractor_name": "甲机构",
        "old_worker": {"worker_name": "社工甲"}, "chosen": {"worker_name": "社工乙"}, "post_number": "P1", "told_kinds": told,
        "standing": [reason(kind) for kind in ("adjustment", "unqualified", "adjustment")],
        "hand_over": {"ended_on": "2026-12-31", "on_post_on": "2027-01-04"},
    }  # fmt: skip
    paper = (WORKFLOWS / "replacement" / "documents" / "replacement.docx").read_bytes()
    made = docx.Document(io.BytesIO(fill(paper, values_of("make_notice").evaluate(known, NOW), NOW.now)))
    text = "\n".join(one.text for one in made.paragraphs)
    assert "原服务人员社工甲因年终人员调整、年度评价不合格更换" in text
    assert [text.count(word) for word in told.values()] == [1, 1]
