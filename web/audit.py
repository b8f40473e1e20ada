"""The auditor's pages: events of accounts, proofs of cases, and the proofs as a table. Shows no business."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext

from engine.desks.audit import CaseLine, Chain
from web.calendar.parts import today
from web.cases.ledgers import MARKS, days_of
from web.common.context import actor, application
from web.common.i18n import language, moment
from web.directory.accounts import ACCOUNT_EVENTS, role_name

pages = Blueprint("audit_pages", __name__)

LONGEST_SEARCH = 100
LARGEST = 2**31 - 1
FACTS = {
    "role": lazy_gettext("角色"),
    "organisation_name": lazy_gettext("单位"),
    "organisation": lazy_gettext("单位编码"),
    "name": lazy_gettext("姓名"),
    "login": lazy_gettext("用户名"),
    "until": lazy_gettext("锁定至"),
    "sessions": lazy_gettext("退出的登录数"),
    "file": lazy_gettext("文件"),
    "sha256": lazy_gettext("内容的 SHA-256"),
    "proposal": lazy_gettext("日历变更的编号"),
    "year": lazy_gettext("年份"),
    "title": lazy_gettext("文号或事由"),
    "replaces": lazy_gettext("取代的变更"),
    "version": lazy_gettext("版本"),
    "before": lazy_gettext("原内容的 SHA-256"),
    "after": lazy_gettext("新内容的 SHA-256"),
    "added": lazy_gettext("新增"),
    "changed": lazy_gettext("更改"),
    "removed": lazy_gettext("删除"),
    "moved": lazy_gettext("调整隶属"),
    "incident": lazy_gettext("故障"),
    "act": lazy_gettext("操作"),
    "code": lazy_gettext("错误代码"),
    "case": lazy_gettext("事项"),
    "job": lazy_gettext("后台任务"),
    "move": lazy_gettext("时钟调整"),
    "from": lazy_gettext("原来的时间"),
    "to": lazy_gettext("调整后的时间"),
    "reason": lazy_gettext("原因"),
}


@pages.get("/audit")
def accounts() -> str:
    """Whether the log of accounts holds, and its newest events."""
    kind, person = request.args.get("kind", ""), request.args.get("person", "").strip()[:LONGEST_SEARCH]
    kind = kind if kind in ACCOUNT_EVENTS else ""
    before = _number("before")
    desk = application().audit
    return render_template(
        "audit/accounts.html",
        chain=desk.chain(actor(), prove="prove" in request.args),
        found=desk.events(actor(), kind, person, before or None),
        kinds=ACCOUNT_EVENTS,
        asked={"kind": kind, "person": person, "before": before},
        facts=told_facts,
    )


@pages.get("/audit/cases")
def cases() -> str:
    """Cases by their numbers; proves one of them or the whole page when asked."""
    word, after = request.args.get("q", "").strip()[:LONGEST_SEARCH], _number("after")
    page = application().audit.cases(actor(), word, after, prove="prove" in request.args, only=_number("case"))
    return render_template("audit/cases.html", page=page, q=word, after=after)


@pages.get("/audit/cases/<case_id>/deadlines")
def deadlines(case_id: str) -> str:
    """The ledgers of a case, and who did what to them with which document; nothing else of it."""
    return render_template(
        "audit/deadlines.html",
        found=application().cases.auditing.deadline_evidence(actor(), case_id),
        today=today(),
        marks=MARKS,
        days_of=days_of,
    )


@pages.get("/audit/proof.csv")
def proof() -> Response:
    """The proof of the log of accounts and of every case, as a table; proved while it is sent, page by page."""
    chain, lines = application().audit.chain(actor(), prove=True), application().audit.proofs(actor())
    head = ("对象", "编号", "结论", "不一致之处", "记录条数", "末条的 SHA-256", "核验时间（北京时间）")
    if language() != "zh":
        head = ("what", "number", "result", "differences", "events", "SHA-256 of the last", "proved at (Beijing time)")
    sent = _table(head, chain, lines, int(language() != "zh"), application().machine.now())
    answer = Response(sent, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=proof.csv"
    return answer


def _table(
    head: Iterable[str], chain: Chain, lines: Iterable[tuple[CaseLine, datetime]], index: int, now: datetime
) -> Iterator[str]:
    results = (("一致", "不一致"), ("proved", "differs"))[index]
    yield "\ufeff" + _row(head)  # the mark by which Excel knows UTF-8
    broken = " ".join(map(str, chain.broken or ()))
    what = ("账号记录", "events of accounts")[index]
    yield _row((what, "", results[bool(broken)], broken, chain.count, chain.head, moment(now)))
    for line, at in lines:
        wrong = "; ".join(one[index] for one in line.differences or ())
        told = (line.number, results[bool(wrong)], wrong, line.events, line.head, moment(at))
        yield _row((("事项", "case")[index], *told))


def _row(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _number(name: str) -> int:
    """A number of the address; 0 when it makes no sense."""
    text = request.args.get(name, "")
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST
    return int(text) if fits else 0


def told_facts(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an event says besides, as (label, value); what a newer engine says is named as it is."""
    known = {name: facts.get(name) for name in FACTS if name in facts}
    told = {**known, **facts}.items()  # what is known comes first
    return [(str(FACTS.get(name, name)), _value(name, value)) for name, value in told if value is not None]


def _value(name: str, value: Any) -> str:
    if name == "role":
        return role_name(str(value))
    if name == "until":
        return moment(datetime.fromisoformat(value))
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
