"""A proof has its own time: what ran once is played again without the limits of time, and what takes too long says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine.errors import Runaway
from engine.evidence import replay
from engine.evidence.differences import Difference, Late, ProofResult, verdict
from engine.feel import Allowance, Budget, step
from tests.engine.cases.slow import slow_folder
from tests.house import House, build_house
from tests.web.office import Office
from web.console.installation import LATE, case


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, slow_folder())
    for note in ("a", "b"):
        case_id = made.start("changan", "slow", "130102", {"note": note}).case_id
        made.complete("changan", case_id, "done")
    yield made
    made.application.database.close()


def test_what_ran_in_time_once_is_proved_in_any_time(house: House) -> None:
    with step(Allowance(seconds=0.0, budget=Budget(steps=3, seconds=0.0))):  # nothing could run under these
        with pytest.raises(Exception, match="limit"):
            house.start("changan", "slow", "130102", {"note": "c"})
        assert house.proof("1") == house.proof("2") == []


def test_a_proof_is_never_asked_whether_its_definition_is_suspended(house: House) -> None:
    catalog = house.application.catalog
    with house.application.database.read() as connection:
        digest = catalog.current(connection, "slow").digest
    for _ in range(2):
        catalog.suspensions.too_slow(digest, Runaway(limit="2 s"))
    assert catalog.suspensions.holds(digest)
    assert house.proof("1") == []


def test_a_proof_that_takes_too_long_is_late_and_no_difference(house: House) -> None:
    with house.application.database.read() as connection:
        found = replay.differences(connection, house.application.catalog, 1, seconds=-1.0)
    assert verdict(found) is ProofResult.LATE and "not proved in time" in found[0]


def test_a_difference_is_a_difference_whatever_else_was_late(house: House) -> None:
    with house.application.database.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET revision = 7 WHERE id = 1")
    with house.application.database.read() as connection:
        found = replay.differences(connection, house.application.catalog, 1, seconds=-1.0)
    assert verdict(found) is ProofResult.DIFFERS
    assert verdict([]) is ProofResult.HOLDS
    assert verdict([Late("late", "late"), Difference("a", "a")]) is ProofResult.DIFFERS


def test_page_table_and_console_have_a_word_of_their_own_for_it(house: House, monkeypatch: Any) -> None:
    real = replay.differences

    def hurried(connection: Any, catalog: Any, case_id: int) -> list[Difference]:
        return real(connection, catalog, case_id, seconds=-1.0 if case_id == 1 else 30.0)

    monkeypatch.setattr(replay, "differences", hurried)
    office = Office(house)
    page = office.desk("auditor").get("/audit/cases?prove=1").text
    assert "未能在时限内核验" in page and "不一致" not in page.replace("没有不一致", "")
    table = office.desk("auditor").get("/audit/proof.csv").text.splitlines()
    assert [line.split(",")[2] for line in table[2:]] == ["未能在时限内核验", "一致"]
    with office.app.app_context():
        done = CliRunner().invoke(case, ["rebuild", "--all"])
    assert done.exit_code == LATE and "? 1: not proved in time" in done.output and "另有 1 个" in done.output
