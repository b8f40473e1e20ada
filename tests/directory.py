"""The directory that the project's own folder of workflows says, for tests that need its roles, kinds and figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.desks.directory import DirectoryDesk
from engine.directory.contents import DIRECTORY, read_directory
from engine.model import Clock
from engine.publishing.directory import directory_in
from engine.publishing.folder import FolderFiles
from storage.database import Database
from tests.console import ROOT

WORKFLOWS = ROOT / "workflows"
SHIPPED = FolderFiles(WORKFLOWS)
FILES = directory_in(SHIPPED)
OURS = read_directory(FILES)
ADDED = {
    "roles.toml": """
[[role]]
id = "clerk"
zh = "文员"
en = "Clerk"
kinds = ["city"]
business = true
acts = true
""",
    "kinds.toml": """
[[kind]]
id = "camp"
zh = "营地"
en = "Camp"
parents = ["county"]
""",
    "figures.toml": """
[[figure]]
id = "rooms"
zh = "房间数"
en = "Rooms"
""",
}
"""A role, a kind and a figure that the program has never heard of."""


def put_in_force(database: Database, clock: Clock) -> None:
    """Publish it, as the first thing that happens in a new database."""
    desk = DirectoryDesk(database, clock, guarded=False)
    offer, _ = desk.read(SHIPPED)
    desk.publish(None, offer)


def changed(*changes: tuple[str, str, str], add: bool = False) -> dict[str, str]:
    """Our directory by path, in which each (file, old, new) is replaced; ``add``: with what is ADDED, too."""
    texts = {name: data.decode() + (ADDED[name] if add else "") for name, data in FILES.items()}
    for name, old, new in changes:
        assert old in texts[name], old
        texts[name] = texts[name].replace(old, new)
    return {f"{DIRECTORY}/{name}": text for name, text in texts.items()}


def without(name: str, entry: str) -> tuple[str, str, str]:
    """The change that takes an entry out of a file."""
    table = f"[[{name.removesuffix('s.toml')}]]"
    entries = FILES[name].decode().split(table)
    return name, next(f"{table}{one}" for one in entries if f'id = "{entry}"\n' in one), ""


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files by path."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder
