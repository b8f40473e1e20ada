"""What would be left behind if a directory came in force: people, organisations and definitions that use what it lacks.

Knows no entry by name and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.damage import note
from engine.diagram import Assignment, Process, read_diagram
from engine.directory.contents import DIRECTORY, FIGURES, KINDS, ROLES, Directory
from engine.directory.kinds import Figure
from engine.errors import Problem
from engine.words import Words, say
from storage import accounts, definitions, organisations
from storage.database import Connection, Unreachable
from storage.organisations import OrganisationRow


def left_behind(
    connection: Connection, before: Directory, after: Directory, now: datetime, replaced: Iterable[str]
) -> tuple[Problem, ...]:
    """What is in use at ``now`` and fits the directory ``before``, but no longer ``after``.

    ``replaced``: keys of the definitions that come in force together with it; of those only running cases count.
    """
    tree = {row["code"]: row for row in organisations.everything(connection)}
    held = accounts.roles_held(connection)
    named = _named(connection, frozenset(replaced))
    unfit = _unfit(before, tree, held, named)
    return tuple(problem for problem in _unfit(after, tree, held, named) if problem not in unfit)


def _unfit(
    directory: Directory,
    tree: Mapping[str, OrganisationRow],
    held: Iterable[accounts.RoleOfSomebody],
    named: Mapping[str, list[Assignment]],
) -> dict[Problem, None]:
    """In the order found; the same is told once, however often it is so."""
    found = [*_kinds(directory, tree), *_figures(directory, tree), *_roles(directory, held), *_rules(directory, named)]
    return dict.fromkeys(found)


def _kinds(directory: Directory, tree: Mapping[str, OrganisationRow]) -> Iterator[Problem]:
    for row in tree.values():
        kind = directory.kinds.get(row["kind"])
        above = tree.get(row["parent_code"] or "")
        if kind is None:
            what = say("还有单位属于这一类。")
        elif above is None and kind.parents:
            what = say("还有这类单位没有上级。")
        elif above is not None and above["kind"] not in kind.parents:
            name = directory.kind_name(above["kind"])
            what = say("还有这类单位隶属于“{name}”。", name=name)
        else:
            continue
        hint = say("请先用导入更改单位，或者保留这一类。")
        yield _problem(KINDS, row["kind"], what, hint)


def _figures(directory: Directory, tree: Mapping[str, OrganisationRow]) -> Iterator[Problem]:
    hint = say("请先用导入清除（填“-”），或者保留这一项。")
    for row in tree.values():
        for name, value in row["figures"].items():
            figure = directory.figures.get(name)
            if figure is None or not _fits(figure, row["kind"], value):
                kind = directory.kind_name(row["kind"])
                what = say("还有“{kind}”填了这一项。", kind=kind)
                yield _problem(FIGURES, name, what, hint)


def _fits(figure: Figure, kind: str, value: Any) -> bool:
    right = value in {choice.id for choice in figure.choices} if figure.choices else isinstance(value, int)
    return right and (not figure.kinds or kind in figure.kinds)


def _roles(directory: Directory, held: Iterable[accounts.RoleOfSomebody]) -> Iterator[Problem]:
    by_person: dict[str, list[str]] = {}
    hint = say("请先收回，或者保留这个角色。")
    for row in held:
        role, kind = directory.roles.get(row["role"]), row["kind"]
        if role is None:
            yield _problem(ROLES, row["role"], say("还有人担任这个角色。"), hint)
            continue
        if kind not in role.kinds:
            name = directory.kind_name(kind)
            what = say("还有人在“{name}”担任这个角色。", name=name)
            yield _problem(ROLES, role.id, what, hint)
        others = by_person.setdefault(row["login"], [])
        other = directory.excluded_by(role, others)
        if other is not None:
            what = say("{login} 同时担任“{name}”，三员不得兼任。", login=row["login"], name=other.name)
            yield _problem(ROLES, role.id, what, hint)
        others.append(role.id)


def _rules(directory: Directory, named: Mapping[str, list[Assignment]]) -> Iterator[Problem]:
    hint = say("请先发布不再用它的流程，等用它的事项办结；或者保留它。")
    for definition, rules in named.items():
        what = say("{definition} 还在用它。", definition=definition)
        for rule in rules:
            if rule.role and rule.role not in directory.roles:
                yield _problem(ROLES, rule.role, what, hint)
            for kind in rule.kinds:
                if kind not in directory.kinds:
                    yield _problem(KINDS, kind, what, hint)


def _named(connection: Connection, replaced: frozenset[str]) -> dict[str, list[Assignment]]:
    """The rules of every definition that is in force or has running cases, by its name and version."""
    found = {}
    for row in definitions.listed(connection):
        in_force = row["current"] and row["key"] not in replaced
        if row["key"].startswith("_") or not (in_force or row["running"]):
            continue
        name = f"{row['key']} v{row['version']}"
        try:
            found[name] = _rules_in(connection, row["digest"])
        except Unreachable:
            raise
        except Exception as error:  # nobody can tell what a damaged definition needs
            note(say("流程定义{name}", name=name), error)
    return found


def _rules_in(connection: Connection, digest: str) -> list[Assignment]:
    stored = definitions.get(connection, digest)
    files: Mapping[str, bytes] = stored.files if stored else {}
    return [
        rule
        for name, data in files.items()
        if name.endswith(".bpmn")
        for process in read_diagram(name, data).processes
        for rule in _rules_of(process)
    ]


def _rules_of(process: Process) -> Iterator[Assignment]:
    yield from process.cancellers
    for lane in process.lanes.values():
        yield from lane.assignments
    for element in process.elements.values():
        if element.deadline is not None:
            yield from (*element.deadline.remind, *element.deadline.escalate)


def _problem(file: str, place: str, what: Words, hint: Words) -> Problem:
    return Problem(f"{DIRECTORY}/{file}", place, what, hint)
