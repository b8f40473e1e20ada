"""Two folders against each other: each kind of file, what came, went, changed and moved; hostile files, too."""

from __future__ import annotations

import io
import json

import docx
import pytest

from engine.comparing.apart import compared
from engine.comparing.folders import compare
from engine.comparing.texts import MOST, blocks, out_of_order, pieces

BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">
 <process id="leave">{elements}</process>
 <bpmndi:BPMNDiagram>{shapes}</bpmndi:BPMNDiagram></definitions>"""
TASK = """<userTask id="review" name="{name}"><extensionElements>
 <gw:deadline workingDays="={days}" warnDays="1"><gw:remind role="head" where="same"/></gw:deadline>
 <gw:outcome id="agree" name="同意" nameEn="Agree" kind="{kind}"/><gw:outcome id="refuse" name="驳回" nameEn="Refuse" kind="refuse"/>
</extensionElements></userTask>"""
FLOW = '<sequenceFlow id="flow" sourceRef="review" targetRef="end"><conditionExpression>{text}</conditionExpression></sequenceFlow>'
END = '<endEvent id="end" name="结束"/>'


def shape(element, left):
    return f'<bpmndi:BPMNShape bpmnElement="{element}"><dc:Bounds x="{left}" y="10" width="100" height="80"/></bpmndi:BPMNShape>'


def diagram(*elements, shapes=()):
    return BPMN.format(elements="".join(elements), shapes="".join(shapes)).encode()


def elements(before, after):
    (file,) = compare({"process.bpmn": before}, {"process.bpmn": after})
    assert not file["lost"]
    return {one["id"]: one for one in file["changes"]}


def told(values):
    """Field in Chinese to what went and what came."""
    return {
        one["label"][0]: tuple(
            "".join(p["text"] for p in one["pieces"] if p["kind"] == kind) for kind in ("removed", "added")
        )
        for one in values
    }


def test_elements_come_and_go_and_their_properties_are_named_by_our_words():
    before = diagram(TASK.format(name="审核", days=3, kind="approve"), FLOW.format(text="=days > 3"))
    after = diagram(TASK.format(name="复核", days=4, kind="submit"), END)
    found = elements(before, after)
    assert {name: one["kind"] for name, one in found.items()} == {
        "review": "changed",
        "end": "added",
        "flow": "removed",
    }
    assert told(found["review"]["values"]) == {
        "名称": ("审", "复"),
        "办理期限 · 工作日数": ("3", "4"),
        "办理结果“agree” · 性质": ("approve", "submit"),
    }
    assert found["review"]["values"][1]["label"][1] == "Deadline · Working days"
    assert found["end"]["sort"] == "endEvent"


def test_an_expression_is_compared_by_tokens_and_blanks_within_it_are_a_change_of_them():
    before, after = (diagram(FLOW.format(text=text)) for text in ("=days &gt; 10", "=days &gt; 100"))
    (change,) = elements(before, after)["flow"]["values"]
    assert change["pieces"] == [
        {"kind": "same", "text": "=days >"}, {"kind": "removed", "text": " 10"}, {"kind": "added", "text": " 100"},
    ]  # fmt: skip


def test_an_element_that_becomes_another_one_says_so():
    found = elements(diagram('<userTask id="a"/>'), diagram('<serviceTask id="a"/>'))
    assert told(found["a"]["values"]) == {"类型": ("userTask", "serviceTask")}


def test_only_what_moves_among_the_others_has_moved():
    parts = ('<task id="a"/>', '<task id="b"/>', '<task id="c"/>')
    before = diagram(*parts, shapes=[shape("a", 0), shape("b", 200), shape("c", 400)])
    assert elements(before, diagram(*parts, shapes=[shape("a", 50), shape("b", 250), shape("c", 450)])) == {}
    found = elements(before, diagram(*parts, shapes=[shape("a", 50), shape("b", 250), shape("c", 600)]))
    assert {name: (one["kind"], one["moved"]) for name, one in found.items()} == {"c": ("moved", True)}


def table(*rows):
    rules = "".join(
        f"<rule{name and f' id={chr(34)}{name}{chr(34)}'}><inputEntry><text>{cell}</text></inputEntry>"
        f"<outputEntry><text>{answer}</text></outputEntry></rule>"
        for name, cell, answer in rows
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="quota" name="名额"><decisionTable>'
        '<input label="人数"><inputExpression><text>people</text></inputExpression></input><output label="名额" name="quota"/>'
        f"{rules}</decisionTable></decision></definitions>"
    ).encode()


def rows(before, after):
    (file,) = compare({"quota.dmn": before}, {"quota.dmn": after})
    (found,) = file["tables"]
    cells = [[[(p["kind"], p["text"]) for p in cell] for cell in row["cells"]] for row in found["rows"]]
    return [(row["kind"], row["before"], row["after"]) for row in found["rows"]], cells, found["same"]


@pytest.mark.parametrize("ids", [("a", "b", "c", "d"), ("", "", "", "")], ids=["with ids", "without"])
def test_rows_of_a_table_are_found_again_and_compared_by_cell(ids):
    a, b, c, d = ids
    before = table((a, "&lt; 10", "1"), (b, "10", "2"), (c, "&gt; 10", "3"))
    after = table((a, "&lt; 10", "1"), (b, "10", "4"), (c, "&gt; 10", "3"), (d, "&gt; 99", "9"))
    kinds, cells, same = rows(before, after)
    assert kinds == [("changed", 2, 2), ("added", 0, 4)]
    assert cells[0][:2] == [[("same", "10")], [("removed", "2"), ("added", "4")]]
    assert cells[1][0] == [("added", "> 99")]
    assert same == 2


def test_a_row_that_stands_elsewhere_has_moved_and_one_that_went_is_said_last():
    kinds, _, same = rows(
        table(("a", "1", "1"), ("b", "2", "2"), ("c", "3", "3")), table(("c", "3", "3"), ("a", "1", "1"))
    )
    assert kinds == [("moved", 3, 1), ("removed", 2, 0)] or kinds == [("moved", 1, 2), ("removed", 2, 0)]
    assert same == 1


def form(*components):
    return json.dumps({"type": "default", "components": list(components)}).encode()


def test_forms_are_compared_by_field_and_entries_by_their_names():
    reason = {"key": "reason", "type": "textarea", "label": "理由", "validate": {"required": True}}
    group = {"id": "g", "type": "group", "components": [reason]}
    stricter = {**reason, "validate": {"required": True, "minLength": 10}}
    (file,) = compare(
        {"forms/a.form.json": form(group)},
        {
            "forms/a.form.json": form(
                {**group, "components": [stricter]}, {"key": "day", "type": "datetime", "label": "日期"}
            )
        },
    )
    found = {one["id"]: (one["kind"], one["label"][0], told(one["values"])) for one in file["changes"]}
    assert found["g.reason"] == ("changed", "理由", {"最少字数": ("", "10")})
    assert found["day"][:2] == ("added", "日期")
    (toml,) = compare(
        {"a.toml": b'[[article]]\nnumber = 1\nzh = "one"\n[[article]]\nnumber = 2\nzh = "two"\n'},
        {"a.toml": b'[[article]]\nnumber = 2\nzh = "two!"\n'},
    )
    assert {one["id"]: one["kind"] for one in toml["changes"]} == {"article[2]": "changed", "article[1]": "removed"}


def paper(*paragraphs):
    document, content = docx.Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(content)
    return content.getvalue()


def test_papers_are_compared_by_what_they_say():
    (file,) = compare({"documents/a.docx": paper("关于请假", "三天")}, {"documents/a.docx": paper("关于请假", "四天")})
    (change,) = file["changes"]
    assert (change["label"], told(change["values"])) == (("第2段", "Paragraph 2"), {"文字": ("三", "四")})


@pytest.mark.parametrize("name", ["process.bpmn", "a.dmn", "forms/a.form.json", "a.toml", "documents/a.docx"])
@pytest.mark.parametrize("content", [b"line\nother", b"\xff\x00", b"PK\x03\x04", b"[" * 5000, b"<a><b/></a>", b"[1]"])
def test_what_is_not_what_its_name_says_is_compared_by_lines_or_only_named(name, content):
    (file,) = compare({name: content}, {})
    assert (file["kind"], file["name"]) == ("removed", name)


def test_files_of_one_side_alone_have_come_or_gone_and_equal_ones_are_not_told():
    same = diagram(END)
    found = compare({"process.bpmn": same, "old.toml": b"a = 1"}, {"process.bpmn": same, "new.toml": b"b = 1"})
    assert [(one["name"], one["kind"]) for one in found] == [("new.toml", "added"), ("old.toml", "removed")]


def test_the_process_apart_answers_the_same():
    before, after = {"a.toml": b"a = 1"}, {"a.toml": b"a = 2"}
    assert compared(before, after) == compare(before, after)
    assert compared(before, before) == []


def test_both_texts_can_be_read_from_the_pieces_and_two_long_ones_are_not_looked_through():
    before, after = "甲乙 丙丁 one two", "甲乙 丙戊 one three"
    found = pieces(before, after)
    assert "".join(p["text"] for p in found if p["kind"] != "added") == before
    assert "".join(p["text"] for p in found if p["kind"] != "removed") == after
    long = MOST // 1000 + 1
    several = list(blocks([*range(long)], [*range(5000, 0, -1)]))
    assert [same for same, _ in several] == [False]
    assert out_of_order(["a", "b", "c"], ["b", "c", "a"]) == {"a"}
