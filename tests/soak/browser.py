"""The browser's engine beside ours: what the checks let into a form, form-js and feelin judge as the server does.

Conditions and their values, hidden fields of rows, fields asked for by an outcome, patterns, lengths and numbers, by the thousand, one Node process for
a batch.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from engine.checks.alike import Alike
from engine.checks.browser import check_browser
from engine.checks.feel_trees import tree
from engine.checks.report import Report
from engine.feel import Environment, compile_expression
from engine.forms import load_form
from engine.forms.clean import Cleaned
from engine.forms.expressions import Evaluator, Scope, condition
from engine.forms.patterns import is_common, matches
from engine.forms.settle import Settler
from engine.letters import folded
from tests.browser_engine import ask
from tests.soak.conditions import KINDS, Conditions, data

COUNT = 20_000
NOW = datetime(2026, 1, 5, tzinfo=UTC)
ATOMS = [
    "a", "b", "中", "第", "1", " ", "\\d", "\\D", "\\s", "\\S", "\\w", "\\W", ".", "\\u7b2c1", "\\u7b2c", "\\x41", "\\t",
    "\\n", "\\-", "\\p{L}", "\\u{4e00}", "\\uZ", "[a-z]", "[^a-z]", "[\\s\\d]", "[\\w-z]", "[a-]", "[]", "[^]", "[\\b]",
    "[[:alpha:]]", "[𠮷]", "𠮷", "[\\u4e00-\\u9fff]", "[一-龥]", "(a|b)", "(?:中|a)", "(?<n>a)", "^", "$", "\\b", "\\B",
    "|", "{", "}", "]", "a{2}", "a{1,}", "a{,2}", "\\cA", "\\0", "\\A", "\\z", "x*", "y+?", "z??", "(a)*", "\\$", "　",
    "[　-〿]", "[\\]]", "\\\\", "[^\\u0000-\\uffff]", "[\\d-\\w]", "\\k", "\\1", "(?=a)", "(?i)", "**", "[z-a]", "(",
]  # fmt: skip
TEXTS = [
    "", "a", "b", "1", "A", "第1", "第", "中", "一", "龥", "a　b", "a b", "a\tb", "a\nb", "ab", "aa", "aaa", "a1", "𠮷", "😀𠮷",
    "-", "]", "{", "a{,2}", "p{L}", "uZ", "Az", "\\", "$", "^", "é", "a\u2028b", "a\u00a0b", "a\u180eb", "12", "k",
    "１２", "ab@c.cn", "a@" + "b" * 64 + ".cn", "a@b-c.cn", "a@-b.cn", "a_b@c", "工@c.cn",
]  # fmt: skip
HIDDEN = [("a", "textfield"), ("v", "number"), ("t", "textfield"), ("s", "textfield"), ("n", "number"), ("m", "number")]
ASKED: dict[str, list[Any]] = {
    "textfield": ["", "a"], "textarea": ["", "a"], "number": [None, 0, 1], "checkbox": [True, False],
    "select": [None, "a"], "taglist": [[], ["a"]], "datetime": [None, "2026-01-05"],
}  # fmt: skip
"""Fields that an outcome may ask for, and what stands in them."""
NUMBERS = [None, 0, 1, -1, 2, 5, 10, 0.1, 0.25, 0.3, 1.05, 2.5, -0.5, 1e-7, 1e15, 123456.789, 99.99, 100]


@dataclass
class Differences:
    """What both were asked, and where they differ."""

    asked: int = 0
    refused: int = 0
    found: list[str] = field(default_factory=list)

    def compare(self, questions: list[dict[str, Any]], ours: list[Any]) -> None:
        """Ask the browser what we have answered."""
        self.asked += len(questions)
        for question, own, answer in zip(questions, ours, ask(questions), strict=True):
            theirs = answer.get("value", answer)
            if own != theirs or (isinstance(own, bool) != isinstance(theirs, bool)):
                self.found.append(f"{json.dumps(question, ensure_ascii=False)}: server {own!r}, browser {theirs!r}")

    def judge(self) -> bool:
        """Say how it went; false when anything differs."""
        for line in self.found[:20]:
            print(f"  {line[:600]}")
        print(
            f"browser: {self.asked:,} asked, {self.refused:,} refused by the check, {len(self.found)} differ",
            flush=True,
        )
        return not self.found


def alike(text: str) -> bool:
    """Whether the check lets an expression into a form."""
    reader = Alike(KINDS)
    reader.read(text, tree(text))
    return not reader.problems


def conditions(made: Differences, chance: Random, count: int) -> None:
    """Conditions that the check lets in: whether they hold, and what they come to."""
    questions, ours = list[dict[str, Any]](), list[Any]()
    for text in _let_in(made, chance, count):
        given = data(chance)
        questions += [{"condition": text, "data": given}, {"expression": text, "data": given}]
        evaluator, scope = Evaluator(Environment(NOW)), Scope(ChainMap(given), None, given, ())
        ours += [evaluator.holds(condition(f"={text}"), scope), evaluator.value(compile_expression(text), scope)]
    made.compare(questions, ours)


def _let_in(made: Differences, chance: Random, count: int) -> Iterator[str]:
    texts = Conditions(chance)
    while count:
        text = texts.one()
        if alike(text):
            count -= 1
            yield text
        else:
            made.refused += 1


def values(made: Differences, chance: Random, count: int) -> None:
    """Numbers, texts and lists that limits, options and computed fields come to."""
    texts, questions, ours = Conditions(chance), list[dict[str, Any]](), list[Any]()
    while len(ours) < count:
        text, given = chance.choice([texts.number, texts.text, texts.many])(chance.randint(1, 3)), data(chance)
        if not alike(text):
            made.refused += 1
            continue
        questions.append({"expression": text, "data": given})
        ours.append(
            Evaluator(Environment(NOW)).value(compile_expression(text), Scope(ChainMap(given), None, given, ()))
        )
    made.compare(questions, ours)


def rows(made: Differences, chance: Random, count: int) -> None:
    """Forms whose fields, and fields in rows, are hidden by conditions: what is left of the data."""
    questions, ours = list[dict[str, Any]](), list[Any]()
    texts = _let_in(made, chance, 1_000 * count)
    while len(ours) < count:
        schema = _schema([f"={next(texts)}" for _ in HIDDEN])
        form, given, report = load_form("a.form.json", json.dumps(schema).encode()), data(chance), Report()
        check_browser("a.form.json", form, report)
        del given["this"]
        given["rows"] = given["rows"] or []
        left = Settler(form.fields, (), {}, Environment(NOW), {}).settle(Cleaned(data=json.loads(json.dumps(given))))
        if report.problems or left.errors:  # errors: fields that hide each other in a circle
            made.refused += 1
            continue
        questions.append({"schema": schema, "data": given})
        ours.append(left.data)
    made.compare(questions, ours)


def _schema(hides: list[str]) -> dict[str, Any]:
    """Two fields of a row hidden by conditions, and four of the form, whose own ``this`` has the names k, n and s."""

    def shown(name: str, hide: str, kind: str) -> dict[str, Any]:
        return {"type": kind, "id": f"id_{name}", "key": name, "label": name, "conditional": {"hide": hide}}

    def of_the_form(text: str) -> str:
        return text.replace("this.w", "this.k").replace("this.v", "this.n").replace("this.a", "this.s")

    made = [shown(name, hide, kind) for (name, kind), hide in zip(HIDDEN[:2], hides[:2], strict=True)]
    made.append({"type": "number", "key": "w", "id": "w", "label": "w"})
    top = [shown(name, of_the_form(hide), kind) for (name, kind), hide in zip(HIDDEN[2:], hides[2:], strict=True)]
    listed = {"type": "dynamiclist", "id": "rows", "path": "rows", "label": "rows", "isRepeating": True}
    listed |= {"allowAddRemove": True, "components": made}
    return {"type": "default", "id": "a", "schemaVersion": 19, "components": [*top, listed]}


def asked(made: Differences, chance: Random, count: int) -> None:
    """Forms whose fields are asked for by one outcome, by both or by none: what is lacking, by the outcome chosen."""
    questions, ours = list[dict[str, Any]](), list[Any]()
    while len(ours) < count:
        top = [_asked(chance, f"{kind}_top", kind) for kind in ASKED]
        group: dict[str, Any] = {"type": "group", "id": "g", "path": chance.choice(["", "g"]), "label": "g"}
        listed: dict[str, Any] = {"type": "dynamiclist", "id": "rows", "path": "rows", "label": "rows"}
        listed |= {
            "isRepeating": True,
            "allowAddRemove": True,
            "components": [_asked(chance, f"{kind}_row", kind) for kind in ASKED],
        }
        group["components"] = [_asked(chance, f"{kind}_in", kind) for kind in ASKED]
        schema = {"type": "default", "id": "a", "schemaVersion": 19, "components": [*top, group, listed]}
        inner = _filled(chance, "in")
        given = _filled(chance, "top") | ({"g": inner} if group["path"] else inner)
        given["rows"] = [_filled(chance, "row") for _ in range(chance.randrange(3))]
        form = load_form("a.form.json", json.dumps(schema).encode())
        checked = form.check(given, initial={}, context={}, environment=Environment(NOW))
        outcome = chance.choice(["sign", "return", "close"])
        questions.append({"outcome": outcome, "schema": schema, "data": given})
        ours.append(sorted(form.unfilled(checked.data, outcome)))
    made.compare(questions, ours)


def _asked(chance: Random, name: str, kind: str) -> dict[str, Any]:
    made: dict[str, Any] = {"type": kind, "id": f"id_{name}", "key": name, "label": name}
    made |= {"values": [{"value": "a", "label": "a"}]} if kind in ("select", "taglist") else {}
    made |= {"dateLabel": name, "subtype": "date"} if kind == "datetime" else {}
    if wanted := chance.choice(["", "sign", "close", "sign  close"]):
        made["properties"] = {"requiredFor": wanted}
    if name != "checkbox_top" and chance.random() < 0.3:
        made["conditional"] = {"hide": "=checkbox_top"}  # chains of hidden fields: see rows
    return made


def _filled(chance: Random, place: str) -> dict[str, Any]:
    return {f"{kind}_{place}": chance.choice(values) for kind, values in ASKED.items() if chance.random() < 0.8}


def fields(made: Differences, chance: Random, count: int) -> None:
    """Values of text and number fields against their rules: whether anything is wrong with them."""
    questions, ours = list[dict[str, Any]](), list[Any]()
    while len(ours) < count:
        component, value = _text(chance) if chance.random() < 0.6 else _number(chance)
        pattern = component.get("validate", {}).get("pattern", "")
        if pattern and not is_common(pattern):
            made.refused += 1
            continue
        wrong, kept = _judged(component, value)
        questions.append({"field": component, "value": kept, "data": {}})
        ours.append(wrong)
    made.compare(questions, ours)


def _text(chance: Random) -> tuple[dict[str, Any], Any]:
    pattern = "".join(chance.choice(ATOMS) for _ in range(chance.randint(1, 4)))
    rules: dict[str, Any] = {"pattern": f"^{pattern}$" if chance.random() < 0.3 else pattern, "validationType": "email"}
    rules |= {"minLength": chance.choice([1, 2, 3]), "maxLength": chance.choice([1, 2, 3]), "required": True}
    kept = {name: rule for name, rule in rules.items() if chance.random() < (0.7 if name == "pattern" else 0.2)}
    return {"type": "textarea", "id": "x", "key": "x", "label": "x", "validate": kept}, chance.choice(TEXTS)


def _number(chance: Random) -> tuple[dict[str, Any], Any]:
    least, most = chance.choice([0, 1, 0.1, "2", "=2"]), chance.choice([5, 0.3, 100, "=3"])
    rules: dict[str, Any] = {"min": least, "max": most, "required": True}
    kept = {name: rule for name, rule in rules.items() if chance.random() < 0.4}
    component: dict[str, Any] = {"type": "number", "id": "x", "key": "x", "label": "x", "validate": kept}
    if chance.random() < 0.5:
        component["decimalDigits"] = chance.choice([0, 1, 2])
    if chance.random() < 0.5:
        component["increment"] = chance.choice(["1", "0.1", "0.05", 5])
    return component, chance.choice(NUMBERS)


def _judged(component: dict[str, Any], value: Any) -> tuple[bool, Any]:
    """Whether anything is wrong with a value, and the value: a text in other widths or capitals as the case keeps it."""
    schema = {"type": "default", "id": "a", "schemaVersion": 19, "components": [component]}
    form = load_form("a.form.json", json.dumps(schema).encode())
    checked = form.check({"x": value}, initial={}, context={}, environment=Environment(NOW))
    folds = isinstance(value, str) and not checked.errors and folded(checked.data["x"]) == folded(value)
    return bool(checked.errors), checked.data["x"] if folds else value


def moments(made: Differences, chance: Random, count: int) -> None:
    """Days, times and moments as forms write them, and what is none: what a field keeps of them."""
    questions, ours = list[dict[str, Any]](), list[Any]()
    while len(ours) < count:
        day = f"{chance.randint(1950, 2100)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        clock = f"{chance.randrange(24):02}:{chance.randrange(60):02}{chance.choice(['', ':30'])}"
        clock += chance.choice(["", "Z", "+08:00", "-05:30"])
        subtype, value = chance.choice([("date", day), ("time", clock), ("datetime", f"{day}T{clock}")])
        if chance.random() < 0.2:
            value = chance.choice(["", "x", "2026-13-01", "T", "noon", "2026", day if subtype != "date" else clock])
        component = {"type": "datetime", "id": "x", "key": "x", "dateLabel": "x", "timeLabel": "x", "subtype": subtype}
        questions.append({"moment": component, "value": value})
        ours.append(None if value == "" or _judged(component, value)[0] else value)
    made.compare(questions, ours)


def patterns(made: Differences, chance: Random, count: int) -> None:
    """Patterns alone, each against every text."""
    questions, ours = list[dict[str, Any]](), list[Any]()
    while len(ours) < count:
        pattern = "".join(chance.choice(ATOMS) for _ in range(chance.randint(1, 5)))
        if not is_common(pattern):
            made.refused += 1
            continue
        questions.append({"pattern": pattern, "texts": TEXTS})
        ours.append([matches(pattern, text) for text in TEXTS])
    made.compare(questions, ours)


def parts(count: int) -> Iterator[tuple[Any, int]]:
    """What is asked, and how often of so many questions."""
    yield from ((conditions, count // 2), (values, count // 5), (rows, count // 10), (fields, count // 5))
    yield from ((moments, count // 20), (patterns, count // 5), (asked, count // 20))


def soak(count: int = COUNT, seed: int = 1) -> Differences:
    """``count`` questions or more, the same for the same seed."""
    chance, made = Random(seed), Differences()
    for part, share in parts(count):
        part(made, chance, share)
    return made
