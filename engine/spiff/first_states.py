"""States of format 0, of the first program: rows of SpiffWorkflow's own task tree. They are read and never written.

A task that waits for a person becomes a token of the same number. By which flow it came the first program did not
keep. Its sub-processes and joins that wait are not read: no process that came with it had any.
"""

from __future__ import annotations

from typing import Any, Final, TypedDict

import orjson

_READY, _COMPLETED = 16, 64
"""What SpiffWorkflow writes for a task that waits for a person, and for one that is done."""
_SPECS: Final = 2
"""Where in a row the name of the element stands; before it the numbers of the task and of the one above."""


class FirstContent(TypedDict):
    """What a state of format 0 holds."""

    n: int
    v: dict[str, Any]
    w: list[tuple[int | None, str, list[list[Any]], dict[str, Any]]]  # (parent, process, tasks, data)


def is_first(content: object) -> bool:
    """Whether this is a state of format 0."""
    return isinstance(content, dict) and "w" in content


def read_first(content: FirstContent) -> dict[str, Any]:
    """The parts of a state of today (``engine.spiff.state``). Raises ValueError for what is not read."""
    (_, name, tasks, _), *inner = content["w"]
    if inner or any(task[_SPECS + 1] not in (_READY, _COMPLETED) for task in tasks):
        raise ValueError("a state of the first program with a sub-process or a join that waits")
    waiting = {str(task[0]): _token(task[_SPECS]) for task in tasks if task[_SPECS + 1] == _READY}
    return {"n": content["n"], "v": content["v"], "m": [None, name, waiting] if waiting else None, "s": {}}


def without_flows(scope: list[Any] | None) -> list[Any] | None:
    """The scope of a process of today, as far as format 0 could tell."""
    if scope is None:
        return None
    return [*scope[:_SPECS], {number: _token(orjson.loads(text)[0]) for number, text in scope[_SPECS].items()}]


def _token(element: str) -> str:
    return orjson.dumps([element, _READY, None]).decode()
