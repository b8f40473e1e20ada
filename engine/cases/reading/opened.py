"""A form as it is opened: what stands in it, what of a draft still fits, the rows of its sheets that were saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.cases.filling import BESIDE, Filling
from engine.cases.saved_rows import of_place
from engine.errors import BadInput
from engine.forms import Form
from engine.picking import only
from engine.views import FormView
from storage.database import Connection
from storage.rows import DraftRow


def form_view(
    connection: Connection, filling: Filling | None, initial: Mapping[str, Any], draft: DraftRow | None, place: str
) -> FormView | None:
    """The form with its values; none when there is no form. ``place``: where rows of its sheets are saved."""
    if filling is None:
        return None
    form: Form = filling.form
    values = form.initial(initial, context=filling.context, environment=filling.environment)
    if draft is not None:
        values = {**values, **_kept(form, filling, initial, {**_sheets_of(form, values), **draft["data"]})}
    schema: Callable[[str], Mapping[str, Any]] = form.localised
    saved = of_place(connection, place) if form.sheets else {}
    sheets = {name: saved.get(name, ()) for name in form.sheets}
    return FormView(schema, values, filling.sources, sheets, form.about(values))


def _sheets_of(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the sheets: a draft of the page has no rows, they are saved one by one."""
    return only(values, form.sheets)


def _kept(form: Form, filling: Filling, initial: Mapping[str, Any], draft: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of a draft still fits the form. One that no longer does must not stand between a person and his task."""
    beside = only(draft, BESIDE)
    fields = {name: value for name, value in draft.items() if name not in beside}
    try:
        found = form.check(fields, initial=initial, context=filling.context, environment=filling.environment)
    except BadInput:
        return beside
    return {**found.data, **beside}
