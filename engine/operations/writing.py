"""Writing registers: ``register.apply``, what it presupposes, and what the register itself asks of its records.

A record changes only here, by a service task of a case. Everything is checked in the transaction that writes, on
records that are locked: what somebody saw when he filled in a form may be past by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NotRequired, TypedDict

from engine.calendar.days import LEGAL_ZONE
from engine.directory import organisations
from engine.directory.organisations import Organisation
from engine.errors import BadInput, NotAllowed, RecordRefused
from engine.feel import Environment
from engine.operations.concerns import must_be_free
from engine.operations.registers import known_field, register_named
from engine.operations.registry import Parameter, Scene, operation
from engine.registers import ANY, SUBTREE, Register
from engine.words import Words, dated, say, term
from storage import accounts, numbering, record_keys, records
from storage import organisations as organisation_rows
from storage.rows import RecordRow

_WORDS: Final = frozenset({"action", "number", "data", "expect", "version"})


class Written(TypedDict):
    """A new version of a record, as a run takes it (``engine.model.RegisterChange``)."""

    register: str
    action: str
    number: str
    data: dict[str, Any]
    path: str
    search: str


class _Asked(TypedDict, total=False):
    """A change as a diagram asks for it."""

    action: str
    number: str | None
    data: NotRequired[dict[str, Any] | None]
    expect: NotRequired[dict[str, Any] | None]
    version: NotRequired[int | None]


@operation(
    "register.apply",
    term("operation", "登记"),
    Parameter("register", "text", say("台账")),
    Parameter("changes", "list", say("变更")),
)
def _apply(scene: Scene, register: str, changes: list[_Asked]) -> dict[str, Any]:
    """Create, change or close records: ``{action, number?, data, expect?, version?}`` each.

    ``expect``: values that fields must have now; ``version``: the version that must be in force. The answer is the list
    of the numbers. Raises RecordRefused when a record is no longer as expected, or the register's own rules forbid it.
    """
    schema = register_named(scene, register)
    numbers = {change["number"] for change in changes if isinstance(change.get("number"), str)}
    # In one order, whatever order two cases name them in: neither waits for the other while it keeps the other waiting.
    held = {number: records.locked(scene.connection, schema.name, str(number)) for number in sorted(map(str, numbers))}
    for number, row in held.items():
        if row is not None:
            scene.saw(schema.name, number, row["version"])
    done = [_applied(scene, schema, change, held) for change in changes]
    answer = {"result": [one["number"] for one in done], "effects": {"changes": done}}
    return answer | ({"schema": schema.digest} if schema.digest else {})


def _applied(scene: Scene, schema: Register, change: _Asked, held: Mapping[str, RecordRow | None]) -> Written:
    action, data, number = change.get("action"), dict(change.get("data") or {}), change.get("number")
    unknown = sorted(set(change) - _WORDS)
    present: dict[str, object] = {}
    if action == "create" and not unknown and not change.get("expect") and change.get("version") is None:
        number = _new_number(scene, schema, data)
    elif action in ("change", "close") and not unknown and isinstance(number, str):
        present = _present(scene, schema, number, held.get(number))
        _owner(scene, schema, present)
        _must_be_as_expected(scene, schema, number, present, change, held.get(number))
        data = {**present, **data}
    else:
        raise BadInput(field=schema.title, reason=say("变更有误：{change}", change=dict(change)))
    data["number"] = number
    schema.validate(data)
    owner = _owner(scene, schema, data)
    changed = frozenset(key for key in data if data[key] != present.get(key))
    if action != "create":
        must_be_free(scene, schema.name, str(number), changed)
    _must_fit(scene, schema, str(number), data, changed)
    scene.pending[(schema.name, str(number))] = data
    return {
        "register": schema.name, "action": str(action), "number": str(number), "data": data,
        "path": owner.path, "search": schema.search_text(str(number), data),
    }  # fmt: skip


def _owner(scene: Scene, schema: Register, data: Mapping[str, Any]) -> Organisation:
    """Whose record it is. Raises NotAllowed for one that the process may not write, before or after a change."""
    owner = organisations.get(scene.connection, str(data.get(schema.organisation)))
    reach = schema.writers.get(scene.process) if schema.writers else SUBTREE
    if reach is None:
        reason = say("台账“{register}”没有写明这一流程可以登记", register=schema.title)
        raise NotAllowed(act=say("登记"), reason=reason)
    own = owner.code == scene.organisation.code
    below = reach == SUBTREE and owner.path.startswith(scene.organisation.path)
    if not (own or below or reach == ANY):
        raise NotAllowed(act=say("登记"), reason=say("记录不属于本单位范围"))
    return owner


def _present(scene: Scene, schema: Register, number: str, row: RecordRow | None) -> dict[str, Any]:
    """A record as this run has left it."""
    pending = scene.pending.get((schema.name, number))
    if pending is not None:
        return pending
    if row is None:
        raise BadInput(field=schema.title, reason=say("没有记录“{number}”", number=number))
    return dict(row["data"])


def _new_number(scene: Scene, schema: Register, data: Mapping[str, Any]) -> str:
    words = {**data, "year": scene.now.astimezone(LEGAL_ZONE).year}
    series = schema.number.split("{seq")[0].format_map(words)
    sequence = numbering.next_in_sequence(scene.connection, f"register:{schema.name}:{series}")
    return schema.number.format_map({**words, "seq": sequence})


# -- what the case presupposes ---------------------------------------------------------------------------------------


def _must_be_as_expected(
    scene: Scene, schema: Register, number: str, present: Mapping[str, Any], change: _Asked, row: RecordRow | None
) -> None:
    """Raises RecordRefused that says what has changed, and by which case."""
    version = change.get("version")
    if version is not None and row is not None and row["version"] != version:
        changed = say("已有第{version}版（应为第{expected}版）", version=row["version"], expected=version)
        raise _refused(schema, number, changed, _by(scene, schema, number, ""))
    for name, expected in (change.get("expect") or {}).items():
        value = present.get(known_field(schema, name))
        if value != expected:
            changed = say(
                "“{field}”应为“{expected}”，现为“{value}”",
                field=schema.label(name), expected=_said(schema, name, expected), value=_said(schema, name, value),
            )  # fmt: skip
            raise _refused(schema, number, changed, _by(scene, schema, number, name))


def _said(schema: Register, name: str, value: Any) -> Any:
    """A value as people read it; what is not there is called so."""
    return say("空") if value in (None, "") else schema.shown(name, value)


def _by(scene: Scene, schema: Register, number: str, name: str) -> Words:
    """Which case gave a field its value, or wrote the version in force ("")."""
    made = None
    for row in records.versions(scene.connection, schema.name, number):  # the newest first
        if made is not None and (not name or row["data"].get(name) != made["data"].get(name)):
            break
        made = row
    if made is None:
        return say("由本事项改变")
    day = made["valid_from"].astimezone(LEGAL_ZONE).date()
    return say("由事项{case}于{day}改变", case=made["case_number"], day=dated(day))


def _refused(schema: Register, number: str, what: Words, by: Words) -> RecordRefused:
    reason = say("记录{number}已不是办理时的样子：{what}，{by}", number=number, what=what, by=by)
    return RecordRefused(register=schema.title, reason=reason)


# -- what the register asks ------------------------------------------------------------------------------------------


def _must_fit(scene: Scene, schema: Register, number: str, data: Mapping[str, Any], changed: frozenset[str]) -> None:
    """Rules between fields, references and uniqueness. Raises RecordRefused.

    A write answers for the fields that it changes: what an older schema let pass keeps nobody from changing the rest.
    """
    environment = Environment(now=scene.now.astimezone(LEGAL_ZONE))
    broken = schema.broken(data, changed, environment)
    if broken is not None:
        raise RecordRefused(register=schema.title, reason=say("不符合规则：{rule}", rule=broken.said))
    for name, register, referred in schema.referred(data):
        if name in changed and not _exists(scene, register, referred):
            what = say("“{field}”指向的记录“{number}”不存在", field=schema.label(name), number=referred)
            raise RecordRefused(register=schema.title, reason=what)
    for name in sorted(schema.logins & changed):
        login = data.get(name)
        account = None if login in (None, "") else accounts.user_by_login(scene.connection, str(login).strip())
        if login not in (None, "") and (account is None or account["login"] != login):
            what = say("“{field}”没有账号“{login}”，请从名单中选择", field=schema.label(name), login=login)
            raise RecordRefused(register=schema.title, reason=what)
    for name in sorted(schema.places & changed):
        code = data.get(name)
        if code not in (None, "") and not organisation_rows.get(scene.connection, str(code)):
            what = say("“{field}”没有编码为“{code}”的单位，请从名单中选择", field=schema.label(name), code=code)
            raise RecordRefused(register=schema.title, reason=what)
    if schema.unique:
        _must_stand_once(scene, schema, number, data)


def _exists(scene: Scene, register: str, number: str) -> bool:
    return (register, number) in scene.pending or records.current(scene.connection, register, number) is not None


def _must_stand_once(scene: Scene, schema: Register, number: str, data: Mapping[str, Any]) -> None:
    taken = record_keys.take(scene.connection, schema.name, number, schema.keys(data))
    if taken is None:
        return
    rule, other = taken
    fields = next(one.fields for one in schema.unique if one.name == rule)
    values = "，".join(str(_plain(schema, name, data.get(name))) for name in fields)
    what = say(
        "{fields}相同（{values}）的记录已有{number}，{by}",
        fields=schema.labels(fields), values=values, number=other, by=_by(scene, schema, other, fields[-1]),
    )  # fmt: skip
    raise RecordRefused(register=schema.title, reason=what)


def _plain(schema: Register, name: str, value: Any) -> str:
    return schema.shown(name, value)[0]
