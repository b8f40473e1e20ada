"""A register's schema from outside: read or refused, and never a way to other files, to the network or to a slow pattern."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
import pytest

from engine.errors import BadInput, DefinitionInvalid
from engine.registers import load_register


def schema(**field: Any) -> bytes:
    own = {"number": "B{seq}", "organisation": "place", "list": ["place"]}
    return orjson.dumps({"title": "书", "type": "object", "properties": {"place": field}, "gangwei": own})


def test_what_the_schema_refuses_is_told_by_the_field() -> None:
    register = load_register("book.schema.json", schema(title="地点", type="string"))
    register.validate({"place": "x"})
    with pytest.raises(BadInput):
        register.validate({"place": 1})


@pytest.mark.parametrize(
    "field",
    [
        {"$ref": "http://127.0.0.1:9/schema"},
        {"$ref": "file:///etc/hostname"},
        {"$ref": "#/properties/place"},
        {"oneOf": [{"$dynamicRef": "#x"}]},
        {"type": "string", "pattern": "^(a+)+$"},
        {"type": "object", "patternProperties": {"^(a+)+$": {}}},
        {"type": "nothing"},
        {"title": 7},
    ],
)
def test_a_schema_that_is_none_or_leads_elsewhere_is_refused(field: dict[str, Any]) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        load_register("book.schema.json", schema(**field))
    assert refused.value.problems[0].file == "book.schema.json"
    assert len(refused.value.problems[0].text("en")) < 300


def test_a_field_may_be_called_like_a_refused_word() -> None:
    own = {"number": "B{seq}", "organisation": "pattern", "list": ["pattern"]}
    data = {"title": "书", "properties": {"pattern": {"title": "式样"}, "$ref": {"title": "参见"}}, "gangwei": own}
    assert set(load_register("book.schema.json", orjson.dumps(data)).columns) == {"pattern", "$ref"}


@pytest.mark.parametrize("data", [b"", b"[]", b"1", b"\xff", b"[" * 5000, b'{"a":' * 900 + b"1" + b"}" * 900])
def test_what_is_no_schema_is_refused(data: bytes) -> None:
    with pytest.raises(DefinitionInvalid):
        load_register("book.schema.json", data)


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ({"type": "integer"}, Decimal("6222021234567890123456"), True),
        ({"type": "integer"}, Decimal("12345678901234567.89"), False),
        ({"type": "number", "multipleOf": 0.01}, Decimal("12345678901234567.89"), True),
        ({"type": "number", "multipleOf": 0.01}, Decimal("12345678901234567.891"), False),
        ({"type": "number", "multipleOf": 0.01}, 0.07, True),
        ({"type": "number", "maximum": 1e20}, Decimal("100000000000000000000.5"), False),
        ({"type": "number"}, True, False),
        ({"type": "string"}, Decimal("12345678901234567.89"), False),
    ],
)
def test_a_long_number_is_judged_with_all_its_digits(field: dict[str, Any], value: Any, fits: bool) -> None:
    register = load_register("book.schema.json", schema(title="数目", **field))
    if fits:
        register.validate({"place": value})
    else:
        with pytest.raises(BadInput):
            register.validate({"place": value})


def test_a_long_number_is_shown_and_found_with_all_its_digits() -> None:
    register = load_register("book.schema.json", schema(title="数目", type="number"))
    assert register.shown("place", Decimal("1.2345678901234567890123E+25"))[0] == "12345678901234567890123000"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal("1234567.5"), "1,234,567.50"),
        (0, "0.00"),
        (-1000, "-1,000.00"),
        (Decimal("1.234"), "1.234"),
        (Decimal("123456789012345678901234567890.12"), "123,456,789,012,345,678,901,234,567,890.12"),
    ],
)
def test_money_is_read_by_thousands_to_the_fen_and_with_all_its_digits(value: Any, told: str) -> None:
    register = load_register("book.schema.json", schema(title="金额", type="number", gangwei={"kind": "money"}))
    column = register.columns["place"]
    assert column.numeric and register.shown("place", value) == (told, told)
    plain = load_register("book.schema.json", schema(title="年份", type="number"))
    assert plain.columns["place"].numeric and plain.shown("place", 2026)[0] == "2026"
    words = {"gangwei": {"kind": "money"}, "title": "金额", "type": "string"}
    wrong = orjson.loads(schema(**words)) | {"gangwei": orjson.loads(schema())["gangwei"] | {"version": 2}}
    with pytest.raises(DefinitionInvalid, match="money"):
        load_register("book.schema.json", orjson.dumps(wrong))
    rows = {"type": "array", "items": {"type": "object", "properties": {
        "amount": {"title": "金额", "type": "number", "gangwei": {"kind": "money"}},
    }}}  # fmt: skip
    assert (
        load_register("book.schema.json", schema(title="付款", **rows)).shown("place", [{"amount": 5000}])[0]
        == "5,000.00"
    )


def test_a_row_of_a_field_reads_by_what_its_members_are_called():
    kept = {"type": "array", "items": {"type": "object", "properties": {
        "grade": {"title": "等级", "oneOf": [{"const": "first", "title": "一级", "gangwei": {"title_en": "First"}}]},
        "from": {"title": "自", "type": "string"},
    }}}  # fmt: skip
    register = load_register("book.schema.json", schema(title="经历", **kept))
    rows = [{"grade": "first", "from": "2026-01-01"}, {"from": "2027-01-01", "unknown": "x"}]
    zh, en = register.shown("place", rows)
    assert (str(zh), str(en)) == ("一级 2026-01-01、2027-01-01", "First 2026-01-01, 2027-01-01")
