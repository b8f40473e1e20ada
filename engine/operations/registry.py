"""The typed registry of operations that a diagram or a form may ask for. The only effects a process can have.

Every operation says what it is called, what it takes and whether it changes anything, for the checks before publishing
and for a designer's palette. The answer is plain JSON: it is recorded in the event and given back in a replay. An
operation that changes something answers ``{"result": …, "effects": {"changes": […], "messages": […], "files": […]}}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from engine.calendar.days import Calendar
from engine.directory.organisations import Organisation
from engine.dmn.effective import EffectiveTable
from engine.errors import BadInput
from engine.registers import Register
from engine.words import Words, say
from storage.database import Connection

T = TypeVar("T")
FindNamed = Callable[[str], str | None]
"""The inbox key of whom an operator has named for an element, when its own rules gave nobody."""
FindExcluded = Callable[[str, tuple[str, ...], str | None], set[int]]
"""Who stands aside: at an element, by other cases, in these instances (``engine.model.OpenedTask.instances``)."""


class Once(Generic[T]):
    """Something that is looked up when it is first asked for. ``functools.cache`` takes longer to make."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], T]) -> None:
        self._find: Callable[[], T] | None = find

    def __call__(self) -> T:
        if self._find is not None:
            self._found, self._find = self._find(), None
        return self._found


@dataclass(slots=True)
class Scene:
    """What an operation may look at: the transaction, the present, the case's organisation, the registers."""

    connection: Connection
    now: datetime
    organisation: Organisation
    starter_id: int
    find_registers: Callable[[], Mapping[str, Register]]  # asked only when an operation needs them
    find_calendar: Callable[[], Calendar]
    case_id: int | None = None  # of a case that stands; None: it is about to be opened
    process: str = ""  # key of the case's definition
    pending: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)  # written by this run, not yet stored
    versions: dict[tuple[str, str], int] = field(default_factory=dict)  # of records, as this run has seen them first
    documents: Mapping[str, bytes] = field(default_factory=dict)  # the definition's templates by name
    keep: Callable[[bytes], str] | None = None  # keeps a file that this run makes; its digest
    find_excluded: FindExcluded | None = None
    find_named: FindNamed | None = None
    find_table: Callable[[str], EffectiveTable | None] = lambda name: None  # an effective table by its name
    find_acts: Callable[[str, datetime], Mapping[str, Any]] | None = None  # on the period of a step that began then

    def saw(self, register: str, number: str, version: int) -> None:
        """A record was read; what it is by now may rest on that."""
        self.versions.setdefault((register, number), version)

    @property
    def registers(self) -> Mapping[str, Register]:
        """The schemas of all registers by name."""
        return self.find_registers()

    @property
    def calendar(self) -> Calendar:
        """The calendar in force for the organisation."""
        return self.find_calendar()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``type``: text, number, list, context or any."""

    name: str
    type: str
    label: Words
    required: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry of the registry."""

    name: str
    label: Words
    parameters: tuple[Parameter, ...]
    read_only: bool
    run: Callable[..., Any]
    rehearsed: bool = False  # a preview of a step asks it, too: what it makes is kept by ``Scene.keep`` alone


REGISTRY: dict[str, Operation] = {}
_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float, Decimal),
    "list": (list,),
    "context": (dict,),
}


def operation(
    name: str, label: Words, *parameters: Parameter, read_only: bool = False, rehearsed: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function into the registry; it is called with the scene and the parameters by name."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        REGISTRY[name] = Operation(name, label, parameters, read_only, function, rehearsed)
        return function

    return enter


def ask(scene: Scene, name: str, parameters: Mapping[str, Any], *, reading: bool = False) -> Any:
    """Run an operation. Raises BadInput for parameters of the wrong type; ``reading`` refuses those that change."""
    found = REGISTRY.get(name)
    if found is None or (reading and not found.read_only):
        raise BadInput(field=name, reason=say("没有这项操作"))
    for parameter in found.parameters:
        value = parameters.get(parameter.name)
        if value is None and not parameter.required:
            continue
        expected = _TYPES.get(parameter.type)
        if value is None or (expected and (not isinstance(value, expected) or isinstance(value, bool))):
            raise BadInput(
                field=say("{name}：{what}", name=name, what=parameter.label),
                reason=say("应为{type}，得到 {value!r}", type=parameter.type, value=value),
            )
    known = {parameter.name for parameter in found.parameters}
    return found.run(scene, **{key: value for key, value in parameters.items() if key in known})
