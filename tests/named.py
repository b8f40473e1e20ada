"""What texts name — files, modules, names in backticks — and whether the house has it. Knows no rule of words."""

from __future__ import annotations

import ast
import builtins
import importlib
import io
import keyword
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("engine", "storage", "web", "scripts", "tests")
PLACES = (*PACKAGES, "docs", "workflows", "data", "requirements")
MADE = ("web/static/dist", "web/frontend/node_modules")  # by a build; not in a fresh clone
PATH = re.compile(rf"(?<![\w./:-])((?:{'|'.join(PLACES)})/[\w./*-]*)(?:::([\w.]+))?")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
WHOLE = re.compile(rf"(?<![\w./-])(?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]\w*)+")
TICKED = re.compile(r"``([^`\n]+)``|(?<!`)`([^`\n]+)`(?!`)")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*(?=\(.*\)$|$)")
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
PYTHON = frozenset({*dir(builtins), *keyword.kwlist, *sys.stdlib_module_names})


def python_files(root: Path = ROOT) -> list[Path]:
    """Every file of Python of the house."""
    found = (path for package in PACKAGES for path in sorted((root / package).rglob("*.py")))
    return [path for path in found if "node_modules" not in path.parts]


def committed_files() -> list[Path]:
    """Every file that git knows and that is there; a test that asks outside of a checkout is left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout
    names = [name for name in listed.decode().split("\0") if name]
    if not names:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def defined(body: list[ast.stmt], names: list[str]) -> bool:
    """Whether ``names`` (a function, or a class and its member) are defined or imported, one inside the other."""
    if not names:
        return True
    for node in body:
        if isinstance(node, FUNCTION | ast.ClassDef) and node.name == names[0]:
            return len(names) == 1 or (isinstance(node, ast.ClassDef) and defined(node.body, names[1:]))
        if len(names) == 1 and names[0] in _bound(node):
            return True
    return False


def _bound(node: ast.stmt) -> set[str]:
    """The names that an assignment or an import gives."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {one.asname or one.name for one in node.names}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return set()


def missing_files(text: str, folder: Path = ROOT) -> Iterator[str]:
    """Files, and functions in them, that a text names and that do not exist; links are seen from ``folder``."""
    for named, inside in PATH.findall(text):
        path = named.rstrip(".")
        if path.startswith(MADE):
            continue
        found = sorted(ROOT.glob(path.rstrip("/"))) if "*" in path else [ROOT / path]
        if not found or not found[0].exists():
            yield path
        elif inside and not defined(ast.parse(found[0].read_text("utf-8")).body, inside.split(".")):
            yield f"{path}::{inside}"
    yield from (link for link in LINK.findall(text) if "://" not in link and not (folder / link).exists())


def missing_modules(text: str) -> Iterator[str]:
    """Whole names, such as ``engine.clock.DemoClock``, of which nothing is there."""
    yield from (name for name in WHOLE.findall(text) if not exists(name))


def exists(name: str) -> bool:
    """Whether a whole name is a module, a folder, or something that a module defines."""
    parts = name.split(".")
    for number in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:number])
        rest = parts[number:]
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if file.is_file() and defined(ast.parse(file.read_text("utf-8")).body, rest):
            return True
        if place.is_dir() and not rest:
            return True
    return False


def said(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every docstring and comment of a file."""
    yield from ((node.lineno, str(node.value)) for node in docstrings(ast.parse(source)))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def docstrings(tree: ast.AST) -> list[ast.Constant]:
    """Texts that stand alone: of a file, a class, a function, a constant."""
    alone = (node.value for node in statements(tree) if isinstance(node, ast.Expr))
    return [value for value in alone if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Every statement, however deep it stands; what is inside of expressions is left out, and takes no time."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for inside in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, inside, ())
        if isinstance(node, ast.stmt):
            yield node


def ticked(text: str) -> Iterator[str]:
    """Every name in backticks, with or without a dot or a call; no other code."""
    for double, single in TICKED.findall(text):
        if found := NAME.match(double or single):
            yield found[0]


@cache
def words_of(path: Path) -> frozenset[str]:
    """What the code of a file says: names, parameters, attributes, words of its texts; no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    silent = {id(one) for one in docstrings(tree)}
    found: set[str] = set()
    for node in ast.walk(tree):
        for field in ("id", "name", "attr", "arg", "module", "asname"):
            value = getattr(node, field, None)
            found |= set(value.split(".")) if isinstance(value, str) else set()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            found |= set(re.findall(r"\w+", node.value))
    return frozenset(found)


def room_of(path: Path) -> tuple[str, ...]:
    """The room of a file: of the tests and of storage there is one, a file at the top has its own."""
    parts = path.relative_to(ROOT).parts
    return parts[:2] if parts[0] in ("engine", "web") else parts[:1]


@cache
def rooms() -> Mapping[tuple[str, ...], frozenset[str]]:
    """What each room defines, its modules included."""
    found: dict[tuple[str, ...], set[str]] = {}
    for path in python_files():
        names = found.setdefault(room_of(path), set())
        names |= {path.stem, *path.relative_to(ROOT).parent.parts}
        for node in statements(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, FUNCTION | ast.ClassDef):
                names.add(node.name)
            elif not isinstance(node, ast.Import | ast.ImportFrom):
                names |= _bound(node)
    return {room: frozenset(names) for room, names in found.items()}


def unknown(name: str, path: Path) -> bool:
    """Whether a name in backticks means nothing in a file: not to its code, nor its room, nor Python and packages.

    Of a whole name of the house ``missing_modules`` tells.
    """
    first, _, rest = name.partition(".")
    if first in PACKAGES and rest:
        return False
    if set(name.split(".")) <= words_of(path) | rooms()[room_of(path)] | PYTHON:
        return False
    foreign = first in sys.stdlib_module_names or first in packages_distributions()
    return not (rest and foreign and hasattr(importlib.import_module(first), rest))
