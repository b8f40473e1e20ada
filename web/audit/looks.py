"""The auditor's pages of looks: who saw what of people, took it along, or was refused. Shows none of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext

from engine.desks.looks import LookFilters, SeenLine
from engine.desks.playback import OPENED
from engine.directory.looks import DOWNLOADED, EXPORTED, REFUSED, SEEN
from web.common.context import actor, application
from web.common.i18n import moment

pages = Blueprint("look_pages", __name__)
LONGEST_SEARCH = 100
KINDS: Mapping[str, Any] = {
    SEEN: lazy_gettext("查看"),
    DOWNLOADED: lazy_gettext("下载"),
    EXPORTED: lazy_gettext("导出"),
    REFUSED: lazy_gettext("被拒绝"),
    OPENED: lazy_gettext("查看个人信息"),
}
SUBJECTS: Mapping[str, Any] = {
    "case": lazy_gettext("事项"),
    "task": lazy_gettext("任务"),
    "form": lazy_gettext("填报表单"),
    "file": lazy_gettext("附件"),
    "paper": lazy_gettext("文书"),
    "sheet": lazy_gettext("表"),
    "case_list": lazy_gettext("全部事项"),
    "statistics": lazy_gettext("统计"),
    "register": lazy_gettext("台账"),
    "register_record": lazy_gettext("台账记录"),
    "accounts": lazy_gettext("账号列表"),
    "account": lazy_gettext("账号"),
    "organisation": lazy_gettext("单位"),
    "account_log": lazy_gettext("账号记录"),
    "event_log": lazy_gettext("事件日志"),
    "looks": lazy_gettext("查看记录"),
    "page": lazy_gettext("网页"),
}
HEAD = (
    lazy_gettext("序号"), lazy_gettext("时间（北京时间）"), lazy_gettext("姓名"), lazy_gettext("用户名"),
    lazy_gettext("地址"),
    lazy_gettext("方式"), lazy_gettext("对象"), lazy_gettext("编号"),
)  # fmt: skip


@pages.get("/audit/looks")
def looks() -> str:
    """Whether the log of looks holds, and its newest entries."""
    asked, desk = _asked(), application().look_desk
    return render_template(
        "audit/looks.html",
        chain=desk.chain(actor(), prove="prove" in request.args),
        found=desk.page(actor(), asked),
        asked=asked,
        filters={"kind": asked.kind, "what": asked.what, "subject": asked.subject, "person": asked.person},
        kinds=KINDS,
        subjects=SUBJECTS,
    )


@pages.get("/audit/looks.csv")
def table() -> Response:
    """All that the filters leave, as a table, sent page by page."""
    lines = application().look_desk.all(actor(), _asked())
    answer = Response(_csv(lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=looks.csv"
    return answer


def _asked() -> LookFilters:
    kind, what = request.args.get("kind", ""), request.args.get("what", "")
    words = {name: request.args.get(name, "").strip()[:LONGEST_SEARCH] for name in ("subject", "person")}
    after = request.args.get("after", "")
    return LookFilters(kind if kind in KINDS else "", what if what in SUBJECTS else "", **words, after=after)


def _csv(lines: Iterable[SeenLine]) -> Iterator[str]:
    yield "\ufeff" + _row(HEAD)  # the mark by which Excel knows UTF-8
    for line in lines:
        name, login = line.by or ("", "")
        kind, what = KINDS.get(line.kind, line.kind), SUBJECTS.get(line.what, line.what)
        yield _row((line.id, moment(line.at), name, login, line.address, kind, what, line.named))


def _row(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(map(str, cells))
    return out.getvalue()
