"""Random well-structured processes, and a tiny calculus that says by itself what must be open in them.

The calculus is the oracle: ``first`` gives the tasks that are open, ``after`` what is left when one of them is done. It
shares no code with the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from hypothesis import strategies as st

from tests.engine.runtime.shapes import (
    DONE,
    AdHoc,
    Choice,
    Event,
    Loop,
    Many,
    Meet,
    Par,
    Race,
    Seq,
    SomeOf,
    Sub,
    Task,
    Watched,
)

__all__ = [
    "DONE",
    "AdHoc",
    "Choice",
    "Event",
    "Loop",
    "Many",
    "Meet",
    "Par",
    "Race",
    "Seq",
    "SomeOf",
    "Sub",
    "Task",
    "Watched",
]


def first(node: Any) -> set[str]:
    """The names of the tasks that are open."""
    if isinstance(node, Task):
        return {node.name}
    if isinstance(node, Seq):
        return first(node.parts[0]) if node.parts else set()
    if isinstance(node, Par):
        return set().union(*map(first, node.parts)) if node.parts else set()
    if isinstance(node, Choice):
        return {node.ask.name}
    if isinstance(node, Many):
        return {node.task.name}
    if isinstance(node, Race):
        return {event.name for event, _ in node.parts}
    if isinstance(node, AdHoc):
        return {task.name for task in (*node.tasks, node.ask)}
    if isinstance(node, (Meet, SomeOf)):
        return set().union(*map(open_now, node.parts))
    return first(node.body) | ({node.event.name} if isinstance(node, Watched) else set())


def after(node: Any, name: str, answer: dict[str, Any]) -> Any:
    """What is left once the open task ``name`` was done with ``answer``."""
    if isinstance(node, Task):
        return DONE
    if isinstance(node, Many):
        return replace(node, count=node.count - 1) if node.count > 1 else DONE
    if isinstance(node, Race):
        return tidy(next(part for event, part in node.parts if event.name == name))
    others: dict[type, Any] = {Watched: watched, AdHoc: ad_hoc, Meet: meet, SomeOf: some_of}
    if type(node) in others:
        return others[type(node)](node, name, answer)
    if isinstance(node, Seq):
        return tidy(Seq((after(node.parts[0], name, answer), *node.parts[1:])))
    if isinstance(node, Par):
        return tidy(Par(tuple(after(p, name, answer) if name in first(p) else p for p in node.parts)))
    if isinstance(node, Choice):
        if node.inclusive:
            return tidy(Par(tuple(node.parts[int(i)] for i in answer["picks"])))
        return tidy(node.parts[answer["pick"]])
    if isinstance(node, Loop):
        return tidy(Seq((after(node.body, name, answer), Again(node))))
    return tidy(Sub(after(node.body, name, answer)))


def watched(node: Watched, name: str, answer: dict[str, Any]) -> Any:
    """``after`` for a watched body: the event ends or joins it, and is gone when the body is done."""
    if name == node.event.name:
        return tidy(node.then) if node.interrupting else tidy(Par((node.body, node.then)))
    return tidy(replace(node, body=step(node.body, name, answer)))


def ad_hoc(node: AdHoc, name: str, answer: dict[str, Any]) -> Any:
    """``after`` for tasks that are done until one says that it is enough."""
    return DONE if name == node.ask.name and not answer["again"] else node


def meet(node: Meet, name: str, answer: dict[str, Any]) -> Any:
    """``after`` for branches that meet at a task."""
    return after(Seq((Par(node.parts), node.task)), name, answer)


def some_of(node: SomeOf, name: str, answer: dict[str, Any]) -> Any:
    """``after`` for branches that wait for so many of them: the others go on beside what follows."""
    stepped = [step(part, name, answer) if name in open_now(part) else part for part in node.parts]
    left = tuple(part for part in stepped if part != DONE)
    need = node.need - (len(node.parts) - len(left))
    return SomeOf(left, need, node.then) if need else tidy(Par((*left, node.then)))


@dataclass(frozen=True)
class Again:
    """The end of a loop's round: its question is open."""

    loop: Loop


def tidy(node: Any) -> Any:
    """Drop what is done."""
    if isinstance(node, Seq):
        parts = tuple(p for p in map(tidy, node.parts) if p != DONE)
        return parts[0] if len(parts) == 1 else Seq(parts)
    if isinstance(node, Par):
        parts = tuple(p for p in map(tidy, node.parts) if p != DONE)
        return DONE if not parts else parts[0] if len(parts) == 1 else Par(parts)
    if isinstance(node, (Sub, Watched)):
        return DONE if tidy(node.body) == DONE else replace(node, body=tidy(node.body))
    return node


