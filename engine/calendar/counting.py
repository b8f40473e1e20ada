"""The rules by which periods are counted, read from ``counting.toml``. Knows no calendar and no day."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import TypedDict
from zoneinfo import ZoneInfo

from engine.words import Text

FILE = Path(__file__).with_name("counting.toml")
MIDNIGHT = "24:00"
PAUSES = {"touched": False, "whole": True}
LAST_SECOND = time(23, 59, 59)
"""Of a day that ends at 24:00; a whole second keeps the end of a period on its own day."""


class _Told(TypedDict):
    """A rule as the file has it."""

    id: str
    value: str | bool
    zh: str
    en: str
    source_zh: str
    source_en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as a page tells it: its name in the file, its value, what it says, and its source."""

    id: str
    value: str
    words: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Counting:
    """The rules as the calendar follows them. ``day_ends``: the last second of a day, in ``zone``.

    ``whole_pauses``: a suspension takes out whole days only, not every day that it touches.
    """

    zone: ZoneInfo
    count_receipt: bool
    end_moves_on: bool
    day_ends: time
    whole_pauses: bool
    rules: tuple[Rule, ...]

    @property
    def version(self) -> str:
        """The values of all rules: a part of a calendar's version."""
        return ",".join(f"{rule.id}={rule.value}" for rule in self.rules)


def read_counting(text: str) -> Counting:
    """The rules of a TOML text. Raises KeyError or ValueError for one that is missing or makes no sense."""
    told: dict[str, list[_Told]] = tomllib.loads(text)
    rows = {row["id"]: row for row in told["rule"]}
    rules = tuple(
        Rule(row["id"], str(row["value"]), (row["zh"], row["en"]), (row["source_zh"], row["source_en"]))
        for row in rows.values()
    )
    return Counting(
        zone=ZoneInfo(str(rows["zone"]["value"])),
        count_receipt=_yes_or_no(rows["count_receipt"]),
        end_moves_on=_yes_or_no(rows["end_moves_on"]),
        day_ends=_hour(rows["day_ends"]),
        whole_pauses=PAUSES[str(rows["pause_takes"]["value"])],
        rules=rules,
    )


@cache
def counting() -> Counting:
    """The rules of this installation."""
    return read_counting(FILE.read_text(encoding="utf-8"))


def _yes_or_no(row: _Told) -> bool:
    if not isinstance(row["value"], bool):
        raise ValueError(f"{row['id']} must be true or false")
    return bool(row["value"])


def _hour(row: _Told) -> time:
    return LAST_SECOND if row["value"] == MIDNIGHT else time.fromisoformat(str(row["value"]))
