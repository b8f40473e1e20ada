"""What of an event says something of a person, and the event without it. Reads no database, writes nothing.

Declared are fields of forms, variables and fields of registers. What stands there stands elsewhere, too, under names
that nobody declares (the inputs of a decision, a title, an answer): so everything goes in which one of these values is
found. Who acted, and the opinions of persons, always count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from engine.definition import Definition
from engine.forms.model import Field
from engine.registers import Register
from storage.commitments import fields, hide
from storage.events import LoggedEvent, content

_ALWAYS: Final = frozenset(
    {
        "actor_id",
        "actor_name",
        "actor_role",
        "opinion",
        "login",
        "by",
        "starter",
        "predecessor",
        "successor",
        "acted_for",
        "people",
        "held_by",
    }
)
"""Names under which the engine itself keeps who acted, what he said of it, and who came in whose place."""
_SPOKEN: Final = frozenset({"/data/text", "/data/reason"})
"""Fields of events in which a person says something in his own words."""
_NAMED: Final = frozenset({"/data/definition"})
"""Fields that say by which process a case runs: no person stands in a digest, whatever letters it has."""
HIDDEN: Final = "＊＊＊"
_SHORTEST: Final = 2
"""Characters of a value by which it is looked for elsewhere: a single one is found everywhere."""


def personal_paths(
    event: LoggedEvent, definition: Definition, registers: Iterable[Register], known: Collection[str] = ()
) -> tuple[str, ...]:
    """The fields of an event, as JSON Pointers, that say something of a person.

    ``known``: personal values of the whole case (``personal_texts``), which may stand in any of its events.
    """
    values = personal_texts([event], definition, registers) | frozenset(known)
    declared = _declared(definition, registers)
    return tuple(
        path
        for path, value in fields(content(event, event["data"]))
        if path not in _NAMED and (path in _SPOKEN or _is_own(path, declared) or _tells(value, values))
    )


def personal_texts(log: Iterable[LoggedEvent], definition: Definition, registers: Iterable[Register]) -> frozenset[str]:
    """What the events of a case say of persons where it is declared, as texts by which the same is found elsewhere."""
    declared = _declared(definition, registers)
    return frozenset(
        text
        for event in log
        for path, value in fields(content(event, event["data"]))
        if _is_own(path, declared)
        for text in _texts(value)
        if len(text) >= _SHORTEST
    )


def masked(event: LoggedEvent, paths: Iterable[str]) -> LoggedEvent:
    """The event without these fields; its chain proves it as before. Raises ValueError for one of format 1."""
    if event["salts"] is None:
        raise ValueError("an event of format 1 is hashed as one text")
    left, salts = hide(content(event, event["data"]), event["salts"], frozenset(paths))
    return {**event, **left, "salts": salts, "text": ""}  # type: ignore[typeddict-item]


def _declared(definition: Definition, registers: Iterable[Register]) -> frozenset[tuple[str, ...]]:
    """The names under which personal values stand: the last steps of a path, without the numbers of rows."""
    forms = {path for form in definition.forms.values() for path in _of_form(form.fields, ())}
    variables = {tuple(name.split(".")) for name in definition.process.personal}
    return frozenset(forms | variables | {(key,) for one in registers for key, yes in one.personal.items() if yes})


def _of_form(items: Iterable[Field], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for item in items:
        if item.personal:
            yield (*above, *item.path)
        yield from _of_form(item.children, (*above, *item.path))


def _is_own(path: str, declared: frozenset[tuple[str, ...]]) -> bool:
    """Whether what stands under a path is personal by its name."""
    return not _steps(path).isdisjoint(_ALWAYS) or _is_declared(path, declared)


def _steps(path: str) -> frozenset[str]:
    return frozenset(path.split("/"))


def _is_declared(path: str, declared: frozenset[tuple[str, ...]]) -> bool:
    """Whether a declared name is the end of a path, or stands right above it."""
    steps = tuple(step for step in path.split("/") if step and not step.isdigit())
    return any(steps[start:end] in declared for start in range(len(steps)) for end in range(start + 1, len(steps) + 1))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)


def _tells(value: Any, personal: frozenset[str]) -> bool:
    return any(word in text for text in _texts(value) for word in personal)


class Masking:
    """What hides what is personal in anything that a case holds; ``texts``: the personal values of its events."""

    def __init__(self, log: Iterable[LoggedEvent], definition: Definition, registers: Iterable[Register]) -> None:
        registers = tuple(registers)
        self._declared = _declared(definition, registers)
        self._texts = personal_texts(log, definition, registers)

    def value(self, value: Any, path: str = "") -> Any:
        """Plain JSON with what is personal replaced; ``path``: under which name it stands, a JSON Pointer."""
        if path and _is_own(path, self._declared):
            return HIDDEN if value not in (None, "", [], {}) else value
        if isinstance(value, Mapping):
            return {name: self.value(one, f"{path}/{name}") for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(one, f"{path}/{place}") for place, one in enumerate(value)]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """A text, hidden as a whole when a personal value stands in it."""
        return HIDDEN if any(word in text for word in self._texts) else text
