"""The official text goes in article by article, or not at all."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from engine.desks.regulation import RegulationUnreadable, import_regulation, number_of, split_articles
from storage import migrate
from storage.database import Database

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TEXT = """某办法
第一章  总  则

第一条  为了试验，制定本办法。
 第二条  下列事项：

（一）甲；
（二）按第一条办理。
第二章  附  则
第三条  本办法自印发之日起施行。
某单位办公室          2017年12月27日印发
"""


@pytest.fixture
def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with database.write() as connection:
        migrate.all_tables().create_all(connection)
    yield database
    database.close()


def stored(database):
    with database.read() as connection:
        rows = connection.execute(text("SELECT number, text FROM regulation_articles"))
        return {row.number: row.text for row in rows}


def test_each_article_keeps_its_own_lines_without_chapters_and_imprint():
    assert split_articles(TEXT) == {
        "1": "为了试验，制定本办法。",
        "2": "下列事项：\n（一）甲；\n（二）按第一条办理。",
        "3": "本办法自印发之日起施行。",
    }


@pytest.mark.parametrize(
    ("words", "number"),
    [("一", 1), ("十", 10), ("十一", 11), ("二十", 20), ("四十", 40), ("九十九", 99), ("一百", 100), ("一百零三", 103)],
)
def test_chinese_numbers_are_read(words, number):
    assert number_of(words) == number


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_text_is_taken_in_every_usual_encoding(database, encoding):
    assert import_regulation(database, TEXT.encode(encoding), NOW) == 3
    assert stored(database)["1"] == "为了试验，制定本办法。"


def test_a_missing_article_refuses_the_whole_file_and_keeps_the_old_one(database):
    import_regulation(database, TEXT.encode(), NOW)
    with pytest.raises(RegulationUnreadable, match="where article 2 should stand"):
        import_regulation(database, TEXT.replace("第二条", "第四条").encode(), NOW)
    assert len(stored(database)) == 3


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"PK\x03\x04\x00\x00", "第一条 甲".encode("utf-16-le"), b"x" * 2_000_001]
)
def test_what_is_no_regulation_is_refused(database, data):
    with pytest.raises(RegulationUnreadable):
        import_regulation(database, data, NOW)


def test_an_import_leaves_a_trace(database):
    import_regulation(database, TEXT.encode(), NOW)
    with database.read() as connection:
        kinds = connection.execute(text("SELECT kind FROM account_events")).scalars().all()
    assert kinds == ["regulation_imported"]
