"""Which pages show what is personal, and that each look at one is written down before it is sent.

What cannot be written down is sent without what is personal, or not at all. What was refused is written down, too.
Knows pages by their names and nothing of what they show; how looks are kept: the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from flask import Flask, Response, g, request

from engine.directory.looks import DOWNLOADED, EXPORTED, REFUSED, SEEN, LookNotWritten
from web.common.context import application
from web.common.errors import problem
from web.common.hiding import made_again
from web.common.i18n import language
from web.common.statuses import status_of


class Shows(NamedTuple):
    """What a page shows: how one gets it, of what kind it is, and which parts of the address name it."""

    kind: str
    what: str
    named_by: tuple[str, ...] = ()


PAGE: Final = "page"
PAGES: Final[Mapping[str, Shows]] = {
    "case_pages.case": Shows(SEEN, "case", ("case_id",)),
    "case_pages.diagram_json": Shows(SEEN, "case", ("case_id",)),
    "task_pages.task": Shows(SEEN, "task", ("task_id",)),
    "start_pages.form": Shows(SEEN, "form", ("key",)),
    "case_file_pages.download": Shows(DOWNLOADED, "file", ("attachment_id",)),
    "case_file_pages.document": Shows(DOWNLOADED, "paper", ("case_id", "sequence")),
    "sheet_pages.book": Shows(DOWNLOADED, "sheet", ("task_id", "sheet")),
    "sheet_pages.start_book": Shows(DOWNLOADED, "sheet", ("key", "sheet")),
    "case_list_pages.export": Shows(EXPORTED, "case_list"),
    "statistics_pages.export": Shows(EXPORTED, "statistics"),
    "register_pages.register": Shows(SEEN, "register", ("name",)),
    "register_pages.record": Shows(SEEN, "register_record", ("name", "number")),
    "register_pages.export": Shows(EXPORTED, "register", ("name",)),
    "people_pages.users": Shows(SEEN, "accounts"),
    "people_pages.user": Shows(SEEN, "account", ("user_id",)),
    "leaving_pages.page": Shows(SEEN, "account", ("user_id",)),
    "organisation_pages.organisation": Shows(SEEN, "organisation", ("code",)),
    "succession_pages.succession": Shows(SEEN, "organisation", ("code",)),
    "audit_pages.accounts": Shows(SEEN, "account_log"),
    "audit_pages.deadlines": Shows(SEEN, "case", ("case_id",)),
    "event_log_pages.xes": Shows(EXPORTED, "event_log"),
    "event_log_pages.ocel": Shows(EXPORTED, "event_log"),
    "audit_pages.proof": Shows(EXPORTED, "account_log"),
    "anchor_pages.anchors": Shows(SEEN, "account_log"),
    "playback_pages.playback": Shows(SEEN, "case", ("case_id",)),
    "playback_pages.positions": Shows(SEEN, "case", ("case_id",)),
    "playback_pages.bundle": Shows(EXPORTED, "case", ("case_id",)),
    "playback_pages.diagram": Shows(SEEN, "case", ("case_id",)),
    "look_pages.looks": Shows(SEEN, "looks"),
    "look_pages.table": Shows(EXPORTED, "looks"),
}
"""By the name of the page. Lists of tasks are not among them: they say what waits, and every opened case is one."""

POSTED: Final = {"sheet_pages.book", "sheet_pages.start_book"}
"""Pages that are asked for with what stands in a form: by POST."""

HIDING: Final = {"case_pages.case", "register_pages.register", "register_pages.record"}
"""Pages that can be made without what is personal; the others are not sent at all."""


def init_looks(app: Flask) -> None:
    """Write each look down when its page is made, and send nothing personal that could not be written down."""

    @app.after_request
    def written_down(answer: Response) -> Response:
        who = g.get("actor")
        shows = PAGES.get(request.endpoint or "") if looks_at(request.method, request.endpoint) else None
        refused = answer.status_code == 403 or (answer.status_code == 404 and shows is not None)
        if who is None or not (refused or (shows is not None and 200 <= answer.status_code < 300)):
            return answer
        what = shows.what if shows else PAGE
        subject = "/".join(str((request.view_args or {})[name]) for name in shows.named_by) if shows else request.path
        kind = REFUSED if refused or shows is None else shows.kind
        try:
            application().looks.write(who.user_id, request.remote_addr or "", kind, what, subject)
        except LookNotWritten as failed:
            if not refused:
                answer.close()
                if _can_hide():
                    return made_again()
                return problem(status_of(failed), failed.message(language()), code=failed.code)
        return answer


def looks_at(method: str, endpoint: str | None) -> bool:
    """Whether a request asks to be shown something."""
    return method in ("GET", "HEAD") or (method == "POST" and endpoint in POSTED)


def _can_hide() -> bool:
    """Whether the page can be made without what is personal; of a case only its first part can."""
    return request.endpoint in HIDING and request.args.get("tab", "form") == "form"
