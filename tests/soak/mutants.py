"""Files of a definition, damaged: as bytes, as marks of XML, as values of JSON. Checks nothing."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

from tests.soak.grammar import Grammar

ELEMENT = re.compile(rb"<(?![?!/])[^<>]*>")
ATTRIBUTE = re.compile(rb'\b([\w:]{1,40})="([^"<>]{0,5000})"')
TEXT = re.compile(rb">(\s*[^<>\s][^<>]{0,5000})<")
BLOCK = re.compile(rb"(<([\w:]{1,40})\b[^<>]{0,400}(?<!/)>)(.{1,4000}?)(</\2>)", re.DOTALL)
"""An element with what is in it; of two of one name within each other the outer mark and the inner end."""
NAMES = (
    b"process.bpmn",
    b"",
    b"../x",
    b"review",
    b"start",
    b"end",
    b"\xe7\x94\xb3\xe8\xaf\xb7",
    b"__class__",
    b"typename",
    b"1",
    b"true",
    b"{year}",
    b"a b",
)
HURTFUL = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>', b'<!DOCTYPE x SYSTEM "file:///etc/hostname">', b"&b;", b"&#0;",
    b"<![CDATA[", b"]]>", b"<?xml-stylesheet href='x'?>", b"<!-- -->", b"<script>open('x')</script>", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"<bpmn:timerEventDefinition/>", b"<bpmn:scriptTask id='s' scriptFormat='python'><bpmn:script>open('x')</bpmn:script></bpmn:scriptTask>",
    b"<bpmn:script>__import__('os').getcwd()</bpmn:script>", b"<bpmn:multiInstanceLoopCharacteristics/>", b"<bpmn:standardLoopCharacteristics/>",
    b"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/hostname'/>", b"<a>" * 300, b"x" * 100_000, b"=1+", b'="\xe5"',
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, 1e308, float("nan"), float("inf"), "", "x", "=1+", "=a", "a" * 10_000, "\x00", "\ud800", "__class__",
    "typename", [], {}, [[]], [None], {"": ""}, {"a": {"a": {}}}, [{"type": "textfield", "key": "x"}], "(a+)+$", "../../x", "dynamiclist", "number",
)  # fmt: skip
DEEP = "[" * 3000 + "]" * 3000
LINES = (
    b"a = 1", b"[a]", b"[[article]]", b"number = 1", b'zh = ""', b"en = [1]", b"a = " + b"1" * 5000, b"a = " + b"[" * 3000, b".".join([b"a"] * 3000) + b" = 1",
    b"a = 1e999", b"a = nan", b"a = 9999-99-99", b"[" + b".".join([b"a"] * 50) + b"]", b'"" = 1', b"\xff", b'a = """', b"a = {a = {a = {}}}",
)  # fmt: skip
UNSAFE = (
    "../x.bpmn",
    "x" * 300 + ".dmn",
    "a b.form.json",
    ".x.toml",
    "a/b/c/d/e/f.md",
    "run.py",
    "forms/另.form.json",
    "x\x00.bpmn",
    "scenarios/x.toml",
)


