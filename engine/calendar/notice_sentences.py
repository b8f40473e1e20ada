"""What one sentence of a notice says: which days are off, which are worked, which go by their weekday again.

The verb that follows a date belongs to it, and to the dates before that have none: «1月26日、2月8日上班». Knows no
year and no calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

NAMES: Final = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
}
OFF, WORKING, PLAIN, UNREADABLE = "off", "working", "plain", ""
_DAY: Final = r"(?:(?P<y{0}>\d{{4}})年)?(?:(?P<m{0}>\d{{1,2}})月)?(?P<d{0}>\d{{1,2}})日(?:\((?P<w{0}>[^()]{{0,30}})\))?"
SPAN: Final = re.compile(_DAY.format(1) + r"(?:[至到~—–-]+" + _DAY.format(2) + ")?")
_REST: Final = r"放假|补休|调休|公休|休息|连休|放\d{1,2}天假"
_WORK: Final = r"上班|补班|工作"
_VERB: Final = re.compile(f"(?:调休)?(?P<work>{_WORK})|(?P<off>{_REST})")
_NOT: Final = re.compile(rf"不(?:{_REST})|原[^,]{{0,20}}(?:{_WORK}|{_REST})|(?:工作|休息)日")
_INSTEAD: Final = re.compile(r"改为|调整为|改作|变更为")
_NO_LONGER: Final = re.compile(rf"取消|不再|无须|不用|恢复正常|照常|正常(?:{_WORK})|^起")
_TAKEN_BACK: Final = re.compile(r"(?:取消|不再)[^,]*$")
_UNTIL: Final = re.compile(r"延长[^,]{0,30}[至到]$")
_SHORT: Final = {"中秋": "中秋节", "端午": "端午节", "清明": "清明节", "国庆": "国庆节", "五一": "劳动节"}
_FESTIVAL: Final = "|".join((*NAMES, *_SHORT))
_ITEM: Final = re.compile(
    rf"^(?:\(?[一二三四五六七八九十\d]{{1,3}}\)?[、.,:]?)?((?:{_FESTIVAL})(?:[、和及与,](?:{_FESTIVAL}))*)"
    r"(?:假期|节日|放假|安排)*(?::|$|(?=\d))"
)
_NUMBERED: Final = re.compile(r"^(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、)([^:,]{1,40}):")
_NUMBER: Final = re.compile(r"(?:共|放假|休息|放)(\d{1,2})天")


@dataclass(frozen=True, slots=True)
class Clause:
    """A date or two of a sentence, and what is said of them. ``until``: a holiday is extended up to this day."""

    span: re.Match[str]
    what: str
    until: bool = False


def clauses(sentence: str) -> list[Clause]:
    """Every date of a sentence with what is said of it, in order."""
    spans = list(SPAN.finditer(sentence))
    if not spans:
        return []
    ends = [span.start() for span in spans[1:]] + [len(sentence)]
    after = [sentence[span.end() : end] for span, end in zip(spans, ends, strict=True)]
    before = [sentence[: spans[0].start()], *after[:-1]]
    found: list[Clause] = []
    said = UNREADABLE
    for place in reversed(range(len(spans))):
        until = bool(_UNTIL.search(before[place]))
        said = OFF if until else _said(after[place], before[place]) or said
        found.append(Clause(spans[place], said, until))
    leading = _said(before[0], "")
    return [one if one.what else Clause(one.span, leading) for one in reversed(found)]


def item(sentence: str) -> tuple[str, str] | None:
    """The festival of an item that begins here, and the rest of its first sentence; None where none begins."""
    head = _ITEM.match(sentence) or _NUMBERED.match(sentence)
    if head is None:
        return None
    return "、".join(_SHORT.get(one, one) for one in re.split("[、和及与,]", head[1])), sentence[head.end() :]


def festivals(text: str) -> list[str]:
    """The festivals that a text names, each once."""
    return list(dict.fromkeys(_SHORT.get(one, one) for one in re.findall(_FESTIVAL, text)))


def number_of_days(sentence: str) -> int | None:
    """How many days off a sentence says that there are."""
    said = _NUMBER.search(sentence)
    return int(said[1]) if said else None


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, without blanks: Chinese has none, but people type them between numbers and words."""
    for sentence in re.split(r"[。;\n]", text):
        plain = re.sub(r"\s+", "", sentence)
        if plain:
            yield plain


def _said(after: str, before: str) -> str:
    """What the words after a date say of it; ``before``: those between the date before it and this one."""
    if _NO_LONGER.search(after) or _TAKEN_BACK.search(before):
        return PLAIN
    rest = _NOT.sub("", after)
    instead = list(_INSTEAD.finditer(rest))
    rest = rest[instead[-1].end() :] if instead else rest
    verbs = {str(verb.lastgroup) for verb in _VERB.finditer(rest)}
    return {frozenset({"work"}): WORKING, frozenset({"off"}): OFF}.get(frozenset(verbs), UNREADABLE)
