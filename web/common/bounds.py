"""How large a request may be, by its page and by whether its sender is known: settled before its body is read.

Asked twice, by the server before it takes a body in (``web/console/connections.py``) and before the first page looks.
Knows pages by their names and nothing of what they do with what they get.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import IO, Final
from wsgiref.types import WSGIEnvironment

from flask import Flask, Request, abort, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from engine.files.sheets import LARGEST
from engine.files.uploads import MAX_BYTES, MOST_FILES
from engine.forms.guard import LARGEST_JSON
from web.common.i18n import size
from web.common.spool import stream

KB: Final = 1024


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that a body may hold: bytes in all, fields of a form (its files among them), bytes of one field."""

    body: int
    fields: int
    field: int


STRANGER = Bound(16 * KB, 20, 8 * KB)  # what signing in needs; as much for a page that takes no body
ORDINARY = Bound(256 * KB, 200, 256 * KB)
FORM = Bound(LARGEST_JSON, 50, LARGEST_JSON)
FILE = Bound(MAX_BYTES + MAX_BYTES // 2, 50, 64 * KB)  # so that a file that is somewhat too large is named
FILES = Bound(3 * MAX_BYTES + 4096 * KB, MOST_FILES + 20, 64 * KB)
SEALED = Bound(FILES.body, FILES.fields, LARGEST_JSON)  # a form with its files
BULK = Bound(1024 * KB, 1200, 512 * KB)  # a field for each of many tasks
SHEET = Bound(3 * LARGEST, 50, 2 * LARGEST)  # a table that was shown comes back as a field, in letters
OTHERS: Final = {
    "bulk_pages.choose": BULK,
    "bulk_pages.rehearse": BULK,
    "bulk_pages.begin": BULK,
    "sealed_pages.hand_in": SEALED,
    "start_pages.start": FORM,
    "start_pages.check": FORM,
    "start_pages.save_draft": FORM,
    "trial_form_pages.start": FORM,
    "trial_form_pages.check_start": FORM,
    "trial_form_pages.complete": FORM,
    "trial_form_pages.check": FORM,
    "trial_form_pages.attach": FILES,
    "task_pages.complete": FORM,
    "task_pages.check": FORM,
    "task_pages.preview": FORM,
    "task_pages.save_draft": FORM,
    "sheet_pages.book": FORM,
    "sheet_pages.start_book": FORM,
    "sheet_pages.read_book": SHEET,
    "sheet_pages.read_start_book": SHEET,
    "sheet_pages.save_rows": FORM,
    "sheet_pages.save_start_rows": FORM,
    "case_file_pages.attach": FILES,
    "deadline_pages.suspend": FILE,
    "deadline_pages.extend": FILE,
    "deadline_pages.resume": FILE,
    "import_pages.organisations": SHEET,
    "import_pages.take_in": SHEET,
    "calendar_proposal_pages.propose_notice": SHEET,
    "workshop_pages.upload": FILE,
    "editor_pages.save": FORM,
    "editor_pages.put": FILE,
}
"""The pages that take more than an ordinary one."""
LARGEST_BODY: Final = max(bound.body for bound in OTHERS.values())
LONGEST_QUERY = 8 * KB
MOST_HEADERS = 32 * KB
ARRIVED: Final = "gangwei.arrived"
"""Where the server says when the last byte of a request had come, on the clock that is never set."""
BODIES = ("POST", "PUT", "PATCH")


class TooMuch(RequestEntityTooLarge):
    """A body beyond its bound."""

    def __init__(self, bound: Bound) -> None:
        super().__init__()
        self.bound = bound

    def words(self) -> str:
        """What the page takes, in the reader's language."""
        limits = {"body": size(self.bound.body), "fields": self.bound.fields, "field": size(self.bound.field)}
        return str(
            gettext(
                "提交的内容过多：本页一次最多接收%(body)s，栏目和文件合计不超过%(fields)d个，每个栏目不超过%(field)s。",
                **limits,
            )
        )


class _Counting(FormDataParser):
    """Counts fields before they are taken apart, however the form is written."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        bound = _bound_of_this()
        if mimetype == "application/x-www-form-urlencoded":
            text = stream.read()
            if text.count(b"&") >= bound.fields:
                raise TooMuch(bound)
            stream = BytesIO(text)
        try:
            return super().parse(stream, mimetype, content_length, options)
        except RequestEntityTooLarge as error:
            raise TooMuch(bound) from error


class _Bounded(Request):
    form_data_parser_class = _Counting

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:  # fmt: skip
        """Nothing that is handed in lies on the disk in clear before its page has looked at it."""
        return stream(total_content_length)


def init_bounds(app: Flask, known: Callable[[], bool]) -> None:
    """Refuse what is too large before anything else reads it. ``known``: whether the sender is signed in."""
    app.request_class = _Bounded

    @app.before_request
    def must_be_within() -> None:
        bound = bound_of(request.endpoint, request.method, known())
        request.max_content_length = bound.body
        request.max_form_parts, request.max_form_memory_size = bound.fields, bound.field
        if (request.content_length or 0) > bound.body:
            raise TooMuch(bound)
        if len(request.query_string) > LONGEST_QUERY:
            abort(414)
        if sum(len(name) + len(value) for name, value in request.headers) > MOST_HEADERS:
            abort(431)


def bound_of(endpoint: str | None, method: str, known: bool) -> Bound:
    """What a page (``None``: there is none) takes."""
    if not known or endpoint is None or method not in BODIES:
        return STRANGER
    return OTHERS.get(endpoint, ORDINARY)


def waited() -> timedelta:
    """How long all of this request has been there: it is not late because others came first."""
    now = time.monotonic()
    return timedelta(seconds=max(0.0, now - float(request.environ.get(ARRIVED, now))))


def largest_body(app: Flask, environ: WSGIEnvironment, known: bool) -> int:
    """Bytes of a body that a request with this method and path may have."""
    method = environ["REQUEST_METHOD"]
    try:
        endpoint, _ = app.url_map.bind("").match(environ["PATH_INFO"], method=method)
    except HTTPException:  # no such page, or elsewhere
        endpoint = None
    return bound_of(endpoint, method, known).body


def _bound_of_this() -> Bound:
    return Bound(request.max_content_length or 0, request.max_form_parts or 0, request.max_form_memory_size or 0)
