"""Who gets a task: a role somewhere in the tree, or whom the data of the case names. Recorded like any other answer.

What the data names is looked up when the task arrives and then stands: a task does not leave a desk because a record
changes. Never nobody: NoHolder says why, for an operator to mend. Knows no diagram.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.diagram import BY_DATA
from engine.directory import actors, organisations
from engine.directory.in_force import in_force
from engine.directory.organisations import Organisation
from engine.errors import BadInput, NoHolder
from engine.model import Holder
from engine.operations.registry import Parameter, Scene, operation
from engine.registers import Register
from engine.words import Words, say
from storage import accounts, records
from storage import organisations as organisation_rows
from storage.accounts import AccountRow
from storage.database import Connection

Rule = Sequence[Any]
"""Role, where, kinds; by data also what was named, the register and its field."""
_MOST_SUCCESSIONS: Final = 50


@operation(
    "assignment",
    say("确定办理人"),
    Parameter("assignments", "list", say("承办规则")),
    Parameter("element", "text", say("环节")),
    Parameter("cases", "list", say("应当回避的事项编号"), required=False),
    Parameter("instances", "text", say("所在的多实例"), required=False),
    read_only=True,
)
def _assignment(
    scene: Scene, assignments: list[Rule], element: str, cases: Sequence[str] | None = None,
    instances: str | None = None,
) -> Holder:  # fmt: skip
    """The inbox key of the first rule that finds somebody who need not stand aside, and what stands for him on pages.

    ``role@code`` with the organisation's name; of a person ``user:id`` with his own. When the rules give nobody, whom
    an operator has named for it. Raises NoHolder.
    """
    aside = scene.find_excluded(element, tuple(cases or ()), instances) if scene.find_excluded else set()
    try:
        return _first(scene, assignments, aside)
    except _Nobody as nobody:
        key, reason = scene.find_named(element) if scene.find_named else None, nobody.reason
    try:
        if key is not None:
            return _of_key(scene.connection, key, aside)
    except _Nobody as nobody:
        reason = nobody.reason
    raise NoHolder(element=element, reason=reason)


class _Nobody(Exception):
    """A rule that gives nobody, and why."""

    def __init__(self, reason: Words) -> None:
        self.reason = reason
        super().__init__()


def _first(scene: Scene, assignments: Iterable[Rule], aside: set[int]) -> Holder:
    """Of the first rule that fits and whose people need not all stand aside. Raises _Nobody."""
    reason = say("找不到承办单位")
    for rule in assignments:
        role, where, _ = rule[:3]
        if where == "starter":  # also who has left: it is seen
            name = accounts.names_of(scene.connection, [scene.starter_id])[scene.starter_id][0]
            return {"candidate": actors.personal(scene.starter_id), "organisation": name}
        if where in BY_DATA:
            found = _named(scene, rule)
            if found.people <= aside:
                reason = _ALL_ASIDE
                continue
            return found.holder
        for _, asked in _fitting(scene.connection, scene.organisation, [rule]):
            if not aside or _somebody(scene, (role, asked), aside):
                return {"candidate": f"{role}@{asked.code}", "organisation": asked.name}
            reason = _ALL_ASIDE
    raise _Nobody(reason)


_ALL_ASIDE: Final = say("办理人都应当回避，没有可以接办的人")


def _somebody(scene: Scene, held: tuple[str, Organisation], aside: set[int]) -> bool:
    """Whether a role somewhere has anybody left, or has nobody at all so far, who will not have to stand aside."""
    people = _people(scene.connection, *held)
    return not people or not people <= aside


def _people(connection: Connection, role: str, organisation: Organisation) -> set[int]:
    return {one["id"] for one in accounts.members(connection, organisation.code) if one["role"] == role}


def resolve(
    connection: Connection, organisation: Organisation, assignments: Iterable[Iterable[Any]]
) -> tuple[str, Organisation] | None:
    """The role and the organisation of the first assignment (role, where, kinds) that fits, seen from a place.

    ``starter`` is everywhere: the role is then empty. What goes by the data of a case is passed over.
    """
    return next(_fitting(connection, organisation, assignments), None)


def _fitting(
    connection: Connection, organisation: Organisation, assignments: Iterable[Iterable[Any]]
) -> Iterator[tuple[str, Organisation]]:
    above: tuple[Organisation, ...] | None = None
    for role, where, kinds in assignments:
        if where in BY_DATA:
            continue
        if where == "starter":
            yield "", organisation
            continue
        if where == "same":
            candidates: tuple[Organisation, ...] = (organisation,)
        else:
            above = organisations.above(connection, organisation) if above is None else above
            candidates = above
        fitting = next((one for one in candidates if not kinds or one.kind in kinds), None)
        if fitting is not None:
            yield role, fitting


# -- whom the data names ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """A holder, and the people who could act."""

    holder: Holder
    people: set[int]


def _named(scene: Scene, rule: Rule) -> _Found:
    """Whom one rule names by data. Raises _Nobody."""
    role, where, kinds, value, register, field = rule
    if where == "register":
        where, value = _of_record(scene, value, register, field)
    if where == "person":
        return _person(
            scene.connection, accounts.user_by_login(scene.connection, _text(value, say("账号")).strip()), value
        )
    place = current_place(scene.connection, _text(value, say("单位编码")))
    if kinds and place.kind not in kinds:
        raise _Nobody(say("“{name}”不属于规则要求的单位类型", name=place.name))
    return _office(scene.connection, role, place)


def _text(value: object, what: Words) -> str:
    if value is None or value == "":
        raise _Nobody(say("数据里没有{what}", what=what))
    if not isinstance(value, str):
        raise _Nobody(say("数据里的{what}不是文字：{value}", what=what, value=str(value)))
    return value


def current_place(connection: Connection, code: str) -> Organisation:
    """The organisation of that code, or the one that it has gone into. Raises _Nobody."""
    wanted = code
    for _ in range(_MOST_SUCCESSIONS):
        row = organisation_rows.get(connection, wanted)
        if row is None:
            raise _Nobody(say("没有编码为“{code}”的单位", code=code))
        if row["valid"]:
            return organisations.from_row(row)
        if row["successor_code"] is None:
            break
        wanted = row["successor_code"]
    raise _Nobody(say("单位“{code}”已停用，没有接替单位", code=code))


def _office(connection: Connection, role: str, place: Organisation) -> _Found:
    people = _people(connection, role, place)
    if not people:
        name = in_force(connection).role_name(role)
        raise _Nobody(say("{place}没有人担任“{role}”", place=place.name, role=name))
    return _Found({"candidate": f"{role}@{place.code}", "organisation": place.name}, people)


def _person(connection: Connection, row: AccountRow | None, login: object) -> _Found:
    if row is None:
        raise _Nobody(say("没有账号“{login}”", login=str(login)))
    if not row["active"]:
        raise _Nobody(say("{name}的账号已停用", name=row["name"]))
    roles = in_force(connection).roles
    held = (roles.get(one["role"]) for one in accounts.memberships_of(connection, row["id"]))
    if not any(role is not None and role.acts for role in held):
        raise _Nobody(say("{name}现在没有可以办理任务的角色", name=row["name"]))
    return _Found({"candidate": actors.personal(row["id"]), "organisation": row["name"]}, {row["id"]})


def _of_record(scene: Scene, number: object, name: str, field: str) -> tuple[str, object]:
    """What a field of a record names, and whether it is an organisation or a person. Raises _Nobody."""
    register = scene.registers.get(name)
    if register is None:
        raise _Nobody(say("没有台账“{name}”", name=name))
    data = _record(scene, name, _text(number, say("记录编号")))
    if not field:
        return "person", _about(scene, register, data)
    if field in register.logins:
        return "person", data.get(field)
    return "organisation", data.get(field)


def _record(scene: Scene, register: str, number: str) -> Mapping[str, Any]:
    """A record in force, with what this run has written."""
    pending = scene.pending.get((register, number))
    if pending is not None:
        return pending
    row = records.current(scene.connection, register, number)
    if row is None:
        raise _Nobody(say("没有记录“{number}”", number=number))
    return row["data"]


def _about(scene: Scene, register: Register, data: Mapping[str, Any]) -> object:
    """The login of the person whom a record is about."""
    for lead in register.persons:
        value: object = data.get(lead.field)
        if lead.register and isinstance(value, str) and value:
            value = _record(scene, lead.register, value).get(lead.login)
        if value not in (None, ""):
            return value
    return None


def must_be_holder(connection: Connection, key: str) -> Holder:
    """The holder of an inbox key who can act now. Raises BadInput with the reason why there is none."""
    label = say("办理人")
    role, _, code = key.partition("@")
    if not role or not (code or role.removeprefix(actors.PERSONAL).isdecimal()):
        raise BadInput(field=label, reason=say("请从名单中选择"))
    try:
        return _of_key(connection, key, set())
    except _Nobody as nobody:
        raise BadInput(field=label, reason=nobody.reason) from nobody


def _of_key(connection: Connection, key: str, aside: set[int]) -> Holder:
    """The holder of an inbox key who can act now. Raises _Nobody."""
    role, _, code = key.partition("@")
    if code:
        found = _office(connection, role, current_place(connection, code))
    else:
        row = accounts.user(connection, int(role.removeprefix(actors.PERSONAL)))
        found = _person(connection, row, key)
    if found.people <= aside:
        raise _Nobody(_ALL_ASIDE)
    return found.holder
