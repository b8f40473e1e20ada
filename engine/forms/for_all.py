"""Fields of a form that are filled in once for many tasks (``gw:verb name="bulk" fields``). Knows no task and no page.

A plain page hands them in as texts; what they mean is checked by the whole form of each task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from engine.forms.form import Form
from engine.forms.model import ONE_OF, TEXTS, Field

_NUMBER: Final = re.compile(r"[+-]?\d{1,34}(\.\d{1,34})?")
_PLAIN: Final = TEXTS | ONE_OF | {"number", "checkbox", "datetime"}
TICKED: Final = "on"
"""What a plain page hands in for a box that is ticked."""


def field_named(form: Form, name: str) -> Field | None:
    """A field on the uppermost level of a form."""
    return next((one for one in form.fields if one.is_input and one.path == (name,)), None)


def fits(field: Field) -> bool:
    """Whether one answer can serve many tasks: a plain value that people give, its options known to the form itself."""
    return field.type in _PLAIN and not field.fixed and (field.type not in ONE_OF or field.options is not None)


def fields_for_all(form: Form | None, names: Iterable[str]) -> tuple[Field, ...]:
    """Those of a form, in the order of the diagram."""
    found = [] if form is None else [field_named(form, name) for name in names]
    return tuple(one for one in found if one is not None and fits(one))


def read(fields: Iterable[Field], texts: Mapping[str, object]) -> dict[str, object]:
    """The values of these fields and of no others; a text that is none of a field's is left as it is, to be refused."""
    return {one.path[0]: _value(one, str(texts.get(one.path[0]) or "").strip()) for one in fields}


def _value(field: Field, text: str) -> object:
    if field.type == "checkbox":
        return text == TICKED
    if field.type in TEXTS:
        return text
    if field.type in ONE_OF:
        return next((one.value for one in field.options or () if str(one.value) == text), text or None)
    if field.type == "number" and _NUMBER.fullmatch(text):
        return text if field.as_text else Decimal(text)
    return text or None
