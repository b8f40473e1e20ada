"""The form in English, and a submission as it is read later."""

from __future__ import annotations

from typing import Any

from engine.forms import Form
from engine.views.forms import FieldView
from tests.engine.forms.helpers import accept, environment, form, group, part, rows

COMPONENTS: tuple[dict[str, Any], ...] = (
    {"type": "text", "id": "head", "text": "# 岗位开发设置申请表"},
    {"type": "text", "id": "hint", "text": "共 **{{count(posts)}}** 个岗位", "conditional": {"hide": "=posts = null"}},
    part("textfield", "title", "事由", description="一句话"),
    part("number", "workers", "职工人数", appearance={"suffixAdorner": "人"}),
    part("radio", "kind", "类别", values=[{"label": "开发", "value": "open"}, {"label": "撤销", "value": "close"}]),
    part("checkbox", "agreed", "已公示"),
    part("datetime", "start_on", "到岗日期"),
    part("datetime", "meets_at", "会议时间", subtype="datetime"),
    part("filepicker", "file", "附件"),
    group("place", part("textfield", "name", "名称"), label="单位"),
    rows(
        "posts",
        part("select", "grade", "等级", valuesKey="grades"),
        part("number", "count", "数量"),
        {"type": "text", "id": "over", "text": "超出标准", "conditional": {"hide": "=this.count <= 2"},
         "properties": {"warning": "true"}},
        rows("duties", part("textfield", "duty", "职责"), label="职责清单"),
        label="岗位",
    ),
)  # fmt: skip
ENGLISH = {
    "head": "# Application", "hint": "{{count(posts)}} posts", "title": "Reason", "title:description": "One sentence",
    "workers": "Workers", "workers:suffix": "people", "kind": "Kind", "kind:open": "Open", "kind:close": "Close",
    "agreed": "Announced", "start_on": "Starts on", "meets_at": "Meets on", "meets_at:time": "Meets at",
    "file": "File", "place": "Place", "name": "Name",
    "posts": "Posts", "grade": "Grade", "count": "Count", "over": "Beyond the quota", "duties": "Duties", "duty": "Duty",
}  # fmt: skip
DATA = {
    "title": "扩面", "workers": 1200, "kind": "open", "agreed": True, "start_on": "2026-12-01",
    "meets_at": "2026-12-01T01:30Z", "file": "a1", "place": {"name": "甲乡"},
    "posts": [{"grade": 1, "count": 3, "duties": [{"duty": "协商"}, {"duty": "维权"}]}, {"grade": 2, "count": 1, "duties": []}],
}  # fmt: skip
CONTEXT = {"grades": [{"label": "初级岗", "value": 1}, {"label": "三级岗", "value": 2}]}


def made() -> Form:
    return form(*COMPONENTS, en=ENGLISH)


def test_the_browser_gets_the_schema_in_either_language() -> None:
    chinese, english = made().localised("zh"), made().localised("en")
    assert chinese["components"] == list(COMPONENTS)
    by_id = {part["id"]: part for part in english["components"]}
    assert by_id["head"]["text"] == "# Application"
    assert by_id["c_title"]["label"] == "Reason"
    assert by_id["c_title"]["description"] == "One sentence"
    assert by_id["c_workers"]["appearance"] == {"suffixAdorner": "people"}
    assert by_id["c_kind"]["values"] == [{"label": "Open", "value": "open"}, {"label": "Close", "value": "close"}]
    assert (by_id["c_meets_at"]["dateLabel"], by_id["c_meets_at"]["timeLabel"]) == ("Meets on", "Meets at")
    assert by_id["c_place"]["components"][0]["label"] == "Name"
    assert by_id["c_posts"]["components"][3]["components"][0]["label"] == "Duty"
    assert made().problems == ()


def test_a_text_without_its_english_is_a_warning_and_stays_chinese() -> None:
    given = form(part("textfield", "title", "事由"), part("textfield", "name", "名称"), en={"title": "Reason"})
    assert [(problem.place, problem.severity) for problem in given.problems] == [("name", "warning")]
    assert given.localised("en")["components"][1]["label"] == "名称"


