"""A yearly notice read from its own text or from a table: every day, or every mistake by its place."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar.days import Calendar, Notice
from engine.calendar.notice_text import NoticeUnreadable, doubts, read_table, read_text
from engine.errors import Refusal
from engine.words import worded

TEXTS = {
    int(file.stem): file.read_text(encoding="utf-8")
    for file in sorted((Path(__file__).parents[2] / "data" / "notices").glob("*.txt"))
}
SHAPES = tomllib.loads((Path(__file__).parents[2] / "data" / "notices" / "shapes.toml").read_text(encoding="utf-8"))
LABOUR_DAY = (date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5))  # moved by a supplement
NEW_YEAR = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。"


def problems(text: str, year: int = 2027) -> list[tuple[str, str]]:
    with pytest.raises(NoticeUnreadable) as refused:
        read_text(year, "文号", text)
    return [(str(worded(problem.place, "zh")), str(worded(problem.what, "zh"))) for problem in refused.value.problems]


@pytest.mark.parametrize("year", TEXTS)
def test_the_text_of_a_notice_gives_the_days_that_are_known_of_its_year(year: int) -> None:
    read, known = Calendar([read_text(year, "", TEXTS[year])]), Calendar.official()
    for day in (date(year, 1, 1) + timedelta(days=n) for n in range(365)):
        assert read.is_working_day(day) is known.is_working_day(day), day
    assert [doubt.text() for doubt in doubts(read_text(year, "", TEXTS[year]))] == ["通知涉及上一年 12 月的日子"] * (
        year == 2023
    )


@pytest.mark.parametrize("year", SHAPES)
def test_a_notice_is_read_numbered_or_not_in_one_line_and_in_full_width(year: str) -> None:
    read, known = Calendar([read_text(int(year), "", SHAPES[year])]), Calendar.official()
    days = zip(read.days(int(year)), known.days(int(year)), strict=True)
    assert [new.day for new, old in days if new.counted != old.counted] == [*LABOUR_DAY] * (year == "2019")


def test_a_notice_may_reach_into_the_december_before() -> None:
    notice = read_text(2023, "", TEXTS[2023])
    assert min(notice.off) == date(2022, 12, 31)
    assert doubts(notice)[0].text().startswith("通知涉及上一年")


def test_the_same_text_in_one_line_with_other_signs_is_the_same_notice() -> None:
    text = TEXTS[2026]
    flat = text[text.index("一、") :].replace("\n", "").replace("（", "(").replace("）", ")").replace("：", ":")
    assert read_text(2026, "", flat) == read_text(2026, "", text) == read_text(2026, "", text.replace("\n", "\r\n"))


def test_names_are_told_in_both_languages() -> None:
    notice = read_text(2025, "", TEXTS[2025])
    assert notice.off[date(2025, 10, 6)] == ("国庆节、中秋节放假", "National Day and Mid-autumn Festival holiday")
    assert notice.working[date(2025, 1, 26)] == ("春节调休上班", "Make-up working day for Spring Festival")


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("一、元旦：1月1日（周四）放假。", "元旦", "2027-01-01 是周五，不是周四"),
        ("一、元旦：1月1日至3日放假，共4天。", "元旦", "写明共 4 天，日期却是 3 天"),
        ("一、春节：2月30日放假。", "春节", "没有“2月30日”这一天"),
        ("一、春节：2月5日至1日放假。", "春节", "从 2027-02-05 到 2027-02-01 的起止有误"),
        ("一、春节：2月5日至4月5日放假。", "春节", "从 2027-02-05 到 2027-04-05 的起止有误"),
        ("一、元旦：1月1日放假。1月4日上班。", "2027-01-04", "是周一，本来就上班"),
        ("一、元旦：1月2日放假。二、春节：1月2日上班。", "春节", "2027-01-02 既放假又上班"),
        ("一、元旦：1月1日调整。", "元旦", "无法识别“1月1日调整”"),
        ("一、元旦：1月1日放假上班。", "元旦", "无法识别“1月1日放假上班”"),
        ("一、元旦：2025年1月1日放假。", "2025-01-01", "不是 2027 年的日子"),
        ("一、元旦：2026年12月28日放假。", "2026-12-28", "不是 2027 年的日子"),
        ("一、元旦：不放假。", "正文", "没有放假的日子"),
        ("日期,节日\n2027-01-01,元旦\n", "第 1 行", "没有“安排”列"),
        ("日期,安排\n2027-02-30,放假\n", "第 2 行，日期（A2）", "日期“2027-02-30”有误"),
        ("日期,安排\n2027-01-01,加班\n", "第 2 行，安排（B2）", "安排“加班”有误"),
        ("日期,至,安排\n2027-01-01,2026-01-01,放假\n", "第 2 行", "从 2027-01-01 到 2026-01-01 的起止有误"),
        ("字" * 20_001, "正文", "超过 20000 字"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text: str, place: str, what: str) -> None:
    assert (place, what) in problems(text)


def test_every_mistake_is_told_at_once() -> None:
    assert len(problems("一、元旦：1月1日（周四）放假，共2天。\n二、春节：2月30日放假。")) == 3


@pytest.mark.parametrize("text", ["", "   ", "今年放假如下", "\0"])
def test_what_is_no_notice_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        read_text(2027, "文号", text)


def test_a_table_says_the_same_as_a_text() -> None:
    rows = "日期,至,安排,节日\n2027/1/1,2027年1月3日,放假,元旦\n2027-01-10,,上班,元旦\n"
    text = f"{NEW_YEAR}1月10日（周日）上班。"
    assert read_text(2027, "文号", rows) == read_text(2027, "文号", text)
    english = b"date,to,arrangement,holiday\n2027-01-01,2027-01-03,off,\xe5\x85\x83\xe6\x97\xa6\n2027-01-10,,work,\xe5\x85\x83\xe6\x97\xa6\n"
    assert read_table(2027, "文号", "days.csv", english) == read_text(2027, "文号", text)


def test_a_reviewer_is_told_what_no_notice_of_the_last_years_had() -> None:
    told = [doubt.text() for doubt in doubts(read_text(2027, "", NEW_YEAR))]
    assert told[0].startswith("法定节日不在放假之列：2027-02-05 农历除夕、") and "2027-10-03 国庆节" in told[0]
    assert told[1].startswith("放假占用 1 个周一至周五，而法定节日 13 天、调休上班 0 天")


def test_the_digest_tells_notices_apart() -> None:
    assert read_text(2027, "一", NEW_YEAR).digest == read_text(2027, "一", NEW_YEAR).digest
    assert len({read_text(2027, source, NEW_YEAR).digest for source in ("一", "二")}) == 2


def days(*said: str) -> set[date]:
    """``05-01..04`` of a year: ``2019 05-01..04``."""
    found = set()
    for one in said:
        first, _, last = one.partition("..")
        start = date.fromisoformat(first)
        found |= {start + timedelta(days=n) for n in range((int(last) - start.day if last else 0) + 1)}
    return found


SUPPLEMENTS = [
    (  # 国办发明电〔2019〕3号
        2019,
        "国务院办公厅关于调整2019年劳动节假期安排的通知\n各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n"
        "经国务院批准，现将2019年劳动节假期调整安排通知如下：\n2019年5月1日至4日放假调休，共4天。"
        "4月28日（星期日）、5月5日（星期日）上班。\n各地区、各部门要提前作好安排。\n国务院办公厅\n2019年3月21日",
        days("2019-05-01..04"), days("2019-04-28", "2019-05-05"), "劳动节",
    ),
    (  # 国发明电〔2015〕1号
        2015,
        "为使全国人民广泛参与纪念活动，2015年9月3日全国放假1天。为方便公众安排，特作如下调休：\n"
        "9月3日至5日调休放假，共3天。其中9月3日（星期四）放假，9月4日（星期五）调休，9月6日（星期日）上班。\n2015年5月13日",
        days("2015-09-03..05"), days("2015-09-06"), "节日",
    ),
    (2019, "劳动节：５月１日 － ５月４日 放假调休，共 ４ 天；４月２８日、５月５日补班", days("2019-05-01..04"), days("2019-04-28", "2019-05-05"), "劳动节"),
    (2019, "一、劳动节：2019年5月1日至4日放假。\n上班时间为4月28日。", days("2019-05-01..04"), set(), "劳动节"),
    (2024, "放假时间为5月1日至5日，共5天；上班时间为4月28日、5月11日。", days("2024-05-01..05"), days("2024-04-28", "2024-05-11"), "节日"),
    (2014, "端午节：6月2日放假，与周末连休。清明节：4月5日放假，4月7日（星期一）补休。", days("2014-06-02", "2014-04-05", "2014-04-07"), set(), ""),
    (2025, "1.元旦：1月1日（周三）放假1天，不调休。", days("2025-01-01"), set(), "元旦"),
    (2019, "元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。", days("2018-12-30..31", "2019-01-01"), days("2018-12-29"), "元旦"),
    (2023, "（一）元旦。2022年12月31日至2023年1月2日放假调休，共3天。", days("2022-12-31", "2023-01-01..02"), set(), "元旦"),
    (2023, "10月8日（星期日）由上班调整为休息。", days("2023-10-08"), set(), "节日"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "text", "off", "working", "name"), SUPPLEMENTS, ids=[f"{one[0]} {one[1][:12]}" for one in SUPPLEMENTS]
)
def test_what_amends_is_read_in_whatever_shape(
    year: int, text: str, off: set[date], working: set[date], name: str
) -> None:
    notice = read_text(year, "文号", text, Calendar.official().notice(year))
    assert (set(notice.off), set(notice.working), set(notice.plain)) == (off, working, set())
    assert all(why[0].startswith(name) for why in notice.off.values())


EXTENSION = (
    "国务院办公厅关于延长2020年春节假期的通知\n为加强疫情防控工作，现将延长2020年春节假期的具体安排通知如下。\n"
    "一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。\n"
    "二、各地大专院校、中小学、幼儿园推迟开学，具体时间由教育部门另行通知。\n"
    "三、因疫情防控不能休假的职工，应根据《中华人民共和国劳动法》规定安排补休。\n2020年1月26日"
)  # 国办发明电〔2020〕1号


def test_an_extension_adds_days_off_to_the_holiday_that_is_known() -> None:
    text = (
        "一、元旦：1月1日放假，共1天。二、春节：1月24日至30日放假调休，共7天。1月19日（星期日）、2月1日（星期六）上班。"
    )
    first = read_text(2020, "国办发明电〔2019〕16号", text)
    notice = read_text(2020, "国办发明电〔2020〕1号", EXTENSION, first)
    assert (set(notice.off), set(notice.working), set(notice.plain)) == (
        days("2020-01-31", "2020-02-01..02"),
        set(),
        set(),
    )
    both = Calendar([first, Notice(2020, notice.off, notice.working, notice.source, amends=True)])
    assert both.is_working_day(date(2020, 1, 19)) and both.is_working_day(date(2020, 2, 3))
    assert not any(both.is_working_day(day) for day in days("2020-01-24..31", "2020-02-01..02"))
    with pytest.raises(NoticeUnreadable):  # of what holiday?
        read_text(2021, "", "延长假期至8月8日。", Calendar.official().notice(2021))


def test_a_working_day_that_is_called_off_goes_by_its_weekday() -> None:
    known = Calendar.official().notice(2023)
    notice = read_text(2023, "", "取消10月7日（星期六）上班。", known)
    assert (set(notice.off), set(notice.working), set(notice.plain)) == (
        set(),
        set(),
        days("2023-10-07"),
    ) and notice.amends
    calendar = Calendar([notice])
    assert not calendar.is_working_day(date(2023, 10, 7)) and calendar.is_working_day(date(2023, 10, 8))


@pytest.mark.parametrize("year", TEXTS)
def test_a_supplement_changes_no_day_that_it_does_not_speak_of(year: int) -> None:
    before = Calendar.official()
    notice = read_text(year, "", "5月20日至22日放假，共3天。", before.notice(year))
    after = Calendar([Notice(year, notice.off, {}, "", amends=True)])
    changed = {
        new.day for old, new in zip(before.days(year), after.days(year), strict=True) if old.counted != new.counted
    }
    assert changed <= set(notice.off) and after.is_official(year)


PIECES = st.sampled_from([
    "一、元旦：", "二、", "1月", "31日", "2月5日", "至", "12日", "（周五）", "（", "放假", "上班", "，共3天", "。", "\n", "2027年",
    "鼓励", "日期,安排\n", "9" * 30, "、", "调休", "延长春节假期至", "取消", "起正常上班", "劳动节：",
])  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        notice = read_text(2027, "文号", text)
    except Refusal:
        return
    assert isinstance(notice, Notice) and notice.off
    assert Calendar([notice]).days(2027)


@pytest.mark.parametrize("text", ["\n" * 19_000, "一、元旦:" + "1月1日至" * 2_500, "一、" * 6_000, "。 " * 9_000])
def test_a_long_text_without_sense_is_refused_at_once(text: str) -> None:
    with pytest.raises(Refusal):
        read_text(2027, "文号", text + "字")
