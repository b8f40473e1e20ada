"""The rooms of the house: no file imports in a circle. The floors are import-linter's contracts (pyproject.toml)."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

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
