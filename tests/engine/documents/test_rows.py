"""Tables that grow by rows, and amounts in words: what a template may ask, what it is given, what is refused."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents import templates
from engine.documents.amounts import by_thousands, in_words
from engine.errors import BadInput

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def table_of(*cells: str, above: str = "标题 {{ title }}") -> bytes:
    document = docx.Document()
    document.add_paragraph(above)
    table = document.add_table(rows=3, cols=len(cells))
    for column, text in enumerate(cells):
        table.rows[0].cells[column].text = f"列{column}"
        first, second = text[: len(text) // 2], text[len(text) // 2 :]
        paragraph = table.rows[1].cells[column].paragraphs[0]
        paragraph.add_run(first)  # Word cuts a place into pieces
        paragraph.add_run(second)
        paragraph.paragraph_format.keep_with_next = True
    table.rows[2].cells[0].text = "合计 {{ total|金额 }}（{{ total | 大写 }}）"
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


def rows_of(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(content)).tables[0].rows]


def test_a_row_with_places_of_a_list_stands_once_for_each_item_and_other_rows_stay():
    items = [{"name": "甲 & {{ x }}", "cost": Decimal("1234.5")}, {"name": "乙", "cost": 0}]
    made = templates.fill(
        table_of("{{ lines.name }}", "{{ lines.cost|金额 }}元"), {"title": "表", "lines": items, "total": 1234.5}, AT
    )
    assert rows_of(made) == [
        ["列0", "列1"],
        ["甲 & {{ x }}", "1,234.50元"],
        ["乙", "0.00元"],
        ["合计 1,234.50（壹仟贰佰叁拾肆元伍角整）", ""],
    ]


def test_only_the_last_grown_row_stays_on_the_page_of_what_follows():
    values = {"title": "表", "lines": [{"name": str(n)} for n in range(3)], "total": 0}
    table = docx.Document(io.BytesIO(templates.fill(table_of("{{ lines.name }}"), values, AT))).tables[0]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
    assert kept == [None, None, None, True, None]


def test_a_list_of_nothing_leaves_one_empty_row():
    made = templates.fill(table_of("{{ lines.name }}"), {"title": "表", "lines": [], "total": 0}, AT)
    assert rows_of(made) == [["列0"], [""], ["合计 0.00（零元整）"]]


def test_the_places_of_rows_are_told_by_their_list_and_the_template_fills_itself_for_trial():
    template = table_of("{{ lines.name }}", "{{ lines.cost|大写 }}")
    templates.check(template)
    assert templates.places(template) == {"title", "lines", "total"}


@pytest.mark.parametrize(
    ("cells", "above", "lines"),
    [
        (("{{ lines.name }}",), "{{ lines.name }}", [{"name": "甲"}]),  # no row to repeat
        (("{{ lines.name }}", "{{ others.name }}"), "", [{"name": "甲"}]),
        (("{{ lines.name }}",), "", "甲"),
        (("{{ lines.name }}",), "", [{"other": "甲"}]),
        (("{{ lines.name }}",), "", ["甲"]),
        (("{{ lines.name }}",), "", [{"name": "甲"}] * 2001),
        (("{{ lines.name|大写 }}",), "", [{"name": "甲"}]),
        (("{{ lines.name|upper }}",), "", [{"name": "甲"}]),
        (("{{ lines.name.more }}",), "", [{"name": "甲"}]),
        (("{{ lines['name'] }}",), "", [{"name": "甲"}]),
        (("{{ lines.__class__ }}",), "", [{"name": "甲"}]),
        (("{% tr for x in lines %}",), "", [{"name": "甲"}]),
    ],
)
def test_what_is_no_row_of_a_list_is_refused(cells: tuple[str, ...], above: str, lines: Any):
    values = {"title": "表", "lines": lines, "others": [{"name": "乙"}], "total": 0}
    with pytest.raises(BadInput):
        templates.fill(table_of(*cells, above=above), values, AT)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "零元整"),
        ("0.05", "伍分"),
        (10.05, "壹拾元零伍分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        (100_010, "壹拾万零壹拾元整"),
        (10_000_001_000, "壹佰亿零壹仟元整"),
        (1_000_000_000_000, "壹万亿元整"),
        ("-3.20", "负叁元贰角整"),
    ],
)
def test_an_amount_is_written_in_words(amount: Any, words: str):
    assert in_words(amount) == words


@pytest.mark.parametrize("amount", ["甲", "", None, True, "0.005", "1e16", "nan", "inf"])
def test_what_is_no_amount_to_the_fen_has_no_words(amount: Any):
    for write in (in_words, by_thousands):
        with pytest.raises(BadInput):
            write(amount)


_VALUES = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}


def read(words: str) -> int:
    """Fen of an amount in words, by what each character stands for."""
    total, section, digit = 0, 0, 0
    for word in words.removesuffix("整"):
        if word in _VALUES:
            digit = _VALUES[word]
        elif word in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[word]
            digit = 0
        elif word in "万亿":
            total, section, digit = (total + section + digit) * {"万": 10**4, "亿": 10**8}[word], 0, 0
        elif word == "元":
            total, section, digit = (total + section + digit) * 100, 0, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[word], 0
    return total


@given(st.integers(0, 10**10 - 1))
@settings(max_examples=200)
def test_words_are_read_as_the_amount_that_they_were(fen: int):
    words = in_words(Decimal(fen) / 100)
    assert read(words) == fen
    assert "零零" not in words
