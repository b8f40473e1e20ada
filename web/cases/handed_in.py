"""What a browser or a program hands in with a form: its data, the outcome and the words beside it. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from engine import letters
from engine.forms.guard import check_shape, parse

LONGEST_NUMBER = 9  # digits of a revision


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A submission as it came, not yet believed."""

    data: dict[str, Any]
    outcome: str | None
    revision: int | None


def handed_in() -> HandedIn:
    """Read the request: a JSON body ``{data, outcome, opinion, return_to, revision}``, or a page's form whose field
    ``data`` is JSON. Raises BadRequest when that is no JSON object, BadInput when it holds what cannot be kept."""
    if request.is_json:
        words = check_shape(_object(parsed(request.get_data())))
        data = _object(words.get("data", {}))
    else:
        words = request.form.to_dict()
        data = check_shape(_object(parsed(words.get("data") or "{}")))
    beside = {name: words[name] for name in ("opinion", "return_to") if isinstance(words.get(name), str)}
    outcome = words.get("outcome")
    return HandedIn(
        data={**data, **{name: text for name, text in beside.items() if letters.is_visible(text)}},
        outcome=outcome if isinstance(outcome, str) and outcome else None,
        revision=_number(words.get("revision")),
    )


def parsed(text: str | bytes) -> Any:
    """JSON of a request. Raises BadRequest when it is none, BadInput when it is too much."""
    try:
        return parse(text)
    except (ValueError, RecursionError) as error:  # no JSON, or nested so deeply that it was made to hurt
        raise BadRequest from error


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest
    return value


def _number(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    fits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
    return int(value) if fits else None
