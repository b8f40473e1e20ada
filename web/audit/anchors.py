"""The auditor's page of the anchors: how the house stands beside the last one. Shows no business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from engine.evidence.anchors.covered import FILES, HOW_WORDS, TABLES
from web.common.context import actor, application

pages = Blueprint("anchor_pages", __name__)
KINDS: Mapping[str, Any] = {
    "cases": lazy_gettext("事项"),
    "account_events": lazy_gettext("账号记录"),
    "access_batches": lazy_gettext("查看记录"),
    "definitions": lazy_gettext("流程定义"),
    "records": lazy_gettext("台账记录"),
    "attachments": lazy_gettext("附件"),
    "papers": lazy_gettext("文书"),
    "files": lazy_gettext("文件内容"),
    "messages": lazy_gettext("消息"),
    "users": lazy_gettext("账号"),
    "memberships": lazy_gettext("角色"),
    "organisations": lazy_gettext("单位"),
    "substitutions": lazy_gettext("代理"),
    "invitations": lazy_gettext("邀请"),
    "sequences": lazy_gettext("编号序列"),
    "calendar_proposals": lazy_gettext("日历变更"),
    "calendar_decisions": lazy_gettext("日历审定"),
    "incidents": lazy_gettext("故障"),
    "regulation_articles": lazy_gettext("条文"),
    "restores": lazy_gettext("恢复"),
    "anchors": lazy_gettext("锚定簿"),
    "anchor_entries": lazy_gettext("锚定的内容"),
}


@pages.get("/audit/anchors")
def anchors() -> str:
    """The anchors, and the newest proof over the house; a proof that fails hides nothing."""
    desk = application().anchors
    return render_template(
        "audit/anchors.html",
        standing=desk.standing(actor()),
        run=desk.proof(actor()),
        kinds=KINDS,
        covered=sorted([*TABLES.items(), *FILES.items()], key=lambda one: not one[1].how),
        how=HOW_WORDS,
    )


@pages.post("/audit/anchors/proof")
def begin_proof() -> Response:
    """Begin a proof over the house, which goes on in the background."""
    application().anchors.begin_proof(actor(), "replays" in request.form)
    return redirect(url_for("anchor_pages.anchors"))
