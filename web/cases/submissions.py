"""How a submission is laid out on a page: the last one of each step, single values in one list. Knows no request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from engine.views import FieldView, Submission
from web.common.i18n import language


def latest_of_each(submissions: Iterable[Submission]) -> list[Submission]:
    """The last submission of every step, in the order of time: what counts now."""
    latest = {one.element_id: one for one in submissions}
    return sorted(latest.values(), key=lambda one: one.at)


@dataclass(frozen=True, slots=True)
class Fields:
    """Single values that stand together in one list."""

    fields: tuple[FieldView, ...]
    kind: str = "fields"


def fields_of(submission: Submission) -> list[FieldView | Fields]:
    """The parts of a submission, neighbouring single values joined into lists."""
    parts: list[FieldView | Fields] = []
    for is_field, group in groupby(submission.fields(language()), key=lambda one: one.kind == "field"):
        neighbours = tuple(group)
        parts += (Fields(neighbours),) if is_field else neighbours
    return parts
