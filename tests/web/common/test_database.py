"""The database of the pages: opened by Flask's settings, with the pragmas and the one engine that every part works on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import Flask

from storage.database import Database
from tests.house import ROOT, build_house
from tests.statements import statements
from web.app import create_app
from web.common.config import read_config
from web.common.database import OPTIONS, URI, db, open_database

OPENERS = {"web/app.py", "web/common/database.py"}


@pytest.fixture
def config(tmp_path):
    build_house(tmp_path).application.database.close()
    return read_config({"GANGWEI_ENV": "development", "GANGWEI_DATA_DIR": str(tmp_path)})


@pytest.fixture
def app(config):
    made = create_app({"CONFIG": config})
    yield made
    made.extensions["gangwei"].database.close()


def opened(config, **settings) -> tuple[Flask, Database]:
    app = Flask("somewhere")
    app.config.from_mapping(settings)
    return app, open_database(app, config)


def test_the_installation_works_on_the_engine_of_flask_sqlalchemy(app, config):
    with app.app_context():
        assert app.extensions["gangwei"].database.engine is db.engine
    assert app.config[URI] == config.database_url


def test_connections_keep_what_was_acknowledged_however_the_database_was_opened(app, config):
    by_url = Database(config.database_url)
    for database in (app.extensions["gangwei"].database, by_url):
        with database.read() as connection:
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
            found += [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("foreign_keys", "busy_timeout")
            ]
        assert found == ["wal", 2, 1, 30_000]
        assert type(database.engine.pool).__name__ == "QueuePool"
    by_url.close()


def test_a_setting_of_flask_goes_over_ours_and_leaves_the_others(config, tmp_path):
    uri = f"sqlite:///{tmp_path / 'other.db'}"
    app, database = opened(config, **{URI: uri, OPTIONS: {"pool_size": 3}})
    assert str(database.engine.url) == uri
    assert database.engine.pool.size() == 3  # type: ignore[attr-defined]
    assert app.config[OPTIONS]["connect_args"]["timeout"] == 30
    database.close()


def test_a_relative_file_is_the_same_one_for_pages_and_console(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = read_config({"GANGWEI_DATABASE_URL": "sqlite:///here.db"})
    _, database = opened(config)
    assert database.engine.url.database == Database(config.database_url).engine.url.database
    assert database.engine.url.database == str(tmp_path / "here.db")
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql+psycopg://a@b/c", "sqlite:////d/e.db"])
def test_a_url_that_names_no_relative_file_is_left_alone(url):
    assert read_config({"GANGWEI_DATABASE_URL": url}).database_url == url


def test_the_list_of_accounts_asks_no_more_for_many_than_for_few(app):
    accounts, database = app.extensions["gangwei"].accounts, app.extensions["gangwei"].database
    asked = []
    for limit in (1, 15):
        with statements(database) as said:
            assert len(accounts.find(None, limit=limit).rows) == limit
        asked.append(len(said))
    assert asked[0] == asked[1] <= 4  # a page is read from the index, then by its rows


def databases_named(source: str) -> list[int]:
    """The lines where a page gets hold of a database."""
    nodes = ast.walk(ast.parse(source))
    return [node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr in ("database", "session")]


def pages() -> list[Path]:
    files = sorted((ROOT / "web").rglob("*.py"))
    return [file for file in files if not {"console", "node_modules"} & set(file.parts)]


def test_no_view_opens_a_connection_or_a_session():
    found = {file.relative_to(ROOT).as_posix() for file in pages() if databases_named(file.read_text("utf-8"))}
    assert found - OPENERS == set()


def test_a_view_that_opens_a_connection_would_be_seen():
    assert databases_named("with application().database.read() as connection:\n    pass") == [1]
    assert databases_named("found = db.session.scalars(query)") == [1]
