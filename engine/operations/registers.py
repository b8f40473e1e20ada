"""Reading registers: what a diagram or a form may ask of them. Writing is in ``engine.operations.writing``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from engine.calendar.days import LEGAL_ZONE
from engine.directory import organisations
from engine.errors import BadInput
from engine.operations.concerns import elsewhere
from engine.operations.derived import derived
from engine.operations.registry import Parameter, Scene, operation
from engine.operations.working_days import moment
from engine.registers import Register
from engine.words import say, term
from storage import exact, records, sums
from storage.concerns import Concerning
from storage.database import Connection, utc_text
from storage.record_lists import About, Asked, RecordList
from storage.rows import RecordRow

_AT: Final = Parameter("at", "text", say("截至"), required=False)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,33})(?:\.\d{1,33})?")
MOST_LISTED: Final = 5_000
"""Records that one list may have: more are refused, never left out."""


@operation(
    "register.list",
    say("列出台账记录"),
    Parameter("register", "text", say("台账")),
    Parameter("organisation", "text", say("单位编码")),
    Parameter("equals", "context", term("operation", "条件"), required=False),
    Parameter("person", "text", say("当事人的账号"), required=False),
    _AT,
    read_only=True,
)
def _list(
    scene: Scene,
    register: str,
    organisation: str,
    equals: dict[str, Any] | None = None,
    person: str | None = None,
    at: str | None = None,
) -> list[dict[str, Any]]:
    """Records in force under an organisation, each ready to be an option: ``value``, ``label`` and its fields.

    ``at``: as they stood at a moment, or at the end of a day. ``equals`` may name derived fields, too. ``person``: only
    those about the person with this login. ``version`` tells which version of a record it is, for what a later write
    presupposes, ``under_way`` the number of another running case that has it for itself. Raises BadInput when there are
    more than can be chosen from: none is left out in silence.
    """
    schema = register_named(scene, register)
    path = organisations.get(scene.connection, organisation).path
    about = None if person is None else naming(scene.connection, schema, person)
    as_of, chosen = moment_of(at), equals or {}
    plain = {key: held(schema, key, value) for key, value in chosen.items() if key not in schema.derived}
    wanted = RecordList(register, Asked([path], same=plain, about=about, at=as_of))
    found = wanted.page(scene.connection, "", MOST_LISTED)
    if len(found) > MOST_LISTED:
        total = wanted.count(scene.connection)
        reason = say("有{total}条记录，一次最多列出{most}条", total=total, most=MOST_LISTED)
        raise BadInput(field=schema.title, reason=reason)
    busy = elsewhere(scene, register) if found else {}
    for row in found if as_of is None else ():
        scene.saw(register, row["number"], row["version"])
    more = derived(scene.connection, scene.registers, schema, found, scene.now, as_of)
    options = [_option(schema, row, more.get(row["number"], {}), busy) for row in found]
    asked = {key: value for key, value in chosen.items() if key in schema.derived}
    return [one for one in options if all(one[key] == value for key, value in asked.items())]


def moment_of(at: str | None) -> datetime | None:
    """The moment as of which something is asked: the end of a day, a moment; None: now. Raises BadInput.

    A day that is none is not today: what has no day must not be asked for one.
    """
    if at is None:
        return None
    try:
        return end_of(date.fromisoformat(at))
    except ValueError:
        return moment(at)


def end_of(day: date) -> datetime:
    """The last moment of a legal day."""
    return datetime.combine(day, time.max, LEGAL_ZONE).astimezone(UTC)


def _option(
    schema: Register, row: RecordRow, more: Mapping[str, Any], busy: Mapping[str, Concerning]
) -> dict[str, Any]:
    data = {**row["data"], **more}
    words = (schema.shown(key, data.get(key))[0] for key in schema.listed if key in data)
    label = " ".join([row["number"], *(word for word in words if word and word != row["number"])])
    own = {"number": row["number"], "value": row["number"], "label": label}
    other = busy.get(row["number"])
    beside = {"version": row["version"], "under_way": other["case_number"] if other else None}
    return {**beside, **data, **own}


def naming(connection: Connection, register: Register, login: str) -> About:
    """What in a record of the register says that it is about the person with this login: fields and their values."""
    return [
        (way.field, records.numbers_with(connection, way.register, way.login, login) if way.register else [login])
        for way in register.persons
    ]


@operation(
    "register.get",
    say("查询台账记录"),
    Parameter("register", "text", say("台账")),
    Parameter("number", "text", say("编号")),
    _AT,
    read_only=True,
)
def _get(scene: Scene, register: str, number: str, at: str | None = None) -> dict[str, Any] | None:
    """A record in force of the case's organisation or one below it, with what this run has written; null for none.

    ``at``: as it stood at a moment, or at the end of a day; what this run has written is not in it.
    """
    schema, as_of = register_named(scene, register), moment_of(at)
    now = records.current(scene.connection, schema.name, number)
    row = now if as_of is None else records.at_moment(scene.connection, schema.name, number, as_of)
    if row is not None and as_of is None:
        scene.saw(schema.name, number, row["version"])
    if row is not None and not row["organisation_path"].startswith(scene.organisation.path):
        return None
    pending = scene.pending.get((schema.name, number)) if as_of is None else None
    if pending is not None:
        row = None if row is None else {**row, "data": pending}
    if row is None:
        return pending
    more = derived(scene.connection, scene.registers, schema, [row], scene.now, as_of)
    return {**row["data"], **more.get(number, {})}


@operation(
    "register.origin",
    say("查明记录的由来"),
    Parameter("register", "text", say("台账")),
    Parameter("number", "text", say("编号")),
    Parameter("field", "text", say("字段")),
    read_only=True,
)
def _origin(scene: Scene, register: str, number: str, field: str) -> dict[str, Any] | None:
    """The event that gave a field the value in force: case, number and hash of the event, when; null for no record.

    Only of a record of the case's organisation or one below it.
    """
    schema, made = register_named(scene, register), None
    name = known_field(schema, field)
    for row in records.versions(scene.connection, schema.name, number):  # the newest first
        if not row["organisation_path"].startswith(scene.organisation.path):
            return None
        if made is not None and row["data"].get(name) != made["data"].get(name):
            break
        scene.saw(schema.name, number, row["version"])
        made = row
    if made is None:
        return None
    told = {"case": made["case_number"], "event": made["event_seq"], "hash": made["event_hash"]}
    return {**told, "version": made["version"], "at": utc_text(made["valid_from"])}


@operation(
    "register.count",
    say("统计台账"),
    Parameter("register", "text", say("台账")),
    Parameter("organisation", "text", say("单位编码")),
    Parameter("by", "text", say("分组字段")),
    Parameter("equals", "context", term("operation", "条件"), required=False),
    read_only=True,
)
def _count(
    scene: Scene, register: str, organisation: str, by: str, equals: dict[str, Any] | None = None
) -> dict[str, int]:
    """How many records in force there are under an organisation, by the values of one field."""
    path = organisations.get(scene.connection, organisation).path
    known = dict.fromkeys(
        register_named(scene, register).columns[known_field(register_named(scene, register), by)].choices, 0
    )
    return {**known, **counted(scene, register, path, by, equals)}


def counted(scene: Scene, register: str, path: str, by: str, equals: Mapping[str, Any] | None = None) -> dict[str, int]:
    """How many records in force lie under ``path``, by the values of the field ``by``."""
    schema = register_named(scene, register)
    same = {key: [held(schema, key, value)] for key, value in (equals or {}).items()}
    chosen = sums.Chosen(register, [path], same)
    found = sums.of_records(scene.connection, chosen, [known_field(schema, by)], None, False)
    return {key: total.count for (key,), total in found.items() if key is not None}


def register_named(scene: Scene, name: str) -> Register:
    """The schema of a register. Raises BadInput."""
    if name not in scene.registers:
        raise BadInput(field=say("台账"), reason=say("没有台账“{name}”", name=name))
    return scene.registers[name]


def known_field(register: Register, name: str) -> str:
    """The name of a field of the register. Raises BadInput for one that is none."""
    if name not in register.columns:
        raise BadInput(field=register.title, reason=say("没有字段“{name}”", name=name))
    return name


def held(register: Register, name: str, value: Any) -> Any:
    """What a field would hold to equal ``value``. Raises BadInput for a field that is none.

    A text that writes a number is that number where the field holds numbers: processes in force say it either way.
    """
    number = register.columns[known_field(register, name)].kind == "number"
    return exact.loads(value) if number and isinstance(value, str) and _NUMBER.fullmatch(value) else value
