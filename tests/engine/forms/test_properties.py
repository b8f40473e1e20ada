"""Whatever a client sends: clean data or a refusal, clean data stays as it is, and what is fixed stays fixed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.errors import BadInput, DefinitionInvalid, InvalidForm
from engine.forms import Form, load_form
from tests.engine.forms.helpers import accept, choices, environment, form, group, part, rows, source

NAMES = ["title", "kind", "count", "agreed", "tags", "grade", "on", "file", "place", "name", "posts", "fixed", "quota",
         "secret", "total", "inner", "over", "typename", "this", "__class__", "没有"]  # fmt: skip
PLACES = {"places": [{"label": "甲", "value": "a"}, "b"], "case": {"number": "GW1"}}


def rich() -> Form:
    return form(
        part("textfield", "title", required=True, maxLength=50),
        part("select", "kind", values=choices("open", "close")),
        part("number", "count", min=0, decimalDigits=2),
        part("checkbox", "agreed"),
        part("checklist", "tags", values=choices("a", 1, False)),
        part("radio", "grade", valuesKey="places"),
        part("datetime", "on"),
        part("filepicker", "file", multiple=True),
        part("textfield", "fixed", readonly=True),
        part("textarea", "secret", hide='=kind != "open"'),
        part("expression", "total", expression="=count + 1"),
        group("place", part("textfield", "name", readonly="=agreed"), part("number", "count", hide="=count > 5")),
        rows(
            "posts",
            part("textfield", "fixed", readonly=True),
            part("number", "count"),
            part("textfield", "secret", hide="=this.over = true"),
            rows("inner", part("textfield", "name", hide="=parent.count > 2"), part("number", "count"), add=False),
        ),
        derive={
            "posts": "=for p in posts return context put(p, \"over\", p.count > 3)",
            "quota": "=count * 2",
        },
    )  # fmt: skip


FORM = rich()
STANDING = {"fixed": "立", "place": {"name": "旧"}, "posts": [{"fixed": "P1"}, {"fixed": "P2", "inner": [{}, {}]}]}
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-5, 5), st.floats(), st.text(max_size=8),
    st.sampled_from(["open", "close", "a", "b", "2026-03-01", "立", "P1", "P2", "旧", "", "f1"]),
)  # fmt: skip
JUNK = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(NAMES), inner)), max_leaves=25
)  # fmt: skip
ROW = st.fixed_dictionaries(
    {}, optional={
        "fixed": st.sampled_from(["P1", "P2", "P3", ""]), "count": st.integers(0, 6), "secret": st.text(max_size=3),
        "inner": st.lists(st.fixed_dictionaries({"name": st.just("n"), "count": st.integers(0, 3)}), max_size=2),
    },
)  # fmt: skip
SOUND = st.fixed_dictionaries(
    {"title": st.text("abc 文", min_size=1, max_size=5)},
    optional={
        "kind": st.sampled_from(["open", "close", None]), "count": st.integers(0, 9), "agreed": st.booleans(),
        "tags": st.lists(st.sampled_from(["a", 1, False])), "grade": st.sampled_from(["a", "b"]),
        "on": st.dates().map(str), "file": st.just(["f1"]), "fixed": st.text("xyz"), "secret": st.text("xyz", max_size=3),
        "total": st.integers(), "quota": st.integers(), "posts": st.lists(ROW, max_size=4),
        "place": st.fixed_dictionaries({}, optional={"name": st.text("xyz"), "count": st.integers(0, 9)}),
    },
)  # fmt: skip


def taken(made: Form, submission: Any, standing: Any) -> dict[str, Any] | None:
    """The clean data, or None when it was refused in one of the two ways."""
    try:
        return accept(made, submission, standing, PLACES)
    except (InvalidForm, BadInput) as refused:
        assert refused.message("zh") and refused.message("en")
        return None


@given(JUNK, st.sampled_from([{}, STANDING]))
def test_junk_gives_clean_data_or_a_refusal_and_nothing_else(junk: Any, standing: Any) -> None:
    clean = taken(FORM, junk, standing)
    if clean is not None:
        json.dumps(clean, allow_nan=False).encode()
        assert not {"typename", "this", "__class__", "没有"} & clean.keys()


@given(SOUND, st.sampled_from([{}, STANDING]))
def test_clean_data_handed_in_again_stays_as_it_is(submission: Any, standing: Any) -> None:
    clean = taken(FORM, submission, standing)
    assume(clean is not None)
    assert accept(FORM, clean, standing, PLACES) == clean


@given(SOUND)
def test_a_client_reaches_no_fixed_hidden_or_computed_value(submission: Any) -> None:
    clean = taken(FORM, submission, STANDING)
    assume(clean is not None)
    assert clean is not None
    assert clean["fixed"] == "立"
    assert ("secret" in clean) == (clean["kind"] == "open")
    count = clean["count"]
    assert (clean["total"], clean["quota"]) == ((None, None) if count is None else (count + 1, count * 2))
    assert not clean["agreed"] or clean["place"]["name"] == "旧"
    kept = [row["fixed"] for row in clean["posts"] if row["fixed"]]
    assert set(kept) <= {"P1", "P2"} and len(kept) == len(set(kept))
    assert all(("secret" in row) == (row["over"] is not True) for row in clean["posts"])


FIELDS = ["a", "b", "c", "d"]
CONDITIONS = st.one_of(
    st.none(),
    st.builds("={} {} {}".format, st.sampled_from(FIELDS), st.sampled_from(["=", "!=", ">"]), st.sampled_from(["null", '"x"', '""', '"y"'])),
    st.builds("=not({} = {} or {} = \"x\")".format, *[st.sampled_from(FIELDS)] * 3),
)  # fmt: skip


@given(st.data())
def test_any_conditions_between_fields_settle_or_are_refused(data: st.DataObject) -> None:
    components = []
    for name in FIELDS:
        more: dict[str, Any] = {"hide": data.draw(CONDITIONS)}
        readonly = data.draw(st.one_of(st.booleans(), CONDITIONS))
        if readonly:
            more["readonly"] = readonly
        components.append(part("textfield", name, **more))
    made = form(*components, derive=data.draw(st.sampled_from([{}, {"b": '=if a = null then "y" else a'}])))
    standing = data.draw(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["x", "y", "s"])))
    clean = taken(made, data.draw(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["x", "y", ""]))), standing)
    if clean is not None:
        assert accept(made, clean, standing, PLACES) == clean


@given(JUNK, st.sampled_from(["zh", "en"]))
def test_anything_stored_can_be_shown(stored: Any, language: str) -> None:
    assume(isinstance(stored, dict))
    for row in FORM.view(stored, language, context=PLACES, environment=environment()):
        assert isinstance(row.value, str) and all(isinstance(cell, str) for cells in row.rows for cell in cells)


@given(JUNK)
def test_any_standing_values_can_be_started_from(standing: Any) -> None:
    assume(isinstance(standing, dict))
    FORM.initial(standing, PLACES, environment())
    taken(FORM, {"title": "a", "posts": [{"fixed": "P1"}]}, standing)


PROPERTIES = st.sampled_from(
    ["type", "key", "path", "label", "values", "valuesKey", "validate", "components", "conditional", "readonly", "id",
     "defaultValue", "expression", "properties", "appearance", "dataSource", "columns", "defaultRepetitions", "subtype",
     "increment", "decimalDigits", "text", "valuesExpression", "allowAddRemove", "min", "pattern", "hide", "en", "derive"]
)  # fmt: skip
SCHEMA = json.loads(
    source(
        part("number", "count", min=1, pattern="a"),
        rows("posts", part("select", "grade", values=choices("a"))),
        {"type": "table", "id": "t", "dataSource": "=a", "columns": [{"key": "a"}]},
        en={"count": "Count"},
        derive={"x": "=1"},
        sources={"s": {"operation": "o", "parameters": {}}},
    )
)


@given(st.data())
def test_a_damaged_schema_is_read_or_refused_by_name(data: st.DataObject) -> None:
    schema = json.loads(json.dumps(SCHEMA))
    holders = [schema, schema["gangwei"], *schema["components"], schema["components"][1]["components"][0]]
    for _ in range(data.draw(st.integers(1, 3))):
        holder = data.draw(st.sampled_from(holders))
        if isinstance(holder, dict):
            holder[data.draw(PROPERTIES)] = data.draw(st.one_of(JUNK, st.sampled_from(["=1 +", "dynamiclist", "text"])))
    try:
        made = load_form("a.form.json", json.dumps(schema).encode())
    except DefinitionInvalid as refused:
        assert refused.problems
        return
    taken(made, {"count": 1, "posts": [{"grade": "a"}]}, {})
    made.view({"count": 1, "posts": [{"grade": "a"}]})


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    try:
        load_form("a.form.json", data)
    except DefinitionInvalid as refused:
        assert refused.problems
