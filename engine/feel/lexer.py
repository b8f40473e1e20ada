"""Text to tokens (clause 10.3.1.2). Knows characters; knows no grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.feel.errors import FeelSyntaxError
from engine.words import say

# Clause 10.3.1.2, rules 28 and 29, without the full-width punctuation that Chinese typists hit by mistake.
_START = (
    r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3005-\u3007\u3021-\u302F\u3031-\u3035\u3038-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF10-\uFF19"
    r"\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFDC\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_SPACE = r"\s\u180E\u200B\uFEFF"
_TOKEN = re.compile(
    rf"""(?P<space>[{_SPACE}]+|//[^\n\r]*|/\*)
    |(?P<name>[{_START}][{_PART}]*)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<sign>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{{}},:.@?'’])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_WIDE = dict(zip("（）【】｛｝，：；＋－＊／＝＜＞“”‘’。、？！", "()[]{},:;+-*/=<>\"\"''.,?!", strict=True))
_FOREIGN = {"&&": "and", "||": "or", "!": "not(…)", "%": "modulo(…, …)"}  # what other languages write
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is name, number, string, sign or end. ``value`` is the text of a string with its escapes undone."""

    kind: str
    text: str
    start: int
    end: int
    value: str = ""


def tokenize(text: str) -> list[Token]:
    """The tokens of an expression, an end token last. Raises ``FeelSyntaxError``."""
    if len(text) > LONGEST:
        detail = say("表达式超过 {most} 个字符", most=LONGEST)
        raise FeelSyntaxError(text, LONGEST, detail)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise _unreadable(text, at)
        kind = found.lastgroup or ""
        if found[0] == "/*":
            at = _end_of_comment(text, at)
            continue
        if kind != "space":
            value = unescape(text, at, found[0]) if kind == "string" else ""
            tokens.append(Token("sign" if found[0] == "?" else kind, found[0], at, found.end(), value))
        at = found.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _end_of_comment(text: str, at: int) -> int:
    end = text.find("*/", at + 2)
    if end < 0:
        raise FeelSyntaxError(text, at, say("注释没有结束"), "*/")
    return end + 2


def _unreadable(text: str, at: int) -> FeelSyntaxError:
    char = text[at]
    if char == '"':
        return FeelSyntaxError(text, at, say("引号没有成对"), '"')
    if char in _WIDE:
        narrow = _WIDE[char]
        detail = say("全角符号 {char} 应改为半角 {narrow}", char=char, narrow=narrow)
        return FeelSyntaxError(text, at, detail, narrow)
    for wrong, right in _FOREIGN.items():
        if text.startswith(wrong, at):
            return FeelSyntaxError(text, at, say("“{wrong}”应写作 {right}", wrong=wrong, right=right), right)
    return FeelSyntaxError(text, at, say("无法识别的字符“{char}”", char=char))


def unescape(text: str, at: int, quoted: str) -> str:
    r"""The text inside quotation marks. Unknown escapes such as ``\d`` stay as written: patterns need them."""
    inner = quoted[1:-1]
    if "\\" in inner:
        inner = _ESCAPE.sub(_one_escape, inner)
        # A pair of \uD83D\uDCA9 is one character; half of a pair is none and could not be stored.
        inner = inner.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if any("\ud800" <= char <= "\udfff" for char in inner) or "\ufffd" in inner:
        raise FeelSyntaxError(text, at, say("文字中有残缺的字符编码"))
    return inner


def _one_escape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else "\ufffd"
    return _PLAIN.get(found[3], found[0])
