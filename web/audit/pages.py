"""The auditor's pages: events of accounts, proofs of cases. Shows no business."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from web.audit.facts import told_facts
from web.audit.filters import LONGEST_SEARCH, read_filters, words_of
from web.audit.proof import proof_table
from web.calendar.parts import today
from web.cases.filters import STATES
from web.cases.ledgers import MARKS, days_of
from web.common.context import actor, application
from web.common.i18n import language
from web.directory.words import ACCOUNT_EVENTS

pages = Blueprint("audit_pages", __name__)
LARGEST = 2**31 - 1


@pages.get("/audit")
def accounts() -> str:
    """Whether the log of accounts holds, and its newest events."""
    kind, person = request.args.get("kind", ""), request.args.get("person", "").strip()[:LONGEST_SEARCH]
    kind = kind if kind in ACCOUNT_EVENTS else ""
    after = request.args.get("after", "")
    desk = application().audit
    return render_template(
        "audit/accounts.html",
        chain=desk.chain(actor(), prove="prove" in request.args),
        found=desk.events(actor(), kind, person, after),
        kinds=ACCOUNT_EVENTS,
        asked={"kind": kind, "person": person, "after": after},
        facts=told_facts,
    )


@pages.get("/audit/cases")
def cases() -> str:
    """Cases that the filters leave; proves one of them or the whole page when asked."""
    asked, after = read_filters(request.args), request.args.get("after", "")
    page = application().audit.cases(actor(), asked, after, prove="prove" in request.args, only=_number("case"))
    return render_template(
        "audit/cases.html",
        page=page,
        asked=asked,
        words=words_of(asked),
        after=after,
        kinds=application().cases.inbox.kinds(),
        states=STATES,
    )


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
    sent = proof_table(chain, lines, language(), application().machine.now())
    answer = Response(sent, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=proof.csv"
    return answer


def _number(name: str) -> int:
    """A number of the address; 0 when it makes no sense."""
    text = request.args.get(name, "")
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST
    return int(text) if fits else 0
