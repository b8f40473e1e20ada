"""What a trial offers: what may be expected of a step, who could begin, what walks can reach. Knows no page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.cases.event_types import TaskCompleted, decisions_of, payload
from engine.definition import Definition
from engine.directory import organisations
from engine.directory.in_force import in_force
from engine.dmn.facts import read_facts
from engine.operations.holders import resolve
from engine.spiff import Stored
from engine.trials.expecting import case, days_of, rules_of, tasks_of
from engine.trials.player import Player
from engine.trials.shapes import Expectation
from engine.trials.views import Coverable, Reached
from engine.words import Text
from storage import cases, events
from storage import organisations as rows
from storage.database import Connection
from storage.pieces import Pieces

MOST_HOLDS: Final = 30
"""Variables of which something may be expected."""
DEEPEST: Final = 3
STAMPS: Final = frozenset({"case", "by", "at"})
"""Variables that say who and when: of no use to another run."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def sees(player: Player) -> Expectation:
    """All that may be expected after a step, in the words of a scenario."""
    if not player.current:
        return {}
    row = case(player)
    found: Expectation = {"status": row["status"], "tasks": tasks_of(player)}
    if row["end_element"]:
        found["end"] = row["end_element"]
    if days := days_of(player):
        found["days"] = days
    if rules := rules_of(player):
        found["rules"] = rules
    if holds := _holds(player):
        found["holds"] = holds
    return found


def _holds(player: Player) -> list[str]:
    with player.stage.application.database.read() as connection:
        variables = Stored(case(player)["state"], Pieces(connection, player.current)).variables
    found = _equations("", variables, 0)
    return [one for one, _ in zip(found, range(MOST_HOLDS), strict=False)]


def _equations(path: str, value: Any, depth: int) -> Iterator[str]:
    """FEEL that says of each plain value what it is; lists count from 1."""
    if isinstance(value, Mapping) and depth < DEEPEST:
        for name, one in value.items():
            if _NAME.fullmatch(str(name)) and name not in STAMPS:
                yield from _equations(f"{path}.{name}" if path else str(name), one, depth + 1)
    elif isinstance(value, list) and path and depth < DEEPEST:
        for number, one in enumerate(value[:5], 1):
            yield from _equations(f"{path}[{number}]", one, depth + 1)
    elif path and isinstance(value, (str, bool, int, float)) and len(str(value)) < 100:
        yield f"{path} = {json.dumps(value, ensure_ascii=False)}"


def starters(
    connection: Connection, definition: Definition
) -> tuple[tuple[tuple[str, Text], ...], dict[str, tuple[tuple[str, str], ...]]]:
    """The roles that may start a case, and for each the organisations (code, name) for which it may."""
    directory = in_force(connection)
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for rule in definition.process.starters:
        places = []
        for row in rows.everything(connection):
            organisation = organisations.from_row(row)
            held = resolve(connection, organisation, [(rule.role, rule.where, rule.kinds)]) if row["valid"] else None
            if held and held[0] == rule.role and held[1].code == organisation.code:
                places.append((row["code"], row["name"]))
        found[rule.role] = tuple(places)
    return tuple((role, directory.role_name(role)) for role in found), found


def coverable(definition: Definition, files: Mapping[str, bytes]) -> tuple[Coverable, ...]:
    """All that walks can reach: elements, flows, outcomes, and rows of the folder's own tables."""
    process = definition.process
    found = [Coverable("element", one.id, one.name) for one in process.elements.values() if one.tag != "textAnnotation"]
    names = {one.id: one.name for one in process.elements.values()}
    for flow in process.flows.values():
        ends = tuple(f"{_called(names, flow.source, n)} → {_called(names, flow.target, n)}" for n in (0, 1))
        found.append(Coverable("flow", flow.id, flow.name if flow.name[0] else (ends[0], ends[1])))
    for element in process.elements.values():
        found += [Coverable("outcome", f"{element.id}/{o.id}", o.name, element.name) for o in element.outcomes]
    for file in sorted(files):
        for table in read_facts(file, files[file]) if file.endswith(".dmn") and "/" not in file else ():
            told = [(rule.id, "，".join((*rule.inputs, *rule.outputs))) for rule in table.rules]
            found += [Coverable("row", name, (says, says), table.name) for name, says in told]
    return tuple(found)


def _called(names: Mapping[str, Text], element: str, language: int) -> str:
    return names[element][language] or names[element][0] or element


def covered(player: Player, key: str) -> Reached:
    """What the cases of this kind have reached so far."""
    elements: set[str] = set()
    flows, outcomes, reached = set(elements), set(elements), set(elements)
    with player.stage.application.database.read() as connection:
        for case_id in cases.case_ids(connection):
            row = cases.get(connection, case_id)
            if row is None or row["key"] != key:
                continue
            went = row["passages"]
            if went is not None:
                elements |= went["elements"].keys()
                flows |= {way.partition("/")[2] for way in went["flows"]}
            for event in events.of_case(connection, case_id):
                reached |= {rule for taken in decisions_of(event) for rule in taken.rules}
                if "submission" in event["data"]:
                    said = payload(event, TaskCompleted)
                    if outcome := said["submission"].get("outcome"):
                        outcomes.add(f"{said['element']}/{outcome}")
    return Reached(*(tuple(sorted(one)) for one in (elements, flows, outcomes, reached)))
