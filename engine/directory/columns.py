"""The names of the columns of a table of organisations: ours, and one for each figure. Knows no cell and no row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine import letters
from engine.directory.contents import Directory
from engine.words import Text

# column -> its names; the first is the one that messages use
NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("编码", "单位编码", "代码", "code"),
    "name": ("名称", "单位名称", "name"),
    "short_name": ("简称", "short name", "short_name"),
    "kind": ("类型", "单位类型", "kind"),
    "parent_code": ("上级编码", "上级", "上级单位编码", "parent", "parent code", "parent_code"),
    "valid": ("有效", "是否有效", "valid"),
    "remark": ("备注", "说明", "remark"),
}


def plain(name: str) -> str:
    """A name without what does not tell it from another one: case, width, spaces, a unit in brackets at the end."""
    return re.sub(r"\s|\([^()]*\)$", "", letters.folded(name))


def titles(directory: Directory) -> dict[str, Text]:
    """What messages call each column."""
    ours = {column: (names[0], column) for column, names in NAMES.items()}
    return ours | {figure.id: figure.name for figure in directory.figures.values()}


def headers(directory: Directory) -> dict[str, str]:
    """Every name by which a file may call a column, as ``plain`` makes it, to the column."""
    found = {plain(name): column for column, names in NAMES.items() for name in names}
    for figure in directory.figures.values():
        found |= {name: figure.id for name in spoken((figure.id, *figure.name, *figure.aliases))}
    return found


def spoken(names: Iterable[str]) -> set[str]:
    """Names as ``plain`` makes them."""
    return set(map(plain, names))
