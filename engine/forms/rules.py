"""Whether a filled-in value keeps the rules of its field. Knows no tree, no hiding and no options."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import Expression
from engine.forms import messages
from engine.forms.dialect import length
from engine.forms.expressions import Evaluator, Scope
from engine.forms.model import TEXTS, Bound, Field, Path
from engine.forms.moments import LEGAL_ZONE, before, shown
from engine.forms.patterns import KINDS, NUMBERS, as_decimal, matches
from engine.telephones import telephone
from engine.words import Said


def broken_rules(field: Field, value: Any, path: Path, scope: Scope, evaluator: Evaluator) -> list[Said]:
    """What a filled-in value of the right type breaks, most telling first."""
    if field.type in TEXTS:
        return _text_rules(field, value, path, scope, evaluator)
    if field.type == "number":
        return _number_rules(field, value, path, scope, evaluator)
    if field.type == "datetime":
        return _moment_rules(field, value, path, scope, evaluator)
    return []


def _limit(bound: Bound, scope: Scope, evaluator: Evaluator) -> Any:
    return evaluator.value(bound, scope) if isinstance(bound, Expression) else bound


def _number(bound: Bound, scope: Scope, evaluator: Evaluator) -> Decimal | None:
    return None if bound is None else as_decimal(_limit(bound, scope, evaluator))


def _text_rules(field: Field, value: str, path: Path, scope: Scope, evaluator: Evaluator) -> list[Said]:
    rules, errors = field.rules, list[Said]()
    shortest = _number(rules.min_length, scope, evaluator)
    longest = _number(rules.max_length, scope, evaluator)
    size = length(value)
    if shortest is not None and size < shortest:
        errors.append(messages.too_short(field, path, shortest))
    if longest is not None and size > longest:
        errors.append(messages.too_long(field, path, longest))
    if rules.pattern and not matches(rules.pattern, value):
        errors.append(messages.bad_pattern(field, path))
    if field.telephone and telephone(value) != value:
        errors.append(messages.bad_telephone(field, path))
    if rules.kind and not matches(KINDS[rules.kind], value):
        errors.append((messages.bad_email if rules.kind == "email" else messages.bad_phone)(field, path))
    return errors


def _number_rules(field: Field, value: Any, path: Path, scope: Scope, evaluator: Evaluator) -> list[Said]:
    rules, errors, number = field.rules, list[Said](), as_decimal(value)
    if number is None:
        return [messages.wrong_type(field, path)]
    least = _number(rules.minimum, scope, evaluator)
    most = _number(rules.maximum, scope, evaluator)
    if least is not None and number < least:
        errors.append(messages.too_small(field, path, least))
    if most is not None and number > most:
        errors.append(messages.too_large(field, path, most))
    exponent = NUMBERS.normalize(number).as_tuple().exponent
    if rules.digits is not None and isinstance(exponent, int) and -exponent > rules.digits:
        errors.append(messages.too_many_digits(field, path, rules.digits))
    if rules.step is not None and NUMBERS.remainder(number, Decimal(str(rules.step))) != 0:
        errors.append(messages.off_step(field, path, rules.step))
    return errors


def _moment_rules(field: Field, value: str, path: Path, scope: Scope, evaluator: Evaluator) -> list[Said]:
    rules, errors = field.rules, list[Said]()
    earliest = _limit(rules.not_before, scope, evaluator)
    latest = _limit(rules.not_after, scope, evaluator)
    if before(value, earliest):
        errors.append(messages.too_early(field, path, shown(earliest)))
    if before(latest, value):
        errors.append(messages.too_late(field, path, shown(latest)))
    if rules.no_past and field.subtype != "time":
        today = evaluator.environment.now.astimezone(LEGAL_ZONE).date().isoformat()
        if before(value, today):
            errors.append(messages.too_early(field, path, today))
    return errors
