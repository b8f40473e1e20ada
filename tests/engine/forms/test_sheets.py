"""Lists that are filled in as sheets: what may be one, and what a sheet says of its rows while it is filled in."""

from __future__ import annotations

from typing import Any

import pytest

from engine.words import both
from tests.engine.forms.helpers import environment, form, part, problems, rows, source

SHEET: Any = {"properties": {"sheet": "true"}}


def test_a_list_that_says_so_is_a_sheet_and_its_columns_are_what_holds_a_value() -> None:
    made = form(
        rows("staff", part("textfield", "who"), part("text", "hint", text="看"), part("number", "pay"), **SHEET)
    )
    assert list(made.sheets) == ["staff"]
    assert not form(rows("staff", part("textfield", "who"))).sheets


@pytest.mark.parametrize(
    ("component", "says"),
    [
        (part("textfield", "a", **SHEET), "Only a dynamic list"),
        (rows("a", part("textfield", "b"), properties={"sheet": "yes"}), "true or false"),
        (rows("a.b", part("textfield", "c"), **SHEET), "directly in the form"),
        (part("group", "g", components=[rows("a", part("textfield", "b"), **SHEET)]), "directly in the form"),
        (rows("a", part("checklist", "b", values=[{"label": "x", "value": "x"}]), **SHEET), "columns of text"),
        (rows("a", part("filepicker", "b"), **SHEET), "columns of text"),
        (rows("a", rows("b", part("textfield", "c")), **SHEET), "columns of text"),
        (rows("a", part("textfield", "b.c"), **SHEET), "columns of text"),
        (rows("a", part("text", "t", text="x"), **SHEET), "has no columns"),
        (rows("a", *(part("number", f"n{n}") for n in range(41)), **SHEET), "more than 40"),
    ],
)
def test_what_cannot_be_a_sheet_is_refused_by_name(component: dict[str, Any], says: str) -> None:
    assert any(says in told for _, told in problems(source(component))), problems(source(component))


def test_a_row_tells_its_texts_and_a_cell_that_it_warns() -> None:
    made = form(
        rows(
            "staff",
            part("number", "pay", "工资", properties={"warning": "=this.pay > 90"}),
            part("text", "high", text="高于 {{limit}} 元", hide="=this.pay <= 50", properties={"warning": "true"}),
            **SHEET,
        ),
        part("number", "limit"),
        en={"pay": "Pay", "c_staff_c_high": "Above {{limit}} yuan", "staff": "Staff", "limit": "Limit"},
    )
    given = {"staff": [{"pay": 10}, {"pay": 60}, {"pay": 95}], "limit": 50}
    notes = made.check(given, initial={}, context={}, environment=environment()).notes
    told = {path: (both(note.text), note.warns) for path, note in notes.items()}
    assert told == {
        "staff[1]": (("高于 50 元", "Above 50 yuan"), True),
        "staff[2]": (("高于 50 元", "Above 50 yuan"), True),
        "staff[2].pay": (("工资", "Pay"), True),
    }
