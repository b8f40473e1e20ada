"""Counting and adding up: records of a register, and the parts of a family. Exact, and done by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from engine.directory import organisations
from engine.errors import BadInput
from engine.feel.formats import plain_text
from engine.operations.registers import held, known_field, moment_of, register_named
from engine.operations.registry import Parameter, Scene, operation
from engine.registers import Register
from engine.words import say, term
from storage import exact, sums

MOST_GROUPS: Final = 5_000
"""Groups of one answer; more are refused, none is left out."""
_BY: Final = Parameter("by", "any", say("分组字段"), required=False)
_OF: Final = Parameter("of", "text", say("汇总的字段"), required=False)
_EQUALS: Final = Parameter("equals", "context", term("operation", "条件"), required=False)
_OWN: Final = ("status", "organisation")
"""What of a case there is to group by beside the columns of its process."""


@operation(
    "register.aggregate",
    say("汇总台账"),
    Parameter("register", "text", say("台账")),
    Parameter("organisation", "text", say("单位编码")),
    _BY,
    _OF,
    _EQUALS,
    Parameter("between", "context", say("范围"), required=False),
    Parameter("at", "text", say("截至"), required=False),
    read_only=True,
)
def _aggregate(
    scene: Scene, register: str, organisation: str, by: Any = None, of: str | None = None,
    equals: Mapping[str, Any] | None = None, between: Mapping[str, Any] | None = None, at: str | None = None,
) -> Any:  # fmt: skip
    """``{count, sum, min, max}`` of the records in force under an organisation; with ``by`` a list of these, each with
    its ``group``, in the order of the groups.

    ``of``: the field that is added up, a number; of a text or a date there are ``min`` and ``max`` alone. ``equals``:
    fields with a value (null: with none), or a list of values; ``between``: fields with ``[least, greatest]``, either
    of them null. What a run has written itself is not in it. Raises BadInput.
    """
    schema = register_named(scene, register)
    names = [known_field(schema, name) for name in _names(by)]
    value = None if of is None else known_field(schema, of)
    chosen = sums.Chosen(
        register,
        [organisations.get(scene.connection, organisation).path],
        {name: [held(schema, name, one) for one in _each(said)] for name, said in (equals or {}).items()},
        {known_field(schema, name): _bounds(schema, name, said) for name, said in (between or {}).items()},
        moment_of(at),
    )
    number = value is not None and schema.columns[value].numeric
    return _told(names, sums.of_records(scene.connection, chosen, names, value, number), number)


@operation(
    "family.aggregate",
    say("汇总所发起的事项"),
    Parameter("process", "text", say("事项种类")),
    _BY,
    _OF,
    _EQUALS,
    read_only=True,
)
def _family(
    scene: Scene, process: str, by: Any = None, of: str | None = None, equals: Mapping[str, Any] | None = None
) -> Any:
    """The same of the cases of one kind that this case has opened: by ``status``, ``organisation`` (code), or columns
    that their process declares for lists (``gw:column``)."""
    if scene.case_id is None:
        return _told(_names(by), {}, of is not None)
    asked = {name: _texts(said) for name, said in (equals or {}).items()}
    found = sums.of_children(scene.connection, scene.case_id, process, _names(by), of, asked)
    return _told(_names(by), found, of is not None)


def _names(by: Any) -> list[str]:
    names = [] if by is None else by if isinstance(by, list) else [by]
    if not all(isinstance(name, str) for name in names):
        raise BadInput(field=say("分组字段"), reason=say("应为字段名，或字段名的列表"))
    return names


def _texts(said: Any) -> list[str | None]:
    """A value, or each of a list of values, as lists show it; null is for what has none."""
    return [_text(one) for one in _each(said)]


def _each(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else plain_text(value)


def _bounds(schema: Register, name: str, said: Any) -> tuple[str | None, str | None, bool]:
    if not isinstance(said, list) or len(said) != 2:
        raise BadInput(field=schema.label(name), reason=say("范围应为两项的列表：[最小, 最大]，没有的写null"))
    number = schema.columns[name].numeric
    if number and any(isinstance(one, bool) or not isinstance(one, int | float | Decimal | None) for one in said):
        raise BadInput(field=schema.label(name), reason=say("范围的两端应为数字"))
    least, greatest = (None if one is None else plain_text(one) for one in said)
    return least, greatest, number


def _told(names: Sequence[str], found: Mapping[tuple[str | None, ...], sums.Total], number: bool) -> Any:
    if not names:
        return _total(next(iter(found.values()), sums.Total()), number)
    if len(found) > MOST_GROUPS:
        reason = say("有{total}组，一次最多汇总{most}组", total=len(found), most=MOST_GROUPS)
        raise BadInput(field=say("分组字段"), reason=reason)
    order = sorted(found, key=lambda group: tuple((value is None, value or "") for value in group))
    return [{"group": dict(zip(names, group, strict=True)), **_total(found[group], number)} for group in order]


def _total(one: sums.Total, number: bool) -> dict[str, Any]:
    least, greatest = (exact.plain(end) if isinstance(end, Decimal) else end for end in (one.least, one.greatest))
    return {"count": one.count, "sum": exact.plain(one.sum) if number else None, "min": least, "max": greatest}
