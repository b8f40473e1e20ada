"""Rooms, arrows, floors and circles: who imports whom, read from the files alone.

Rooms as the plan of the house has them: ``web``, ``storage``, each folder of ``engine`` with all that is in it, each
file loose at its top. Places are finer: every folder by itself, and every file loose at the top of a package. An arrow
leads from a room to another one of which it imports, for types alone or late, too. A circle stands on one floor.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path, PurePath

PACKAGES = ("engine", "storage", "web")
DIVIDED = "engine"  # the package that the plan divides
Arrows = Mapping[str, frozenset[str]]


def python_files(root: Path) -> Iterator[Path]:
    """The files of the house; migrations, each of which is read once, are left out."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if not {"node_modules", "migrations"} & set(path.relative_to(root).parts):
                yield path


def modules(root: Path) -> dict[str, Path]:
    """Every module by its dotted name."""
    found = {}
    for path in python_files(root):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room(inside: PurePath) -> str:
    """The room of a file, by its path in the checkout: ``engine/feel``, ``engine/clock.py``, ``web``."""
    return "/".join(inside.parts[:2]) if inside.parts[0] == DIVIDED else inside.parts[0]


def place(inside: PurePath) -> str:
    """The place of a file: ``engine/feel/builtins``, ``engine/clock.py``, ``web/common``, ``web/app.py``."""
    return inside.as_posix() if len(inside.parts) == 2 else inside.parent.as_posix()


def imported(path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules of the house that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                deeper = f"{node.module}.{one.name}"
                if deeper in known:
                    yield deeper
                elif node.module in known:
                    yield node.module


def arrows(root: Path, divide: Callable[[PurePath], str] = room) -> Arrows:
    """Every room (or place: ``divide``) with the others that it imports from."""
    known = modules(root)
    homes = {name: divide(path.relative_to(root)) for name, path in known.items()}
    found: dict[str, set[str]] = {home: set() for home in homes.values()}
    for name, path in known.items():
        found[homes[name]] |= {homes[other] for other in imported(path, known)} - {homes[name]}
    return {home: frozenset(others) for home, others in found.items()}


def circles(found: Arrows) -> list[frozenset[str]]:
    """The largest sets of rooms of which each reaches each other."""
    reached = {room: _reached(room, found) for room in found}
    together = {frozenset(other for other in reached[room] if room in reached[other]) for room in found}
    return sorted((one for one in together if len(one) > 1), key=sorted)


def _reached(room: str, found: Arrows) -> set[str]:
    seen: set[str] = set()
    waiting = list(found[room])
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += found[other]
    return seen


def floors(found: Arrows) -> int:
    """How many rooms the longest way down leads through, a circle counted as one."""
    circle_of = {room: circle for circle in circles(found) for room in circle}
    whole = {room: circle_of.get(room, frozenset({room})) for room in found}
    below: dict[frozenset[str], set[frozenset[str]]] = {one: set() for one in whole.values()}
    for room, others in found.items():
        below[whole[room]] |= {whole[other] for other in others} - {whole[room]}
    height: dict[frozenset[str], int] = {}
    for one in TopologicalSorter(below).static_order():
        height[one] = 1 + max((height[other] for other in below[one]), default=0)
    return max(height.values(), default=0)
