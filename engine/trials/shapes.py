"""The shapes of a scenario: its steps, and what each expects. They are also the words that the format knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict


class Recorded(TypedDict):
    """A record as it must stand: beside these two, whichever of its fields are to be looked at."""

    register: str
    number: str


class Expectation(TypedDict, total=False):
    """What must be there after a step. ``error``: what must refuse it, at the ``fields`` of its form."""

    status: str
    end: str
    tasks: Mapping[str, str]
    rules: Sequence[str]
    days: Mapping[str, int]
    holds: Sequence[str]
    records: Sequence[Recorded]
    told: str
    files: Sequence[str]
    case: Mapping[str, object]
    error: str
    fields: Sequence[str]


class _Does(TypedDict):
    do: str


class Step(_Does, total=False):
    """What somebody does. ``case``: in which, counted from 1; ``days``: that go by; ``holders``: counted from 1."""

    case: int
    actor: str
    process: str
    form: str
    data: Mapping[str, Any]
    whole: bool
    files: Mapping[str, str]
    element: str
    outcome: str
    reason: str
    days: float
    organisation: str
    holders: Sequence[int]
    expect: Expectation


class _Steps(TypedDict):
    step: list[Step]


class Scenario(_Steps, total=False):
    """A scenario. ``now``: when it begins, ISO 8601 with a zone; ``forms``: what is typed, by the name of a form."""

    follows: str
    organisation: str
    now: str
    people: Sequence[str]
    forms: Mapping[str, Mapping[str, Any]]


SCENARIO: Final = Scenario.__required_keys__ | Scenario.__optional_keys__
STEP: Final = Step.__required_keys__ | Step.__optional_keys__
EXPECTED: Final = Expectation.__required_keys__ | Expectation.__optional_keys__
