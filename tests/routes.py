"""An address of each route of an application, filled with what its converters take."""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.routing import Rule

PART = re.compile(r"<(?:([^:>]*):)?(\w+)>")


def filled(rule: Rule, known: Mapping[str, str]) -> str:
    """The route with these values by name; a number is 1, a choice its first word, and so is whatever is not known."""

    def value(found: re.Match[str]) -> str:
        choice = re.match(r"any\(([\w-]+)", found[1] or "")
        if choice:
            return choice[1]
        return "1" if (found[1] or "").startswith("int") else known.get(found[2], "1")

    return PART.sub(value, rule.rule)
