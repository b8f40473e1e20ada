"""The constructs of BPMN as folders: a tiny process and the walk that the standard demands. Knows no engine."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data" / "bpmn"
FORM = "note.form.json"
"""The one form that all user tasks of the folders show."""

GROUPS = (
    "start", "activity", "gateway", "intermediate", "message", "boundary", "event sub-process", "end", "sub-process",
    "loop", "compensation", "data", "structure",
)  # fmt: skip
"""The sections of the table, in its order."""

ACTS = ("act", "opened", "complete", "fire", "message", "signal")
"""What moves a case: it is started, or opened by a message or signal, a task completed, a timer due, a message or a
signal delivered."""


@dataclass(frozen=True)
class Step:
    """One act, and all that must be so after it. What is not named must not be there."""

    act: str
    target: str  # the element completed or fired, the name of the message or signal
    element: str = ""  # of the wait, when several elements wait for the same
    instance: int = 1  # which of several tasks or waits of one element, in the order of their numbers
    key: str = ""
    at: str = ""  # when a timer is fired; as a rule when it is due
    submission: Mapping[str, Any] = field(default_factory=dict)
    payload: Any = None
    open: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    any_order: bool = False
    variables: Mapping[str, Any] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    thrown: tuple[Mapping[str, Any], ...] = ()
    ended: str | None = None
    fails: str = ""  # the refusal's class: nothing is changed


@dataclass(frozen=True)
class Construct:
    """One folder."""

    folder: Path
    facts: Mapping[str, Any]

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """(element, a part of the message) of every refusal that there must be."""
        return tuple((row["element"], row["reason"]) for row in self.facts.get("refused", ()))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The walk. Of something refused: what the engine does with it all the same, if it got that far."""
        return tuple(map(_step, self.facts.get("step", ())))

    @cached_property
    def before(self) -> tuple[Step, ...]:
        """The walk before events named a version of the semantics, where a fix has changed it since."""
        return tuple(map(_step, self.facts.get("before", ())))

    def files(self) -> dict[str, bytes]:
        """The folder as it would be published."""
        own = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.name != "walk.toml"}
        return own | {f"forms/{FORM}": (DATA / FORM).read_bytes()}


def constructs() -> Iterator[Construct]:
    """Every folder, by name."""
    for path in sorted(DATA.glob("*/walk.toml")):
        yield Construct(path.parent, tomllib.loads(path.read_text(encoding="utf-8")))


def _step(row: Mapping[str, Any]) -> Step:
    (act,) = (name for name in ACTS if name in row)
    return Step(
        act=act,
        target=row[act],
        element=row.get("element", ""),
        instance=row.get("instance", 1),
        key=row.get("key", ""),
        at=row.get("at", ""),
        submission=row.get("with", {}),
        payload=row.get("payload"),
        open=tuple(row.get("open", ())),
        waits=tuple(row.get("waits", ())),
        passed=tuple(row.get("passed", ())),
        any_order=row.get("passed_any_order", False),
        variables=row.get("variables", {}),
        absent=tuple(row.get("absent", ())),
        thrown=tuple(row.get("thrown", ())),
        ended=row.get("ended"),
        fails=row.get("fails", ""),
    )