def test_a_pattern_message_can_be_translated() -> None:
    given = form(part("textfield", "no", "编号", pattern="^GW", patternErrorMessage="编号以GW开头"), en={"no": "Number", "no:pattern": "Starts with GW"})  # fmt: skip
    assert given.fields[0].rules.pattern_message == ("编号以GW开头", "Starts with GW")
    assert given.localised("en")["components"][0]["validate"]["patternErrorMessage"] == "Starts with GW"


def test_a_submission_reads_as_labelled_values_in_chinese() -> None:
    given = accept(made(), DATA, context=CONTEXT)
    view = made().view(given, context=CONTEXT, environment=environment(), attachments={"a1": "公示.pdf"})
    assert view == (
        FieldView("heading", "岗位开发设置申请表"),
        FieldView("text", "", "共 2 个岗位"),
        FieldView("field", "事由", "扩面"),
        FieldView("field", "职工人数", "1200人"),
        FieldView("field", "类别", "开发"),
        FieldView("field", "已公示", "是"),
        FieldView("field", "到岗日期", "2026年12月1日"),
        FieldView("field", "会议时间", "2026年12月1日 09:30"),
        FieldView("field", "附件", "公示.pdf"),
        FieldView("heading", "单位"),
        FieldView("field", "名称", "甲乡"),
        FieldView(
            "table",
            "岗位",
            columns=("等级", "数量", "职责清单", "提示"),
            rows=(("初级岗", "3", "职责：协商\n职责：维权", "超出标准"), ("三级岗", "1", "", "")),
            warning=True,
            marked=frozenset({0}),
        ),
    )


def test_a_submission_reads_in_english() -> None:
    view = made().view(DATA, "en", context=CONTEXT)
    assert [(row.label, row.value) for row in view if row.kind == "field"] == [
        ("Reason", "扩面"), ("Workers", "1200 people"), ("Kind", "Open"), ("Announced", "Yes"),
        ("Starts on", "2026-12-01"), ("Meets on", "2026-12-01 09:30"), ("File", "a1"), ("Name", "甲乡"),
    ]  # fmt: skip
    assert [row.columns for row in view if row.kind == "table"] == [("Grade", "Count", "Duties", "Notes")]


def test_what_was_hidden_is_not_shown_and_what_is_unknown_is_shown_as_it_is() -> None:
    view = made().view({"kind": "merge", "posts": []})
    assert [(row.kind, row.label, row.value) for row in view] == [
        ("heading", "岗位开发设置申请表", ""),
        ("text", "", "共 0 个岗位"),
        ("field", "类别", "merge"),
        ("table", "岗位", ""),
    ]


def test_a_field_can_be_marked_to_catch_the_eye_by_a_condition() -> None:
    given = form(part("number", "count", "数量", properties={"warning": "=count > 2"}))
    assert [given.view({"count": count})[0].warning for count in (2, 3)] == [False, True]


def test_a_warning_in_which_nothing_stands_marks_nothing() -> None:
    unmet = part("textfield", "unmet", "不符合的条件", properties={"warning": "true"})
    given = form(rows("people", part("textfield", "name", "姓名"), unmet, label="人选"), unmet)
    accepted, refused = {"name": "甲", "unmet": ""}, {"name": "乙", "unmet": "年龄"}
    table, field = given.view({"people": [accepted, refused], "unmet": ""})
    assert (table.marked, table.warning, field.warning) == (frozenset({1}), True, False)
    table, field = given.view({"people": [accepted, {"name": "丙"}], "unmet": "年龄"})
    assert (table.marked, table.warning, field.warning) == (frozenset(), False, True)
    asked = form(part("number", "count", "数量", properties={"warning": "=count = null"}))
    assert asked.view({"count": None})[0].warning  # whoever asks for nothing is told of it


