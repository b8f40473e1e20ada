"""What production does not start with, all of it told at once; and the doctor who tells the same."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import upgrading
from engine.demo import left
from engine.demo import people as demo_people
from engine.examining import examine, examine_folder
from storage import account_events, ticks
from storage.database import Database
from storage.tables import definitions
from tests.directory import put_in_force
from tests.house import CHEAP, TestClock
from web.common.assets import Assets
from web.common.config import read_config
from web.common.secret import make_secret
from web.console.doctor import NotFit, doctor, refuse_unfit

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Settings of a server for users with an empty database, as it should be."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("GANGWEI_ENV", "production")
    monkeypatch.setenv("GANGWEI_DATA_DIR", str(folder))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("GANGWEI_DATABASE_URL", raising=False)
    monkeypatch.delenv("FLASK_DEBUG", raising=False)
    config = read_config()
    before = os.umask(0o077)
    upgrading.upgrade(config.database_url)
    make_secret(config.secret_key_file)
    yield config
    os.umask(before)


def wrong(config):
    try:
        refuse_unfit(config)
    except NotFit as refused:
        return [one.text("zh") for one in refused.problems]
    return []


def furnished(config):
    database = Database(config.database_url)
    clock = TestClock(NOW)
    put_in_force(database, clock)
    demo_people.load_organisations(database, clock)
    demo_people.load_places(database, clock)
    demo_people.load_users(database, clock, CHEAP)
    return database


def told(*words):
    done = CliRunner().invoke(doctor, words)
    return done.exit_code, done.output


def test_a_server_for_users_starts_when_all_is_well(config):
    assert wrong(config) == []


def test_all_that_is_wrong_is_told_at_once_with_its_cure(config, monkeypatch):
    database = furnished(config)
    with database.write() as connection:
        ticks.move(connection, {"at": NOW, "ahead": 3600, "user_id": 1})
    database.close()
    config.secret_key_file.write_bytes(b"secret")
    config.data_dir.chmod(0o755)
    monkeypatch.setenv("FLASK_DEBUG", "1")
    found = wrong(config)
    assert len(found) == 5
    for word, cure in (
        ("少于 32 字节", "gangwei secret"),
        ("其他账号可以读取", f"chmod -R go= {config.data_dir}"),
        ("调试", "unset FLASK_DEBUG"),
        ("演示账号可以登录", "gangwei demo --close"),
        ("演示时钟", "另建空的数据库"),
    ):
        assert any(word in one and cure in one for one in found), (word, found)
    code, said = told()
    assert code == 1
    assert all(line in said for line in found)
    assert "What to do: " in said


def test_a_trial_starts_with_all_of_it(config, monkeypatch):
    config.data_dir.chmod(0o755)
    monkeypatch.setenv("GANGWEI_ENV", "demo")
    assert wrong(read_config()) == []
    assert "其他账号" not in told()[1]
    assert "其他账号" in told("--production")[1]


def test_a_secret_that_is_missing_is_asked_for(config):
    config.secret_key_file.unlink()
    assert [("gangwei secret" in one, "不存在" in one) for one in wrong(config)] == [(True, True)]


@pytest.mark.parametrize("name", ["gangwei.db", "secret.key", "files"])
def test_whatever_of_the_folder_others_can_read_is_named(config, name):
    path = config.data_dir / name
    if not path.exists():
        path.mkdir()
    path.chmod(0o640 if path.is_file() else 0o750)
    (found,) = wrong(config)
    assert name in found


def test_what_lies_outside_of_the_folder_is_looked_at_too(config, monkeypatch, tmp_path):
    key = tmp_path / "key"
    make_secret(key)
    key.chmod(0o644)
    monkeypatch.setenv("GANGWEI_SECRET_KEY_FILE", str(key))
    (found,) = wrong(read_config())
    assert f"chmod -R go= {config.data_dir} {key}" in found
    for name, file in (("GANGWEI_ANCHORS", tmp_path / "book"), ("GANGWEI_ANCHOR_KEY_FILE", tmp_path / "anchor.key")):
        file.touch()
        file.chmod(0o640)
        monkeypatch.setenv(name, str(file))
        (found,) = wrong(read_config())
        assert str(file) in found
    assert "能改证据" not in told()[1]


def test_closed_demo_accounts_and_others_of_their_names_keep_nobody_from_starting(config):
    database = furnished(config)
    there = left.accounts_left(database)
    assert left.close_accounts(database, TestClock(NOW)) == len(there) > 20
    assert left.accounts_left(database) == ()
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE users SET active = true, name = '真人' WHERE login = 'changan'")
    database.close()
    assert wrong(config) == []


def test_what_the_console_makes_is_for_its_owner_only(config):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (config.data_dir, *config.data_dir.iterdir())}
    assert modes <= {0o700, 0o600}


# --- the doctor ----------------------------------------------------------------------------------------------------


def problems(database, at=NOW):
    return [one.text("zh") for one in examine(database, TestClock(at)) if not one.well]


def test_the_doctor_tells_of_a_database_that_is_away_old_or_empty(config, tmp_path):
    away = Database(f"sqlite:///{tmp_path}")  # a folder
    assert "数据库不能访问" in problems(away)[0]
    away.close()
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    assert "gangwei db upgrade" in problems(old)[0]
    old.close()
    code, said = told()
    assert code == 1
    assert "gangwei workflows publish" in said and "GANGWEI_TRUSTED_PROXY" in said
    assert "（anchors、anchor.key）：能改数据的人也能改证据" in said
    assert "✓" in said


def test_the_doctor_names_a_definition_that_does_not_load(config):
    database = Database(config.database_url)
    row = {"digest": "d" * 64, "key": "spoilt", "version": 1, "name_zh": "坏", "name_en": "", "current": True}
    with database.write() as connection:
        connection.execute(definitions.insert().values(**row, files={"process.bpmn": "<x"}, published_at=NOW))
    assert any("spoilt" in one and "gangwei workflows check" in one for one in problems(database, NOW))
    database.close()


def test_the_doctor_sees_a_clock_that_was_set_back(config):
    database = Database(config.database_url)
    with database.write() as connection:
        account_events.append(connection, NOW + timedelta(hours=1), "session_started")
    assert any("比最近一条记录早" in one for one in problems(database, NOW))
    database.close()


def test_the_doctor_sees_a_full_disk_and_a_folder_that_cannot_be_written(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 5_000_000}))
    assert any("至少留 1 GB" in one.text("zh") for one in examine_folder(tmp_path))
    (missing, *_) = examine_folder(Path(tmp_path / "nowhere"))
    assert not missing.well


def test_a_front_end_that_was_not_built_is_told(config, monkeypatch, tmp_path):
    monkeypatch.setattr(Assets, "missing", lambda _: "manifest.json")
    assert "make setup" in told()[1]
