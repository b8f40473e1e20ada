"""How a problem comes from the process that checks to the one that asked: in words, as JSON. Knows no check."""

from __future__ import annotations

from typing import Any, TypedDict

from engine.checks.equivalents import Given
from engine.errors import Fix, Problem
from engine.words import Said, Text, both


class ToldProblem(TypedDict):
    """``words``: of file, place, what and hint, each in both languages."""

    severity: str
    stands_for: int
    walk: list[str]
    fix: Given | None
    words: list[Text]


def told_problem(problem: Problem) -> ToldProblem:
    """A problem as the other process tells it: put into words, since facts do not travel."""
    words = [both(said) for said in (problem.file, problem.place, problem.what, problem.hint)]
    fix: Given | None = None
    if problem.fix is not None:
        fix = {"element": problem.fix.element, "tag": problem.fix.tag, "values": dict(problem.fix.values)}
    return {
        "severity": problem.severity, "stands_for": problem.stands_for, "walk": list(problem.walk), "fix": fix,
        "words": words,
    }  # fmt: skip


def heard_problem(said: ToldProblem) -> Problem:
    """The problem again. Raises ValueError, TypeError or KeyError for what is none."""
    file, place, what, hint = map(_said, said["words"])
    walk = tuple(map(str, said["walk"]))
    return Problem(file, place, what, hint, str(said["severity"]), int(said["stands_for"]), walk, _fix(said["fix"]))


def _fix(said: Given | None) -> Fix | None:
    if said is None:
        return None
    values = tuple((str(name), str(value)) for name, value in said["values"].items())
    return Fix(str(said["element"]), str(said["tag"]), values)


def _said(said: Any) -> Said:
    zh, en = pair(said)
    return zh if zh == en else (zh, en)


def pair(said: Any) -> Text:
    """A text in both languages. Raises ValueError, TypeError."""
    zh, en = said
    return str(zh), str(en)
