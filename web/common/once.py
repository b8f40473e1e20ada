"""A POST whose page gave it a key is done once: the same key gets the same answer. Knows no page.

Every form of ours carries one (``macros.html``); a program sends it as the header ``Idempotency-Key``, or as
``idempotency_key`` in its form or JSON. Without one a POST is done as often as it comes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from flask import Flask, Response, flash, jsonify, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from engine.directory.page_keys import AlreadyAnswered, Answer, PageUsed
from engine.errors import BadInput
from engine.feel import again_if_long
from engine.forms.guard import parse
from web.common.context import actor, application
from web.common.errors import problem
from web.common.i18n import language, own_path
from web.common.returning import FIELD as FROM_LIST
from web.common.returning import PANE
from web.common.statuses import status_of

FIELD, HEADER = "idempotency_key", "Idempotency-Key"
LONGEST = 200
NOT_COUNTED = (FIELD, "csrf_token")
SECRET = {"sealed_pages"}  # of whose content no digest may be kept that could be guessed at
OF_NOBODY = {"auth_pages", "invited_pages", "language_pages"}  # who signs in is nobody yet
TELLS = {  # what follows from a form as it stands: nothing is made, and of what is told nothing is kept
    *("task_pages.check", "task_pages.preview", "start_pages.check"),
    *("trial_form_pages.check", "trial_form_pages.check_start"),
    *("editor_pages.open_", "editor_pages.standing", "editor_pages.leave", "editor_pages.check"),
    *(f"sheet_pages.{name}" for name in ("book", "start_book", "read_book", "read_start_book")),
}
LONG = {"clock_pages.move"}  # takes many transactions, each of its own
FLASHES = "_flashes"  # where Flask keeps in a session what the next page says
View = Callable[..., Any]
_OWN_KEY: Final = secrets.token_bytes(32)


class Digest(Protocol):
    """A digest that is being made."""

    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


def new_key() -> str:
    """A key for one form of one page."""
    return secrets.token_urlsafe(16)


def init_once(app: Flask) -> None:
    """Let every page that takes a POST take its key. To be called when all of them are there."""
    app.jinja_env.globals["new_key"] = new_key
    posted = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    for endpoint in posted:
        if endpoint.partition(".")[0] not in OF_NOBODY and endpoint not in TELLS:
            app.view_functions[endpoint] = once(app.view_functions[endpoint], long=endpoint in LONG)


def once(view: View, *, long: bool) -> View:
    """The view, which under one key does what it does once."""

    @wraps(view)
    def answered_once(*words: Any, **named: Any) -> Any:
        key = _key() if request.method == "POST" else ""
        if not key:
            return view(*words, **named)
        keys = application().page_keys
        doing = keys.long if long else keys.once

        def do() -> Response:
            said = len(session.get(FLASHES, ()))
            with doing(actor(), key, _content()) as act:
                answer = make_response(view(*words, **named))
                act.answer = _kept(answer, said) if answer.status_code < 400 else None
            return answer

        try:
            return do() if long else again_if_long(do)
        except AlreadyAnswered as done:
            return _again(done.answer)
        except PageUsed as refused:
            earlier = {"earlier": _led_to(refused.answer)}
            return problem(status_of(refused), refused.message(language()), code=refused.code, extra=earlier)

    return answered_once


def _key() -> str:
    """The key of this request, empty for none. Raises BadRequest for one that is none of ours."""
    found = request.headers.get(HEADER) or request.form.get(FIELD) or _of_json()
    if not isinstance(found, str) or len(found) > LONGEST or not found.isprintable():
        raise BadRequest
    return found


def _of_json() -> object:
    text = request.get_data() if request.is_json else b""
    if FIELD.encode() not in text:
        return ""
    try:
        body = parse(text)
    except (BadInput, ValueError, RecursionError):  # whoever reads the rest of it refuses it
        return ""
    return body.get(FIELD, "") if isinstance(body, dict) else ""


def _content() -> str:
    """A digest of what is handed in, and to which address."""
    found = _digest(request.path.encode())
    for name, value in sorted(request.args.items(multi=True)):
        if name not in (FROM_LIST, PANE):  # the same page, opened from two lists, hands in the same
            found.update(f"{name}={value}\0".encode())
    for part in _parts():
        found.update(b"%d:" % len(part) + part)
    return found.hexdigest()


def _digest(start: bytes) -> Digest:
    """Of what is secret, one that this process alone can make: without its key nobody can try what was handed in."""
    return hmac.new(_OWN_KEY, start, hashlib.sha256) if request.blueprint in SECRET else hashlib.sha256(start)


def _parts() -> Iterator[bytes]:
    if not request.form and not request.files:
        yield request.get_data()
    for name, value in sorted(request.form.items(multi=True)):
        if name not in NOT_COUNTED:
            yield from (name.encode(), value.encode())
    for name, file in request.files.items(multi=True):
        file.stream.seek(0)  # an act that is done once more has read it
        yield from (name.encode(), (file.filename or "").encode(), hashlib.sha256(file.read()).digest())
        file.stream.seek(0)


def _kept(answer: Response, said: int) -> Answer:
    """What of an answer is given again: where it leads or what it tells, and what the next page then says."""
    told = [(kind, str(words), isinstance(words, Markup)) for kind, words in session.get(FLASHES, ())[said:]]
    if answer.is_json:
        return {"status": answer.status_code, "json": answer.get_json(), "told": told}
    leads = answer.location or answer.headers.get("Content-Location", "")
    return {"status": 303, "location": leads, "told": told or [("info", "", False)]}


def _again(answer: Answer) -> ResponseReturnValue:
    for kind, words, markup in answer["told"]:
        flash((Markup(words) if markup else words) or gettext("该操作刚才已经完成，没有重复办理。"), kind)  # noqa: S704 - ours
    if "json" in answer:
        return jsonify(answer["json"]), answer["status"]
    return redirect(_led_to(answer), code=303)


def _led_to(answer: Answer) -> str:
    """Where what was made is seen: as the answer says, else the page from which it came."""
    told: dict[str, object] = answer.get("json", {})
    if told.get("case_id"):
        return url_for("case_pages.case", case_id=told["case_id"])
    came_from = own_path(urlsplit(request.referrer or "").path)
    return str(answer.get("location") or came_from or url_for("overview_pages.home"))
