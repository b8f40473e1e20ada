"""What of a form a browser would judge otherwise than the server: patterns, and FEEL where form-js evaluates it.

The server has the last word; but a field that it hides while the browser shows it loses what somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engine.checks.alike import ANY, FLAG, LIST, NUMBER, TEXT, WHOLE, Alike, Known
from engine.checks.feel_trees import tree, walk
from engine.checks.report import Report
from engine.feel import Expression, FeelError
from engine.feel import nodes as n
from engine.forms import Field, Form
from engine.forms.expressions import template_parts
from engine.forms.model import ONE_OF, SOME_OF, TEXTS, Condition
from engine.forms.patterns import is_common
from engine.words import say

_WORD: Final = re.compile(r"[^\W\d]\w*")


def check_browser(file: str, form: Form, report: Report) -> None:
    """Report what a browser and the server would judge differently in a form."""
    names = {**_members(form.fields), **dict.fromkeys(("this", "parent", "i", "_this_", "_parent_", "_i_"), ANY)}
    _fields(file, form.fields, names, report)
    _check_names(file, form, report)


def _check_names(file: str, form: Form, report: Report) -> None:
    """A browser takes ``a-b`` for the field of that name, the server for a subtraction."""
    texts = [expression.text for _, expression in (*form.derive, *form.prepared)]
    texts += [text for source in form.sources.values() for text in source.parameters.values()]
    everything = list(_each(form.fields))
    texts += [text for item in everything for _, text in _expressions(item)]
    for item in everything:
        for part in item.path:
            if not _WORD.fullmatch(part) and any(part in text for text in texts):
                report.error(
                    file,
                    item.id,
                    say("字段名“{name}”写进表达式时，浏览器当作名称，服务器当作运算", name=part),
                    say("字段名请只用字母、汉字、数字和下划线，不以数字开头。"),
                )


def _each(fields: tuple[Field, ...]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from _each(item.children)


def _fields(file: str, fields: tuple[Field, ...], names: Mapping[str, Known], report: Report) -> None:
    for item in fields:
        _texts(file, item, report)
        for where, text in _expressions(item):
            reader = Alike(names)
            try:
                reader.read(text, tree(text))
            except FeelError:
                continue  # told where the form is read
            for problem in reader.problems:
                report.error(
                    file,
                    item.id,
                    say("{where}：{problem}", where=where, problem=problem),
                    say("请在 derive 中由服务器算好，再在这里写它的名称。"),
                )
        inner = dict(names)
        if item.repeating:
            _check_row(file, item, report)
            row = Known("context", _members(item.children))
            inner |= {"this": row, "_this_": row}
        _fields(file, item.children, inner, report)


def _check_row(file: str, listed: Field, report: Report) -> None:
    """In a row a browser still sees what a hidden field of the same row held; the server does not."""
    hidden = {one.path[0] for one in listed.children if one.path and one.hide}
    for one in listed.children:
        for where, condition in (("hide", one.hide), ("readonly", one.readonly)):
            named = _of_row(condition.expression.text) if isinstance(condition, Condition) else set()
            for name in sorted(named & hidden - set(one.path[:1])):
                problem = say("同一行的“{name}”可能隐藏，隐藏后浏览器和服务器看到的值不同", name=name)
                report.error(
                    file,
                    one.id,
                    say("{where}：{problem}", where=where, problem=problem),
                    say("请让两个字段取决于同一个不会隐藏的字段，或由 derive 算出。"),
                )


def _of_row(text: str) -> set[str]:
    paths = (part for part in walk(tree(text)) if isinstance(part, n.Path) and isinstance(part.base, n.Name))
    return {path.name for path in paths if path.base.name in ("this", "_this_")}  # type: ignore[attr-defined]


def _texts(file: str, item: Field, report: Report) -> None:
    if item.rules.pattern and not is_common(item.rules.pattern):
        report.error(
            file,
            item.id,
            say("浏览器和服务器对这个 pattern 的判定不同"),
            say("请写浏览器和服务器都认的写法：不用 (?i)、前瞻、反向引用，重复不超过1000次。"),
        )
    if item.rules.kind == "phone":
        report.error(
            file,
            item.id,
            say("浏览器和服务器对 validationType “phone” 的判定不同"),
            say('请在 properties 里写 "shape": "telephone"。'),
        )


def _expressions(item: Field) -> Iterator[tuple[str, str]]:
    """Every property that form-js evaluates, with its text."""
    for where, condition in (("hide", item.hide), ("readonly", item.readonly), ("warning", item.warning)):
        if isinstance(condition, Condition):
            yield where, condition.expression.text
    rules = item.rules
    bounds = (("min", rules.minimum), ("max", rules.maximum))
    for where, bound in (*bounds, ("minLength", rules.min_length), ("maxLength", rules.max_length)):
        if isinstance(bound, Expression):
            yield where, bound.text
    for where, expression in (("valuesExpression", item.options_expression), ("expression", item.expression)):
        if expression is not None:
            yield where, expression.text
    if item.rows_from is not None:
        yield "dataSource", item.rows_from.text
    for text in {*item.label, *item.text}:
        yield from (("template", part) for part in template_parts(text))


def _members(fields: tuple[Field, ...]) -> dict[str, Known]:
    """The kinds of the values of these fields, by the first part of their names."""
    found: dict[str, Known] = {}
    for item in fields:
        if item.children and not item.repeating and not item.path:
            found |= _members(item.children)
        elif item.path:
            found[item.path[0]] = _kind(item) if len(item.path) == 1 else ANY
    return found


def _kind(item: Field) -> Known:
    if item.repeating:
        return Known("rows", _members(item.children))
    if item.children:
        return Known("context", _members(item.children))
    if item.type in TEXTS or item.type == "datetime" or item.as_text:
        return TEXT
    if item.type == "number":
        return WHOLE if item.rules.digits == 0 or isinstance(item.rules.step, int) else NUMBER
    if item.type in ONE_OF | SOME_OF:
        texts = item.options is not None and all(isinstance(option.value, str) for option in item.options)
        return (TEXT if texts else ANY) if item.type in ONE_OF else Known("list", {"": TEXT if texts else ANY})
    return FLAG if item.type == "checkbox" else LIST if item.multiple else ANY
