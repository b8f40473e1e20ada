"""What an expression of another engine is in FEEL: JUEL of Camunda 7 and Flowable, Groovy, JavaScript, Python.

A proposal for a hint, given only when it is FEEL: whoever reads it decides. Knows no diagram.
"""

from __future__ import annotations

import re
from typing import Final

from engine.feel import FeelError, compile_expression

_LONGEST: Final = 500  # characters: of a longer text nobody wants a guess
_WRAPPED: Final = re.compile(r"\s*=?\s*[$#%]\{(.*)\}\s*", re.DOTALL)
_TEXTS: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|(\"(?:[^\"\\]|\\.)*\")")
_VARIABLE: Final = re.compile(r"\b(?:execution\.)?getVariable\(\s*['\"](\w+)['\"]\s*\)")
_CHANGES: Final = (
    (r"([\w.]+)\.equals\(\s*([^()]*?)\s*\)", r"\1 = \2"),
    (r"([\w.]+)\.(?:size|length)\(\)", r"count(\1)"),
    (r"\bnot\s+empty\s+([\w.]+)", r"\1 != null"),
    (r"!\s*empty\s+([\w.]+)", r"\1 != null"),
    (r"\bempty\s+([\w.]+)", r"\1 = null"),
    (r"!==?", "!="),
    (r"===?", "="),
    (r"\beq\b", "="), (r"\bne\b", "!="), (r"\bgt\b", ">"), (r"\bge\b", ">="), (r"\blt\b", "<"), (r"\ble\b", "<="),
    (r"&&", " and "), (r"\|\|", " or "),
    (r"!(?!=)\s*([\w.]+|\([^()]*\))", r"not(\1)"),
    (r"\bnot\s+([\w.]+)", r"not(\1)"),
    (r"\bTrue\b", "true"), (r"\bFalse\b", "false"), (r"\b(?:None|undefined)\b", "null"),
    (r"^\s*(.+?)\s*\?\s*([^:?]+?)\s*:\s*([^:?]+?)\s*$", r"if \1 then \2 else \3"),
    (r"^\s*return\s+(.+?);?\s*$", r"\1"),
    (r";\s*$", ""),
)  # fmt: skip


_ASSIGNED: Final = re.compile(
    r"\s*(?:(?:var|let|const|def|int|String)\s+)?(\w+)\s*=(?!=)\s*(.+?)\s*;?\s*"
    r"|\s*(?:execution\.)?setVariable\(\s*['\"](\w+)['\"]\s*,\s*(.+)\)\s*;?\s*"
)


def script_as_feel(text: str) -> str | None:
    """A script of plain assignments as a context of FEEL; None when it holds anything else."""
    entries: list[str] = []
    if len(text) > _LONGEST:
        return None
    for line in filter(str.strip, re.split(r"[\n;]", text)):
        found = _ASSIGNED.fullmatch(line)
        if found is None:
            return None
        name, value = (found[1], found[2]) if found[1] else (found[3], found[4])
        entries.append(f"{name}: {as_feel(value) or value.strip()}")
    made = "{ " + ", ".join(entries) + " }"
    try:
        compile_expression(made)
    except FeelError:
        return None
    return made if entries else None


def as_feel(text: str) -> str | None:
    """The same in FEEL; None when the text is FEEL as it stands, or nothing can be proposed."""
    if len(text) > _LONGEST:
        return None
    inner = _WRAPPED.fullmatch(text)
    given = (inner[1] if inner else text.strip().removeprefix("=")).strip()
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[2] or '"' + found[1].replace("\\'", "'").replace('"', '\\"') + '"')
        return f'"_{len(kept) - 1}_"'

    made = _TEXTS.sub(keep, _VARIABLE.sub(r"\1", given))
    for old, new in _CHANGES:
        made = re.sub(old, new, made)
    made = re.sub(r"\"_(\d+)_\"", lambda found: kept[int(found[1])], " ".join(made.split()))
    try:
        compile_expression(made)
    except FeelError:
        return None
    return made if made != text.strip().removeprefix("=").strip() else None
