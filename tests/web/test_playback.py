"""The auditor's pages of anchors and playback: what they show, what stays masked, and who hears of a look at it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.desks import played
from engine.desks.proof_runs import FILE, LOCK
from engine.evidence.anchors.lock import alone
from engine.evidence.bundle import verify
from engine.evidence.positions import EVERY, Places
from engine.evidence.rebuilding import rebuild
from storage import events
from tests.engine.evidence.test_rebuild import APPROVAL, PLACE, REQUEST
from tests.house import ROOT, build_house
from tests.web.office import Office

OWN = "购置桌椅"
STARTS = ROOT / "tests" / "data" / "starts"
OPENINGS = ROOT / "tests" / "data" / "openings"
JURY = ROOT / "tests" / "data" / "confidential"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(build_house(tmp_path_factory.mktemp("played"), APPROVAL, JURY))
    house = made.house
    first = house.start("changan", "approval", PLACE, REQUEST | {"subject": OWN})
    house.clock.move(days=1)
    house.application.cases.claims.claim(house.actor("shijiazhuang"), first.opened[0].id)
    for number in range(2 * EVERY):
        house.clock.move(minutes=1)
        house.application.cases.acting.comment(house.actor("changan"), first.case_id, f"催办{number}")
    yield made
    house.application.database.close()


def positions(office: Office, first: int = 1, login: str = "auditor") -> list[dict[str, Any]]:
    answer = office.desk(login).get(f"/audit/cases/1/playback/positions?first={first}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()["positions"]
    return found


def test_a_position_shows_tokens_tasks_and_the_form_as_they_were(office: Office) -> None:
    first, second = positions(office)[:2]
    (element,) = (name for name, mark in first["marks"].items() if mark["state"] == "current")
    assert first["marks"][element]["tokens"] == 1 and "签收" not in first["html"]
    assert "1200" in first["html"].replace(",", "") and "签收" in second["html"]


def test_people_are_masked_until_a_reason_is_given_and_the_others_hear_of_it(tmp_path: Path) -> None:
    office = Office(build_house(tmp_path, APPROVAL))
    house = office.house
    house.start("changan", "approval", PLACE, REQUEST)
    name = house.actor("changan").name
    page = "/audit/cases/1/playback"
    assert name not in office.desk("auditor").get(page).text and name not in positions(office)[0]["html"]
    refused = office.desk("auditor").post(f"{page}/personal", data={"reason": " "})
    assert refused.status_code == 422 and name not in office.desk("auditor").get(page).text
    office.desk("auditor").post(f"{page}/personal", data={"reason": "信访核查"})
    assert name in office.desk("auditor").get(page).text and name in positions(office)[0]["html"]
    with house.application.database.read() as connection:
        told = connection.execute(text("SELECT user_id FROM messages WHERE text LIKE '%信访核查%'")).scalars().all()
        logged = connection.execute(text("SELECT count(*) FROM account_events WHERE kind = 'personal_opened'")).scalar()
    assert told and house.actor("auditor").user_id not in told and logged == 1
    assert "查看个人信息" in office.desk("auditor").get("/audit/looks").text
    house.clock.move(hours=2)
    assert name not in office.desk("auditor").get(page).text
    house.application.database.close()


def test_a_case_and_the_one_it_has_opened_lead_to_each_other_at_the_events_by_which_it_was_opened(
    tmp_path: Path,
) -> None:
    office = Office(build_house(tmp_path, STARTS))
    house = office.house
    parent = house.start("changan", "ask_help", PLACE, {"note": "搬家", "n": 3}).case_id
    while house.application.worker.run_due():
        pass
    house.complete("changan", parent, "done")
    with house.application.database.read() as connection:
        opened = connection.execute(text("SELECT id, number, parent_seq FROM cases WHERE parent_id IS NOT NULL")).one()
    desk = office.desk("auditor")

    def links(case_id: int | str, seq: int) -> list[str]:
        told = desk.get(f"/audit/cases/{case_id}/playback/positions?first={seq}").get_json()["positions"]
        return re.findall(r'href="([^"]*/playback\?event=\d+)"', told[0]["html"])

    (down,), (up,) = links(parent, opened.parent_seq), links(opened.id, 1)
    assert down == f"/audit/cases/{opened.id}/playback?event=1"
    assert up == f"/audit/cases/{parent}/playback?event={opened.parent_seq}"
    assert links(parent, opened.parent_seq + 1) == []  # only where it happened
    assert "由该事项发起" in desk.get(down).text and opened.number in desk.get(up).text
    house.application.database.close()


def test_of_many_cases_opened_by_one_event_some_are_named_and_none_while_a_step_is_confidential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played, "MOST_RELATIVES", 2)
    office = Office(build_house(tmp_path, STARTS, OPENINGS))
    house, desk = office.house, office.desk("auditor")
    parent = house.start("changan", "open_many", PLACE, {"note": "搬家", "n": 3}).case_id
    while house.application.worker.run_due():
        pass
    with house.application.database.read() as connection:
        query = text("SELECT number FROM cases WHERE parent_id = :parent AND parent_seq = 1 ORDER BY id")
        opened = connection.execute(query, {"parent": parent}).scalars().all()
    assert len(opened) == 3
    page = f"/audit/cases/{parent}/playback?event=1"

    def told() -> list[bool]:
        return [number in desk.get(page).text for number in (*opened, "另有 1 件")]

    assert told() == [False] * 4
    house.complete("changan", parent, "done")
    house.complete("changan", parent, "done")  # now it is told
    assert told() == [True] * 2 + [False] + [True]
    assert "1 more case" in office.desk("auditor", english=True).get(page).text
    house.application.database.close()


def test_a_case_is_asked_for_as_it_stood_at_a_moment(office: Office) -> None:
    """Filed at 09:01 on 23 November, taken at 09:01 on the 24th, and a note each minute then."""
    for moment, event in (
        ("2026-11-23T12:00", 1),
        ("2026-11-24T09:00", 1),
        ("2026-11-24T09:01", 2),
        ("2026-11-24T09:03", 4),
    ):
        page = office.desk("auditor").get(f"/audit/cases/1/playback?as_of={moment}").text
        assert re.findall(r"data-first=.(\d+)", page) == [str(event)] and f"<strong>#{event} " in page
        assert f"这是截至{moment.replace('T', ' ')}的内容" in page
    page = office.desk("auditor").get("/audit/cases/1/playback?as_of=2026-11-20").text
    assert 'data-first="1"' in page and "还没有这件事项" in page and "这是截至" not in page


def test_an_address_beyond_the_last_event_shows_the_last_one(office: Office) -> None:
    page = office.desk("auditor").get("/audit/cases/1/playback?event=999999999").text
    total = re.search(r'data-total="(\d+)" data-first="(\d+)"', page)
    assert total is not None and total[1] == total[2]


def test_only_an_auditor_plays_a_case_back_and_only_one_that_is_there(office: Office) -> None:
    for address in ("/audit/cases/1/playback", "/audit/cases/1/playback/positions", "/audit/anchors"):
        assert office.desk("changan").get(address).status_code == 403
    for address in (
        "/audit/cases/99/playback",
        "/audit/cases/x/playback",
        "/audit/cases/1/playback/positions?first=999",
    ):
        assert office.desk("auditor").get(address).status_code == 404


def test_a_playback_tells_no_more_of_what_is_confidential_than_the_case(office: Office) -> None:
    case_id = office.house.start("changan", "jury", PLACE, {"topic": "优秀岗位"}).case_id
    office.house.complete("changan", case_id, "done", judge="zhengding", place="会议室")
    answer = office.desk("auditor").get(f"/audit/cases/{case_id}/playback/positions?first=1")
    shown = str(answer.get_json()["positions"])
    assert "会议室" in shown and "zhengding" not in shown and "正定县经办员" not in shown


def test_a_position_is_the_same_from_a_place_that_was_kept_as_from_the_first_event(office: Office) -> None:
    application, places, none = office.house.application, Places(), Places(most=1)
    with application.database.read() as connection:
        log = events.of_case(connection, 1)
        row = connection.execute(text("SELECT digest FROM cases WHERE id = 1")).scalar()
        definition = application.catalog.definition(connection, str(row))
    for _ in range(2):
        for event, built in places.played(definition, log, 1, EVERY + 3):
            if event["seq"] in (EVERY + 3, len(log)):
                cold = rebuild(definition, log[: event["seq"]], 1)
                assert (built.opened, built.tasks, built.files) == (cold.opened, cold.tasks, cold.files)
    list(none.played(definition, log, 1, EVERY))
    one = places.size // (len(log) // EVERY)
    few = Places(most=8 * one)
    for case_id in range(20):  # as many histories
        list(few.played(definition, log[:EVERY], case_id, EVERY))
    assert none.size == 0 and 0 < few.size <= 8 * one


def test_both_pages_speak_english_and_show_a_position_without_a_script(office: Office) -> None:
    page = office.desk("auditor", english=True).get("/audit/cases/1/playback?event=2").text
    assert ("Play back" in page and "Open tasks" in page) or "Variables" in page
    assert "What this proves" in office.desk("auditor", english=True).get("/audit/anchors").text


def test_the_page_of_the_anchors_names_what_differs_and_hides_nothing(office: Office) -> None:
    desk, anchors = office.desk("auditor"), office.house.application.anchors

    def proved(**asked: str) -> str:
        assert desk.post("/audit/anchors/proof", data=asked).status_code == 302
        anchors.await_proof()
        return desk.get("/audit/anchors").text

    page = desk.get("/audit/anchors?prove=1").text  # nothing is proved by looking
    assert "还没有锚定" in page and "还没有核验过" in page
    assert "还没有锚定可以对照" in proved()
    anchors.anchor()
    page = proved(replays="1")
    assert "全部相符" in page and "未重做" not in page
    with office.house.application.database.write() as connection:
        connection.execute(text("UPDATE users SET name = name || '·' WHERE login = 'operator'"))
    assert "全部相符" in desk.get("/audit/anchors").text  # as it was proved
    page = proved()
    assert "没有账号记录说明这一改动" in page and "能证明什么" in page and "未重做" in page


def test_one_proof_goes_on_at_a_time_and_one_that_broke_off_is_said(office: Office) -> None:
    assert office.desk("changan").post("/audit/anchors/proof").status_code == 403
    desk, folder = office.desk("auditor"), office.house.folder.data_dir
    (folder / FILE).unlink(missing_ok=True)
    with alone(folder / LOCK) as held:
        assert held and "正在进行" in desk.post("/audit/anchors/proof").text
        assert not (folder / FILE).exists()
    desk.post("/audit/anchors/proof")
    office.house.application.anchors.await_proof()
    told = json.loads((folder / FILE).read_bytes())
    (folder / FILE).write_text(json.dumps({**told, "under_way": True, "ended_at": ""}))
    assert "程序中途停止" in desk.get("/audit/anchors").text
    with alone(folder / LOCK):
        assert "正在核验" in desk.get("/audit/anchors").text
    (folder / FILE).write_text("{")
    assert "还没有核验过" in desk.get("/audit/anchors").text


def test_a_bundle_is_taken_from_the_page_masked_and_verifies(office: Office) -> None:
    answer = office.desk("auditor").get("/audit/cases/1/playback/evidence.zip")
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert verify.Bundle(members).verify() == []
    name = office.house.actor("changan").name.encode()
    assert not any(name in data for data in members.values()) and "填报内容".encode() in members["report.html"]
    assert office.desk("changan").get("/audit/cases/1/playback/evidence.zip").status_code == 403
