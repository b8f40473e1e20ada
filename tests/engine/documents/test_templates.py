"""Word templates: every place is filled, the designer's formatting stays, the same input gives the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import docx
import pytest

from engine.documents import templates
from engine.errors import BadInput

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def template(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph().add_run(text).bold = True
    table = document.add_table(rows=1, cols=1)
    table.rows[0].cells[0].text = "单元格 {{ inside }}"
    document.sections[0].footer.paragraphs[0].text = "第 {{ number }} 号"
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


def texts(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_places_are_filled_in_the_body_in_tables_and_at_the_foot():
    made = templates.fill(
        template("{{name}}同志：", "共{{ n }}项"), {"name": "甲", "n": 3, "inside": "乙", "number": "7"}, AT
    )
    assert texts(made) == ["甲同志：", "共3项"]
    document = docx.Document(io.BytesIO(made))
    assert document.tables[0].rows[0].cells[0].text == "单元格 乙"
    assert document.sections[0].footer.paragraphs[0].text == "第 7 号"
    assert document.paragraphs[0].runs[0].bold


def test_a_long_text_becomes_paragraphs_of_its_own_with_the_same_look():
    made = templates.fill(template("{{ text }}", "末段"), {"text": "一\n二\n三", "inside": "", "number": ""}, AT)
    assert texts(made) == ["一", "二", "三", "末段"]
    assert all(paragraph.runs[0].bold for paragraph in docx.Document(io.BytesIO(made)).paragraphs)


def test_a_place_that_word_has_cut_into_runs_is_filled_too():
    document = docx.Document()
    paragraph = document.add_paragraph("你好，{{ na")
    paragraph.add_run("me }}。")
    raw = io.BytesIO()
    document.save(raw)
    assert texts(templates.fill(raw.getvalue(), {"name": "甲"}, AT)) == ["你好，甲。"]


def test_a_value_is_text_and_never_a_template_or_a_mark():
    made = templates.fill(template("{{ a }}"), {"a": "{{ b }}<w:br/>\x00", "inside": "", "number": ""}, AT)
    assert texts(made) == ["{{ b }}<w:br/>\ufffd"]


def test_a_place_that_nothing_fills_is_refused_by_its_name():
    with pytest.raises(BadInput) as refusal:
        templates.fill(template("{{ name }}"), {"inside": ""}, AT)
    assert "name、number" in refusal.value.message("zh")


def test_what_is_no_word_file_is_refused():
    with pytest.raises(BadInput):
        templates.fill(b"PK\x03\x04 nothing", {}, AT)


def test_the_same_input_gives_the_same_bytes():
    values = {"name": "甲", "inside": "", "number": "1"}
    source = template("{{ name }}")
    assert templates.fill(source, values, AT) == templates.fill(source, values, AT)
