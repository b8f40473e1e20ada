"""Chinese in an English page carries its language: names, titles, opinions, whatever people and diagrams have written.

What the program itself says is English there, so what is still Chinese is data. ``Marking`` wraps, while templates are
compiled, every expression in the content of an element; inside of a tag, and in elements that hold plain text, a
template says ``{{ tongue(text) }}`` in the tag. Knows no page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from web.common.i18n import language

CHINESE = r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
_RUN = re.compile(rf"{CHINESE}+(?:[\d\s.,:;/()·–—-]*{CHINESE}+)*")
_PART = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][\w-]*)|>|<!--.*?-->", re.DOTALL)
PLAIN = frozenset({"option", "title", "textarea", "script", "style"})
"""Elements that hold text and no other elements: Chinese in them is marked on their own tag."""


def marked(value: Any) -> Any:
    """The value with ``lang`` around all that is Chinese, for an English page; what holds tags already as it is."""
    if language() == "zh" or not isinstance(value, str) or not _RUN.search(value):
        return value
    html = str(escape(value))  # what a template calls safe stays so
    return value if "<" in html else Markup(_RUN.sub(r'<span lang="zh">\g<0></span>', html))  # noqa: S704 - escaped


def tongue(*texts: Any) -> Markup:
    """The attribute that says that a tag's texts are Chinese, if they are and the page is English."""
    chinese = language() != "zh" and any(_RUN.search(str(text)) for text in texts)
    return Markup(' lang="zh"') if chinese else Markup("")


_FILTERED = (("rparen", ")"), ("pipe", "|"), ("name", "lang"))


class Marking(Extension):
    """Puts ``marked`` (the filter ``lang``) behind every ``{{ … }}`` that stands between tags."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, with the filter put into the expressions of its content."""
        where, before = _Where(), ""
        for token in stream:
            value = str(token.value)
            if token.type == "data":
                where.read(value)
            elif token.type == "name":
                where.title = (where.title or (before, value) == ("block", "title")) and value != "endblock"
            elif token.type == "variable_end" and where.content:
                yield from (Token(token.lineno, *part) for part in _FILTERED)
            yield token
            if token.type == "variable_begin" and where.content:
                yield Token(token.lineno, "lparen", "(")
            before = value if token.type == "name" else ""


class _Where:
    """Where in the page the text of a template has come to."""

    def __init__(self) -> None:
        self.tag = self.element = ""  # the tag that is open, the element of plain text that is
        self.title = False  # in the block that fills the title

    @property
    def content(self) -> bool:
        return not (self.tag or self.element or self.title)

    def read(self, text: str) -> None:
        for part in _PART.finditer(text):
            if part["name"] and not self.tag:
                self.tag = part["close"] + part["name"].lower()
            elif part[0] == ">" and self.tag:
                name, self.tag = self.tag, ""
                if name in PLAIN:
                    self.element = name
                elif name == f"/{self.element}":
                    self.element = ""


def init_tongues(app: Flask) -> None:
    """Teach the templates to mark."""
    app.jinja_env.add_extension(Marking)
    app.add_template_filter(marked, "lang")
    app.jinja_env.globals["tongue"] = tongue
