"""Names in forms: what a form's FEEL reads is one of its fields, an answer of a source, or a variable of the case.

A misspelt name is null, and null hides a field, lifts a limit or empties a list of choices. Scopes are those of
`engine.forms.expressions`. Knows no rule of a value; those are checked by `defaults`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Final

from engine.checks.expressions import outcomes_of
from engine.checks.feel_trees import tree, walk
from engine.checks.folder import FORM
from engine.checks.reading import TextReader, spelling
from engine.checks.report import Folder, Page, Report
from engine.checks.variables import Variables
from engine.feel import Expression, FeelError
from engine.feel import nodes as n
from engine.forms import Field, Form
from engine.forms.expressions import template_parts
from engine.forms.model import Condition
from engine.words import Said, Words, say, term

_ROW: Final = frozenset({"this", "parent", "i", "_this_", "_parent_", "_i_"})
_THIS: Final = frozenset({"this", "_this_"})
Text = tuple[Words, str]
"""What a text of a form is for, and the text."""


def check_forms(folder: Folder, pages: Collection[Page], variables: Variables) -> None:
    """Every text of every form that a step shows. What one of several steps knows may be read: null is for the rest."""
    files = {file.rsplit("/", 1)[-1].removesuffix(FORM): file for file in folder.files if file.endswith(FORM)}
    reading = TextReader(folder, variables, outcomes_of(pages))
    shown: dict[str, frozenset[str]] = {}
    outcomes: dict[str, set[str]] = {}
    for page in pages:
        for element in page.process.elements.values():
            if element.form in files and folder.forms.get(element.form) is not None:
                seen = variables.seen_by(page, element)
                shown[element.form] = shown.get(element.form, frozenset()) | seen
                outcomes.setdefault(element.form, set()).update(one.id for one in element.outcomes)
    written = set(_written(folder, pages))
    for name, known in shown.items():
        form = folder.forms[name]
        assert form is not None
        _Names(folder.report, reading, files[name], form, written).check(known)
        for item in _all_fields(form.fields):
            for outcome in set(item.required_for) - outcomes[name]:
                what = say("办理结果“{name}”不是显示这个表单的任务的结果，这一项永远不会必填。", name=outcome)
                folder.report.error(files[name], item.id, what, spelling(outcome, outcomes[name]))


class _Names:
    """The names of one form."""

    def __init__(self, report: Report, reading: TextReader, file: str, form: Form, written: set[str]) -> None:
        self.report, self.reading, self.file, self.form, self.written = report, reading, file, form, written

    def check(self, variables: Collection[str]) -> None:
        """``variables``: what the steps that show the form can read."""
        form, known = self.form, set(variables)
        for name, source in form.sources.items():
            for parameter, text in source.parameters.items():
                self._read(name, (say("参数“{name}”", name=parameter), text), known)
            known.add(name)
        known |= {*_members(form.fields), *_ROW, *(name for name, _ in form.prepared)}
        for name, expression in form.prepared:
            self._read(name, (term("form", "初始值"), expression.text), known)
        known |= {name for name, _ in form.derive}
        for name, expression in form.derive:
            self._read(name, (term("form", "推算值"), expression.text), known)
        self._fields(form.fields, known)

    def _fields(self, fields: Iterable[Field], known: set[str]) -> None:
        for item in fields:
            for text in _texts(item):
                self._read(item.id, text, known)
                self._check_members(item.id, text)
            if item.options_key and item.options_key.split(".")[0] not in known:
                name = item.options_key.split(".")[0]
                what = say("选项的来源“{name}”既不是字段，也不是数据来源或变量，列表会是空的。", name=name)
                self.report.error(self.file, item.id, what, spelling(name, known))
            self._fields(item.children, known)

    def _read(self, place: str, text: Text, known: Collection[str]) -> None:
        self.reading.check(text[1], known, partial(self._tell, place, text[0]))

    def _tell(self, place: str, where: Words, what: Words, hint: Said) -> None:
        self.report.error(self.file, place, say("{name}：{what}", name=where, what=what), hint)

    def _check_members(self, place: str, text: Text) -> None:
        """Whether anything in the folder writes a member of the row or of the form that is read by ``this.name``."""
        try:
            parts = list(walk(tree(text[1])))
        except FeelError:
            return  # told with the text
        for part in parts:
            own = isinstance(part, n.Path) and isinstance(part.base, n.Name) and part.base.name in _THIS
            if own and isinstance(part, n.Path) and part.name not in self.written:
                what = say("没有字段或推算值“{name}”，结果会是空值。", name=part.name)
                self._tell(place, text[0], what, spelling(part.name, self.written))


def _written(folder: Folder, pages: Collection[Page]) -> Iterator[str]:
    """Every name that a member of a row may have: rows come from fields, from what is worked out, and from scripts."""
    texts = [script.text for page in pages for own in page.process.elements.values() if (script := own.script)]
    for form in folder.forms.values():
        if form is not None:
            yield from _all_members(form.fields)
            texts += [expression.text for _, expression in (*form.prepared, *form.derive)]
            yield from (name for name, _ in (*form.prepared, *form.derive))
    for text in texts:
        with suppress(FeelError):  # told with the text
            for part in walk(tree(text)):
                if isinstance(part, n.ContextNode):
                    yield from (name for name, _ in part.entries)
                elif isinstance(part, n.Literal) and isinstance(part.value, str):  # context put(row, "name", …)
                    yield part.value
                elif isinstance(part, n.Path):
                    yield part.name


def _all_fields(fields: Iterable[Field]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from _all_fields(item.children)


def _all_members(fields: Iterable[Field]) -> Iterator[str]:
    for item in fields:
        yield from item.path
        yield from _all_members(item.children)


def _members(fields: Iterable[Field]) -> set[str]:
    """The names by which these fields are read: the first part of each path."""
    found: set[str] = set()
    for item in fields:
        found |= {item.path[0]} if item.path else _members(item.children)
    return found


def _texts(item: Field) -> Iterator[Text]:
    """Every FEEL text of a component."""
    rules = item.rules
    conditions = ((say("隐藏条件"), item.hide), (say("只读条件"), item.readonly), (say("提醒条件"), item.warning))
    yield from ((what, own.expression.text) for what, own in conditions if isinstance(own, Condition))
    texts = (
        (say("最小值"), rules.minimum), (say("最大值"), rules.maximum),
        (say("最少字数"), rules.min_length), (say("最多字数"), rules.max_length),
        (say("最早时间"), rules.not_before), (say("最晚时间"), rules.not_after),
        (say("选项"), item.options_expression), (say("计算式"), item.expression), (say("表格的数据"), item.rows_from),
    )  # fmt: skip
    yield from ((what, own.text) for what, own in texts if isinstance(own, Expression))
    for text in dict.fromkeys((*item.label, *item.text)):
        yield from ((say("文字里的“{{{{…}}}}”"), part) for part in template_parts(text))
