"""Random conditions of forms and data for them: more than a browser judges as the server does, so that both are seen."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from engine.checks.alike import ANY, FLAG, NUMBER, TEXT, WHOLE, Known

ROW = {"a": TEXT, "v": NUMBER, "w": WHOLE}
THIS = Known("context", ROW)
KINDS = {
    "n": NUMBER, "m": NUMBER, "k": WHOLE, "j": WHOLE, "t": TEXT, "s": TEXT, "d": TEXT, "f": FLAG, "y": FLAG, "g": ANY,
    "l": Known("list", {"": TEXT}), "rows": Known("rows", ROW), "this": THIS,
}  # fmt: skip
LETTER, DAY = '"a"', '"2026-01-05"'
PATTERNS = ('"^a"', '"[0-9]+"', '"^[一-龥]+$"', '"^(a|b)c?"', '"[0-9]{2}"', '"\\\\d"')
COMPARED = ("=", "!=", "<", "<=", ">", ">=")


def data(chance: Random) -> dict[str, Any]:
    """Values of the right kinds, often absent, as a form holds them."""
    number = lambda: chance.choice([None, 0, 1, 2.5, -3, 0.1, 0.2, 0.3, 10, 1_000_000, -0.5])  # noqa: E731
    whole = lambda: chance.choice([None, 0, 1, 2, 3, -1, 10, 100])  # noqa: E731
    text = lambda: chance.choice([None, "", "a", "b", "abc", "中文", "工会a", "A", "10", "2026-01-05"])  # noqa: E731
    row = lambda: {"a": text(), "v": number(), "w": whole()}  # noqa: E731
    return {
        "n": number(), "m": number(), "k": whole(), "j": whole(), "t": text(), "s": text(),
        "d": chance.choice([None, "2026-01-05", "2026-02-28", "2025-12-31"]),
        "f": chance.choice([True, False]), "y": chance.choice([True, False, None]), "g": chance.choice([None, "a"]),
        "l": chance.choice([None, [], ["a"], ["a", "b"], ["b", "中文", "a"]]),
        "rows": chance.choice([None, [row() for _ in range(chance.randrange(4))]]), "this": row(),
    }  # fmt: skip


class Conditions:
    """Texts of conditions over the names above, so many levels deep."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def one(self) -> str:
        return self.condition(self.chance.choice([1, 2, 2, 3]))

    def _of(self, *texts: str) -> str:
        return self.chance.choice(texts)

    def _pick(self, *makers: Callable[[], str]) -> str:
        return self.chance.choice(makers)()

    def number(self, deep: int) -> str:
        name = self._of("n", "m", "k", "j", "this.w", "0", "1", "3", "0.1", "2.5", "1.50", "-1", "1e3")
        if deep <= 0:
            return name
        inner = lambda: self.number(deep - 1)  # noqa: E731
        return self._pick(
            lambda: name,
            lambda: f"{inner()} {self._of('+', '-', '*', '/', '**')} {inner()}",
            lambda: f"count({self.many(deep - 1)})",
            lambda: f"string length({self.text(deep - 1)})",
            lambda: f"{self._of('max', 'min')}({inner()}, {inner()})",
            lambda: f"{self._of('abs', 'floor', 'ceiling', 'modulo')}({inner()})",
            lambda: f"sum({self._of('rows.w', 'rows.v', '[k, j]')})",
            lambda: f"-{inner()}",
            lambda: f"rows[{self._of('1', '-1', '9', 'k')}].{self._of('v', 'w')}",
            lambda: f"(if {self.condition(deep - 1)} then {inner()} else {inner()})",
            lambda: f"date(d).{self._of('year', 'month', 'day', 'weekday')}",
            lambda: f"round half up({inner()}, 0)",
        )

    def text(self, deep: int) -> str:
        name = self._of("t", "s", "d", "this.a", '"a"', '"b"', '""', '"中文"', '"x\\"y"', '"\\u0061b"')
        if deep <= 0:
            return name
        inner = lambda: self.text(deep - 1)  # noqa: E731
        return self._pick(
            lambda: name,
            lambda: f"{inner()} + {inner()}",
            lambda: f"{self._of('upper', 'lower')} case({inner()})",
            lambda: f"rows[{self._of('1', '-1')}].a",
            lambda: f"l[{self._of('1', '2', '-1')}]",
            lambda: f'string join({self.many(deep - 1)}, ",")',
            lambda: f"substring {self._of('before', 'after')}({inner()}, {inner()})",
            lambda: f'get value({{a: "x", b: {inner()}}}, {inner()})',
            lambda: f"{self._of('substring', 'string')}({inner()}, 2)",
        )

    def many(self, deep: int) -> str:
        name = self._of("l", "rows", "rows.a", '["a", "b"]', "[1, 2, 3]")
        if deep <= 0:
            return name
        return self._pick(
            lambda: name,
            lambda: f"rows[{self._row('item.')}]",
            lambda: f"rows[{self._row('')}].{self._of('a', 'v')}",
            lambda: f"l[item {self._of(*COMPARED)} {self._of(LETTER, 't', 'null')}]",
            lambda: f"for r in rows return r.{self._of('a', 'v', 'w')}",
            lambda: f"for i in 1..{self.number(0)} return i",
            lambda: "distinct values(l)",
        )

    def _row(self, of: str) -> str:
        return self._of(
            f"{of}a = t", f"{of}a != null", f"{of}v > 1", f"{of}v != null and {of}v > 1", f"{of}v = null or {of}v > 2",
            f"{of}w = k", f'contains({of}a, "a")', f'not({of}a = "a")', f'{of}a in ["a", "b"]', f"{of}w != 1 and f",
            f"list contains(l, {of}a)", f"{of}v = null or {of}v > n",
        )  # fmt: skip

    def condition(self, deep: int) -> str:
        simple = self._of("f", "y", "y != true", "true", "null", "n = null", "t != null", "l != null", "g = null")
        if deep <= 0:
            return simple
        number, text = (lambda: self.number(deep - 1)), (lambda: self.text(deep - 1))
        inner = lambda: self.condition(deep - 1)  # noqa: E731
        return self._pick(
            lambda: simple,
            lambda: f"{number()} {self._of(*COMPARED)} {number()}",
            lambda: f"{text()} {self._of(*COMPARED)} {text()}",
            lambda: f"{inner()} {self._of('and', 'or')} {inner()}",
            lambda: f"({inner()} or {inner()}) and {inner()}",
            lambda: f"not({inner()})",
            lambda: f"{number()} in {self._of('[1, 2, 3]', '(1, 2)', '[1..5]', '(> 2)', '[k, j]', 'l')}",
            lambda: f"{text()} in {self._of(f'[{LETTER}, t]', f'({LETTER}, s)', 'l', 'g')}",
            lambda: f"{number()} between {self._of('1 and 3', '0.1 and 0.3', 'k and j', '5 and 1')}",
            lambda: f"{self._of('some', 'every')} r in rows satisfies {self._row('r.')}",
            lambda: f"{self._of('some', 'every')} x in l satisfies x {self._of('=', '!=', '>')} {self.text(0)}",
            lambda: f"list contains({self.many(deep - 1)}, {text()})",
            lambda: f"{self._of('contains', 'starts with', 'ends with')}({text()}, {text()})",
            lambda: f"if {inner()} then {inner()} else {inner()}",
            lambda: f"date(d) {self._of(*COMPARED)} date({self._of('d', DAY, 'null')})",
            lambda: f"matches({text()}, {self._of(*PATTERNS)})",
            lambda: f"{self.many(deep - 1)} = {self._of('[]', 'l', '[t]')}",
            lambda: f"{number()} > {text()}",
            lambda: f"{number()} instance of number",
        )
