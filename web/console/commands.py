"""How the commands of ``gangwei`` speak and fail: a refusal is a sentence and exit code 1, never a traceback."""

from __future__ import annotations

import os
from typing import Any

import click
from flask.cli import AppGroup

from engine.errors import InvalidForm, Problem, Refusal


def language() -> str:
    """``zh`` or ``en``: what the person at the console reads, by LC_ALL, LC_MESSAGES and LANG."""
    asked = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh" if asked.lower().startswith("zh") else "en"


def say(chinese: str, english: str) -> None:
    """One sentence: Chinese, and English beside it for those whose system is not Chinese."""
    click.echo(chinese if language() == "zh" else f"{chinese} · {english}")


def explain(refusal: Refusal) -> list[str]:
    """The lines that tell a refusal, every single problem of an upload or a form among them."""
    languages = ["zh"] if language() == "zh" else ["zh", "en"]
    lines = [refusal.message(each) for each in languages]
    problems: tuple[Problem, ...] = getattr(refusal, "problems", ())  # of a definition, of an import
    lines += [problem.text(each) for problem in problems for each in languages]
    if isinstance(refusal, InvalidForm):
        lines += [f"{path}: {' · '.join(texts[: len(languages)])}" for path, texts in refusal.errors.items()]
    return lines


class Commands(AppGroup):
    """A group of commands in which refusals and unreadable files end as plain sentences."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            lines = explain(refusal)
        except BrokenPipeError:  # whoever read the output has seen enough
            ctx.exit(1)
        except OSError as error:
            lines = [f"读写失败：{error}"] + ([] if language() == "zh" else [f"Reading or writing failed: {error}"])
        for line in lines:
            click.echo(f"✗ {line}", err=True)
        ctx.exit(1)
