"""What would be left behind if a directory came in force: people, organisations and definitions that use what it lacks.

Knows no entry by name and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.diagram import Assignment, Process, read_diagram
from engine.directory.contents import DIRECTORY, FIGURES, KINDS, ROLES, Directory
from engine.directory.kinds import Figure
from engine.errors import Problem
from storage import accounts, definitions, organisations
from storage.database import Connection
from storage.organisations import OrganisationRow

Text = tuple[str, str]


def left_behind(
    connection: Connection, before: Directory, after: Directory, now: datetime, replaced: Iterable[str]
) -> tuple[Problem, ...]:
    """What is in use at ``now`` and fits the directory ``before``, but no longer ``after``.

    ``replaced``: keys of the definitions that come in force together with it; of those only running cases count.
    """
    tree = {row["code"]: row for row in organisations.everything(connection)}
    held = accounts.roles_held(connection, now)
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
            zh, en = "还有单位属于这一类", "there still are organisations of this kind"
        elif above is None and kind.parents:
            zh, en = "还有这类单位没有上级", "there still are organisations of this kind with none above"
        elif above is not None and above["kind"] not in kind.parents:
            name = directory.kind_name(above["kind"])
            zh, en = f"还有这类单位隶属于“{name[0]}”", f"organisations of this kind still stand under a {name[1]}"
        else:
            continue
        hint = ("请先用导入更改单位，或者保留这一类。", "Change them by an import first, or keep the kind as it is.")
        yield _problem(KINDS, row["kind"], (f"{zh}。", f"{en}."), hint)


def _figures(directory: Directory, tree: Mapping[str, OrganisationRow]) -> Iterator[Problem]:
    hint = (
        "请先用导入清除（填“-”），或者保留这一项。",
        "Clear it by an import (“-”) first, or keep the figure as it is.",
    )
    for row in tree.values():
        for name, value in row["figures"].items():
            figure = directory.figures.get(name)
            if figure is None or not _fits(figure, row["kind"], value):
                kind = directory.kind_name(row["kind"])
                texts = (f"还有“{kind[0]}”填了这一项。", f"a {kind[1]} still has this figure.")
                yield _problem(FIGURES, name, texts, hint)


def _fits(figure: Figure, kind: str, value: Any) -> bool:
    right = value in {choice.id for choice in figure.choices} if figure.choices else isinstance(value, int)
    return right and (not figure.kinds or kind in figure.kinds)


def _roles(directory: Directory, held: Iterable[accounts.RoleOfSomebody]) -> Iterator[Problem]:
    by_person: dict[str, list[str]] = {}
    hint = ("请先收回，或者保留这个角色。", "Revoke it first, or keep the role as it is.")
    for row in held:
        role, kind = directory.roles.get(row["role"]), row["kind"]
        if role is None:
            yield _problem(ROLES, row["role"], ("还有人担任这个角色。", "somebody still holds this role."), hint)
            continue
        if kind not in role.kinds:
            name = directory.kind_name(kind)
            texts = (f"还有人在“{name[0]}”担任这个角色。", f"somebody still holds this role at a {name[1]}.")
            yield _problem(ROLES, role.id, texts, hint)
        others = by_person.setdefault(row["login"], [])
        other = directory.excluded_by(role, others)
        if other is not None:
            texts = (
                f"{row['login']} 同时担任“{other.name[0]}”，三员不得兼任。",
                f"{row['login']} also is “{other.name[1]}”, and an administrator holds nothing else.",
            )
            yield _problem(ROLES, role.id, texts, hint)
        others.append(role.id)


def _rules(directory: Directory, named: Mapping[str, list[Assignment]]) -> Iterator[Problem]:
    hint = (
        "请先发布不再用它的流程，等用它的事项办结；或者保留它。",
        "Publish the process without it and let its cases end first, or keep it.",
    )
    for definition, rules in named.items():
        texts = (f"{definition} 还在用它。", f"{definition} still uses it.")
        for rule in rules:
            if rule.role and rule.role not in directory.roles:
                yield _problem(ROLES, rule.role, texts, hint)
            for kind in rule.kinds:
                if kind not in directory.kinds:
                    yield _problem(KINDS, kind, texts, hint)


def _named(connection: Connection, replaced: frozenset[str]) -> dict[str, list[Assignment]]:
    """The rules of every definition that is in force or has running cases, by its name and version."""
    found = {}
    for row in definitions.listed(connection):
        in_force = row["current"] and row["key"] not in replaced
        if row["key"].startswith("_") or not (in_force or row["running"]):
            continue
        stored = definitions.get(connection, row["digest"])
        files: Mapping[str, bytes] = stored.files if stored else {}
        found[f"{row['key']} v{row['version']}"] = [
            rule
            for name, data in files.items()
            if name.endswith(".bpmn")
            for process in read_diagram(name, data).processes
            for rule in _rules_of(process)
        ]
    return found


def _rules_of(process: Process) -> Iterator[Assignment]:
    yield from process.cancellers
    for lane in process.lanes.values():
        yield from lane.assignments
    for element in process.elements.values():
        if element.deadline is not None:
            yield from (*element.deadline.remind, *element.deadline.escalate)


def _problem(file: str, place: str, texts: Text, hint: Text) -> Problem:
    return Problem(f"{DIRECTORY}/{file}", place, *texts, *hint)