def test_a_table_component_shows_its_rows() -> None:
    table = {"type": "table", "id": "t", "label": "比例", "dataSource": "=ratio",
             "columns": [{"key": "grade", "label": "等级"}, {"key": "share", "label": "占比"}]}  # fmt: skip
    given = form(table, en={"t": "Ratio", "t:grade": "Grade", "t:share": "Share"})
    context = {"ratio": [{"grade": "初级岗", "share": 0.5, "x": 1}, {"grade": "三级岗"}]}
    assert given.view({}, context=context) == (
        FieldView("table", "比例", columns=("等级", "占比"), rows=(("初级岗", "0.5"), ("三级岗", ""))),
    )
    assert given.view({}, "en", context=context)[0].columns == ("Grade", "Share")


def test_any_data_can_be_shown() -> None:
    for odd in (None, 5, "x", [], [1, {"count": {}}], {"a": 1}):
        made().view({key: odd for key in (*DATA, "extra")}, context=CONTEXT)


def test_a_choice_from_a_source_is_read_later_by_the_words_of_that_day() -> None:
    given = form(
        part("select", "place", "单位", valuesKey="places"),
        rows("posts", part("taglist", "duties", "职责", valuesExpression="=duties"), label="岗位"),
    )
    context = {"places": [{"label": "甲乡", "value": "130102100"}], "duties": [{"label": "协商", "value": 1}, "维权"]}
    clean = accept(
        given, {"place": "130102100", "posts": [{"duties": [1, "维权"]}], "_chosen": {"place": "假"}}, context=context
    )
    assert clean["_chosen"] == {"place": "甲乡", "posts[0].duties": ["协商", "维权"]}
    assert accept(given, clean, context=context) == clean
    assert given.view(clean) == (
        FieldView("field", "单位", "甲乡"),
        FieldView("table", "岗位", columns=("职责",), rows=(("协商、维权",),)),
    )


def test_instructions_are_left_out_but_headings_and_telling_texts_are_read() -> None:
    given = form(
        {"type": "text", "id": "a", "text": "## 申请表\n请逐项填写。"},
        {"type": "text", "id": "b", "text": "申请**{{n}}**个"},
        {"type": "text", "id": "c", "text": "见[说明](https://example.org)", "conditional": {"hide": "=n < 2"}},
        {"type": "text", "id": "d", "text": "超出标准", "properties": {"warning": "=n > 2"}},
    )
    found = [(row.kind, row.label or row.value, row.warning) for row in given.view({"n": 3})]
    assert found == [
        ("heading", "申请表", False), ("text", "申请3个", False), ("text", "见说明", False), ("text", "超出标准", True),
    ]  # fmt: skip
    assert [row.label or row.value for row in given.view({"n": 1})] == ["申请表", "申请1个", "超出标准"]


def test_a_column_may_read_its_english_words_from_a_field_of_their_own() -> None:
    table = {"type": "table", "id": "ratio", "label": "比例", "dataSource": "=rows",
             "columns": [{"key": "grade", "label": "等级"}]}  # fmt: skip
    given = form(table, en={"ratio": "Ratio", "ratio:grade": "Grade", "ratio:grade:key": "grade_en"})
    data = {"rows": [{"grade": "初级岗", "grade_en": "Primary"}]}
    assert [given.view(data, language)[0].rows for language in ("zh", "en")] == [(("初级岗",),), (("Primary",),)]
    (column,) = given.localised("en")["components"][0]["columns"]
    assert column == {"key": "grade_en", "label": "Grade"}


def test_what_was_handed_in_is_told_from_others_by_the_single_fields_that_identify() -> None:
    stage = part("textfield", "stage", "环节", properties={"identifies": "true"})
    made = form(stage, rows("people", part("textfield", "name", "姓名", properties={"identifies": "true"})))
    assert made.about({"stage": "面试", "people": [{"name": "甲"}]}) == "面试"
    assert (
        made.about({"stage": "", "people": []})
        == made.about({})
        == form(part("textfield", "stage")).about({"stage": 1})
        == ""
    )
