"""Where a person came from, and where an act leads him: back to his list. Knows the names of lists and no case.

The address of a page of a case carries the list from which it was opened (``back``), and so does each link and form on
it, so that two tabs keep two ways back. What it names is believed only when it is a list of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, current_app, has_request_context, request, url_for
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from web.common.i18n import own_path

FIELD: Final = "back"
PANE: Final = "pane"
LONGEST: Final = 1500
"""Letters of an address that leads back."""
LISTS: Final[Mapping[str, Any]] = {
    "overview_pages.home": lazy_gettext("首页"),
    "inbox_pages.inbox": lazy_gettext("我的事项"),
    "case_list_pages.cases": lazy_gettext("全部事项"),
    "board_pages.board": lazy_gettext("看板"),
    "draft_pages.drafts": lazy_gettext("草稿箱"),
    "running_pages.deadlines": lazy_gettext("期限督办"),
    "stranded_pages.stranded": lazy_gettext("无人办理"),
    "message_pages.messages": lazy_gettext("消息"),
}
"""To which pages one comes back, and what they are called."""
CARRIES: Final = ("case_id", "task_id", "organisation")
"""What in an address makes it one of a case, or of a start for an organisation: it keeps the way back."""


def came_from() -> str:
    """The list from which this page was opened; empty for none and for what is no list of ours."""
    return request.args.get(FIELD, "") if back_to() else ""


def back_to() -> str:
    """The name of the page to which ``back`` leads, a key of ``LISTS``; empty for none."""
    return list_at(request.args.get(FIELD, "")) if has_request_context() else ""


def list_at(address: str) -> str:
    """The name of the list to which an address leads, a key of ``LISTS``; empty for none."""
    if not 0 < len(address) <= LONGEST or not own_path(address):
        return ""
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(address).path, method="GET")
    except (HTTPException, RequestRedirect):
        return ""
    return endpoint if endpoint in LISTS else ""


def in_pane() -> bool:
    """Whether the page is shown beside its list: then it has no frame of its own."""
    return bool(has_request_context() and request.args.get(PANE)) and bool(back_to())


def asked_of(endpoint: str) -> dict[str, str] | None:
    """What the list was asked from which this page was opened; None when it was not that one."""
    return asked_by(came_from()) if back_to() == endpoint else None


def asked_by(address: str) -> dict[str, str]:
    """What the address of a list asks for."""
    return dict(parse_qsl(urlsplit(address).query))


def init_returning(app: Flask) -> None:
    """Let every link and form on a page of a case keep the way back."""

    @app.url_defaults
    def keep_the_way_back(endpoint: str, values: dict[str, object]) -> None:
        if (
            any(name in values for name in CARRIES)
            and values.get(FIELD) is None
            and has_request_context()
            and back_to()
        ):
            values[FIELD] = request.args[FIELD]
            if in_pane():
                values[PANE] = "1"

    app.jinja_env.globals.update(
        came_from=came_from,
        in_pane=in_pane,
        back_to=back_to,
        back_name=lambda: LISTS.get(back_to(), ""),
        next_address=next_address,
    )


def next_like(task_id: str = "") -> Markup:
    """The link that leads on: to the next task of the same list, or else of the same kind as this one."""
    link = Markup(' <a class="btn btn-sm btn-plain" data-next href="{}">{}</a>')
    return link.format(next_address(task_id), gettext("下一件"))


def next_address(task_id: str) -> str:
    """Where the next task after this one is looked for when it is wanted: by then others may have done some."""
    return url_for("inbox_pages.next_task", beside=task_id or None, back=came_from() or None)
