"""How often tokens went where in a case, as its row keeps it. Knows no statement and no diagram. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, TypedDict

FORMAT: Final = 1
NEWEST: Final = 5
"""Tasks of an element that are remembered by number."""


class Passed(TypedDict):
    """What happened at an element: how often it was passed, when last (ISO, UTC), and its newest tasks by number."""

    times: int
    last: str
    tasks: list[int]


class Passages(TypedDict):
    """How often tokens went where, counted with each run. ``format`` is 1.

    ``flows``: by the element to which it leads and the flow; ``returns``: by the element that returned and the one
    returned to, which is empty where no task was opened. A slash stands between the two.
    """

    format: int
    elements: dict[str, Passed]
    flows: dict[str, int]
    returns: dict[str, int]


def no_passages() -> Passages:
    """Of a case that has not begun."""
    return {"format": FORMAT, "elements": {}, "flows": {}, "returns": {}}


def added(
    before: Passages, passed: Iterable[str], flows: Iterable[tuple[str, str]], opened: Iterable[tuple[int, str]],
    at: datetime, returned_at: str = "",
) -> Passages:  # fmt: skip
    """The counts with these beside."""
    elements, went, returns = dict(before["elements"]), dict(before["flows"]), dict(before["returns"])
    moment = at.astimezone(UTC).isoformat()
    for name in passed:
        old = elements.get(name, _NEVER)
        elements[name] = {"times": old["times"] + 1, "last": moment, "tasks": old["tasks"]}
    for number, name in opened:
        old = elements.get(name, _NEVER)
        elements[name] = {"times": old["times"], "last": moment, "tasks": [*old["tasks"], number][-NEWEST:]}
    for flow, target in flows:
        went[f"{target}/{flow}"] = went.get(f"{target}/{flow}", 0) + 1
    if returned_at:
        for target in sorted({name for _, name in opened}) or [""]:
            returns[f"{returned_at}/{target}"] = returns.get(f"{returned_at}/{target}", 0) + 1
    return {"format": FORMAT, "elements": elements, "flows": went, "returns": returns}


_NEVER: Final[Passed] = {"times": 0, "last": "", "tasks": []}
