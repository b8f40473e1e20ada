"""The only driver of the engine: (definition, state, command, now, ask) -> RunResult. Pure.

Does no I/O, reads no clock and makes no ids: the present, the answers of operations and the clean data come in as
arguments and are recorded by the caller, so that the same log always gives the same case. ``semantics`` is the version
under which to run (``engine.semantics``): None, today's, but in a rebuild. ``beside``: the pieces of the state that are
stored beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine import semantics as versions
from engine import spiff
from engine.definition import Definition
from engine.errors import EngineFailed, NotWaiting, Runaway, TaskNotOpen
from engine.feel import from_stored
from engine.model import Ask, RunResult
from engine.runtime.run import MAX_SECONDS, Run
from engine.spiff import COUNTED, NOTHING, Kept, Token
from engine.words import say


def start(
    definition: Definition,
    variables: Mapping[str, Any],
    now: datetime,
    ask: Ask,
    *,
    at: str = "",
    semantics: int | None = None,
) -> RunResult:
    """Open a case with the variables it begins with, and run until people or events are needed.

    ``at``: the start event or receive task whose message or signal opens it; "": it begins plainly.
    """
    run = _run(definition, now, ask, semantics)
    run.variables = from_stored(dict(variables)) if at else dict(variables)  # a message may carry dates
    with _spoken():
        run.instance.open(definition.specs.main, None, at=at)
        return run.finished()


def complete(
    definition: Definition,
    state: bytes,
    number: int,
    submission: Mapping[str, Any],
    now: datetime,
    ask: Ask,
    *,
    beside: Kept = NOTHING,
    semantics: int | None = None,
) -> RunResult:
    """Complete one open task with clean data, and run on.

    Raises TaskNotOpen when the task does not wait for a person (SpiffWorkflow itself would complete it again).
    """
    run = _run(definition, now, ask, semantics)
    run.variables = spiff.load(run.instance, state, beside)
    task = run.instance.find(number)
    if not isinstance(task, Token) or not task.task_spec.manual:
        raise TaskNotOpen()
    element = task.task_spec.element
    with _spoken():
        run.assign(task, element.into or element.id, dict(submission))
        task.run()
        return run.finished()


def fire(
    definition: Definition,
    state: bytes,
    number: int,
    element: str,
    payload: Any,
    now: datetime,
    ask: Ask,
    seconds: float | None = None,
    *,
    beside: Kept = NOTHING,
    semantics: int | None = None,
) -> RunResult:
    """Let happen what the case waits for at (``number``, ``element``): a time is due, a message or signal has come.

    A signal is heard by everything in the case that waits for it, in the one run; which may take ``seconds``.
    Raises NotWaiting when the case waits for it no longer.
    """
    run = _run(definition, now, ask, semantics, seconds)
    run.variables = spiff.load(run.instance, state, beside)
    place = run.instance.find(number)
    if place is None or element not in place.waits:
        raise NotWaiting()
    waited = run.instance.events.element(place, element)
    event = waited.event
    assert event is not None
    missed = run.instance.events.missed(place, waited)
    with _spoken():
        if event.kind == "signal":
            run.instance.events.hear(event.known_as)
        else:
            run.instance.events.happen(place, waited, run.received(payload))
        return replace(run.finished(), missed=missed)


def recount(
    definition: Definition,
    state: bytes,
    number: int,
    element: str,
    now: datetime,
    ask: Ask,
    *,
    beside: Kept = NOTHING,
    semantics: int | None = None,
) -> RunResult:
    """Compute a time again that the working calendar gave, by what it answers now; nothing else happens to the case.

    What else the time rests on is what was known when the case began to wait for it. Raises NotWaiting.
    """
    run = _run(definition, now, ask, semantics)
    run.variables = spiff.load(run.instance, state, beside)
    place = run.instance.find(number)
    if place is None or COUNTED not in place.waits.get(element, ()):
        raise NotWaiting()
    with _spoken():
        run.instance.events.recount(place, run.instance.events.element(place, element))
        return run.closed()


def call_off(
    definition: Definition,
    state: bytes,
    told: Mapping[str, Any],
    now: datetime,
    ask: Ask,
    *,
    beside: Kept = NOTHING,
    semantics: int | None = None,
) -> RunResult | None:
    """End a case from outside by the event sub-process that its diagram has for that; None when it has none.

    ``told``: how it ends, why, and who says so. Raises EngineFailed when the case runs on none the less.
    """
    run = _run(definition, now, ask, semantics)
    run.variables = spiff.load(run.instance, state, beside)
    with _spoken():
        if not run.instance.events.call_off(dict(told)):
            return None
        result = run.finished()
    if result.ended_at_element is None:  # the checks refuse what waits in there
        raise EngineFailed(detail="called off, but not ended")
    return result


def _run(definition: Definition, now: datetime, ask: Ask, semantics: int | None, seconds: float | None = None) -> Run:
    version = versions.CURRENT if semantics is None else semantics
    return Run(definition, now, ask, version, MAX_SECONDS if seconds is None else seconds)


@contextmanager
def _spoken() -> Iterator[None]:
    """What SpiffWorkflow throws becomes a refusal that a person can read."""
    try:
        yield
    except SpiffWorkflowException as error:
        raise EngineFailed(detail=str(error)) from error
    except RecursionError as error:
        raise Runaway(limit=say("嵌套层数")) from error
