"""Reading a form: every mistake of a designer is named, with its component."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.errors import DefinitionInvalid
from engine.forms import Source, load_form
from tests.engine.forms.helpers import choices, form, group, part, problems, rows, source

TITLE = part("textfield", "title", "标题")


@pytest.mark.parametrize(
    ("data", "english"),
    [
        (b"", "not valid JSON"),
        (b"[]", "must be a JSON object"),
        (b"\xff\xfe", "not valid JSON"),
        (b'{"a": 1, "a": 2}', "duplicate key"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, "nested too deep"),
        (b'{"a": "\\u0000"}', "control character"),
        (b'{"a": "\\ud800"}', "invalid one"),
        (b'"' + b"x" * 1_000_001 + b'"', "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_json_object_is_refused(data: bytes, english: str) -> None:
    found = problems(data)
    assert len(found) == 1
    assert english in found[0][1]


@pytest.mark.parametrize(
    ("component", "english"),
    [
        (part("textfield", "x", label=" "), "the label is missing"),
        ({"type": "datetime", "id": "c_x", "key": "x", "subtype": "date"}, "the label is missing"),
        ({"type": "textfield", "id": "c_x", "label": "a"}, "the key or path is missing"),
        (rows("", id="c_x", label="岗位"), "the key or path is missing"),
        ({"type": "signature", "id": "c_x"}, "unknown type of component “signature”"),
        ({"type": "html", "id": "c_x", "content": "<b>"}, "“html” is not allowed; use a text component"),
        ({"type": "iframe", "id": "c_x", "url": "x"}, "“iframe” is not allowed; use a text component"),
        (part("textfield", "x", hide="=1 +"), "conditional.hide: "),
        (part("textfield", "x", hide="true"), "a hide condition must begin with “=”"),
        (part("textfield", "x", readonly="=(("), "readonly: "),
        (part("textfield", "x", "{{a b c +}}"), "template: "),
        ({"type": "text", "id": "c_x", "text": "{{1 +}}"}, "template: "),
        ({"type": "text", "id": "c_x", "text": "{{#if a}}b{{/if}}"}, "template blocks such as “{{#if a}}”"),
        (part("textfield", "_chosen"), "the key “_chosen” is reserved"),
        (part("expression", "x"), "a computed field needs an expression"),
        (part("expression", "x", expression="=for"), "expression: "),
        (part("number", "x", min="many"), "min must be a number or an expression"),
        (part("number", "x", max="=1 +"), "max: "),
        (part("number", "x", decimalDigits=-1), "decimalDigits must be a whole number, 0 or more"),
        (part("number", "x", increment=0), "increment must be a number above 0"),
        (part("textfield", "x", pattern="(?=a)"), "the pattern is invalid"),
        (part("textfield", "x", pattern="(a"), "the pattern is invalid"),
        (part("textfield", "x", pattern="a" * 1001), "the pattern is invalid"),
        (part("textfield", "x", validationType="iban"), "unknown validationType “iban”"),
        ({**part("textfield", "x"), "validate": {"requird": True}}, "unknown rule “requird”"),
        ({**part("textfield", "x"), "validate": []}, None),
        ({**part("textfield", "x"), "validate": [1]}, "validate must be an object"),
        (part("datetime", "x", notBefore="soon"), "notBefore must be a date or an expression"),
        (part("datetime", "x", subtype="week"), "subtype must be date, time or datetime"),
        (part("select", "x"), "options need exactly one of values, valuesKey, valuesExpression"),
        (part("select", "x", values=choices("a"), valuesKey="b"), "options need exactly one"),
        (part("select", "x", values=[{"label": "a"}]), "an option has no valid value"),
        (part("select", "x", values=[{"value": "a"}]), "option “a” has no label"),
        (part("select", "x", valuesExpression="=["), "valuesExpression: "),
        (part("textfield", "case"), "the key “case” is reserved"),
        (part("textfield", "opinion"), "the key “opinion” is reserved"),
        (part("textfield", "a.typename"), "the key “typename” is reserved"),
        (part("textfield", "__proto__"), "the key “__proto__” is reserved"),
        (part("textfield", "a..b"), "the key “a..b” is not valid"),
        (part("textfield", "a.0"), "the key “a.0” is not valid"),
        (part("number", "x", defaultValue="1"), "the defaultValue is not of the field's type"),
        (part("datetime", "x", defaultValue="today"), "the defaultValue is not of the field's type"),
        (group("x", readonly=True), "a group cannot be read-only; set its fields"),
        (rows("x", TITLE, readonly="=a"), "a dynamic list cannot be read-only by a condition"),
        (rows("x", part("textfield", "a", disabled=True)), "in a list whose rows can change use readonly"),
        (rows("x", TITLE, defaultRepetitions="2"), "defaultRepetitions must be 0 to 100"),
        ({"type": "table", "id": "c_x", "columns": [{"key": "a", "label": "A"}]}, "the table has no dataSource"),
        ({"type": "table", "id": "c_x", "dataSource": "=a"}, "a table must list its columns"),
    ],
)
def test_a_mistake_in_a_component_is_named_with_its_id(component: dict[str, Any], english: str | None) -> None:
    found = [text for place, text in problems(source(component)) if place == component["id"]]
    assert [text for text in found if english is None or english in text] or (english is None and not found), found


def test_components_that_only_show_pass() -> None:
    shown = [{"type": kind, "id": kind} for kind in ("separator", "spacer", "image", "button")]
    assert form(*shown, {"type": "text", "id": "t", "text": "说明"}).fields[-1].text == ("说明", "说明")


@pytest.mark.parametrize(
    "components",
    [
        (TITLE, {**TITLE, "id": "other"}),
        (TITLE, part("textfield", "title.short")),
        (part("textfield", "title.short"), TITLE),
        (group("place", part("textfield", "name")), part("textfield", "place.name")),
        (rows("posts", TITLE), part("textfield", "posts")),
        (rows("posts", TITLE, {**TITLE, "id": "other"}),),
    ],
)
def test_two_components_cannot_write_the_same_value(components: tuple[dict[str, Any], ...]) -> None:
    assert any("is used by another component" in text for _, text in problems(source(*components)))


def test_two_lists_may_use_the_same_keys_and_groups_may_share_a_path() -> None:
    made = form(rows("a", TITLE), rows("b", {**TITLE, "id": "t2"}), group("g", part("number", "x")), {**group("g", part("number", "y")), "id": "g2"})  # fmt: skip
    assert len(made.fields) == 4


def test_an_id_cannot_be_used_twice() -> None:
    assert ("c_title", "the component id is used twice") in problems(source(TITLE, {**TITLE, "key": "other"}))


@pytest.mark.parametrize(
    ("change", "english"),
    [
        ({"schemaVersion": 15}, "schemaVersion must be 16 to 19"),
        ({"schemaVersion": None}, "schemaVersion must be 16 to 19"),
        ({"type": "form"}, "the type of a form must be default"),
        ({"components": {}}, "components must be a list"),
        ({"components": [1]}, "a component must be an object with a type"),
        ({"components": [{"type": "spacer"}] * 501}, "more than 500 components"),
        ({"gangwei": []}, "gangwei must be an object"),
        ({"gangwei": {"sauces": {}}}, "unknown entry “sauces”"),
        ({"gangwei": {"sources": {"a": {}}}}, "a source needs an operation and parameters"),
        ({"gangwei": {"sources": {"a": {"operation": "x", "parameters": {"p": "=("}}}}}, "a.p: "),
        ({"gangwei": {"sources": {"case": {"operation": "x"}}}}, "the name “case” is invalid or reserved"),
        ({"gangwei": {"sources": {"title": {"operation": "x"}}}}, "the key “title” is also a source"),
        ({"gangwei": {"derive": []}}, "derive must be an object"),
        ({"gangwei": {"derive": {"a": "=1 +"}}}, "derive: "),
        ({"gangwei": {"derive": {"a": 1}}}, "derive must be the text of an expression"),
        ({"gangwei": {"en": {"titel": "Title"}}}, "no component fits the translation “titel”"),
        ({"gangwei": {"en": {"title": 1}}}, "en must map keys to English texts"),
    ],
)
def test_a_mistake_in_the_root_is_named(change: dict[str, Any], english: str) -> None:
    schema = {**json.loads(source(TITLE)), **change}
    assert any(english in text for _, text in problems(json.dumps(schema).encode()))


def test_all_mistakes_are_told_at_once_in_both_languages() -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        load_form("x.form.json", source(part("signature", "a"), part("textfield", "b", hide="x"), part("select", "c")))
    assert [problem.place for problem in refused.value.problems] == ["c_a", "c_b", "c_c"]
    assert all(problem.text("zh") != problem.text("en") for problem in refused.value.problems)


def test_containers_cannot_nest_without_end() -> None:
    component = TITLE
    for level in range(10):
        component = group(f"g{level}", component)
    assert any("containers nest deeper than 8" in text for _, text in problems(source(component)))


def test_sources_and_their_parameters_can_be_read() -> None:
    extension = {
        "places": {"operation": "organisation.places", "parameters": {"organisation": "=case.organisation.code"}}
    }
    made = form(part("select", "place", valuesKey="places"), sources=extension)
    assert made.sources == {"places": Source("organisation.places", {"organisation": "=case.organisation.code"})}
    assert "gangwei" not in made.schema
