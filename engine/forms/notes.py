"""What a sheet says of its rows while it is filled in: the texts of a row, and the cells that must catch the eye.

Knows no error: what is wrong is told by validation. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.forms.display import Display
from engine.forms.expressions import Evaluator, Scope
from engine.forms.model import Field, Path
from engine.forms.sheet import columns, sheets
from engine.forms.trees import get, rows_in
from engine.views.forms import RowNote


def row_notes(
    fields: Iterable[Field], data: Mapping[str, Any], context: Mapping[str, Any], evaluator: Evaluator
) -> dict[Path, RowNote]:
    """The notes of all rows of all sheets: by row what its texts say, by cell its heading where the cell warns."""
    found: dict[Path, RowNote] = {}
    scope = Scope.root(context, data)
    speakers = [Display(language, context, evaluator, {}) for language in ("zh", "en")]
    for sheet in sheets(fields):
        speaks = [item for item in sheet.children if item.type == "text"]
        warning = [item for item in columns(sheet) if item.warning is not False]
        for index, row in rows_in(get(data, sheet.path)) if speaks or warning else ():
            inner = scope.row(row, index)
            where: Path = (*sheet.path, index)
            (chinese, warns), (english, _) = (one.notes(speaks, inner, row) for one in speakers)
            if chinese:
                found[where] = RowNote((chinese, english), warns)
            for item in warning:
                if speakers[0].warns(item, inner, get(row, item.path)):
                    found[(*where, *item.path)] = RowNote(item.label, True)
    return found
