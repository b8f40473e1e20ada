"""What every page with a difference between two folders is drawn from. Knows no page and no rule."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext

from engine.comparing.views import FileChange
from web.common.element_names import ELEMENTS, FIELDS

KINDS: Final = {
    "added": lazy_gettext("增加"),
    "removed": lazy_gettext("删除"),
    "changed": lazy_gettext("修改"),
    "moved": lazy_gettext("移动"),
}
SORTS: Final = {**FIELDS, **ELEMENTS}


def shown(files: tuple[FileChange, ...]) -> dict[str, Any]:
    """What ``difference.html`` needs beside the files themselves."""
    return {"kinds": KINDS, "sorts": SORTS, "counts": counted(files)}


def counted(files: tuple[FileChange, ...]) -> dict[str, int]:
    """How much of each kind differs: elements, fields, entries, rows; a file without any of these counts itself."""
    found = dict.fromkeys(KINDS, 0)
    for file in files:
        told = [*file["changes"], *(row for table in file["tables"] for row in table["rows"])]
        for one in told:
            found[one["kind"]] += 1
        found[file["kind"]] += not told
    return found
