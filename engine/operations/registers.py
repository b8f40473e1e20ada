"""Reading and writing registers. A record changes only here, by a service task of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict

from engine.calendar.days import LEGAL_ZONE
from engine.directory import organisations
from engine.directory.organisations import Organisation
from engine.errors import BadInput, NotAllowed
from engine.operations.registry import Parameter, Scene, operation
from engine.registers import Register
from engine.words import say, term
from storage import cases as case_rows
from storage import records
from storage.database import utc_text
from storage.rows import RecordRow

MOST_LISTED: Final = 5_000
"""Records that one list may have: more are refused, never left out."""


@operation(
    "register.list",
    say("列出登记簿记录"),
    Parameter("register", "text", say("登记簿")),
    Parameter("organisation", "text", say("单位编码")),
    Parameter("equals", "context", term("operation", "条件"), required=False),
    read_only=True,
)
def _list(scene: Scene, register: str, organisation: str, equals: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Records in force under an organisation, each ready to be an option: ``value``, ``label`` and its fields."""
    schema = _register(scene, register)
    path = organisations.get(scene.connection, organisation).path
    wanted = _fields_of(schema, equals or {})
    found, total = records.search(scene.connection, register, [path], equals=wanted, limit=MOST_LISTED)
    if total > MOST_LISTED:  # a list cut short would decide as if the rest did not exist
        raise BadInput(
            field=schema.title, reason=say("有{total}条记录，一次最多列出{most}条", total=total, most=MOST_LISTED)
        )
    return [_option(schema, row) for row in found]


def _option(schema: Register, row: RecordRow) -> dict[str, Any]:
    words = (schema.shown(key, row["data"].get(key))[0] for key in schema.listed if key in row["data"])
    label = " ".join([row["number"], *(word for word in words if word and word != row["number"])])
    return {**row["data"], "number": row["number"], "value": row["number"], "label": label}


@operation(
    "register.get",
    say("查询登记簿记录"),
    Parameter("register", "text", say("登记簿")),
    Parameter("number", "text", say("编号")),
    read_only=True,
)
def _get(scene: Scene, register: str, number: str) -> dict[str, Any] | None:
    """A record in force of the case's organisation or one below it, with what this run has written; null for none."""
    schema = _register(scene, register)
    row = records.current(scene.connection, schema.name, number)
    if row is not None and not row["organisation_path"].startswith(scene.organisation.path):
        return None
    pending = scene.pending.get((schema.name, number))
    return pending if pending is not None else dict(row["data"]) if row else None


@operation(
    "register.origin",
    say("查明记录的由来"),
    Parameter("register", "text", say("登记簿")),
    Parameter("number", "text", say("编号")),
    Parameter("field", "text", say("字段")),
    read_only=True,
)
def _origin(scene: Scene, register: str, number: str, field: str) -> dict[str, Any] | None:
    """The event that gave a field the value in force: case, number and hash of the event, when; null for no record.

    Only of a record of the case's organisation or one below it.
    """
    schema, made = _register(scene, register), None
    name = _field_of(schema, field)
    for row in records.versions(scene.connection, schema.name, number):  # the newest first
        if not row["organisation_path"].startswith(scene.organisation.path):
            return None
        if made is not None and row["data"].get(name) != made["data"].get(name):
            break
        made = row
    if made is None:
        return None
    told = {"case": made["case_number"], "event": made["event_seq"], "hash": made["event_hash"]}
    return {**told, "version": made["version"], "at": utc_text(made["valid_from"])}


@operation(
    "register.count",
    say("统计登记簿"),
    Parameter("register", "text", say("登记簿")),
    Parameter("organisation", "text", say("单位编码")),
    Parameter("by", "text", say("分组字段")),
    Parameter("equals", "context", term("operation", "条件"), required=False),
    read_only=True,
)
def _count(
    scene: Scene, register: str, organisation: str, by: str, equals: dict[str, str] | None = None
) -> dict[str, int]:
    """How many records in force there are under an organisation, by the values of one field."""
    path = organisations.get(scene.connection, organisation).path
    known = dict.fromkeys(_register(scene, register).columns[_field_of(_register(scene, register), by)].choices, 0)
    return {**known, **counted(scene, register, path, by, equals)}


