"""Reads a yearly notice as it was published, or as a table, into days. Knows nothing of review and of storage.

The text of the State Council is regular enough to be read by rule: an item a festival, a sentence an arrangement,
weekdays and numbers of days beside the dates. What the text says twice is compared; what cannot be read is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Final

from engine import letters
from engine.calendar.notice_sentences import NAMES, PLAIN, SPAN, clauses, festivals, item, number_of_days, sentences
from engine.calendar.notice_sentences import OFF as OFF_DAY
from engine.calendar.notice_sentences import WORKING as WORKING_DAY
from engine.calendar.notices import DECEMBER, FIRST_MOVABLE_DAY, SATURDAY, Notice, statutory
from engine.errors import Problem, Refusal
from engine.files import delimited
from engine.files.sheets import read_sheet
from engine.files.table import Sheet
from engine.words import Said, Text, Words, both, listed, say

NOTICE, BODY = say("通知"), say("正文")
LONGEST_TEXT: Final = 20_000
LONGEST_HOLIDAY: Final = 31
WEEKDAYS: Final = "一二三四五六日"
OFF, WORKED = ("放假", "休息", "off", "holiday"), ("上班", "补班", "working", "work")
COLUMNS: Final = {
    "day": ("日期", "起", "date", "from"),
    "until": ("至", "止", "until", "to"),
    "what": ("安排", "类型", "arrangement", "type"),
    "name": ("节日", "名称", "说明", "holiday", "name"),
}
_WEEKDAY: Final = re.compile(r"(?:周|星期)([一二三四五六日天])")
_ISSUED: Final = re.compile(r"\D{0,12}\d{4}年\d{1,2}月\d{1,2}日")
_REFERS: Final = re.compile(r"(?:根据|依据|按照|印发|发布|施行|收到).{0,40}日|日.{0,20}(?:通知|印发|发布|公布)")
_PLAIN_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?")


class NoticeUnreadable(Refusal):
    """A notice of which nothing was proposed; ``problems`` says what in it cannot be used."""

    sentence = say("通知中有 {count} 处无法采用，没有提交。")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


@dataclass(slots=True)
class _Found:
    """What has been read so far, and what was wrong with it. ``known``: the notice that it may amend."""

    file: Said
    year: int
    known: Notice | None = None
    off: dict[date, Text] = field(default_factory=dict)
    working: dict[date, Text] = field(default_factory=dict)
    plain: dict[date, Text] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: Said, what: Said, hint: Said = "") -> None:
        """Something that cannot be used."""
        self.problems.append(Problem(self.file, place, what, hint))

    def add(self, day: date, name: str, what: str, place: Said) -> None:
        """One day of a festival."""
        festival = (name, " and ".join(NAMES.get(one, one) for one in name.split("、")))
        worked = what == WORKING_DAY
        if day in (self.off if worked else self.working) and what != PLAIN:
            self.wrong(place, say("{day} 既放假又上班", day=day))
        elif worked:
            self.working[day] = both(say("{name}调休上班", name=festival))
        elif what == OFF_DAY:
            self.off.setdefault(day, both(say("{name}放假", name=festival)))
        elif day not in self.off:
            self.plain[day] = both(say("{name}安排调整，恢复正常", name=festival))

    def after_holiday(self, name: str, last: date) -> date:
        """The first day by which a holiday is extended up to ``last``: the one after its last day so far."""
        known = {**(self.known.off if self.known else {}), **self.off}
        for back in range(LONGEST_HOLIDAY):
            if last - timedelta(days=back) in known:
                return min(last - timedelta(days=back - 1), last)
        self.wrong(
            name, say("{day} 之前没有可以延长的假期", day=last), say("请先让当年的放假通知生效，或写明从哪天起放假")
        )
        return last


def read_text(year: int, source: str, text: str, known: Notice | None = None) -> Notice:
    """The notice of ``year`` from its own text or from typed lines of a table. Raises NoticeUnreadable.

    ``known``: the notice that a supplement may speak of, without which no holiday can be extended.
    """
    if len(text) > LONGEST_TEXT:
        raise NoticeUnreadable((Problem(NOTICE, BODY, say("超过 {most} 字", most=LONGEST_TEXT)),))
    found = _Found(NOTICE, year, known)
    plain = unicodedata.normalize("NFKC", letters.tidy(text))
    if _is_table(plain):
        return _of_sheet(year, source, NOTICE, delimited.read(plain.encode()))  # short, and no file
    _read_lines(found, plain)
    return _checked(found, source)


def _is_table(plain: str) -> bool:
    """Whether these are lines of a table: the first one heads the days, or nothing speaks of a day or a festival."""
    head = {letters.folded(cell) for cell in re.split(r"[,\t]", plain.partition("\n")[0])}
    spoken = (SPAN.search(one) or item(one) for one in sentences(plain))
    return bool(head & set(COLUMNS["day"])) or not any(spoken)


def read_table(year: int, source: str, filename: Said, data: bytes) -> Notice:
    """The notice of ``year`` from a CSV or Excel table. Raises NoticeUnreadable and SheetUnreadable."""
    return _of_sheet(year, source, filename, read_sheet(data))


def _of_sheet(year: int, source: str, filename: Said, sheet: Sheet) -> Notice:
    found = _Found(filename, year)
    for one in sheet.wrong:
        found.wrong(sheet.place(one.line, one.column), one.what)
    columns = _columns(sheet, found)
    for line, cells in sheet.rows if not found.problems else ():
        row = {name: cells[index] for name, index in columns.items()}
        place = sheet.place(line)
        first, what = _plain_day(row["day"]), letters.folded(row["what"])
        last = _plain_day(row["until"]) if row.get("until") else first
        if first is None or last is None:
            wrong = "day" if first is None else "until"
            at = sheet.place(line, columns[wrong])
            found.wrong(at, say("日期“{day}”有误", day=row[wrong]), say("例如 2027-01-01"))
        elif what not in OFF + WORKED:
            found.wrong(
                sheet.place(line, columns["what"]), say("安排“{what}”有误", what=row["what"]), say("放假或上班")
            )
        else:
            for day in _days(found, place, first, last):
                found.add(day, row.get("name") or "节日", WORKING_DAY if what in WORKED else OFF_DAY, place)
    return _checked(found, source)


def doubts(notice: Notice) -> tuple[Words, ...]:
    """What a reviewer should look at twice: it is possible, but no notice of the last years had it."""
    if notice.amends:
        return (say("这是补充通知：只改变它写明的日子，{year} 年的其他安排不变", year=notice.year),)
    law = statutory(notice.year)
    missing = [(f"{day} {zh}", f"{day} {en}") for day, (zh, en) in law.items() if day not in notice.off]
    found: list[Words] = []
    if missing:
        found.append(say("法定节日不在放假之列：{days}", days=listed(missing)))
    own = notice.within(notice.year)
    free = sum(day.weekday() < SATURDAY for day in notice.off)
    if free != len(law) + len(notice.working):
        sentence = say("放假占用 {free} 个周一至周五，而法定节日 {law} 天、调休上班 {worked} 天，两者不相抵")
        found.append(sentence.about(free=free, law=len(law), worked=len(notice.working)))
    if len(own.off) != len(notice.off) or len(own.working) != len(notice.working):
        found.append(say("通知涉及上一年 12 月的日子"))
    return tuple(found)


def _read_lines(found: _Found, plain: str) -> None:
    """Every sentence, with the festival of its item, of the sentence itself, or of the whole text.

    In a text by items only the line of an item speaks of days.
    """
    lines = re.sub(r"。\s*(?=\(?[一二三四五六七八九十]{1,3}\)?、)", "。\n", plain).split("\n")
    itemized = any(item(one) for line in lines for one in islice(sentences(line), 1))
    every = festivals(plain)
    for line in lines:
        name = ""
        for sentence in sentences(line):
            head = item(sentence)
            name, said = head or (name, sentence)
            if name or not itemized:
                own = festivals(said) or (every if len(every) == 1 else [])
                _read_sentence(found, name or "、".join(own) or "节日", said)


def _read_sentence(found: _Found, name: str, sentence: str) -> None:
    said = clauses(sentence)
    if not said or "鼓励" in sentence or _ISSUED.fullmatch(sentence) or _REFERS.search(sentence):
        return  # an encouragement binds nobody; a notice ends with its date, and may name another one
    free: set[date] = set()
    days: list[date] = []
    for clause in said:
        if not clause.what:
            hint = say("请写明每一天是放假还是上班")
            found.wrong(name, say("无法识别“{sentence}”", sentence=sentence), hint)
            return
        first, last = _span_days(found, name, clause.span, days)
        if first is None or last is None:
            continue
        new = list(_days(found, name, found.after_holiday(name, first) if clause.until else first, last))
        days += new
        free |= set(new) if clause.what == OFF_DAY else set()
        for day in new:
            found.add(day, name, clause.what, name)
    told = number_of_days(sentence)
    if told is not None and told != len(free) and not any(clause.until for clause in said):
        found.wrong(name, say("写明共 {said} 天，日期却是 {count} 天", said=told, count=len(free)))


def _span_days(found: _Found, name: str, span: re.Match[str], before: list[date]) -> tuple[date | None, date | None]:
    """The first and the last day; what a date leaves out is taken from the date before it."""
    base = before[-1] if before else None
    first = _day(found, name, span, "1", base.year if base else found.year, base.month if base else None)
    if span["d2"] is None or first is None:
        return first, first
    return first, _day(found, name, span, "2", first.year, first.month)


def _day(found: _Found, name: str, span: re.Match[str], which: str, year: int, month: int | None) -> date | None:
    said_month = int(span["m" + which]) if span["m" + which] else month
    try:
        day = date(int(span["y" + which] or year), said_month or 0, int(span["d" + which]))
    except ValueError:
        found.wrong(name, say("没有“{span}”这一天", span=span[0]))
        return None
    weekday = _WEEKDAY.search(span["w" + which] or "")
    if weekday and WEEKDAYS[day.weekday()] != weekday[1].replace("天", "日"):
        own = WEEKDAYS[day.weekday()]
        what = say("{day} 是周{own}，不是周{weekday}", day=day, own=own, weekday=weekday[1])
        found.wrong(name, what, say("请核对日期和年份"))
    return day


def _days(found: _Found, place: Said, first: date, last: date) -> Iterator[date]:
    if not 0 <= (last - first).days < LONGEST_HOLIDAY:
        found.wrong(place, say("从 {first} 到 {last} 的起止有误", first=first, last=last))
        return
    yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def _plain_day(text: str) -> date | None:
    told = _PLAIN_DAY.fullmatch(letters.narrow(text))
    try:
        return date(int(told[1]), int(told[2]), int(told[3])) if told else None
    except ValueError:
        return None


def _columns(sheet: Sheet, found: _Found) -> dict[str, int]:
    header = [letters.folded(cell) for cell in sheet.header]
    columns = {
        name: next(index for index, cell in enumerate(header) if cell in names)
        for name, names in COLUMNS.items()
        if set(names) & set(header)
    }
    for needed in ("day", "what"):
        if needed not in columns:
            title = COLUMNS[needed]
            hint = say("可粘贴通知原文，或“日期,安排,节日”三列")
            found.wrong(sheet.place(sheet.line), say("没有“{title}”列", title=(title[0], title[-1])), hint)
    return columns


def _checked(found: _Found, source: str) -> Notice:
    for day in (*found.off, *found.working):
        last_december = (found.year - 1, DECEMBER)
        if day.year != found.year and ((day.year, day.month) != last_december or day.day < FIRST_MOVABLE_DAY):
            found.wrong(f"{day}", say("不是 {year} 年的日子", year=found.year), say("请核对年份"))
    for day in found.working:
        if day.weekday() < SATURDAY:
            weekday = WEEKDAYS[day.weekday()]
            found.wrong(f"{day}", say("是周{weekday}，本来就上班", weekday=weekday))
    changes = found.off or (found.known is not None and (found.working or found.plain))
    if not changes and not found.problems:
        found.wrong(BODY, say("没有放假的日子"))
    if found.problems:
        raise NoticeUnreadable(tuple(found.problems))
    off, working, plain = (dict(sorted(days.items())) for days in (found.off, found.working, found.plain))
    if found.known is None:
        plain = {}
    else:  # «起正常上班» of a day that is worked anyway says nothing new
        spoken = found.known.off.keys() | found.known.working.keys()
        plain = {day: why for day, why in plain.items() if day in spoken}
    return Notice(found.year, off, working, source, bool(plain), plain)
