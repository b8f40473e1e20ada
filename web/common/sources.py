"""What a step rests on, in words: articles of the measures, laws, our readings. Knows no catalogue and no page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Flask
from flask_babel import gettext

LAW: Final = "law:"
READING: Final = "reading:"


def source(number: str) -> str:
    """One of them, as ``gw:article`` names it."""
    if number.startswith(LAW):
        return number.removeprefix(LAW)
    if number.startswith(READING):
        return str(gettext("暂行做法：%(text)s", text=number.removeprefix(READING)))
    return str(gettext("第 %(number)s 条", number=number))


def sources(numbers: Sequence[str]) -> str:
    """All of them in a row, the articles of the measures first and together."""
    own = [number for number in numbers if not number.startswith((LAW, READING))]
    others = [source(number) for number in numbers if number.startswith((LAW, READING))]
    joined = gettext("、").join(own)
    first = [gettext("第 %(numbers)s 条", numbers=joined)] if len(own) > 1 else [source(one) for one in own]
    return str(gettext("、").join([*first, *others]))


def init_sources(app: Flask) -> None:
    """Let pages say what a step rests on."""
    app.jinja_env.globals.update(source=source, sources=sources)
