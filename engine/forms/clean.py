"""What a client sent, laid onto the tree of components: right types, known keys, fixed values from what stands.

Knows no FEEL: which fields are hidden or read-only by a condition is settled afterwards from what is noted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.forms import messages
from engine.forms.model import MAX_ROWS, Field, Path
from engine.forms.trees import MISSING, copy, get, put
from engine.forms.values import TooLarge, WrongType, same, typed
from engine.words import Said


@dataclass(slots=True)
class Cleaned:
    """``data`` holds every field of the form; the rest is what settling needs to know."""

    data: dict[str, Any] = field(default_factory=dict)
    absent: set[Path] = field(default_factory=set)  # not sent at all, as hidden fields are not
    fixed: set[Path] = field(default_factory=set)  # paths that no client sets
    partial: bool = False  # a read-only field that is always visible was not sent: this is no browser
    standing: dict[Path, Any] = field(default_factory=dict)  # of fields that a condition may make read-only
    errors: dict[Path, Said] = field(default_factory=dict)


def clean(fields: Sequence[Field], submission: Mapping[str, Any], initial: Mapping[str, Any]) -> Cleaned:
    """Lay a submission onto the tree. Unknown keys are dropped; wrong types are noted and count as empty."""
    cleaned = Cleaned()
    _fields(cleaned, fields, submission, initial, cleaned.data, ())
    cleaned.partial = any(item.fixed and not item.hide and get(submission, item.path) is MISSING for item in fields)
    return cleaned


def untouched(field: Field) -> Any:
    """What a new field holds before anybody touches it."""
    return field.empty if field.default is None else copy(field.default)


def start_values(fields: Sequence[Field], standing: Any) -> dict[str, Any]:
    """The values of a form before anybody touches it: what stands, else defaults, else empty."""
    out: dict[str, Any] = {}
    for item in fields:
        stands = get(standing, item.path) if item.path else standing
        if item.is_input:
            put(out, item.path, untouched(item) if stands is MISSING else copy(stands))
        elif item.repeating:
            rows = stands if isinstance(stands, list) else [{}] * item.repetitions
            put(out, item.path, [start_values(item.children, row) for row in rows])
        elif item.children:
            inner = start_values(item.children, stands)
            if not item.path:
                out |= inner
            elif inner:
                there = get(out, item.path)
                put(out, item.path, {**(there if isinstance(there, dict) else {}), **inner})
    return out


def _fields(cleaned: Cleaned, fields: Sequence[Field], given: Any, start: Any, out: dict[str, Any], path: Path) -> None:
    for item in fields:
        if item.is_input:
            _input(cleaned, item, given, start, out, path)
        elif item.repeating:
            put(out, item.path, _rows(cleaned, item, get(given, item.path), get(start, item.path), (*path, *item.path)))
        elif item.children:
            _group(cleaned, item, given, start, out, path)


def _input(cleaned: Cleaned, item: Field, given: Any, start: Any, out: dict[str, Any], path: Path) -> None:
    where = (*path, *item.path)
    value, stands = get(given, item.path), get(start, item.path)
    if value is MISSING:
        cleaned.absent.add(where)
    if item.fixed:
        cleaned.fixed.add(where)
        value = untouched(item) if stands is MISSING else copy(stands)
    else:
        if item.readonly:
            cleaned.standing[where] = untouched(item) if stands is MISSING else stands
        value = _typed(cleaned, item, None if value is MISSING else value, where)
    put(out, item.path, None if item.computed else value)


def _typed(cleaned: Cleaned, item: Field, value: Any, where: Path) -> Any:
    try:
        return typed(item, value)
    except WrongType:
        cleaned.errors[where] = messages.wrong_type(item, where)
    except TooLarge:
        cleaned.errors[where] = messages.beyond_numbers(item, where)
    return item.empty


def _group(cleaned: Cleaned, item: Field, given: Any, start: Any, out: dict[str, Any], path: Path) -> None:
    inner = get(given, item.path)
    if inner is not MISSING and inner is not None and not isinstance(inner, Mapping):
        cleaned.errors[(*path, *item.path)] = messages.wrong_type(item, (*path, *item.path))
        inner = MISSING
    if not item.path:
        _fields(cleaned, item.children, given, start, out, path)
        return
    target: dict[str, Any] = {}
    _fields(cleaned, item.children, inner, get(start, item.path), target, (*path, *item.path))
    if target:
        put(out, item.path, {**_standing_group(out, item.path), **target})


def _standing_group(out: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Groups and dotted keys may share a path: what another component already put there."""
    found = get(out, path)
    return found if isinstance(found, dict) else {}


