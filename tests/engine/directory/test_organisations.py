"""The tree of organisations: the data that comes with the program, the import, what a reader may see."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime

import openpyxl
import pytest

from engine.demo import people as demo_people
from engine.desks.organisations import OrganisationDesk
from engine.directory import organisations
from engine.directory.actors import Actor, Membership
from engine.directory.organisation_import import ImportRefused, load
from engine.directory.organisation_plan import Move
from engine.errors import NotAllowed, NotFound
from engine.files.sheets import LARGEST
from engine.files.table import SheetUnreadable
from engine.words import worded
from storage import account_events
from storage.database import Database, metadata
from tests.directory import OURS, put_in_force
from tests.house import TestClock

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    metadata.create_all(database.engine)
    put_in_force(database, TestClock(NOW))
    yield database
    database.close()


@pytest.fixture
def tree(database):
    demo_people.load_organisations(database, TestClock(NOW))
    return database


def imported(database, text, name="单位.csv", encoding="utf-8"):
    return load(database, name, text.encode(encoding), NOW)


def refusals(database, text):
    with pytest.raises(ImportRefused) as refused:
        imported(database, text)
    return [problem.text().removeprefix("单位.csv: ") for problem in refused.value.problems]


def one(database, code):
    with database.read() as connection:
        return organisations.get(connection, code)


def all_rows(database):
    with database.read() as connection:
        return connection.exec_driver_sql("SELECT * FROM organisations ORDER BY code").all()


def seen_by(role, organisation):
    return Actor(1, "test", "测试", (Membership(role, organisation),), OURS)


# --- the data ----------------------------------------------------------------------------------------------------


def test_the_official_tree_has_every_county_level_unit_of_hebei():
    with demo_people.ORGANISATIONS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert Counter(row["类型"] for row in rows) == {
        "省总工会": 1,
        "市总工会": 11,
        "省直管市总工会": 2,
        "县级总工会": 165,
    }
    units = [row for row in rows if row["类型"] in ("县级总工会", "省直管市总工会")]
    endings = Counter("自治县" if row["简称"].endswith("自治县") else row["简称"][-1] for row in units)
    assert endings == {"区": 49, "市": 21, "县": 91, "自治县": 6}
    per_city = Counter(row["上级编码"] for row in units)
    expected = {"130100": 21, "130200": 14, "130300": 7, "130400": 18, "130500": 18, "130600": 23}
    expected |= {"130700": 16, "130800": 11, "130900": 16, "131000": 10, "131100": 11, "130000": 2}
    assert per_city == expected
    # A county's code begins with its city's, apart from the two that stand under the province.
    assert all(row["编码"][:4] == row["上级编码"][:4] for row in units if row["类型"] == "县级总工会")
    assert all(row["名称"] == row["简称"] + "总工会" for row in rows)


def test_dingzhou_and_xinji_stand_directly_under_the_province(tree):
    for code in ("130682", "130181"):
        assert one(tree, code).kind == "direct_city"
        assert one(tree, code).path == f"/130000/{code}/"


def test_the_demo_places_meet_every_row_of_the_quota(tree):
    demo_people.load_places(tree, TestClock(NOW))
    with tree.read() as connection:
        found = organisations.subtree(connection, "/130000/")
    workers = {place.figures["workers"] for place in found if place.kind in ("township", "zone")}
    assert {2000, 2999, 3000, 5999, 6000, 9000} <= workers
    assert any(number < 2000 for number in workers)
    levels = {place.figures.get("centre_level") for place in found if place.kind == "service_centre"}
    assert levels == {"standard", "model", None}
    assert {place.path.split("/")[-3] for place in found if place.kind == "service_centre"} >= {"130100", "130102"}


# --- the import --------------------------------------------------------------------------------------------------


def test_a_second_import_of_the_same_file_touches_nothing(tree):
    before = all_rows(tree)
    again = demo_people.load_organisations(tree, TestClock(NOW))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 179)
    assert all_rows(tree) == before


def test_an_import_counts_what_is_new_changed_and_unchanged(tree):
    table = "编码,名称,类型,上级编码,职工数\n130102,,,,500\n130104,,,,\n130102901,甲街道总工会,街道,130102,1200\n"
    done = imported(tree, table)
    assert (done.added, done.changed, done.unchanged, done.moved) == (1, 1, 1, ())
    assert one(tree, "130102").figures == {"workers": 500}
    assert one(tree, "130102901").path == "/130000/130100/130102/130102901/"
    assert one(tree, "130102901").level == 4


def test_an_empty_cell_keeps_a_figure_and_a_dash_clears_it(tree):
    imported(tree, "编码,职工数,会员数\n130102,500,400\n")
    imported(tree, "编码,职工数,会员数\n130102,,-\n")
    assert one(tree, "130102").figures == {"workers": 500}


def test_headers_may_be_chinese_or_english_and_carry_a_unit(tree):
    imported(tree, 'code,Workers,会员数（人）, 法人单位 \n130102,"12,000",９,7\n')
    assert one(tree, "130102").figures == {"workers": 12000, "members": 9, "legal_entities": 7}


def test_codes_and_figures_in_full_width_are_those_in_half_width(tree):
    imported(tree, "编码,名称,类型,上级编码,有效\n１３９９０１,新单位,县级总工会,　１３０１００\u200b,ＹＥＳ\n")
    assert one(tree, "139901").parent_code == "130100"


def test_a_csv_in_gbk_is_read(tree):
    imported(tree, "编码,名称\n130102,长安区联合工会\n", encoding="gbk")
    assert one(tree, "130102").name == "长安区联合工会"


def test_an_excel_file_is_read_like_a_csv(tree):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["编码", "名称", "类型", "上级编码", "职工数"])
    sheet.append([130102901, "甲街道总工会", "街道", 130102, 2000.0])
    sheet.append([])
    sheet.append(["130102902", "乙园区工会", "园区", "130102", -1])
    with pytest.raises(ImportRefused) as refused:
        load(tree, "单位.xlsx", saved(book), NOW)
    assert [worded(problem.place, "zh") for problem in refused.value.problems] == ["“Sheet”第 4 行，职工数（E4）"]
    sheet["E4"] = 1
    assert load(tree, "单位.xlsx", saved(book), NOW).added == 2
    assert one(tree, "130102901").figures == {"workers": 2000}


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_mistake_is_reported_with_its_line_and_column_and_nothing_is_changed(tree):
    before = all_rows(tree)
    table = (
        "编码,名称,类型,上级编码,职工数,服务中心级别,有效\n"
        "130102,好的改名,,,,,\n"
        "1301/2,坏编码,县,130100,,,\n"
        "130199,甲县总工会,州,130100,many,,\n"
        "130198,,县,139900,,,\n"
        "130197,乙县总工会,县,130000,-5,超级,也许\n"
        "130102,重复,,,,,\n"
        ",无编码,县,130100,,,\n"
        "130196,丙县总工会,县,,,,\n"
        "130195,丁县总工会,县,130100,1.5,示范型,\n"
    )
    found = refusals(tree, table)
    expected = [
        ("第 3 行，编码", "1 至 20 位"),
        ("第 4 行，类型", "不是单位类型"),
        ("第 4 行，职工数", "“many”应为不小于 0 的整数"),
        ("第 5 行，名称", "新单位必须填写"),
        ("第 5 行，上级编码", "没有编码为“139900”的单位"),
        ("第 6 行，职工数", "“-5”"),
        ("第 6 行，服务中心级别", "不在可选范围内"),
        ("第 6 行，有效", "应为“是”或“否”"),
        ("第 6 行，上级编码", "不能隶属于“省总工会”"),
        ("第 7 行，编码", "与第 2 行重复"),
        ("第 8 行，编码", "不能为空"),
        ("第 9 行，上级编码", "必须有上级单位"),
        ("第 10 行，职工数", "“1.5”"),
        ("第 10 行，服务中心级别", "不填这一项"),
    ]
    assert len(found) == len(expected)
    for text, (place, reason) in zip(found, expected, strict=True):
        assert text.startswith(place)
        assert reason in text
    assert all_rows(tree) == before


def test_unknown_and_repeated_columns_are_refused(tree):
    assert "无法识别的列" in refusals(tree, "编码,职工人数量\n130102,5\n")[0]
    assert "重复" in refusals(tree, "编码,职工数,workers\n130102,5,6\n")[0]
    assert "缺少“编码”" in refusals(tree, "名称\n长安\n")[0]
    assert "“6”上面没有列名" in refusals(tree, "编码,职工数\n130102,5,6\n")[0]


def test_a_move_takes_the_whole_subtree_along(tree):
    imported(tree, "编码,名称,类型,上级编码\n130102901,甲街道总工会,街道,130102\n")
    done = imported(tree, "编码,上级编码\n130102,130200\n")
    assert (done.added, done.changed) == (0, 1)
    assert set(done.moved) == {
        Move("130102", "/130000/130100/130102/", "/130000/130200/130102/"),
        Move("130102901", "/130000/130100/130102/130102901/", "/130000/130200/130102/130102901/"),
    }
    with tree.read() as connection:
        above = [each.code for each in organisations.ancestors(connection, "130102901")]
    assert above == ["130102", "130200", "130000"]


def test_a_circle_is_refused(tree):
    found = refusals(tree, "编码,上级编码\n130100,130102\n")
    assert any("循环" in text for text in found)


def test_children_of_a_closed_organisation_must_be_closed_too(tree):
    imported(tree, "编码,名称,类型,上级编码\n130102901,甲街道总工会,街道,130102\n")
    assert "上级单位 130102 已停用" in refusals(tree, "编码,有效\n130102,否\n")[0]
    imported(tree, "编码,有效\n130102,否\n130102901,否\n")
    with tree.read() as connection:
        codes = [each.code for each in organisations.children(connection, "130100")]
    assert "130102" not in codes
    assert not one(tree, "130102").valid  # old cases still name it


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"\xff\xfe\x00\x01", b"PK\x03\x04 not really", b'code,"name\n1,2', b"a" * (LARGEST + 1)],
)
def test_a_file_that_cannot_be_read_says_so(tree, data):
    with pytest.raises((SheetUnreadable, ImportRefused)):
        load(tree, "x", data, NOW)


def test_an_import_leaves_an_event_and_needs_the_right_to_it(tree):
    province = one(tree, "130000")
    with pytest.raises(NotAllowed):
        load(tree, "x.csv", b"code\n130102\n", NOW, by=seen_by("province_approver", province))
    load(tree, "x.csv", b"code\n130102\n", NOW, by=seen_by("operator", province))
    with tree.read() as connection:
        _, *rows = connection.execute(account_events.account_events.select()).mappings()
    assert [row["kind"] for row in rows] == ["organisations_imported"] * 2
    assert rows[1]["actor_id"] == 1
    assert rows[1]["facts"]["file"] == "x.csv"


# --- reading -----------------------------------------------------------------------------------------------------


def test_search_finds_by_name_and_by_the_start_of_a_code(tree):
    with tree.read() as connection:
        assert [each.code for each in organisations.search(connection, "长安")] == ["130102"]
        assert [each.code for each in organisations.search(connection, "1302 迁")] == ["130227", "130283"]
        assert organisations.search(connection, "长安", ["/130000/130200/"]) == ()
        assert organisations.search(connection, "%") == ()


def test_an_unknown_code_is_not_found(tree):
    with pytest.raises(NotFound), tree.read() as connection:
        organisations.get(connection, "999999")


def test_a_reader_sees_his_own_subtree_and_nothing_beside_it(tree):
    directory = OrganisationDesk(tree, TestClock(NOW))
    reviewer = seen_by("city_reviewer", one(tree, "130100"))
    (top,) = directory.tree(reviewer)
    assert (top.organisation.code, top.size) == ("130100", 21)
    assert directory.page(reviewer, "130102").ancestors[0].code == "130100"
    assert directory.search(reviewer, "路北") == ()
    for code in ("130200", "130203", "130000", "130181"):
        with pytest.raises(NotFound):
            directory.page(reviewer, code)


def test_the_designer_sees_no_organisation_and_the_security_administrator_all(tree):
    directory, province = OrganisationDesk(tree, TestClock(NOW)), one(tree, "130000")
    assert directory.tree(seen_by("designer", province)) == ()
    assert directory.tree(seen_by("auditor", province)) == ()
    assert directory.tree(seen_by("administrator", province))[0].size == 178
