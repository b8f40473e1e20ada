"""The auditor's page of the anchors: how the house stands beside the last one. Shows no business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from engine.evidence.anchors.covered import FILES, HOW_WORDS, TABLES
from web.common.context import actor, application

pages = Blueprint("anchor_pages", __name__)
SHOWN: Final = 100
KINDS: Final[Mapping[str, Any]] = {
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
    """The anchors, and the proof over the house when it is asked for; a proof that fails hides nothing."""
    desk = application().anchors
    standing = desk.standing(actor())
    return render_template(
        "audit/anchors.html",
        standing=standing,
        proof=desk.prove(actor()) if "prove" in request.args else None,
        kinds=KINDS,
        shown=SHOWN,
        covered=sorted([*TABLES.items(), *FILES.items()], key=lambda one: not one[1].how),
        how=HOW_WORDS,
    )
