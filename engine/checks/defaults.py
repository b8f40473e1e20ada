"""Rules of a form that nothing can keep: choices written twice, impossible defaults, limits that exclude each other.

Knows no FEEL: what is worked out only while a form is filled in is not judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from engine.checks.report import Report
from engine.feel import Environment, Expression
from engine.forms import Field, Form
from engine.forms.expressions import Evaluator, Scope
from engine.forms.model import CHOICES, SOME_OF, Bound
from engine.forms.moments import before
from engine.forms.patterns import as_decimal
from engine.forms.rules import broken_rules
from engine.forms.values import is_empty, same
from engine.words import Said, Words, listed, say

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)  # no default is before it, so none is called past


def check_defaults(file: str, form: Form, report: Report) -> None:
    """Choices, defaults and limits of every field of a form."""
    _Check(file, report).fields(form.fields)


class _Check:
    """One form with the report for it."""

    def __init__(self, file: str, report: Report) -> None:
        self.file, self.report = file, report

    def fields(self, fields: Iterable[Field]) -> None:
        """These fields and those in them."""
        for item in fields:
            self._options(item)
            self._limits(item)
            if item.is_input and not item.computed and not is_empty(item, item.default):
                self._default(item, item.default)
            if (
                item.repeating
                and not item.rules.min_rows <= item.repetitions <= item.rules.max_rows
                and item.add_remove
            ):
                what = say("默认行数{count}不在允许的行数之内。", count=item.repetitions)
                self._warn(item, what, say("请改defaultRepetitions、minItems或maxItems。"))
            self.fields(item.children)

    def _options(self, item: Field) -> None:
        options = item.options or ()
        values = [option.value for option in options]
        twice = [value for at, value in enumerate(values) if any(same(value, other) for other in values[:at])]
        for value in dict.fromkeys(map(str, twice)):
            what = say("选项“{value}”写了两次，选中哪一个无法分清。", value=value)
            self._error(item, what, say("请删去一个，或给它另一个值。"))
        for label, count in Counter(option.label[0] for option in options).items():
            if count > 1 and not twice:
                what = say("有{count}个选项都叫“{label}”，用户分不清。", count=count, label=label)
                self._warn(item, what, say("请给它们不同的标签。"))

    def _default(self, item: Field, default: Any) -> None:
        """A default that the form itself would refuse."""
        if item.type in CHOICES:
            chosen = default if item.type in SOME_OF and isinstance(default, list) else [default]
            offered = [option.value for option in item.options or ()]
            wrong = [one for one in chosen if item.options is not None and not any(same(one, own) for own in offered)]
            for one in wrong:
                what = say("默认值“{value}”不在选项里。", value=one)
                self._error(item, what, say("可用的有：{offered}。", offered=listed(offered)))
            return
        evaluator, scope = Evaluator(Environment(now=_LONG_AGO)), Scope.root({}, {})
        for broken in broken_rules(item, default, (*item.path,), scope, evaluator):
            what = say("默认值“{value}”不合本字段的规则：{broken}", value=default, broken=broken)
            self._error(item, what, say("请改默认值，或改规则。"))

    def _limits(self, item: Field) -> None:
        """A least that is more than the most: nothing fits."""
        rules = item.rules
        for names, least, most in (
            (("min", "max"), _number(rules.minimum), _number(rules.maximum)),
            (("minLength", "maxLength"), _number(rules.min_length), _number(rules.max_length)),
            (("minItems", "maxItems"), _number(rules.min_rows), _number(rules.max_rows)),
        ):
            if least is not None and most is not None and least > most:
                self._never(item, names, least, most)
        first, last = rules.not_before, rules.not_after
        if isinstance(first, str) and isinstance(last, str) and before(last, first):
            self._never(item, ("notBefore", "notAfter"), first, last)

    def _never(self, item: Field, names: tuple[str, str], least: Any, most: Any) -> None:
        facts = {"name": names[0], "other": names[1], "least": least, "most": most}
        what = say("{name}（{least}）大于{other}（{most}），填什么都通不过。", **facts)
        self._error(item, what, say("请改其中一个。"))

    def _error(self, item: Field, what: Words, hint: Said) -> None:
        self.report.error(self.file, item.id, what, hint)

    def _warn(self, item: Field, what: Words, hint: Said) -> None:
        self.report.warn(self.file, item.id, what, hint)


def _number(bound: Bound) -> Any:
    return None if bound is None or isinstance(bound, Expression) else as_decimal(bound)
