"""Two folders of a process against each other, each file as what it is. Knows no row and no page."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from engine.comparing import diagrams, entries, papers, tables
from engine.comparing.views import Change, FileChange, Kind, TableDifference
from engine.documents import WORD
from engine.errors import Refusal

_NO_DIAGRAM: Final = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'
_FAILS: Final = (Refusal, ValueError, RecursionError, KeyError, OSError, zipfile.BadZipFile)
"""By which a reader says that a file is not what its name says; python-docx knows no exception of its own."""
_SORTS: Final = {
    ".bpmn": "diagram", ".dmn": "table", ".form.json": "form", ".json": "entries", ".toml": "entries",
    WORD: "paper",
}  # fmt: skip


def compare(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileChange]:
    """The files that differ, by name; a file of one side alone is compared with an empty one."""
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return [_file(name, before.get(name), after.get(name)) for name in names]


def _file(name: str, before: bytes | None, after: bytes | None) -> FileChange:
    kind: Kind = "added" if before is None else "removed" if after is None else "changed"
    sort = next((sort for ending, sort in _SORTS.items() if name.endswith(ending)), "other")
    old, new = before or b"", after or b""
    try:
        changes, found = _as(sort, name, old, new)
        return {"name": name, "kind": kind, "sort": sort, "lost": False, "changes": changes, "tables": found}
    except _FAILS:
        changes = _or_none(lambda: papers.line_changes(old, new))
        return {"name": name, "kind": kind, "sort": sort, "lost": True, "changes": changes, "tables": []}


def _as(sort: str, name: str, old: bytes, new: bytes) -> tuple[list[Change], list[TableDifference]]:
    if sort == "diagram":
        return diagrams.changes(name, old or _NO_DIAGRAM, new or _NO_DIAGRAM), []
    if sort == "table":
        return [], tables.changes(name, old, new)
    if sort == "form":
        return entries.form_changes(old, new), []
    if sort == "entries":
        return entries.entry_changes(name, old, new), []
    return (papers.paper_changes(old, new) if sort == "paper" else papers.line_changes(old, new)), []


def _or_none(made: Callable[[], list[Change]]) -> list[Change]:
    try:
        return made()
    except ValueError:  # bytes that are no text
        return []
