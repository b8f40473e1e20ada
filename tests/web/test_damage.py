"""What one row breaks, breaks that alone: every other case, definition, person and job goes on, and it is told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import text

from engine import damage
from engine.application import open_application
from engine.directory import in_force
from engine.publishing.folder import FolderFiles
from engine.upgrading import upgrade
from storage import columns, jobs
from tests.applications import filled_application
from tests.damaged import damaged, formed, open_up
from tests.house import WORKFLOWS, build_house
from tests.web.office import Office

PAGES = {
    "changan": ("/tasks", "/tasks?view=mine", "/tasks?view=copied", "/start", "/messages", "/registers/post"),
    "shijiazhuang": ("/tasks", "/tasks?view=done", "/deadlines", "/deadlines?only=suspended"),
    "operator": ("/operations", "/calendar/changes"),
    "auditor": ("/audit", "/audit/cases"),
    "designer": ("/definitions",),
}
GARBAGE = "不是数据"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Two cases that wait for the city, one that is done and has a record."""
    house = build_house(tmp_path_factory.mktemp("damage"))
    for _ in range(3):
        house.start("changan", "post_approval", "130102", filled_application())
    house.complete("shijiazhuang", "3", "pass")
    form = house.application.cases.reading.task(house.actor("province"), house.task_of("province", "3")).form
    assert form is not None
    house.complete("province", "3", "approve", **form.values)
    open_up(house)
    yield Office(house)
    house.application.database.close()


def incidents(office: Office) -> list[str]:
    with office.house.application.database.read() as connection:
        return [row["message_zh"] for row in jobs.incident_list().every(connection) if row["act"] == damage.READ]


def failing(office: Office) -> dict[str, int]:
    """The pages that do not open, of all roles, and whether jobs are run."""
    found = {}
    for login, addresses in PAGES.items():
        desk = office.desk(login)
        for address in addresses:
            status = desk.get(address).status_code
            if status != 200:
                found[f"{login} {address}"] = status
    office.app.extensions["gangwei"].scheduler.tick()
    return found


def test_every_page_of_these_opens_over_a_sound_database(office: Office) -> None:
    assert failing(office) == {} and incidents(office) == []


@pytest.mark.parametrize(("table", "names"), formed().items(), ids=formed())
def test_a_row_that_cannot_be_read_ends_no_page_and_no_look_for_jobs(
    office: Office, table: str, names: list[str]
) -> None:
    with damaged(office, table, names, GARBAGE):
        assert failing(office) == {}
        rows = office.desk("shijiazhuang").get("/tasks").text
        assert "GW2026-00002" in rows and "GW2026-00001" in rows  # named, if it is the one that cannot be shown


@pytest.mark.parametrize(
    ("table", "names"), [("tasks", ["element"]), ("deadlines", ["ledger"]), ("cases", ["opened_at"])], ids=str
)
@pytest.mark.parametrize("garbage", ["", "[1]", "2026-13-45T99:00:00Z"])
def test_whatever_stands_there_the_rest_of_the_inbox_is_shown(
    office: Office, table: str, names: list[str], garbage: str
) -> None:
    with damaged(office, table, names, garbage):
        for login, address in (
            ("shijiazhuang", "/tasks"),
            ("shijiazhuang", "/deadlines"),
            ("changan", "/tasks?view=mine"),
        ):
            answer = office.desk(login).get(address)
            assert answer.status_code == 200 and "GW2026-00002" in answer.text


def test_a_damaged_case_is_named_where_it_stood_and_told_to_the_operator_once(office: Office) -> None:
    with damaged(office, "tasks", ["opened_at"], GARBAGE):
        for _ in range(2):
            page = office.desk("shijiazhuang").get("/tasks").text
            assert "以下数据无法读取，已通知系统管理员，修复后即可恢复；其余照常办理：事项GW2026-00001" in page
        rows = office.desk("shijiazhuang").get("/tasks", headers={"HX-Request": "true"}).text
        assert "事项GW2026-00001" in rows and "GW2026-00002" in rows
        assert [line.partition("：")[0] for line in incidents(office)] == [
            "事项GW2026-00001的数据无法读取，其余照常；请按备份核对并修复，再结清本条"
        ]
        assert "读取数据" in office.desk("operator").get("/operations").text


