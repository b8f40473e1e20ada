"""What is noted while one form is read: its problems, its compiled FEEL, its English. Knows no type of component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Problem
from engine.feel import Expression, FeelError, compile_expression
from engine.forms import expressions
from engine.words import Words, say


class Notes:
    """The notes on one file: every problem that is found in it."""

    def __init__(self, file: str, english: Mapping[str, str]) -> None:
        self.file = file
        self.english = english
        self.problems: list[Problem] = []

    def problem(self, place: str, what: Words, severity: str = "error") -> None:
        """Note a problem at a component."""
        hint = say("请在表单编辑器里改正“{place}”。", place=place or "schema")
        self.problems.append(Problem(self.file, place or "schema", what, hint, severity))

    def expression(self, raw: Mapping[str, Any], name: str, identity: str) -> Expression | None:
        """The compiled FEEL of a property, or None when it is absent or does not compile."""
        text = raw.get(name)
        if text in (None, ""):
            return None
        return self.compiled(text, name, identity)

    def compiled(self, text: Any, name: str, identity: str) -> Expression | None:
        """The compiled FEEL text; a problem when it is none."""
        try:
            if not isinstance(text, str):
                raise TypeError
            return compile_expression(text)
        except TypeError:
            self.problem(identity, say("{name} 应为表达式文字", name=name))
        except FeelError as error:
            self.problem(identity, say("{name}：{what}", name=name, what=error.words))
        return None

    def translated(self, name: str, identity: str, part: str = "") -> str:
        """The English of a component (by key, else by id), or of one part of it."""
        for owner in (name, identity):
            key = f"{owner}:{part}" if part else owner
            if key in self.english:
                for inner in expressions.template_parts(self.english[key]):
                    self.compiled(inner, "template", identity)
                return self.english[key]
        return ""
