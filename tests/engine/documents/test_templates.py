"""Word templates: every place is filled, the designer's formatting stays, the same input gives the same bytes."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from jinja2 import TemplateError
from markupsafe import Markup

from engine.documents import templates
from engine.documents.places import Slot
from engine.errors import BadInput

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(document: Any) -> bytes:
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


def with_xml(xml: str) -> bytes:
    """A document that begins with this XML."""
    document, names = docx.Document(), f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml"'
    for number, element in enumerate(parse_xml(f"<w:body {names}>{xml}</w:body>")):
        document.element.body.insert(number, element)
    return saved(document)


def template(*paragraphs: str, foot: str = "第 {{ number }} 号") -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph().add_run(text).bold = True
    table = document.add_table(rows=1, cols=1)
    table.rows[0].cells[0].text = "单元格 {{ inside }}"
    document.sections[0].footer.paragraphs[0].text = foot
    return saved(document)


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
    assert texts(templates.fill(saved(document), {"name": "甲"}, AT)) == ["你好，甲。"]


def test_a_value_is_text_and_never_a_template_or_a_mark():
    made = templates.fill(template("{{ a }}"), {"a": "{{ b }}<w:br/>\x00", "inside": "", "number": ""}, AT)
    assert texts(made) == ["{{ b }}<w:br/>\ufffd"]


def test_no_text_of_a_value_is_read_as_a_sign_of_the_library():
    text = "{_{ a }_} {_% b %_} <&> \" ' _ {{p c }} {# d #}"
    made = templates.fill(template("{{ a }}", "且{{ a }}"), {"a": text, "inside": "", "number": ""}, AT)
    assert texts(made) == [text, f"且{text}"]


def test_lines_and_tabs_within_a_sentence_stay_within_it():
    made = templates.fill(template("因{{ a }}。"), {"a": "一\n二\t三", "inside": "", "number": ""}, AT)
    assert texts(made) == ["因一\n二\t三。"]


def test_the_looks_of_the_other_words_in_a_sentence_stay():
    document = docx.Document()
    paragraph = document.add_paragraph("甲：")
    paragraph.add_run("{{ name }}").bold = True
    paragraph.add_run("（签名）").italic = True
    made = docx.Document(io.BytesIO(templates.fill(saved(document), {"name": "乙"}, AT))).paragraphs[0]
    assert [(run.text, run.bold, run.italic) for run in made.runs] == [
        ("甲：", None, None),
        ("乙", True, None),
        ("（签名）", None, True),
    ]


INNER = "<w:p><w:r><w:t>框内 {{ a }}</w:t></w:r></w:p>"
WHEREVER = {
    "a box": f"<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>{INNER}</w:txbxContent></v:textbox></v:shape>"
    "</w:pict></w:r></w:p>",
    "a control": f"<w:sdt><w:sdtContent>{INNER}</w:sdtContent></w:sdt>",
    "a table in a table": "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tbl><w:tblPr/><w:tblGrid>"
    f"<w:gridCol/></w:tblGrid><w:tr><w:tc>{INNER}</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
}


@pytest.mark.parametrize("where", WHEREVER)
def test_a_place_is_filled_wherever_text_stands(where):
    made = docx.Document(io.BytesIO(templates.fill(with_xml(WHEREVER[where]), {"a": "甲"}, AT)))
    assert "框内 甲" in [text.text for text in made.element.body.iter(f"{{{W}}}t")]


def test_a_place_at_the_head_of_the_first_page_is_filled():
    document = docx.Document()
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].first_page_header.paragraphs[0].text = "{{ a }}"
    made = docx.Document(io.BytesIO(templates.fill(saved(document), {"a": "甲"}, AT)))
    assert made.sections[0].first_page_header.paragraphs[0].text == "甲"


HOSTILE = [
    "{{ name.__class__ }}",
    "{{ name['x'] }}",
    "{{ name() }}",
    "{{ name|upper }}",
    "{{ 'a' * 10 }}",
    "{{ 7 }}",
    "{{ true }}",
    "{{ not }}",
    "{{ self }}",
    "{{ a }}{{{ name }}}",
    "{{ name",
    "{{p name }}",
    "{{r name }}",
    "{% for x in y %}{{ x }}{% endfor %}",
    "{%p if name %}",
    "{% include 'x' %}",
    "{% set x = 1 %}",
    "{% raw %}",
    "{# words #}",
    "{{ name }}{%- raw %}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_all_of_the_librarys_language_but_plain_places_is_refused_by_what_is_written(text):
    for made in (template(text), template("", foot=text)):
        for act in (templates.check, lambda source: templates.fill(source, {"name": "x", "a": "x"}, AT)):
            with pytest.raises(BadInput) as refusal:
                act(made)
            said = refusal.value.message("en")
            assert "cannot be filled; write a name in two braces" in said
            assert any(word in said for word in re.findall(r"\{[{%#][^}]*", text))


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>% for x in y %}</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>{{ name.</w:t></w:r><w:r><w:t>__class__ }}</w:t></w:r></w:p>",
        '<w:p><w:bookmarkStart w:id="0" w:name="{{ name }}"/><w:bookmarkEnd w:id="0"/></w:p>',
        "<w:p><w:r><w:t>{{ name</w:t></w:r></w:p><w:p><w:r><w:t> }}</w:t></w:r></w:p>",
    ],
)
def test_what_is_cut_or_hidden_is_refused_too(xml):
    with pytest.raises(BadInput, match="cannot be filled"):
        templates.check(with_xml(xml))


def test_without_the_first_look_nothing_but_names_reaches_jinja_either(monkeypatch):
    values = {"name": "x", "a": "x", "inside": "", "number": ""}
    monkeypatch.setattr(templates, "_places", lambda opened: [Slot(name) for name in values])
    passed = {}
    for text in HOSTILE:
        with suppress(BadInput):
            passed[text] = texts(templates.fill(template(text), values, AT))
    # The library has made plain names, or nothing, of its own signs before Jinja sees them.
    assert passed == {"{{p name }}": [], "{{r name }}": [""], "{# words #}": [""]}


def test_the_walk_of_the_tree_alone_calls_nothing_and_looks_into_nothing():
    for text in (
        "{{ name.real }}",
        "{{ name.bit_length() }}",
        "{{ range(3) }}",
        "{{ name|upper }}",
        "{{ name is odd }}",
    ):
        with pytest.raises(TemplateError):
            templates._GRAMMAR.from_string(text).render({"name": Markup("1")})


def test_a_template_beyond_the_limits_is_refused(monkeypatch):
    with pytest.raises(BadInput, match=f"more than {templates.MOST} places"):
        templates.check(template(*["{{ a }}"] * (templates.MOST + 1)))
    monkeypatch.setattr(templates, "LONGEST", 1024)
    with pytest.raises(BadInput, match="more than 1 KB"):
        templates.check(template("{{ a }}"))
    monkeypatch.setattr(templates, "LARGEST", 1024)
    with pytest.raises(BadInput, match="no Word file"):
        templates.check(template("{{ a }}"))


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
