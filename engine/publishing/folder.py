"""A folder of definitions as files by path, each read when it is asked for. Knows nothing of what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from engine.checks.folder import MAX_FILE, MAX_FILES
from engine.definition import APART, LEFT_OUT, SHARED, TABLES, spoken
from engine.errors import DefinitionInvalid, Problem
from engine.words import say


class FolderFiles(Mapping[str, bytes]):
    """The files under ``root`` by path: those of every process, and of the parts that begin with ``_``.

    Reads and lists no more than a little beyond the limits of ``engine.checks.folder``, which then refuse it. Raises
    DefinitionInvalid for a folder of a process that has no file, and on reading a link that leads out of ``root``.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._paths = dict(self._listed())

    def _listed(self) -> Iterator[tuple[str, Path]]:
        for folder in sorted(self._root.iterdir()):
            shared = folder.name in (SHARED, TABLES, *APART)
            if folder.is_dir() and (shared or not folder.name.startswith(("_", "."))):
                found = list(islice(_inside(folder), MAX_FILES + 1))
                if not found and not shared:
                    raise DefinitionInvalid((_empty(spoken(folder.name)),))
                yield from ((spoken(path.relative_to(self._root).as_posix()), path) for path in found)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, name: str) -> bytes:
        path = self._paths[name]
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise DefinitionInvalid((_leads_out(name),))
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)


def _inside(folder: Path) -> Iterator[Path]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return (path for path in paths if path.relative_to(folder).parts[0] != LEFT_OUT)


def _empty(key: str) -> Problem:
    what = say("文件夹里没有文件。")
    return Problem(key, "files", what, say("请放入流程的文件，或删去文件夹。"))


def _leads_out(file: str) -> Problem:
    what = say("是指向文件夹之外的链接。")
    return Problem(file, "file", what, say("请放入文件本身。"))