class Mutator:
    """Damages files from one source of chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.grammar = Grammar(chance)

    def folder(self, files: dict[str, bytes]) -> tuple[dict[str, bytes], str]:
        """The same folder with one file, seldom two, damaged, seldom one lost, exchanged or added; and which."""
        made, named = dict(files), []
        for name in self.chance.sample(sorted(files), min(len(files), self.chance.choice((1, 1, 1, 2)))):
            made[name] = self.file(name, files[name])
            named.append(name)
        roll = self.chance.random()
        if roll < 0.03:
            made.pop(self.chance.choice(sorted(made)))
        elif roll < 0.05:
            made[self.chance.choice(sorted(made))] = files[self.chance.choice(sorted(files))]
        elif roll < 0.06:
            made[self.chance.choice(UNSAFE)] = files[self.chance.choice(sorted(files))]
        return made, ", ".join(named)

    def file(self, name: str, data: bytes) -> bytes:
        rounds = self.chance.choice((1, 1, 1, 2, 3, 6))
        for _ in range(rounds):
            roll = self.chance.random()
            if roll < 0.2:
                data = self._bytes(data)
            elif name.endswith(".json"):
                data = self._json(data)
            elif name.endswith(".toml"):
                data = self._lines(data)
            else:
                data = self._xml(data)
        return data

    def _bytes(self, data: bytes) -> bytes:
        at = self.chance.randint(0, len(data))
        end = min(len(data), at + self.chance.choice((0, 1, 4, 60, 2000)))
        middle = self.chance.choice((b"", data[at:end] * 2, self.chance.randbytes(4), self.chance.choice(HURTFUL)))
        changed = data[:at] + middle + data[end:]
        return self.chance.choice(
            (changed, changed, changed, data[:at], changed.decode("utf-8", "replace").encode("utf-16"))
        )

    def _xml(self, data: bytes) -> bytes:
        act = self.chance.choice(
            (
                self._attribute,
                self._attribute,
                self._text,
                self._drop,
                self._double,
                self._move,
                self._insert,
                self._block,
            )
        )
        return act(data)

    def _attribute(self, data: bytes) -> bytes:
        """Another value: one from the same file, a name, an expression."""
        found = list(ATTRIBUTE.finditer(data))
        if not found:
            return data
        mark = self.chance.choice(found)
        value = self.chance.choice((self.chance.choice(found)[2], self.chance.choice(NAMES), self._expression()))
        return data[: mark.start(2)] + value + data[mark.end(2) :]

    def _text(self, data: bytes) -> bytes:
        found = list(TEXT.finditer(data))
        if not found:
            return data
        mark = self.chance.choice(found)
        value = self.chance.choice(
            (self.chance.choice(found)[1], self.chance.choice(NAMES), self._expression(), self._expression())
        )
        return data[: mark.start(1)] + value + data[mark.end(1) :]

    def _expression(self) -> bytes:
        text = "=" + self.grammar.text()
        return re.sub(rb"[<>&\"\x00]", b"'", text.encode("utf-8", "replace"))

    def _drop(self, data: bytes) -> bytes:
        """Without one element that holds nothing, or with one mark less."""
        found = [mark for mark in ELEMENT.finditer(data) if mark[0].endswith(b"/>") or self.chance.random() < 0.02]
        if not found:
            return data
        mark = self.chance.choice(found)
        return data[: mark.start()] + data[mark.end() :]

    def _double(self, data: bytes) -> bytes:
        marks = [mark for mark in ELEMENT.finditer(data) if mark[0].endswith(b"/>")]
        if not marks:
            return data
        mark = self.chance.choice(marks)
        return data[: mark.end()] + mark[0] * self.chance.choice((1, 1, 1, 500)) + data[mark.end() :]

    def _move(self, data: bytes) -> bytes:
        """An element of its own put somewhere else."""
        marks = [mark for mark in ELEMENT.finditer(data) if mark[0].endswith(b"/>")]
        if len(marks) < 2:
            return data
        one, other = sorted(self.chance.sample(marks, 2), key=lambda mark: mark.start())
        return data[: one.start()] + data[one.end() : other.end()] + one[0] + data[other.end() :]

    def _insert(self, data: bytes) -> bytes:
        marks = list(ELEMENT.finditer(data))
        at = self.chance.choice(marks).end() if marks else 0
        return data[:at] + self.chance.choice(HURTFUL) + data[at:]

    def _block(self, data: bytes) -> bytes:
        """An element with what is in it: left out, repeated, or put into itself."""
        found = list(BLOCK.finditer(data))
        if not found:
            return data
        mark = self.chance.choice(found)
        often = self.chance.choice((0, 2, 2, 200))
        inside = mark[1] * often + mark[3] + mark[4] * often if self.chance.random() < 0.3 else mark[0] * often
        return data[: mark.start()] + inside + data[mark.end() :]

    def _lines(self, data: bytes) -> bytes:
        """A line of TOML left out, repeated, or followed by another one."""
        lines = data.split(b"\n")
        at = self.chance.randrange(len(lines))
        lines[at : at + 1] = self.chance.choice(([], [lines[at]] * 2, [lines[at], self.chance.choice(LINES)]))
        return b"\n".join(lines)

    def _json(self, data: bytes) -> bytes:
        try:
            root = json.loads(data)
        except (ValueError, RecursionError):
            return self._bytes(data)
        places = list(_places(root))
        if not places:
            return self._bytes(data)
        holder, key = self.chance.choice(places)
        roll = self.chance.random()
        if roll < 0.15:
            del holder[key]
        elif roll < 0.3:
            other, its = self.chance.choice(places)
            holder[key] = json.loads(json.dumps(other[its]))
        elif roll < 0.5:
            holder[key] = "=" + self.grammar.text()
        else:
            holder[key] = self.chance.choice(VALUES)
        text = json.dumps(root)
        return (text.replace('"x"', DEEP, 1) if self.chance.random() < 0.02 else text).encode("utf-8", "replace")


def _places(value: Any) -> Any:
    """Every (holder, key) at every depth."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in list(pairs):
        yield value, key
        yield from _places(child)
