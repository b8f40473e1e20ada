"""Random FEEL: by the grammar (mostly sound, always hostile), and by bytes (mostly unsound). Evaluates nothing."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from engine.feel.builtins import BUILTINS
from tests.soak.heavy import HEAVY, SLOW

LITERAL_WORDS = (
    "null true false 0 1 -1 2.5 0.1 1e6000 1e-6000 9999999999999999999999999999999999 999999999999 1000000000 "
    '"" "a" "x" "职工" "(a+)+$" "\\\\d{2,}" "\\u0000" "\\uD83D\\uDCA9" "__class__" "2026-02-29" "P1D" "[a-z]*" "," '
    '@"2026-01-31" @"0001-01-01" @"999999999-12-31" @"23:59:59@Asia/Shanghai" @"2026-03-29T02:30:00@Europe/Berlin" '
    '@"P999999999Y" @"-PT1H" @"PT999999999999H" @"2026-01-01T00:00:00Z" @"nothing" [] [1,2,3] [null] {} {a:1} [1..5] (1..9) '
    '"(x?){500}a{500}b" "\\\\w{900}" "(\\\\p{L}|\\\\d){50}" "a.*b|a" "((a*)(a*)(a*))b" "[^x]{1,1000}" "[1..9]" "i" "$9$9"'
)
LITERALS = LITERAL_WORDS.split()
NAMES = (
    "a",
    "b",
    "long",
    "wide",
    "list",
    "rows",
    "职工",
    "secret",
    "opened",
    "item",
    "partial",
    "？",
    "missing",
    "__class__",
    "case",
    "city_review",
    "人 数",
    "same",
    "alike",
    "huge",
    "tiny",
    "deep",
    "days",
    "spans",
    "keys",
    "texts",
)
TYPES = ("number", "string", "boolean", "date", "time", "date and time", "list<number>", "context<a: number>", "range<date>",
         "function<number> -> number", "Any", "days and time duration", "years and months duration", "nothing")  # fmt: skip
SIGNS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or")
FUNCTIONS = tuple(sorted(BUILTINS))
PARAMETERS = (
    "list",
    "string",
    "value",
    "match",
    "from",
    "to",
    "n",
    "scale",
    "pattern",
    "input",
    "a",
    "position",
    "function",
)
LARGE = (
    "0..9",
    "1..1000",
    "1..1000000000",
    "-5..5",
    "9..0",
    "1..1e6000",
    '@"2026-01-01"..@"2026-12-31"',
    "rows",
    "list",
    "many",
    "same",
    "alike",
    "huge",
    "spans",
    "texts",
    "[1,[2,[3]]]",
)
PIECE_WORDS = (
    "( ) [ ] { } , : . .. + - * / ** = != < <= > >= @ -> ? ; （ “ ” ， 。 \u200b \ufeff \x00 \ud800 \U0001f600 /* */ // \\ \" ' "
    "for in return some every satisfies if then else and or between not null true instance of function external a b 1 0 "
    "1e6000 __class__ __import__('os') ${x} #{x} %s"
)
PIECES = PIECE_WORDS.split()
OPENINGS = (
    "(",
    "[",
    "{a:",
    "not(",
    "if a then ",
    "1 in (",
    "for i in ",
    "-",
    "a.",
    "a[",
    '"',
    "function(x) ",
    "@",
    "1+",
    "some x in ",
    "sum(",
    "1..",
    "/*",
)


class Grammar:
    """Makes expressions from one source of chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._kinds: tuple[Callable[[int], str], ...] = (
            self._literal, self._literal, self._name, self._binary, self._binary, self._call, self._call, self._call, self._loop,
            self._quantified, self._choice, self._list, self._context, self._filter, self._path, self._range, self._lambda,
            self._instance, self._in, self._between, self._negation, self._recursion, self._matching, self._hostile,
            self._hostile,
        )  # fmt: skip

    def text(self) -> str:
        """One input: by the grammar, by the grammar and then damaged, or from pieces and bytes."""
        roll = self.chance.random()
        if roll < 0.6:
            return self.expression(self.chance.randint(1, 5))
        if roll < 0.75:
            return self.damaged(self.expression(self.chance.randint(1, 4)))
        if roll < 0.85:
            return " ".join(self.chance.choices(PIECES, k=self.chance.randint(1, 30)))
        if roll < 0.9:
            return self._deep()
        return self.noise()

    def expression(self, depth: int) -> str:
        if depth <= 0:
            return self._literal(0) if self.chance.random() < 0.6 else self._name(0)
        return self.chance.choice(self._kinds)(depth - 1)

    def tests(self) -> str:
        """The cell of a table."""
        one = [
            self.chance.choice(("", "", "< ", ">= ", "not ", "? > ")) + self.expression(2)
            for _ in range(self.chance.randint(1, 3))
        ]
        inner = ", ".join(one)
        return f"not({inner})" if self.chance.random() < 0.2 else inner

    def damaged(self, text: str) -> str:
        """The same with a few characters taken away, doubled or put in."""
        for _ in range(self.chance.randint(1, 4)):
            at = self.chance.randint(0, len(text))
            end = min(len(text), at + self.chance.randint(0, 8))
            middle = self.chance.choice(
                ("", text[at:end] * 2, self.chance.choice(PIECES), chr(self.chance.randint(0, 0x2FFF)))
            )
            text = text[:at] + middle + text[end:]
        return text

    def noise(self) -> str:
        """Bytes, read as the text that a careless door would make of them."""
        data = self.chance.randbytes(self.chance.choice((1, 8, 40, 400)))
        return data.decode(self.chance.choice(("utf-8", "latin-1", "utf-16-le")), "replace")

    def _deep(self) -> str:
        opening = "".join(self.chance.choices(OPENINGS, k=self.chance.randint(1, 2)))
        return opening * self.chance.choice((10, 60, 200, 3000)) + self._literal(0)

    def _literal(self, depth: int) -> str:
        return self.chance.choice(LITERALS)

    def _name(self, depth: int) -> str:
        return self.chance.choice(NAMES)

    def _binary(self, depth: int) -> str:
        parts = [self.expression(depth)]
        for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
            parts += [self.chance.choice(SIGNS), self.expression(depth)]
        return "(" + " ".join(parts) + ")"

    def _call(self, depth: int) -> str:
        name = self.chance.choice(FUNCTIONS)
        values = [self.expression(depth) for _ in range(self.chance.choice((0, 1, 1, 2, 2, 2, 3, 3, 4)))]
        if self.chance.random() < 0.15:
            values = [f"{self.chance.choice(PARAMETERS)}: {value}" for value in values]
        return f"{name}({', '.join(values)})"

    def _loop(self, depth: int) -> str:
        sources = [
            f"{name} in {self._source(depth)}" for name in self.chance.sample("ijk", self.chance.choice((1, 1, 2, 3)))
        ]
        return (
            f"(for {', '.join(sources)} return {self.chance.choice(('i', 'partial', 'i * j', self.expression(depth)))})"
        )

    def _source(self, depth: int) -> str:
        return self.chance.choice(LARGE) if self.chance.random() < 0.6 else self.expression(depth)

    def _quantified(self, depth: int) -> str:
        word = self.chance.choice(("some", "every"))
        return f"({word} i in {self._source(depth)} satisfies {self.chance.choice(('i > 0', self.expression(depth)))})"

    def _choice(self, depth: int) -> str:
        return f"(if {self.expression(depth)} then {self.expression(depth)} else {self.expression(depth)})"

    def _list(self, depth: int) -> str:
        return "[" + ", ".join(self.expression(depth) for _ in range(self.chance.randint(0, 4))) + "]"

    def _context(self, depth: int) -> str:
        names = self.chance.sample(("a", "b", "f", '"a b"', "职工", "__class__"), self.chance.randint(1, 4))
        return "{" + ", ".join(f"{name}: {self.expression(depth)}" for name in names) + "}"

    def _filter(self, depth: int) -> str:
        return (
            f"{self.expression(depth)}[{self.chance.choice(('1', '-1', 'item > 1', 'item.a', self.expression(depth)))}]"
        )

    def _path(self, depth: int) -> str:
        return f"{self.expression(depth)}.{self.chance.choice(('a', 'b', 'year', 'time offset', 'start', '__class__', 'days', 'f(1)'))}"

    def _range(self, depth: int) -> str:
        opening, closing = self.chance.choice("[(]"), self.chance.choice("])[")
        return f"{opening}{self.expression(depth)}..{self.expression(depth)}{closing}"

    def _lambda(self, depth: int) -> str:
        body = self.expression(depth)
        values = [self.expression(depth) for _ in range(self.chance.randint(0, 2))]
        return f"(function(x, y) {body})({', '.join(values)})"

    def _recursion(self, depth: int) -> str:
        body = self.chance.choice(
            ("f(n + 1)", "f(n - 1) + f(n - 2)", "[f(n), f(n)]", "f", "string(n) + f(n * n)", self.expression(depth))
        )
        return f"{{f: function(n) {body}, r: f({self.expression(depth)})}}.r"

    def _matching(self, depth: int) -> str:
        """Patterns that are new in every round, over texts that are long."""
        call = self.chance.choice(("matches({}, {})", 'replace({}, {}, "$1b$0")', "split({}, {})"))
        text = self.chance.choice(("long", "wide", "string(i)", "substring(long, 9, 5000)", self.expression(depth)))
        pattern = f"{self.expression(0)} + {self.chance.choice(('string(i)', self.expression(0)))}"
        return f"(for i in {self._source(depth)} return {call.format(text, pattern)})"

    def _hostile(self, depth: int) -> str:
        """What is slow when it is done one by one: over values of one hash, huge numbers, long texts."""
        two = self.chance.choices(HEAVY, k=2)
        return self.chance.choice(SLOW).format(*two, self.expression(depth))

    def _instance(self, depth: int) -> str:
        return f"({self.expression(depth)} instance of {self.chance.choice(TYPES)})"

    def _in(self, depth: int) -> str:
        return f"({self.expression(depth)} in ({self.expression(depth)}, {self.chance.choice(('< 5', '[1..9]', self.expression(depth)))}))"

    def _between(self, depth: int) -> str:
        return f"({self.expression(depth)} between {self.expression(depth)} and {self.expression(depth)})"

    def _negation(self, depth: int) -> str:
        return f"-{self.expression(depth)}"
