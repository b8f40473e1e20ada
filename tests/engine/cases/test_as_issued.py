"""What was issued is kept as issued, and a renamed organisation is found by its old and its new name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from engine.directory import organisation_import
from engine.documents import submission
from engine.views import InboxFilters, RegisterFilters
from tests.engine.cases.test_papers import applied, last
from tests.house import House, build_house
from tests.postgres import Server

NAMES = {"130102": "长安区总工会", "130100": "石家庄市总工会"}


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    made = build_house(tmp_path, server=server)
    yield made
    made.application.database.close()


def rename(house: House, code: str, name: str) -> None:
    sheet = f"code,name\n{code},{name}\n".encode()
    organisation_import.load(house.application.database, "单位.csv", sheet, house.clock.now())


def paper(house: House, case_id: str, sequence: int, login: str = "changan") -> bytes:
    return house.application.cases.papers.document(house.actor(login), case_id, sequence, "zh")[1]


def text_of(content: bytes) -> str:
    return "\n".join(cell.text for table in docx.Document(io.BytesIO(content)).tables for cell in table._cells)


def test_a_paper_that_was_issued_stays_as_it_is_whatever_is_renamed_or_drawn_otherwise(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = applied(house)
    house.complete("shijiazhuang", case_id, "return", opinion="请补充。", return_to="correct_application")
    first = paper(house, case_id, 1)
    assert NAMES["130102"] in text_of(first) and NAMES["130100"] in text_of(first)
    rename(house, "130102", "长安新区总工会")
    rename(house, "130100", "石门市总工会")
    monkeypatch.setattr(submission, "MARK", "！")  # as a newer program might draw it
    monkeypatch.setattr(submission, "render", lambda _: b"drawn otherwise")
    assert paper(house, case_id, 1) == paper(house, case_id, 1, "shijiazhuang") == first


def test_a_paper_that_is_first_asked_for_after_a_renaming_bears_the_names_of_its_time(house: House) -> None:
    case_id = applied(house)
    house.complete("shijiazhuang", case_id, "pass")
    rename(house, "130102", "长安新区总工会")
    rename(house, "130100", "石门市总工会")
    for sequence in (1, last(house, case_id)):
        said = text_of(paper(house, case_id, sequence))
        assert NAMES["130102"] in said and NAMES["130100"] in said
        assert "长安新区" not in said and "石门" not in said


def test_what_is_decided_later_stands_on_a_further_paper(house: House) -> None:
    case_id = applied(house)
    first = paper(house, case_id, 1)
    house.application.cases.acting.comment(house.actor("changan"), case_id, "已电话沟通。")
    assert paper(house, case_id, 1) == first  # a remark decides nothing
    house.complete("shijiazhuang", case_id, "pass")
    assert paper(house, case_id, 1) != first


@pytest.mark.parametrize("word", ["长安区总", "长安新区"])
def test_cases_and_records_are_found_by_the_old_and_the_new_name(house: House, word: str) -> None:
    case_id = applied(house)
    house.complete("shijiazhuang", case_id, "pass")
    task = house.task_of("province", case_id)
    form = house.application.cases.reading.task(house.actor("province"), task).form
    assert form is not None
    house.application.cases.acting.complete(house.actor("province"), task, dict(form.values), "approve")
    rename(house, "130102", "长安新区总工会")
    later = applied(house)
    officer = house.actor("changan")
    found = house.application.cases.inbox.page(officer, "mine", InboxFilters(q=word)).rows
    assert {row.case_id for row in found} == {case_id, later}
    records = house.application.registers.search(house.actor("observer"), "post", RegisterFilters(q=word)).rows
    assert [row.number for row in records] == ["130102903-001"]
    assert house.application.cases.inbox.page(officer, "mine", InboxFilters(q="正定县总")).rows == ()
    assert house.application.registers.search(house.actor("observer"), "post", RegisterFilters(q="正定县总")).rows == ()


@pytest.mark.parametrize("word", ["长安区总", "长安新区"])
def test_an_organisation_and_its_people_are_found_by_the_old_and_the_new_name(house: House, word: str) -> None:
    rename(house, "130102", "长安新区总工会")
    found = house.application.organisations.search(house.actor("observer"), word)
    assert [one.code for one in found] == ["130102"]
    people = house.application.accounts.find(house.actor("administrator"), word)
    assert {"changan", "changan.worker1"} <= {one.login for one in people.rows}
    assert "zhengding" not in {one.login for one in people.rows}
