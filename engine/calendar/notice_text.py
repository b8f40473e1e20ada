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
from typing import Final

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
NAMES: Final = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "国庆节": "National Day",
}
OFF, WORKED = ("放假", "休息", "off", "holiday"), ("上班", "补班", "working", "work")
COLUMNS: Final = {
    "day": ("日期", "起", "date", "from"),
    "until": ("至", "止", "until", "to"),
    "what": ("安排", "类型", "arrangement", "type"),
    "name": ("节日", "名称", "说明", "holiday", "name"),
}
_DAY = r"(?:(?P<y{0}>\d{{4}})年)?(?:(?P<m{0}>\d{{1,2}})月)?(?P<d{0}>\d{{1,2}})日(?:\((?P<w{0}>[^()]{{0,30}})\))?"
_SPAN: Final = re.compile(_DAY.format(1) + r"(?:\s*[至到—-]\s*" + _DAY.format(2) + ")?")
_ITEM: Final = re.compile(r"(?:^|[\n。])[^\S\n]*[一二三四五六七八九十]{1,3}、([^:\n。]{1,40}):")
_NUMBER_OF_DAYS: Final = re.compile(r"共(\d{1,2})天")
_WEEKDAY: Final = re.compile(r"(?:周|星期)([一二三四五六日天])")
_ISSUED: Final = re.compile(r"\D{0,12}\d{4}年\d{1,2}月\d{1,2}日")
_PLAIN_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?")


class NoticeUnreadable(Refusal):
    """A notice of which nothing was proposed; ``problems`` says what in it cannot be used."""

    sentence = say("通知中有 {count} 处无法采用，没有提交。")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


@dataclass(slots=True)
class _Found:
    """What has been read so far, and what was wrong with it."""

    file: Said
    year: int
    off: dict[date, Text] = field(default_factory=dict)
    working: dict[date, Text] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: Said, what: Said, hint: Said = "") -> None:
        """Something that cannot be used."""
        self.problems.append(Problem(self.file, place, what, hint))

    def add(self, day: date, name: str, *, worked: bool, place: Said) -> None:
        """One day of a festival."""
        festival = (name, " and ".join(NAMES.get(one, one) for one in name.split("、")))
        if day in (self.off if worked else self.working):
            self.wrong(place, say("{day} 既放假又上班", day=day))
        elif worked:
            self.working[day] = both(say("{name}调休上班", name=festival))
        else:
            self.off.setdefault(day, both(say("{name}放假", name=festival)))


def read_text(year: int, source: str, text: str) -> Notice:
    """The notice of ``year`` from its own text or from typed lines of a table. Raises NoticeUnreadable."""
    if len(text) > LONGEST_TEXT:
        raise NoticeUnreadable((Problem(NOTICE, BODY, say("超过 {most} 字", most=LONGEST_TEXT)),))
    found = _Found(NOTICE, year)
    plain = unicodedata.normalize("NFKC", text.replace("\r\n", "\n"))
    items = list(_ITEM.finditer(plain))
    if not items:
        return _of_sheet(year, source, NOTICE, delimited.read(text.encode()))  # short, and no file
    ends = [item.start() for item in items[1:]] + [len(plain)]
    for item, end in zip(items, ends, strict=True):
        said, _, _ = plain[item.end() : end].partition("\n")  # what follows the line speaks of no festival
        for sentence in re.split(r"[。;]", said):
            _read_sentence(found, item[1].strip(), sentence)
    return _checked(found, source)


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
        first, what = _plain_day(row["day"]), row["what"].lower()
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
                found.add(day, row.get("name") or "节日", worked=what in WORKED, place=place)
    return _checked(found, source)


def doubts(notice: Notice) -> tuple[Words, ...]:
    """What a reviewer should look at twice: it is possible, but no notice of the last years had it."""
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


def _read_sentence(found: _Found, name: str, sentence: str) -> None:
    spans = list(_SPAN.finditer(sentence))
    if not spans or "鼓励" in sentence or _ISSUED.fullmatch(sentence.strip()):
        return  # an encouragement binds nobody; a notice ends with its date
    worked, off = "上班" in sentence, "放假" in sentence or "休" in sentence
    if worked == off:
        hint = say("一句话只写放假或只写上班")
        found.wrong(name, say("看不懂“{sentence}”", sentence=sentence.strip()), hint)
        return
    days: list[date] = []
    for span in spans:
        first, last = _span_days(found, name, span, days)
        if first and last:
            days += _days(found, name, first, last)
    said = _NUMBER_OF_DAYS.search(sentence)
    if said and int(said[1]) != len(days):
        found.wrong(name, say("写明共 {said} 天，日期却是 {count} 天", said=said[1], count=len(days)))
    for day in days:
        found.add(day, name, worked=worked, place=name)


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
    told = _PLAIN_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        return date(int(told[1]), int(told[2]), int(told[3])) if told else None
    except ValueError:
        return None


def _columns(sheet: Sheet, found: _Found) -> dict[str, int]:
    header = [cell.lower() for cell in sheet.header]
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
    if not found.off and not found.problems:
        found.wrong(BODY, say("没有放假的日子"))
    if found.problems:
        raise NoticeUnreadable(tuple(found.problems))
    return Notice(found.year, dict(sorted(found.off.items())), dict(sorted(found.working.items())), source)
