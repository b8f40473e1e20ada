"""How the commands of ``gangwei`` speak. Knows no command, and imports nothing that is slow to import."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from engine.errors import InvalidForm, Problem, Refusal
from engine.words import Sayable, worded


def language() -> str:
    """``zh`` or ``en``: what the person at the console reads, by LC_ALL, LC_MESSAGES and LANG."""
    asked = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh" if asked.lower().startswith("zh") else "en"


def languages() -> tuple[str, ...]:
    """The languages of the console: Chinese, and English beside it for those whose system is not Chinese."""
    return ("zh",) if language() == "zh" else ("zh", "en")


def tell(words: Sayable) -> None:
    """One sentence on a line."""
    click.echo(" · ".join(map(words.text, languages())))


def explain(refusal: Refusal) -> list[str]:
    """The lines that tell a refusal, every single problem of an upload or a form among them."""
    lines = [refusal.message(each) for each in languages()]
    problems: tuple[Problem, ...] = getattr(refusal, "problems", ())  # of a definition, of an import
    lines += [problem.text(each) for problem in problems for each in languages()]
    if isinstance(refusal, InvalidForm):
        for path, what in refusal.errors.items():
            lines.append(f"{path}: {' · '.join(str(worded(what, each)) for each in languages())}")
    return lines


def existing(**options: Any) -> click.Path:
    """The type of an argument that names a file or folder which is there."""
    return click.Path(exists=True, path_type=Path, **options)
