"""A yearly notice read from its own text or from a table: every day, or every mistake by its place."""

from __future__ import annotations

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
        ("一、元旦：1月1日调整。", "元旦", "看不懂“1月1日调整”"),
        ("一、元旦：1月1日放假、1月2日上班。", "元旦", "看不懂“1月1日放假、1月2日上班”"),
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


PIECES = st.sampled_from([
    "一、元旦：", "二、", "1月", "31日", "2月5日", "至", "12日", "（周五）", "（", "放假", "上班", "，共3天", "。", "\n", "2027年",
    "鼓励", "日期,安排\n", "9" * 30, "、", "调休",
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
