"""Functions of texts (clause 10.3.4.3). Positions count from 1, or from -1 backwards."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Environment
from engine.feel.patterns import TOO_LARGE, pattern_of
from engine.feel.values import lift
from engine.words import say


@builtin("substring(string: string, start position: number, length: number?)")
def substring(env: Environment, string: str, start: Decimal, length: Decimal | None) -> Any:
    env.check_text(len(string))
    if abs(start) > len(string) or int(start) == 0:
        return env.null(say("起始位置超出文字"))
    begin = int(start) - 1 if start > 0 else len(string) + int(start)
    if length is None:
        return string[begin:]
    if length < 1:
        return env.null(say("长度至少为 1"))
    return string[begin : begin + int(min(length, Decimal(len(string))))]


@builtin("string length(string: string)")
def string_length(env: Environment, string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case(string: string)")
def upper_case(env: Environment, string: str) -> str:
    env.check_text(len(string))
    return string.upper()


@builtin("lower case(string: string)")
def lower_case(env: Environment, string: str) -> str:
    env.check_text(len(string))
    return string.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(env: Environment, string: str, match: str) -> str:
    env.check_text(len(string))
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(env: Environment, string: str, match: str) -> str:
    env.check_text(len(string))
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string)")
def contains(env: Environment, string: str, match: str) -> bool:
    env.check_text(len(string))
    return match in string


@builtin("starts with(string: string, match: string)")
def starts_with(env: Environment, string: str, match: str) -> bool:
    env.check_text(len(match))
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(env: Environment, string: str, match: str) -> bool:
    env.check_text(len(match))
    return string.endswith(match)


_REPLACEMENT = re.compile(r"(?:[^$\\]|\$[0-9]|\\[$\\])*")  # $1 is a group; \$ and \\ are themselves


WORK = 400  # parts of a pattern, times characters, that are worked through in one step


AHEAD = 500  # characters that a search may look ahead in one step, to the end of the text after every match


def _pattern(env: Environment, pattern: str, flags: str | None, string: str, groups: bool = False) -> Any:
    env.check_text(len(string))
    env.charge(40 + len(pattern) // 8 + len(string) // 8)
    env.look()
    found = pattern_of(pattern, flags or "", groups)
    if found is None:
        env.charge_once((pattern, flags, groups), TOO_LARGE if "{" in pattern or "\\" in pattern else 100)
        return env.null(say("模式写法有误"))
    env.charge_once((pattern, flags, groups), int(found.programsize))
    env.charge(len(string) * found.programsize * (1 + found.groups // 8) // WORK)
    env.look()
    return found


@builtin("matches(input: string, pattern: string, flags: string?)")
def matches(env: Environment, input: str, pattern: str, flags: str | None) -> bool | None:
    found = _pattern(env, pattern, flags, input)
    return None if found is None else found.search(input) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags: string?)")
def replace(env: Environment, input: str, pattern: str, replacement: str, flags: str | None) -> Any:
    found = _pattern(env, pattern, flags, input, groups=True)
    if found is None or (found.search("") is not None):
        return None if found is None else env.null(say("模式不能匹配空文字"))
    env.check_text(len(replacement))
    if "q" not in (flags or "") and not _REPLACEMENT.fullmatch(replacement):
        return env.null(say("替换文字中的 $ 或 \\ 写法有误"))
    pieces: list[str] = []
    at, length = 0, 0
    for match in found.finditer(input):
        piece = input[at : match.start()] + _filled(replacement, match, "q" in (flags or ""))
        length += len(piece)
        env.charge(12 + len(replacement) + len(piece) // 64 + (len(input) - match.end()) // AHEAD)
        env.check_length(length)
        pieces.append(piece)
        at = match.end()
    env.check_text(length + len(input) - at)
    return "".join(pieces) + input[at:]


def _filled(replacement: str, match: Any, literal: bool) -> str:
    if literal:
        return replacement

    def one(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][1]
        digits, rest = found[1], ""
        while len(digits) > 1 and int(digits) > match.re.groups:  # $12 is $1 and a 2 where there is no twelfth group
            digits, rest = digits[:-1], digits[-1] + rest
        return ((match.group(int(digits)) or "") if int(digits) <= match.re.groups else "") + rest

    return re.sub(r"\$([0-9]{1,9})|\\[\\$]", one, replacement)


@builtin("split(string: string, delimiter: string)")
def split(env: Environment, string: str, delimiter: str) -> list[str] | None:
    found = _pattern(env, delimiter, None, string)
    if found is None or found.search("") is not None:
        return None if found is None else env.null(say("分隔符不能匹配空文字"))
    pieces, at = [], 0
    for match in found.finditer(string):
        pieces.append(string[at : match.start()])
        at = match.end()
        env.charge(6 + (len(string) - at) // AHEAD)
        env.check_count(len(pieces))
    return [*pieces, string[at:]]


@builtin("string join(list: list, delimiter: string?)")
def string_join(env: Environment, items: list[Any], delimiter: str | None) -> Any:
    texts = [lift(item) for item in env.each(items) if item is not None]
    if not all(isinstance(text, str) for text in texts):
        return env.null(say("只能连接文字"))
    between = delimiter or ""
    env.check_text(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)