def open_now(node: Any) -> set[str]:
    """``first``, with the question at the end of a loop."""
    if isinstance(node, Again):
        return {node.loop.ask.name}
    if isinstance(node, Seq):
        return open_now(node.parts[0]) if node.parts else set()
    if isinstance(node, Par):
        return set().union(*map(open_now, node.parts)) if node.parts else set()
    if isinstance(node, Sub):
        return open_now(node.body)
    if isinstance(node, Watched):
        return open_now(node.body) | {node.event.name}
    return first(node)


def step(node: Any, name: str, answer: dict[str, Any]) -> Any:
    """``after``, with the question at the end of a loop."""
    if isinstance(node, Again):
        return tidy(node.loop) if answer["again"] else DONE
    if isinstance(node, Seq):
        return tidy(Seq((step(node.parts[0], name, answer), *node.parts[1:])))
    if isinstance(node, Par):
        return tidy(Par(tuple(step(p, name, answer) if name in open_now(p) else p for p in node.parts)))
    if isinstance(node, Sub):
        return tidy(Sub(step(node.body, name, answer)))
    if isinstance(node, Loop):
        return tidy(Seq((step(node.body, name, answer), Again(node))))
    return after(node, name, answer)


def questions(node: Any) -> dict[str, Any]:
    """Task name to the node whose question it answers."""
    found: dict[str, Any] = {}
    if isinstance(node, (Choice, Loop, AdHoc)):
        found[node.ask.name] = node
    for part in below(node):
        found |= questions(part)
    return found


def below(node: Any) -> list[Any]:
    """The parts of a node."""
    if isinstance(node, Race):
        return [part for _, part in node.parts]
    if isinstance(node, Watched):
        return [node.body, node.then]
    if isinstance(node, SomeOf):
        return [*node.parts, node.then]
    return list(getattr(node, "parts", ())) or ([node.body] if hasattr(node, "body") else [])


def models(leaves: int = 8, events: bool = False) -> st.SearchStrategy[Any]:
    """Random models with tasks named t1, t2 …; with ``events``, timers e1, e2 …, and all other constructs, too."""
    several = st.builds(Many, st.builds(Task), st.integers(2, 3), st.booleans())
    node: st.SearchStrategy[Any] = st.recursive(
        st.one_of(st.builds(Task), several) if events else st.builds(Task),
        lambda inner: st.one_of(
            *(
                [
                    st.builds(Watched, inner, st.builds(Event), inner, st.booleans(), st.booleans()),
                    _races(inner),
                    _side_by_side(inner).map(lambda p: Meet(p, Task())),
                    st.tuples(_side_by_side(inner), st.integers(1, 3), inner).map(
                        lambda p: SomeOf(p[0], min(p[1], len(p[0])), p[2])
                    ),
                    st.integers(1, 2).map(lambda n: AdHoc((Task(),) * n, Task())),
                ]
                if events
                else []
            ),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: Seq(tuple(p))),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: Par(tuple(p))),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: Choice(Task(), tuple(p))),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: Choice(Task(), tuple(p), True)),
            st.builds(Loop, inner, st.builds(Task)),
            st.builds(Sub, inner),
        ),
        max_leaves=leaves,
    )
    return node.map(lambda model: _named(model, count(1)))


def _side_by_side(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


def _races(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(st.tuples(st.builds(Event), inner), min_size=2, max_size=3).map(lambda p: Race(tuple(p)))


def _named(node: Any, numbers: Any) -> Any:
    if isinstance(node, Task):
        return Task(f"t{next(numbers)}")
    if isinstance(node, Choice):
        ask = _named(node.ask, numbers)
        return Choice(ask, tuple(_named(p, numbers) for p in node.parts), node.inclusive)
    if isinstance(node, Loop):
        return Loop(_named(node.body, numbers), _named(node.ask, numbers))
    if isinstance(node, Sub):
        return Sub(_named(node.body, numbers))
    if isinstance(node, Many):
        return replace(node, task=_named(node.task, numbers))
    if isinstance(node, Race):
        return Race(tuple((Event(f"e{next(numbers)}"), _named(part, numbers)) for _, part in node.parts))
    if isinstance(node, Meet):
        return Meet(tuple(_named(p, numbers) for p in node.parts), _named(node.task, numbers))
    if isinstance(node, SomeOf):
        return replace(node, parts=tuple(_named(p, numbers) for p in node.parts), then=_named(node.then, numbers))
    if isinstance(node, AdHoc):
        return AdHoc(tuple(_named(p, numbers) for p in node.tasks), _named(node.ask, numbers))
    if isinstance(node, Watched):
        parts = {"body": _named(node.body, numbers), "then": _named(node.then, numbers)}
        return replace(node, event=Event(f"e{next(numbers)}"), **parts)
    return type(node)(tuple(_named(p, numbers) for p in node.parts))
