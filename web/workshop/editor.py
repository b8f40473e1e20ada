"""The page on which a design is drawn: opened, saved, taken over, checked. Knows no rule.

What is drawn travels as JSON and as text; it is data for our own script and never a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.exceptions import BadRequest

from engine.designing.offering import Offered, Stock
from engine.designing.views import EditState
from engine.diagram.schema import Attribute, Word
from engine.errors import Fix, Problem
from engine.forms.guard import parse
from web.common.context import actor, application
from web.common.downloads import to_save
from web.common.i18n import moment, pick
from web.workshop.designs import ONE
from web.workshop.texts import texts

pages = Blueprint("editor_pages", __name__, url_prefix="/workshop")
LONGEST_SESSION: Final = 40
LONGEST_REVISION: Final = 10
MOST_CHANGES: Final = 200
Json = dict[str, object]


@pages.get(ONE)
def design(number: int) -> str:
    """The page itself; what is drawn comes by ``open``."""
    view = application().workshop.reading.design(actor(), number)
    return render_template("workshop/design.html", view=view, texts=texts())


@pages.get(f"{ONE}/words.json")
def words(number: int) -> Response:
    """The schema of our words, and what there is to choose from."""
    return jsonify(_offer(application().workshop.offering.offer(actor())))


@pages.post(f"{ONE}/open")
def open_(number: int) -> Response:
    """Open it: to edit in a session, knowingly over another one (``take_over``), or (no session) to read."""
    asked = _asked()
    session, editing = _session(asked), application().workshop.editing
    if session:
        opened = editing.edit(actor(), number, session, take_over=asked.get("take_over") is True)
    else:
        opened = editing.read(actor(), number)
    return jsonify(
        revision=opened.revision, diagrams=opened.diagrams, texts=opened.texts, papers=opened.papers,
        tables=opened.tables, names=opened.names,
    )  # fmt: skip


@pages.post(f"{ONE}/save")
def save(number: int) -> Response:
    """Keep what has changed over the revision that the page has seen."""
    asked = _asked()
    revision, changes = asked.get("revision"), asked.get("changes")
    if type(revision) is not int or not isinstance(changes, dict) or len(changes) > MOST_CHANGES:
        raise BadRequest
    _content("".join(changes))  # names, too, are text that can be told again
    kept = {str(name): _content(text) for name, text in changes.items()}
    saved = application().workshop.editing.save(actor(), number, (revision, _session(asked)), kept)
    return jsonify(revision=saved, saved_at=moment(application().machine.now())[-5:])


@pages.post(f"{ONE}/put")
def put(number: int) -> Response:
    """Keep a file that is sent as it is, a Word template, over the revision that the page has seen."""
    sent, revision, name = request.files.get("file"), request.form.get("revision", ""), request.form.get("name", "")
    if sent is None or not (revision.isascii() and revision.isdigit() and len(revision) < LONGEST_REVISION):
        raise BadRequest
    seen = (int(revision), _session(request.form))
    saved = application().workshop.editing.save(actor(), number, seen, {name: sent.read()})
    return jsonify(revision=saved, saved_at=moment(application().machine.now())[-5:])


@pages.get(f"{ONE}/file/<path:name>")
def file(number: int, name: str) -> Response:
    """One of its files, to save."""
    content = application().workshop.reading.file(actor(), number, name)
    return to_save(PurePosixPath(name).name, content, "application/octet-stream")


@pages.post(f"{ONE}/standing")
def standing(number: int) -> Response:
    """Whether this page still edits it, and who does; by that the page is heard of."""
    return jsonify(_standing(application().workshop.editing.standing(actor(), number, _session(_asked()))))


@pages.post(f"{ONE}/leave")
def leave(number: int) -> tuple[str, int]:
    """The page is closed."""
    application().workshop.editing.leave(actor(), number, _session(_asked()))
    return "", 204


@pages.post(f"{ONE}/check")
def check(number: int) -> Response:
    """What publishing would say of it now."""
    found = application().workshop.checking.check(actor(), number)
    return jsonify(
        revision=found.revision,
        problems=[_told(one) for one in found.problems],
        scope=found.scope,
        foreign=dict(found.foreign),
    )


def _asked() -> dict[str, Any]:
    """What the page's script sends. Raises BadRequest, BadInput for what is too much."""
    try:
        asked = parse(request.get_data())
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    if not isinstance(asked, dict):
        raise BadRequest
    return asked


def _session(asked: Mapping[str, Any]) -> str:
    session = asked.get("session", "")
    if not isinstance(session, str) or len(session) > LONGEST_SESSION or not (session.isalnum() or not session):
        raise BadRequest
    return session


def _content(text: object) -> bytes | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise BadRequest
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest from error


def _standing(one: EditState) -> Json:
    saved_at = moment(one.saved_at)[-5:]
    return {
        "revision": one.revision, "mine": one.mine, "editor": one.editor, "saved_at": saved_at,
        "saved_by": one.saved_by,
    }  # fmt: skip


def _told(problem: Problem) -> Json:
    """``file``: its name within the folder."""
    file = pick(problem.file).partition("/")[2]
    return {
        "severity": problem.severity, "file": file, "place": pick(problem.place), "what": pick(problem.what),
        "hint": pick(problem.hint), "walk": list(problem.walk), "fix": _fix(problem.fix),
    }  # fmt: skip


def _fix(fix: Fix | None) -> Json | None:
    return None if fix is None else {"element": fix.element, "tag": fix.tag, "values": dict(fix.values)}


def _offer(offer: Stock) -> Json:
    return {
        "words": [_word(one) for one in offer.words],
        "roles": _choices(offer.roles),
        "kinds": _choices(offer.kinds),
        "operations": [
            {
                "id": one.id,
                "name": pick(one.name),
                "parameters": [
                    {"id": p.id, "name": pick(p.name), "type": p.type, "required": p.required} for p in one.parameters
                ],
            }
            for one in offer.operations
        ],
        "registers": [
            {"id": one.id, "name": pick(one.name), "fields": _choices(one.fields)} for one in offer.registers
        ],
        "tables": [{"id": name, "inputs": list(inputs)} for name, inputs in offer.tables.items()],
        "articles": _choices(offer.articles),
        "functions": [{"id": one.id, "parameters": list(one.parameters)} for one in offer.functions],
    }


def _choices(choices: tuple[Offered, ...]) -> list[Json]:
    return [{"id": one.id, "name": pick(one.name)} for one in choices]


def _word(word: Word) -> Json:
    return {
        "tag": word.tag, "on": sorted(word.hosts), "label": pick(word.label), "meaning": pick(word.meaning),
        "many": word.many, "attributes": [_attribute(one) for one in word.attributes],
    }  # fmt: skip


def _attribute(one: Attribute) -> Json:
    choices = [{"id": name, "name": pick(label)} for name, label in one.choices.items()]
    return {
        "name": one.name, "type": one.type, "label": pick(one.label), "required": one.required, "choices": choices,
    }  # fmt: skip