def test_the_page_of_a_damaged_case_says_so_and_its_act_changes_nothing(office: Office) -> None:
    with damaged(office, "cases", ["state"], "{"):
        desk = office.desk("shijiazhuang")
        for answer in (
            desk.get("/tasks/1-1"),
            desk.post("/tasks/1-1", data={"outcome": "pass", "data": "{}", "opinion": "同意"}),
        ):
            assert answer.status_code in (404, 409)
        task = next(one for one in ("1-2", "1-3", "1-4", "1-5") if desk.get(f"/tasks/{one}").status_code == 409)
        answer = desk.get(f"/tasks/{task}")
        assert "数据无法读取" in answer.text and "先办理其他事项" in answer.text
        assert len(incidents(office)) == 1


def test_a_job_that_cannot_be_read_is_given_up_into_an_incident_and_those_behind_it_run(office: Office) -> None:
    database = office.house.application.database
    add = "INSERT INTO jobs (kind, payload, run_at, attempts, status) VALUES ('message', :payload, :at, 0, 'waiting')"
    with database.write() as connection:
        user = connection.execute(text("SELECT id FROM users WHERE login = 'observer'")).scalar_one()
        good = f'{{"user": {user}, "title": "你好", "text": ""}}'
        early = "2026-11-01T00:00:00.000000Z"
        rows = [("{", early), (good, "不是时间"), (good, ""), (good, "2026-11-02T00:00:00.000000Z")]
        for payload, at in rows:
            connection.execute(text(add), {"payload": payload, "at": at})
    office.house.application.scheduler.tick()
    with database.read() as connection:
        failed = text("SELECT error FROM jobs WHERE kind = 'message' AND status = 'failed' ORDER BY id")
        found = list(connection.execute(failed).scalars())
    assert found == [f"UnreadableValue: {name} cannot be read" for name in ("payload", "run_at", "run_at")]
    assert "你好" in office.desk("observer").get("/messages").text


def test_a_damaged_definition_is_made_whole_by_publishing_the_same_files_again(office: Office) -> None:
    house = office.house
    with house.application.database.write() as connection:
        connection.execute(text("UPDATE definitions SET files = '{' WHERE key IN ('post_approval', '_directory')"))
    in_force._known.clear()
    office.app.extensions["gangwei"] = opened = open_application(house.folder, house.clock)
    with pytest.raises(in_force.DirectoryUnreadable):
        house.actor("changan")
    published = {key: fresh for key, _, fresh in opened.catalog.publish(FolderFiles(WORKFLOWS), house.clock.now())}
    assert [key for key, fresh in published.items() if fresh] == ["_directory", "post_approval"]
    assert "/start/post_approval" in office.desk("changan").get("/start").text
    opened.database.close()


def test_a_person_whose_row_is_damaged_is_the_only_one_who_is_left_out(office: Office) -> None:
    with damaged(office, "users", ["created_at", "active"], GARBAGE), damage.listening() as met:
        accounts = office.app.extensions["gangwei"].accounts
        found = accounts.find(office.house.actor("administrator"))
        assert "zhengding" in [one.login for one in found.rows] and "dingzhou" not in [one.login for one in found.rows]
        assert [one.what.text() for one in met.damages] == ["账号dingzhou"]


def test_an_upgrade_and_a_start_meet_damaged_rows(office: Office) -> None:
    with damaged(office, "deadlines", ["due_at", "pauses", "ledger"], GARBAGE), damage.listening() as met:
        assert upgrade(office.house.folder.database_url) == ()
        office.app.extensions["gangwei"].calendar.outdated()
        office.app.extensions["gangwei"].calendar.recount()
        assert [one.case_id for one in met.damages] == [1]


def test_a_planted_fault_is_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "utc_time", datetime.fromisoformat)
    with damaged(office, "tasks", ["opened_at"], GARBAGE):
        assert failing(office)
