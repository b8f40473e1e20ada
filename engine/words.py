"""What the program says, in two languages: the Chinese stands in the code and is the key of the catalogue (gettext).

``say("没有名为“{name}”的数据", name=name)`` makes words that know what they are about and no language; whoever shows
them picks one. The English is in ``translations/en/LC_MESSAGES/messages.po`` of the package that says them (``make
words`` renews it). What data says, the name of a step in a diagram for one, is a ``Text``, a pair that its author
wrote. Knows neither pages nor readers.
"""

from __future__ import annotations

import gettext
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

Text = tuple[str, str]
"""What data says: Chinese, English. No English means that its author wrote none."""


class Sayable:
    """Anything that reads as text in either language. No ABC: a step asks some fifty times whether a fact is one."""

    __slots__ = ()

    def text(self, language: str = "zh") -> str:
        """It in ``zh`` or ``en``, without any mark-up."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Words(Sayable):
    """A sentence or a name of ours: its Chinese text, with the names of facts in braces, and those facts.

    A fact may be words, a ``Text`` or anything that ``str.format`` can show. ``package`` has the catalogue.
    """

    id: str
    facts: tuple[tuple[str, Any], ...] = ()
    context: str = ""
    package: str = "engine"

    def text(self, language: str = "zh") -> str:
        """The words in ``zh`` or ``en``. A fact that is missing reads as a dash."""
        if not self.facts:
            return _fixed(self, language)
        return _pattern(self, language).format_map(_Facts((name, worded(fact, language)) for name, fact in self.facts))

    def about(self, /, **facts: Any) -> Words:
        """The same words with these facts."""
        return replace(self, facts=tuple(facts.items()))


Said = Words | Text | str
"""Something to be shown: words of ours, what data says, or text that is the same in every language."""


@dataclass(frozen=True, slots=True)
class Listed(Sayable):
    """Several facts, one after the other, with the separator of the language between them."""

    facts: tuple[Any, ...]
    by: Said

    def text(self, language: str = "zh") -> str:
        """All of them in ``zh`` or ``en``."""
        return str(worded(self.by, language)).join(str(worded(fact, language)) for fact in self.facts)


def say(sentence: str, /, **facts: Any) -> Words:
    """Words of the engine. ``sentence`` must be a literal: the catalogue is made of the texts in the code."""
    return Words(sentence, tuple(facts.items())) if facts else _plain(sentence)


def term(context: str, name: str, /, **facts: Any) -> Words:
    """Words whose English depends on what they are about, which ``context`` says: ``term("event", "条件")``."""
    return Words(name, tuple(facts.items()), context)


def listed(facts: Iterable[Any], by: Said | None = None) -> Listed:
    """Facts in a row, to be one fact of a sentence: ``1、2、3`` and ``1, 2, 3``."""
    return Listed(tuple(facts), by or say("、"))


def dated(day: date) -> Words:
    """A day as it is written: ``2026年3月1日`` and ``2026-03-01``."""
    return say("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)


def worded(fact: Any, language: str) -> Any:
    """A fact in a language: words and pairs become text, anything else stays what it is."""
    if isinstance(fact, Sayable):
        return fact.text(language)
    if isinstance(fact, tuple) and len(fact) == 2:
        return fact[1] or fact[0] if language != "zh" else fact[0]
    return fact


def both(said: Said | Sayable) -> Text:
    """It in both languages, for what is stored."""
    if isinstance(said, Words) and not said.facts:
        return _both(said)
    return str(worded(said, "zh")), str(worded(said, "en"))


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "—"


@cache
def _plain(sentence: str) -> Words:
    return Words(sentence)


@cache
def _fixed(words: Words, language: str) -> str:
    return _pattern(words, language).format_map(_Facts())


@cache
def _both(words: Words) -> Text:
    return words.text("zh"), words.text("en")


def _pattern(words: Words, language: str) -> str:
    if language == "zh":
        return words.id
    english = _english(words.package)
    return english.pgettext(words.context, words.id) if words.context else english.gettext(words.id)


@cache
def _english(package: str) -> gettext.NullTranslations:
    """The catalogue of a package; where none has been compiled its words stay Chinese."""
    folder = Path(sys.modules[package].__file__ or "").parent / "translations"
    return gettext.translation("messages", folder, ["en"], fallback=True)
