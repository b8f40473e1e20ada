"""The auditor's pages: events of accounts, proofs of cases, and the proofs as a table. Shows no business."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext

from engine.desks.audit import CaseLine, Chain
from engine.words import listed, worded
from web.calendar.parts import today
from web.cases.ledgers import MARKS, days_of
from web.common.context import actor, application
from web.common.i18n import language, moment
from web.common.words import say
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
    sent = _table(chain, lines, language(), application().machine.now())
    answer = Response(sent, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=proof.csv"
    return answer


HEAD = (
    say("对象"), say("编号"), say("结论"), say("不一致之处"), say("记录条数"), say("末条的 SHA-256"),
    say("核验时间（北京时间）"),
)  # fmt: skip
RESULTS = (say("一致"), say("不一致"))


def _table(chain: Chain, lines: Iterable[tuple[CaseLine, datetime]], language: str, now: datetime) -> Iterator[str]:
    row = partial(_row, language)
    yield "\ufeff" + row(HEAD)  # the mark by which Excel knows UTF-8
    broken = " ".join(map(str, chain.broken or ()))
    yield row((say("账号记录"), "", RESULTS[bool(broken)], broken, chain.count, chain.head, moment(now)))
    for line, at in lines:
        wrong = listed(line.differences or (), by="; ")
        told = (line.number, RESULTS[bool(line.differences)], wrong, line.events, line.head, moment(at))
        yield row((say("事项"), *told))


def _row(language: str, cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(worded(cell, language) for cell in cells)
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
