"""The rooms of the house: no file imports in a circle, and each room says at its door what lives there.

The floors are import-linter's contracts (pyproject.toml).
"""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("engine", "storage", "web", "scripts", "tests")


def circle(*packages):
    """Files that import each other in a circle, those under ``TYPE_CHECKING`` included; empty when there is none."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    assert len(graph.modules) > len(packages), "no files were read"
    try:
        TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_file_imports_in_a_circle():
    assert circle(*PACKAGES) == []


@pytest.mark.parametrize(
    "imported",
    [
        "from planted.lower import Lower",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from planted.lower import Lower",
        "def late():\n    import planted.lower",
    ],
    ids=["at the top", "for types only", "when it is used"],
)
def test_a_circle_would_be_seen(imported, tmp_path, monkeypatch):
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted/__init__.py").touch()
    (tmp_path / "planted/lower.py").write_text("from planted.upper import Upper\nclass Lower: pass\n")
    (tmp_path / "planted/upper.py").write_text("class Upper: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert circle("planted") == []
    (tmp_path / "planted/upper.py").write_text(f"{imported}\nclass Upper: pass\n")
    assert set(circle("planted")) == {"planted.lower", "planted.upper"}


def silent(text):
    """Whether a room's door does not say what it must not know."""
    said = ast.get_docstring(ast.parse(text)) or ""
    return not re.search(r"(?i)\bknows? (no|nothing|neither)\b", said)


def test_every_room_says_at_its_door_what_it_must_not_know():
    doors = [door for package in ("engine", "storage", "web") for door in sorted((ROOT / package).rglob("__init__.py"))]
    doors = [door for door in doors if "node_modules" not in door.parts]
    assert len(doors) > 20
    assert [str(door.relative_to(ROOT)) for door in doors if silent(door.read_text(encoding="utf-8"))] == []


def test_a_silent_door_would_be_seen():
    assert silent('"""Everything about loans."""')
    assert not silent('"""Everything about loans. Knows no page."""')
