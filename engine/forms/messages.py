"""Every sentence that a form says to the person who fills it in, in Chinese and English. Decides nothing."""

from __future__ import annotations

from typing import Any

from engine.forms.model import CHOICES, Field, Path, Text

_TYPES: dict[str, Text] = {
    "number": ("应为数字", "must be a number"),
    "textfield": ("应为文字", "must be text"),
    "textarea": ("应为文字", "must be text"),
    "checkbox": ("应为是或否", "must be yes or no"),
    "checklist": ("应为所选各项的列表", "must be a list of choices"),
    "taglist": ("应为所选各项的列表", "must be a list of choices"),
    "date": ("应为有效的日期，如2026-03-01", "must be a date such as 2026-03-01"),
    "time": ("应为有效的时间，如09:30", "must be a time such as 09:30"),
    "datetime": ("应为有效的日期和时间，如2026-03-01T09:30", "must be a date and time such as 2026-03-01T09:30"),
    "filepicker": ("应为已上传的附件", "must be an uploaded file"),
    "group": ("应为一组内容", "must be a group of fields"),
    "dynamiclist": ("应为若干行内容", "must be a list of rows"),
}


def named(field: Field, path: Path, zh: str, en: str) -> Text:
    """The sentence about a field, with its label and, inside lists, the number of the row."""
    rows = [str(part + 1) for part in path if isinstance(part, int)]
    where = (f"第{'-'.join(rows)}行", f"Row {'-'.join(rows)}: ") if rows else ("", "")
    label = _label(field)
    return f"{where[0]}“{label[0]}”{zh}", f"{where[1]}“{label[1]}” {en}"


def _label(field: Field) -> Text:
    name = field.path[-1] if field.path else field.id
    return field.label[0] or name, field.label[1] or field.label[0] or name


def wrong_type(field: Field, path: Path) -> Text:
    zh, en = _TYPES[field.subtype or field.type]
    return named(field, path, zh, en)


def required(field: Field, path: Path) -> Text:
    verb = "请填写"
    if field.type in CHOICES or field.type == "datetime":
        verb = "请选择"
    elif field.type == "checkbox":
        verb = "请勾选"
    elif field.type == "filepicker":
        verb = "请上传"
    zh, en = named(field, path, "", "is required")
    row, _, label = zh.partition("“")
    return f"{row}{verb}“{label}", en


def not_offered(field: Field, path: Path) -> Text:
    return named(field, path, "的选择不在可选范围内", "is not one of the choices offered")


def too_small(field: Field, path: Path, bound: Any) -> Text:
    return named(field, path, f"应为不小于{bound}的数", f"must not be less than {bound}")


def too_large(field: Field, path: Path, bound: Any) -> Text:
    return named(field, path, f"应为不大于{bound}的数", f"must not be more than {bound}")


def beyond_numbers(field: Field, path: Path) -> Text:
    return named(field, path, "的数值过大", "is too large a number")


def too_short(field: Field, path: Path, bound: Any) -> Text:
    return named(field, path, f"至少应有{bound}个字", f"needs at least {bound} characters")


def too_long(field: Field, path: Path, bound: Any) -> Text:
    return named(field, path, f"不得超过{bound}个字", f"takes at most {bound} characters")


def bad_pattern(field: Field, path: Path) -> Text:
    own = field.rules.pattern_message
    return own if own else named(field, path, "的格式不正确", "is not in the right format")


def bad_email(field: Field, path: Path) -> Text:
    return named(field, path, "应为有效的电子邮箱", "must be an e-mail address")


def bad_phone(field: Field, path: Path) -> Text:
    return named(
        field, path, "应为带国家代码的电话号码，如+8631186001234", "must be a phone number such as +8631186001234"
    )


def too_many_digits(field: Field, path: Path, digits: int) -> Text:
    if digits == 0:
        return named(field, path, "应为整数", "must be a whole number")
    return named(field, path, f"最多保留{digits}位小数", f"takes at most {digits} decimal places")


def off_step(field: Field, path: Path, step: Any) -> Text:
    return named(field, path, f"应为{step}的整数倍", f"must be a multiple of {step}")


def too_early(field: Field, path: Path, bound: str) -> Text:
    return named(field, path, f"不得早于{bound}", f"must not be before {bound}")


def too_late(field: Field, path: Path, bound: str) -> Text:
    return named(field, path, f"不得晚于{bound}", f"must not be after {bound}")


def rows_fixed(field: Field, path: Path, count: int) -> Text:
    return named(field, path, f"的行数不能增减，应为{count}行", f"must keep its {count} rows")


def too_few_rows(field: Field, path: Path, count: int) -> Text:
    return named(field, path, f"至少应有{count}行", f"needs at least {count} rows")


def too_many_rows(field: Field, path: Path, count: int) -> Text:
    return named(field, path, f"不得超过{count}行", f"takes at most {count} rows")


def no_such_file(field: Field, path: Path) -> Text:
    return named(field, path, "引用的附件不存在", "refers to a file that is not there")


def not_computed(field: Field | None, name: str, path: Path, reason: Text) -> Text:
    """A value could not be worked out. ``reason`` may be empty."""
    zh, en = (
        f"无法计算{'：' + reason[0] if reason[0] else ''}",
        f"cannot be worked out{': ' + reason[1] if reason[1] else ''}",
    )
    return named(field, path, zh, en) if field else (f"“{name}”{zh}", f"“{name}” {en}")


def contradiction(field: Field, path: Path) -> Text:
    zh, en = (
        "的显示或只读条件互相矛盾，请联系流程设计人员",
        "has conditions that contradict each other; tell the designer",
    )
    return named(field, path, zh, en)