def _rows(cleaned: Cleaned, item: Field, given: Any, start: Any, where: Path) -> list[dict[str, Any]]:
    starts: list[Any] = start if isinstance(start, list) else [{}] * item.repetitions
    fixed = not item.add_remove or item.readonly is True
    limit = MAX_ROWS if fixed else item.rules.max_rows  # cut before anything is worked out of them
    if given is MISSING:
        cleaned.absent.add(where)
    elif given is not None and not isinstance(given, list):
        cleaned.errors[where] = messages.wrong_type(item, where)
    elif fixed and len(given or ()) != len(starts):
        cleaned.errors[where] = messages.rows_fixed(item, where, len(starts))
    elif len(given or ()) > limit:
        cleaned.errors[where] = messages.too_many_rows(item, where, limit)
    rows: list[Any] = given[:limit] if isinstance(given, list) else []
    if fixed:
        rows = [rows[index] if index < len(rows) else MISSING for index in range(len(starts))]
        pairs: list[Any] = starts
    else:
        pairs = _pair(item, rows, starts if isinstance(start, list) else [])
    return [_row(cleaned, item, row, pairs[index], (*where, index)) for index, row in enumerate(rows)]


def _row(cleaned: Cleaned, item: Field, given: Any, start: Any, where: Path) -> dict[str, Any]:
    if given is not MISSING and not isinstance(given, Mapping):
        cleaned.errors[where] = messages.wrong_type(item, where)
        given = {}
    out: dict[str, Any] = {}
    _fields(cleaned, item.children, given, start, out, where)
    return out


def _pair(item: Field, rows: list[Any], starts: list[Any]) -> list[Any]:
    """For each row sent, the standing row whose read-only values it carries; MISSING for a new row.

    Rows may have been added, removed or moved, so their position proves nothing. A row can only carry on a standing
    row that no other row has taken, and a row that shows values of no standing row is new and gets none.
    """
    anchors = _anchors(item.children, ())
    fixed = [(path, field) for path, field in anchors if field.fixed]
    free = dict.fromkeys(range(len(starts)))
    pairs: list[Any] = []
    for index, row in enumerate(rows):
        here = [index] if index in free else []
        found = next((n for n in [*here, *free] if _carries(row, starts[n], anchors)), None)
        if found is None and here and _carries(row, starts[index], fixed):
            found = index
        if found is not None:
            free.pop(found)
        pairs.append(MISSING if found is None else starts[found])
    return pairs


def _anchors(fields: Sequence[Field], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Field]]:
    """The read-only fields of a row, those inside its own lists left out."""
    found: list[tuple[tuple[str, ...], Field]] = []
    for item in fields:
        if item.is_input and item.readonly and not item.computed:
            found.append(((*path, *item.path), item))
        elif item.children and not item.repeating:
            found.extend(_anchors(item.children, (*path, *item.path)))
    return found


def _as_kept(item: Field, shown: Any) -> Any:
    """A long number comes back as text."""
    if item.type != "number" or not isinstance(shown, str):
        return shown
    try:
        return typed(item, shown)
    except (WrongType, TooLarge):
        return shown


def _carries(row: Any, start: Any, anchors: list[tuple[tuple[str, ...], Field]]) -> bool:
    for path, item in anchors:
        shown, stands = _as_kept(item, get(row, path)), get(start, path)
        if shown is not MISSING and not same(shown, item.empty if stands in (MISSING, None) else stands):
            return False
    return True