def counted(scene: Scene, register: str, path: str, by: str, equals: Mapping[str, Any] | None = None) -> dict[str, int]:
    """How many records in force lie under ``path``, by the values of the field ``by``."""
    schema = _register(scene, register)
    found = records.count_by(
        scene.connection, register, path, [_field_of(schema, by)], _fields_of(schema, equals or {})
    )
    return {key[0]: n for key, n in found if key[0] is not None}


@operation(
    "register.apply",
    term("operation", "登记"),
    Parameter("register", "text", say("登记簿")),
    Parameter("changes", "list", say("变更")),
)
def _apply(scene: Scene, register: str, changes: list[dict[str, Any]]) -> dict[str, Any]:
    """Create, change or close records: ``{action, number?, data}`` each. The answer is the list of their numbers."""
    schema = _register(scene, register)
    done = [_applied(scene, schema, change) for change in changes]
    return {"result": [one["number"] for one in done], "effects": {"changes": done}}


class Written(TypedDict):
    """A new version of a record, as a run takes it (``engine.model.RegisterChange``)."""

    register: str
    action: str
    number: str
    data: dict[str, Any]
    path: str
    search: str


def _applied(scene: Scene, schema: Register, change: Mapping[str, Any]) -> Written:
    action, data, number = change.get("action"), dict(change.get("data") or {}), change.get("number")
    if action == "create":
        number = _new_number(scene, schema, data)
    elif action in ("change", "close") and isinstance(number, str):
        present = _present(scene, schema, number)
        _owner(scene, schema, present)
        data = {**present, **data}
    else:
        raise BadInput(field=schema.title, reason=say("变更有误：{change}", change=dict(change)))
    data["number"] = number
    schema.validate(data)
    owner = _owner(scene, schema, data)
    scene.pending[(schema.name, str(number))] = data
    return {
        "register": schema.name, "action": action, "number": str(number), "data": data,
        "path": owner.path, "search": schema.search_text(str(number), data),
    }  # fmt: skip


def _owner(scene: Scene, schema: Register, data: Mapping[str, Any]) -> Organisation:
    """Whose record it is. Raises NotAllowed for one outside the case's organisation, before or after a change."""
    owner = organisations.get(scene.connection, str(data.get(schema.organisation)))
    if not owner.path.startswith(scene.organisation.path):
        raise NotAllowed(act=say("登记"), reason=say("记录不属于本单位范围"))
    return owner


def _present(scene: Scene, schema: Register, number: str) -> dict[str, Any]:
    pending = scene.pending.get((schema.name, number))
    if pending is not None:
        return pending
    row = records.locked(scene.connection, schema.name, number)
    if row is None:
        raise BadInput(field=schema.title, reason=say("没有记录“{number}”", number=number))
    return dict(row["data"])


def _new_number(scene: Scene, schema: Register, data: Mapping[str, Any]) -> str:
    words = {**data, "year": scene.now.astimezone(LEGAL_ZONE).year}
    series = schema.number.split("{seq")[0].format_map(words)
    sequence = case_rows.next_in_sequence(scene.connection, f"register:{schema.name}:{series}")
    return schema.number.format_map({**words, "seq": sequence})


def _register(scene: Scene, name: str) -> Register:
    if name not in scene.registers:
        raise BadInput(field=say("登记簿"), reason=say("没有登记簿“{name}”", name=name))
    return scene.registers[name]


def _field_of(register: Register, name: str) -> str:
    if name not in register.columns:
        raise BadInput(field=register.title, reason=say("没有字段“{name}”", name=name))
    return name


def _fields_of(register: Register, equals: Mapping[str, Any]) -> dict[str, str]:
    return {_field_of(register, key): str(value) for key, value in equals.items()}
