"""One field at a time: exact types, options, rules, and the sentences that a person reads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.errors import InvalidForm
from tests.engine.forms.helpers import accept, choices, errors, form, part, told

CHOICE = {"values": choices("a", "b")}
NUMBERED = {"values": choices(1, 2)}


@pytest.mark.parametrize(
    ("component", "given", "kept"),
    [
        (part("textfield", "x"), "  两端\t空格\n ", "两端 空格"),
        (part("textarea", "x"), "一\r\n二\r三 ", "一\n二\n三"),
        (part("textfield", "x"), None, ""),
        (part("number", "x"), 3.0, 3),
        (part("number", "x"), -2.5, -2.5),
        (part("number", "x"), None, None),
        (part("number", "x"), 6222021234567890123, 6222021234567890123),
        (part("number", "x"), "6222021234567890123", 6222021234567890123),
        (part("number", "x"), "-12345678901234567.89", Decimal("-12345678901234567.89")),
        (part("number", "x"), "1234567890123456789012345678901234", Decimal("1234567890123456789012345678901234")),
        (part("number", "x"), "9007199254740991", 9007199254740991),
        (part("number", "x", serializeToString=True), "12.50", "12.50"),
        (part("number", "x", serializeToString=True), "", None),
        (part("number", "x", serializeToString=True), " １２．５０\u200b", "12.50"),
        (part("textarea", "x"), "\ufeff第一行\v第二行\x07\u3000", "第一行 第二行"),
        (part("textfield", "x"), "\u3000\u200b\xa0", ""),
        (part("textfield", "x"), "ＡＢＣ　照旧", "ＡＢＣ　照旧"),
        (part("textfield", "x", pattern="^[0-9]{6}$"), "１３０１０２", "130102"),
        (part("textfield", "x", pattern="^[0-9]{17}[0-9X]$"), "13010219900101001x", "13010219900101001X"),
        (
            part("textfield", "x", pattern="^[0-9A-Z]{18}$"),
            "９１１３０１００ ｍａ０７１２３４５６",
            "91130100MA07123456",
        ),
        (part("textfield", "x", validationType="email"), "ｚｈａｎｇ＠example.org", "zhang@example.org"),
        (part("datetime", "x"), "２０２６－１１－２３", "2026-11-23"),
        (part("datetime", "x", subtype="time"), "０９：３０", "09:30"),
        (
            part("textfield", "x", properties={"shape": "telephone"}),
            "（０３１１）８０００ ００００ 转 8001",
            "0311-80000000转8001",
        ),
        (part("checkbox", "x"), True, True),
        (part("checkbox", "x"), None, False),
        (part("checklist", "x", **CHOICE), ["b", "a", "b"], ["b", "a"]),
        (part("taglist", "x", **CHOICE), None, []),
        (part("radio", "x", **CHOICE), "a", "a"),
        (part("select", "x", **NUMBERED), 2, 2),
        (part("select", "x", **CHOICE), "", None),
        (part("datetime", "x"), "2028-02-29", "2028-02-29"),
        (part("datetime", "x", subtype="time"), "09:30", "09:30"),
        (part("datetime", "x", subtype="time"), "09:30+08:00", "09:30+08:00"),
        (part("datetime", "x", subtype="datetime"), "2026-03-01T09:30Z", "2026-03-01T09:30Z"),
        (part("datetime", "x"), "", None),
        (part("filepicker", "x"), "files::abc", "files::abc"),
        (part("filepicker", "x", multiple=True), ["f1", "f2"], ["f1", "f2"]),
        (part("expression", "x", expression="=1 + 1"), 99, 2),
    ],
)
def test_a_value_of_the_right_type_is_kept_in_one_shape(component: dict[str, Any], given: Any, kept: Any) -> None:
    clean = accept(form(component), {"x": given})
    assert clean == {"x": kept}
    assert type(clean["x"]) is type(kept)


@pytest.mark.parametrize(
    ("component", "given"),
    [
        (part("textfield", "x"), 5),
        (part("textarea", "x"), ["a"]),
        (part("number", "x"), "5"),
        (part("number", "x"), True),
        (part("number", "x"), 10**34),
        (part("number", "x"), 1e300),
        (part("number", "x"), "9" * 35),
        (part("number", "x"), "123456789012345"),
        (part("number", "x", serializeToString=True), "9" * 35),
        (part("number", "x", serializeToString=True), 5),
        (part("number", "x", serializeToString=True), "1e9"),
        (part("number", "x", serializeToString=True), "NaN"),
        (part("checkbox", "x"), "true"),
        (part("checkbox", "x"), 1),
        (part("checklist", "x", **CHOICE), "a"),
        (part("checklist", "x", **CHOICE), ["a", "c"]),
        (part("radio", "x", **CHOICE), "c"),
        (part("radio", "x", **CHOICE), {"value": "a"}),
        (part("radio", "x", **CHOICE), ["a"]),
        (part("select", "x", **NUMBERED), True),  # true is not 1
        (part("select", "x", **NUMBERED), "1"),
        (part("datetime", "x"), "2026-02-29"),
        (part("datetime", "x"), "2026-2-1"),
        (part("datetime", "x"), "20260201"),
        (part("datetime", "x"), "2026-02-01T10:00"),
        (part("datetime", "x"), 20260201),
        (part("datetime", "x", subtype="time"), "24:30"),
        (part("datetime", "x", subtype="datetime"), "2026-02-01"),
        (part("filepicker", "x"), "../etc/passwd"),
        (part("filepicker", "x"), ["f1"]),
        (part("filepicker", "x", multiple=True), [5]),
    ],
)
def test_a_value_of_another_type_is_an_error_at_its_field(component: dict[str, Any], given: Any) -> None:
    assert list(errors(form(component), {"x": given})) == ["x"]


@pytest.mark.parametrize(
    ("component", "given", "zh", "en"),
    [
        (part("number", "x", "用工人数", min=0), -1, "“用工人数”应为不小于0的数", "“用工人数” must not be less than 0"),
        (part("number", "x", "年龄", max=45), 46, "“年龄”应为不大于45的数", "“年龄” must not be more than 45"),
        (part("number", "x", "人数", decimalDigits=0), 1.5, "“人数”应为整数", "“人数” must be a whole number"),
        (part("number", "x", "金额", decimalDigits=2), 0.125, "“金额”最多保留2位小数", "“金额” takes at most 2 decimal places"),
        (part("number", "x", "金额", increment=0.5), 0.7, "“金额”应为0.5的整数倍", "“金额” must be a multiple of 0.5"),
        (part("number", "x", "人数"), "many", "“人数”应为数字", "“人数” must be a number"),
        (part("textfield", "x", "事由", required=True), "  ", "请填写“事由”", "“事由” is required"),
        (part("checkbox", "x", "承诺", required=True), False, "请勾选“承诺”", "“承诺” is required"),
        (part("select", "x", "等级", required=True, **CHOICE), None, "请选择“等级”", "“等级” is required"),
        (part("checklist", "x", "职责", required=True, **CHOICE), [], "请选择“职责”", "“职责” is required"),
        (part("filepicker", "x", "合同", required=True), None, "请上传“合同”", "“合同” is required"),
        (part("textfield", "x", "事由", minLength=3), "一二", "“事由”至少应有3个字", "“事由” needs at least 3 characters"),
        (part("textfield", "x", "事由", maxLength=2), "一二三", "“事由”不得超过2个字", "“事由” takes at most 2 characters"),
        (part("textfield", "x", "编号", pattern="^GW"), "X1", "“编号”的格式不正确", "“编号” is not in the right format"),
        (part("textfield", "x", pattern="^GW", patternErrorMessage="编号以GW开头"), "X1", "编号以GW开头", "编号以GW开头"),
        (part("textfield", "x", "邮箱", validationType="email"), "a@", "“邮箱”应为有效的电子邮箱", "“邮箱” must be an e-mail address"),
        (part("radio", "x", "等级", **CHOICE), "c", "“等级”的选择不在可选范围内", "“等级” is not one of the choices offered"),
        (part("datetime", "x", "日期"), "明天", "“日期”应为有效的日期，如2026-03-01", "“日期” must be a date such as 2026-03-01"),
        (part("datetime", "x", "日期", disallowPassedDates=True), "2026-11-21", "“日期”不得早于2026-11-22", "“日期” must not be before 2026-11-22"),
        (part("datetime", "x", "日期", notAfter="2026-12-31"), "2027-01-01", "“日期”不得晚于2026-12-31", "“日期” must not be after 2026-12-31"),
    ],
)  # fmt: skip
def test_an_error_names_the_field_and_says_what_is_expected(component: Any, given: Any, zh: str, en: str) -> None:
    with pytest.raises(InvalidForm) as refused:
        accept(form(component), {"x": given})
    assert {path: told(what) for path, what in refused.value.errors.items()} == {"x": (zh, en)}


@pytest.mark.parametrize(
    ("component", "given"),
    [
        (part("number", "x", min=0, max=10, increment=0.1, decimalDigits=1), 0.3),
        (part("number", "x", required=True), 0),  # zero is a number
        (part("number", "x", min=1), None),  # an optional field may stay empty
        (part("textfield", "x", minLength=2), ""),
        (part("textfield", "x", pattern="^[\\u4e00-\\u9fa5]+$"), "岗位"),
        (part("textfield", "x", validationType="email"), "ban@example.org"),
        (part("textfield", "x", validationType="phone"), "+8631186001234"),
        (part("radio", "x", required=True, values=choices(False, True)), False),
        (part("datetime", "x", disallowPassedDates=True), "2026-11-22"),
        (part("datetime", "x", notBefore="=today()", notAfter='=today() + duration("P1Y")'), "2026-11-22"),
        (part("number", "x", max="=limit"), 10**6),  # no limit known: nothing to break
    ],
)
def test_a_value_that_keeps_the_rules_passes(component: dict[str, Any], given: Any) -> None:
    assert not errors(form(component), {"x": given})


def test_a_limit_may_be_an_expression_over_other_fields() -> None:
    made = form(part("number", "limit"), part("number", "x", "数量", max="=limit"))
    assert errors(made, {"limit": 3, "x": 4}) == {"x": "“数量”应为不大于3的数"}
    assert not errors(made, {"limit": 4, "x": 4})


def test_options_come_from_a_source_or_an_expression() -> None:
    places = [{"label": "甲乡总工会", "value": "130102100"}, "130102101", {"value": ""}, None]
    made = form(
        part("select", "place", valuesKey="places"), part("select", "grade", valuesExpression="=grades[item != place]")
    )
    context = {"places": places, "grades": ["130102100", "初级岗"]}
    assert accept(made, {"place": "130102100", "grade": "初级岗"}, context=context)
    assert list(errors(made, {"place": "130102102", "grade": "130102102"}, context=context)) == ["place", "grade"]
    assert list(errors(made, {"place": "130102100", "grade": "130102100"}, context=context)) == ["grade"]
    assert list(errors(made, {"place": "130102100"})) == ["place"]  # without the source nothing is offered


def test_an_option_may_be_a_context() -> None:
    made = form(part("select", "x", valuesKey="units"))
    context = {"units": [{"label": "甲", "value": {"code": 1, "kind": "city"}}]}
    assert accept(made, {"x": {"kind": "city", "code": 1.0}}, context=context)
    assert errors(made, {"x": {"code": 1}}, context=context)


def test_a_file_must_be_one_of_the_attachments_when_they_are_known() -> None:
    made = form(part("filepicker", "x", "合同", multiple=True))
    taken = accept(made, {"x": ["a1"]}, attachments={"a1": "合同.pdf"})
    assert taken == {"x": ["a1"], "_chosen": {"x": ["合同.pdf"]}}
    assert errors(made, {"x": ["a1", "a2"]}, attachments={"a1": "合同.pdf"}) == {"x": "“合同”引用的附件不存在"}


def test_a_draft_is_checked_for_types_only() -> None:
    made = form(part("textfield", "title", required=True), part("number", "x", min=5))
    assert accept(made, {"x": 1}, complete=False) == {"title": "", "x": 1}
    assert list(errors(made, {"x": "1"}, complete=False)) == ["x"]


def test_unknown_keys_and_buttons_never_enter() -> None:
    made = form(part("textfield", "title"), {"type": "button", "id": "b", "key": "b", "label": "提交"})
    assert accept(made, {"title": "a", "b": 1, "admin": True}) == {"title": "a"}
