"""Refusals and failures as people and programs read them."""

from __future__ import annotations

import logging

import pytest

from engine.errors import (
    BadInput,
    CaseNotOpen,
    Conflict,
    InvalidForm,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refusal,
    TaskNotOpen,
)
from tests.web.pages import JSON, page_client, told
from web.common.statuses import status_of

REFUSALS = [
    (NotFound(what=("事项", "The case")), 404),
    (NotAllowed(act=("撤回", "withdraw"), reason=("已有决定", "it is decided")), 403),
    (TaskNotOpen(), 409),
    (CaseNotOpen(), 409),
    (Conflict(), 409),
    (InvalidForm({}), 422),
    (OutcomeUnknown(outcome="x"), 422),
    (BadInput(field="x", reason="y"), 422),
]


class Stale(Conflict):
    """内容已过期。 | The content is stale."""


@pytest.mark.parametrize(("refusal", "status"), REFUSALS, ids=lambda one: type(one).__name__)
def test_a_refusal_has_its_status_and_is_told_in_both_languages(refusal: Refusal, status: int):
    for english in (False, True):
        client, _ = page_client(refusal=refusal, english=english)
        answer = client.post("/tasks/41-2/claim")
        assert answer.status_code == status
        assert refusal.message("en" if english else "zh").replace("“", "").split("”")[0] in answer.text.replace("“", "")


def test_a_new_kind_of_refusal_takes_the_status_of_its_parent():
    assert status_of(Stale()) == 409


def test_programs_get_problem_details():
    client, _ = page_client(refusal=NotAllowed(act=("撤回", "withdraw"), reason=("已有决定", "it is decided")))
    answer = client.post("/cases/41/withdraw", data={"reason": "x"}, headers=JSON)
    assert answer.content_type == "application/problem+json"
    assert told(answer) == {
        "type": "urn:gangwei:problem:NotAllowed",
        "title": "没有权限",
        "status": 403,
        "detail": "您不能撤回：已有决定",
        "code": "NotAllowed",
    }


def test_an_unknown_address_says_what_to_do():
    client, _ = page_client()
    answer = client.get("/nowhere")
    assert answer.status_code == 404 and "请核对网址" in answer.text and 'href="/"' in answer.text


def test_the_wrong_method_is_a_page_too():
    client, _ = page_client()
    answer = client.get("/tasks/41-2/claim")
    assert answer.status_code == 405 and "不能这样访问" in answer.text


def test_a_crash_gives_a_number_that_stands_in_the_log_and_tells_nothing_else(caplog):
    client, _ = page_client(refusal=RuntimeError("secret words"))
    with caplog.at_level(logging.ERROR, logger="web.common.errors"):
        answer = client.post("/tasks/41-2/claim", headers=JSON)
    assert answer.status_code == 500 and told(answer)["reference"] in caplog.text
    assert "secret" not in answer.text


def test_a_crash_is_a_page_for_people():
    client, _ = page_client(refusal=RuntimeError("secret words"))
    answer = client.post("/tasks/41-2/claim")
    assert answer.status_code == 500 and "错误编号" in answer.text and "secret" not in answer.text
