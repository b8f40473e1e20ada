"""A program that knows other days than the one that computed the deadlines: it says so, and a recount moves them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from engine.application import open_application
from engine.calendar import days, notices
from engine.cases.acting.recount import Following
from engine.desks.proofs import prove
from tests.applications import filled_application
from tests.house import CHEAP, build_house
from web.app import create_app
from web.common.config import read_config
from web.console.calendar import calendar as commands
from web.console.old_deadlines import warn_of_old_deadlines

pytestmark = pytest.mark.any_day

NEW_DAY_OFF = date(2026, 11, 26)


@pytest.fixture
def house(tmp_path):
    made = build_house(tmp_path)
    yield made
    made.application.database.close()


@pytest.fixture
def newer(house, monkeypatch):
    """The application of a newer program on the same data, whose calendar has one day off more."""
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    known = notices.year_notice

    def knows_more(year, imported):
        found = known(year, imported)
        return replace(found, off={**found.off, NEW_DAY_OFF: ("新放假", "New day off")}) if year == 2026 else found

    monkeypatch.setattr(days, "year_notice", knows_more)
    monkeypatch.setattr(days, "_shared", days.Calendar)
    application = open_application(house.folder, house.clock, entrance=CHEAP)
    config = read_config({"GANGWEI_ENV": "development", "GANGWEI_DATA_DIR": str(house.folder.data_dir)})
    yield create_app({"CONFIG": config, "APPLICATION": application}), case_id
    application.database.close()


def recount(app):
    with app.app_context():
        done = CliRunner().invoke(commands, ["recount"], env={"LC_ALL": "zh_CN.UTF-8"}, catch_exceptions=False)
    return done.output.splitlines()


def warned(app, caplog):
    caplog.clear()
    with app.app_context():
        warn_of_old_deadlines()
    return caplog.text


def test_a_start_with_the_same_calendar_says_nothing(house, caplog):
    house.start("changan", "post_approval", "130102", filled_application())
    app = create_app(
        {
            "CONFIG": read_config({"GANGWEI_ENV": "development", "GANGWEI_DATA_DIR": str(house.folder.data_dir)}),
            "APPLICATION": house.application,
        }
    )
    assert warned(app, caplog) == ""


def test_a_newer_program_says_what_is_due_until_a_recount_has_moved_it(house, newer, caplog):
    app, case_id = newer
    assert "1 项期限尚未重新计算" in warned(app, caplog) and "gangwei calendar recount" in caplog.text
    *lines, last = recount(app)
    assert len(lines) == 1 and "应办结日由" in lines[0]
    assert last == "未办结的期限已按现行日历核对，1 项有变动"
    assert warned(app, caplog) == ""
    assert recount(app) == ["未办结的期限已按现行日历核对，0 项有变动"]
    application = app.extensions["gangwei"]
    assert prove(application.database, application.catalog, case_id).differences == ()


def test_a_deadline_that_cannot_be_computed_keeps_no_server_from_starting(newer, caplog, monkeypatch):
    def fails(*_):
        raise ValueError("a broken deadline")

    monkeypatch.setattr(Following, "foresee", fails)
    assert "could not be found out" in warned(newer[0], caplog) and "a broken deadline" in caplog.text


def test_a_start_reads_no_deadline_once_all_are_known_to_be_counted_by_the_program(house, caplog, monkeypatch):
    house.start("changan", "post_approval", "130102", filled_application())
    app = create_app(
        {
            "CONFIG": read_config({"GANGWEI_ENV": "development", "GANGWEI_DATA_DIR": str(house.folder.data_dir)}),
            "APPLICATION": house.application,
        }
    )
    assert warned(app, caplog) == ""
    monkeypatch.setattr(Following, "foresee", lambda *_: pytest.fail("a start has looked at what runs"))
    assert warned(app, caplog) == ""
