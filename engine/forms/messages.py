"""Every sentence that a form says to the person who fills it in. Decides nothing."""

from __future__ import annotations

from typing import Any

from engine.forms.model import CHOICES, MAX_DIGITS, Field, Path
from engine.words import Said, Text, Words, say

_TYPES: dict[str, Words] = {
    "number": say("“{label}”应为数字"),
    "textfield": say("“{label}”应为文字"),
    "textarea": say("“{label}”应为文字"),
    "checkbox": say("“{label}”应为是或否"),
    "checklist": say("“{label}”应为所选各项的列表"),
    "taglist": say("“{label}”应为所选各项的列表"),
    "date": say("“{label}”应为有效的日期，如2026-03-01"),
    "time": say("“{label}”应为有效的时间，如09:30"),
    "datetime": say("“{label}”应为有效的日期和时间，如2026-03-01T09:30"),
    "filepicker": say("“{label}”应为已上传的附件"),
    "group": say("“{label}”应为一组内容"),
    "dynamiclist": say("“{label}”应为若干行内容"),
}


def named(field: Field, path: Path, sentence: Words, **facts: Any) -> Words:
    """The sentence about a field, with its label and, inside lists, the number of the row."""
    rows = [str(part + 1) for part in path if isinstance(part, int)]
    sentence = sentence.about(label=_label(field), **facts)
    return say("第{row}行{what}", row="-".join(rows), what=sentence) if rows else sentence


def _label(field: Field) -> Text:
    name = field.path[-1] if field.path else field.id
    return field.label[0] or name, field.label[1] or field.label[0] or name


def wrong_type(field: Field, path: Path) -> Words:
    return named(field, path, _TYPES[field.subtype or field.type])


def required(field: Field, path: Path) -> Words:
    sentence = say("请填写“{label}”")
    if field.type in CHOICES or field.type == "datetime":
        sentence = say("请选择“{label}”")
    elif field.type == "checkbox":
        sentence = say("请勾选“{label}”")
    elif field.type == "filepicker":
        sentence = say("请上传“{label}”")
    return named(field, path, sentence)


def not_offered(field: Field, path: Path) -> Words:
    return named(field, path, say("“{label}”的选择不在可选范围内"))


def too_small(field: Field, path: Path, bound: Any) -> Words:
    return named(field, path, say("“{label}”应为不小于{bound}的数"), bound=bound)


def too_large(field: Field, path: Path, bound: Any) -> Words:
    return named(field, path, say("“{label}”应为不大于{bound}的数"), bound=bound)


def beyond_numbers(field: Field, path: Path) -> Words:
    return named(field, path, say("“{label}”的数字不得超过{most}位"), most=MAX_DIGITS)


def too_short(field: Field, path: Path, bound: Any) -> Words:
    return named(field, path, say("“{label}”至少应有{bound}个字"), bound=bound)


def too_long(field: Field, path: Path, bound: Any) -> Words:
    return named(field, path, say("“{label}”不得超过{bound}个字"), bound=bound)


def bad_pattern(field: Field, path: Path) -> Said:
    return field.rules.pattern_message or named(field, path, say("“{label}”的格式不正确"))


def bad_email(field: Field, path: Path) -> Words:
    return named(field, path, say("“{label}”应为有效的电子邮箱"))


def bad_phone(field: Field, path: Path) -> Words:
    return named(field, path, say("“{label}”应为带国家代码的电话号码，如+8631186001234"))


def bad_telephone(field: Field, path: Path) -> Said:
    sentence = say("“{label}”应为电话号码，如13800000000、0311-80000000、0311-80000000转8001")
    return field.rules.pattern_message or named(field, path, sentence)


def too_many_digits(field: Field, path: Path, digits: int) -> Words:
    if digits == 0:
        return named(field, path, say("“{label}”应为整数"))
    return named(field, path, say("“{label}”最多保留{digits}位小数"), digits=digits)


def off_step(field: Field, path: Path, step: Any) -> Words:
    return named(field, path, say("“{label}”应为{step}的整数倍"), step=step)


def too_early(field: Field, path: Path, bound: str) -> Words:
    return named(field, path, say("“{label}”不得早于{bound}"), bound=bound)


def too_late(field: Field, path: Path, bound: str) -> Words:
    return named(field, path, say("“{label}”不得晚于{bound}"), bound=bound)


def rows_fixed(field: Field, path: Path, count: int) -> Words:
    return named(field, path, say("“{label}”的行数不能增减，应为{count}行"), count=count)


def too_few_rows(field: Field, path: Path, count: int) -> Words:
    return named(field, path, say("“{label}”至少应有{count}行"), count=count)


def too_many_rows(field: Field, path: Path, count: int) -> Words:
    return named(field, path, say("“{label}”不得超过{count}行"), count=count)


def no_such_file(field: Field, path: Path) -> Words:
    return named(field, path, say("“{label}”引用的附件不存在"))


def not_computed(field: Field | None, name: str, path: Path, reason: Words | None) -> Words:
    """A value could not be worked out, whether we know why or not."""
    sentence = say("“{label}”无法计算：{reason}") if reason else say("“{label}”无法计算")
    return named(field, path, sentence, reason=reason) if field else sentence.about(label=name, reason=reason)


def contradiction(field: Field, path: Path) -> Words:
    return named(field, path, say("“{label}”的显示或只读条件互相矛盾，请联系流程设计人员"))
