"""34 digits or a refusal in words wherever a number crosses JSON; dates and durations stay what they are from act to act."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine import semantics
from engine.documents import templates
from engine.forms import load_form
from engine.registers import load_register
from storage import cases as rows
from storage import events
from tests.engine.forms.helpers import part, source
from tests.engine.test_registers import schema
from tests.house import ROOT, build_house
from tests.web.office import Office
from tests.web.pages import JSON, handed_to_the_form, told
from web.registers.lists import shown

FOLDER = ROOT / "tests" / "data" / "exact"
OFFICER, PLACE, START = "changan", "130102", "/start/sums?organisation=130102"
LONG = "1234567890123456789012345678901.234"
WHEN = "2026-11-23T08:00+08:00"
AMOUNTS = [
    "6222021234567890123",
    "12345678901234567.89",
    LONG,
    "-0.1234567890123456789",
    "9007199254740993",
    "5",
    "0.1",
]


@pytest.fixture
def office(tmp_path: Path) -> Any:
    made = Office(build_house(tmp_path, FOLDER))
    yield made
    made.house.application.database.close()


def body(amount: str, **more: Any) -> str:
    """A body as a program writes it: the number with all its digits."""
    return json.dumps({"data": {"when": WHEN, "amount": "@"}, **more}).replace('"@"', amount)


def begun(office: Office, amount: str) -> str:
    client = office.desk(OFFICER)
    answer = client.post(START, data=body(amount), headers=JSON, content_type="application/json")
    assert answer.status_code == 200, answer.text
    return str(told(answer)["case_id"])


def text_of_event(office: Office, case_id: str, seq: int) -> str:
    with office.house.application.database.read() as connection:
        return events.of_case(connection, int(case_id))[seq - 1]["text"]


def work(office: Office) -> None:
    while office.house.application.worker.run_due():
        pass


def ending(office: Office, case_id: str) -> str | None:
    with office.house.application.database.read() as connection:
        case = rows.get(connection, int(case_id))
        assert case is not None
        return case["end_element"]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_every_digit_goes_from_the_body_through_event_state_page_and_draft_to_the_end(
    office: Office, amount: str
) -> None:
    house = office.house
    waiting = house.start(OFFICER, "hears", PLACE, {}).case_id
    case_id = begun(office, amount)
    assert f'"amount":{amount}' in text_of_event(office, case_id, 1)
    task = house.task_of(OFFICER, case_id)
    client = office.desk(OFFICER)
    handed = handed_to_the_form(client.get(f"/tasks/{task}").text)["values"]
    assert (handed["card"], str(handed["amount"]), handed["from"]) == ("6222021234567890123", amount, "2026-11-23")
    assert handed["until"] == "2026-11-23"  # a date that a script put where the form writes
    shown = {
        name: handed[name] for name in ("card", "amount", "from", "until")
    }  # as a browser holds them: what is long is text
    checked = client.post(f"/tasks/{task}/check", json={"data": shown}, headers=JSON)
    checked = told(checked)
    assert (
        checked["errors"] == {} and checked["data"]["amount"] == handed["amount"] and checked["data"]["later"] is True
    )
    sent = client.post(f"/tasks/{task}/draft", json={"data": shown}, headers=JSON)
    assert sent.status_code == 200
    assert handed_to_the_form(client.get(f"/tasks/{task}").text)["values"]["amount"] == handed["amount"]
    done = client.post(f"/tasks/{task}", json={"data": shown, "outcome": "done"}, headers=JSON)
    assert done.status_code == 200, done.text
    assert f'"amount":{amount}' in text_of_event(office, case_id, 2)
    assert ending(office, case_id) == "tell"
    work(office)
    assert ending(office, waiting) == "over"
    assert house.proof(case_id) == house.proof(waiting) == []
    head = house.application.cases.reading.case(house.actor(OFFICER), case_id).head
    assert (head.title, head.summary) == ("2026-11-23", amount)


@pytest.mark.parametrize("amount", ["1" * 35, "0." + "1" * 35, "1E+7000", "1E-7000", "1" * 5000, "NaN", "Infinity"])
def test_a_number_that_would_lose_a_digit_is_refused_in_words(office: Office, amount: str) -> None:
    client = office.desk(OFFICER)
    for way in ("", "/check", "/draft"):
        place = START.replace("/sums", f"/sums{way}")
        answer = client.post(place, data=body(amount), headers=JSON, content_type="application/json")
        assert answer.status_code == 422, (way, answer.status_code)
        assert "34" in told(answer)["detail"] or "数" in told(answer)["detail"]
        form = {"data": json.dumps({"amount": "@"}).replace('"@"', amount)}
        assert client.post(place, data=form, headers=JSON).status_code == 422


@pytest.mark.parametrize("amount", ['"' + "1" * 35 + '"', "1" + "0" * 34])
def test_a_field_says_how_many_digits_it_takes(office: Office, amount: str) -> None:
    client = office.desk(OFFICER)
    answer = client.post(START, data=body(amount), headers=JSON, content_type="application/json")
    assert answer.status_code == 422 and "34" in told(answer)["errors"]["amount"]


def test_a_case_of_before_is_rebuilt_as_it_was_rounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantics, "CURRENT", semantics.UNNAMED)
    house = office.house
    case_id = begun(office, "5")
    monkeypatch.undo()
    assert house.proof(case_id) == []
    task = house.task_of(OFFICER, case_id)
    house.application.cases.acting.complete(house.actor(OFFICER), task, {"amount": 5, "from": "2026-11-23"}, "done")
    assert ending(office, case_id) == "not_kept"  # the dates of its variables are the texts that they were
    assert house.proof(case_id) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e20, "100000000000000000000"),
        (Decimal("12345678901234567.89"), "12345678901234567.89"),
        (Decimal("1234567890123456789012345678901234"), "1234567890123456789012345678901234"),
        (1e-7, "0.0000001"),
        (2.5, "2.5"),
        (5, "5"),
    ],
)
def test_a_number_is_shown_with_its_digits_and_no_exponent_in_forms_registers_sheets_and_documents(
    value: Any, text: str
) -> None:
    made = load_form("a.form.json", source(part("number", "x"), part("text", "said", text="共 {{x}} 元")))
    assert [one.value for one in made.view({"x": value})] == [text, f"共 {text} 元"]
    register = load_register("book.schema.json", schema(title="数目", type="number"))
    with Flask("a page").test_request_context():
        assert register.shown("place", value) == (text, text) == (shown(register.columns["place"], value),) * 2
        money = load_register("book.schema.json", schema(title="金额", type="number", gangwei={"kind": "money"}))
        assert shown(money.columns["place"], Decimal("1234567.5")) == "1,234,567.50"
    assert text in register.search_text("B1", {"place": value}) or not register.searched
    assert str(templates._text(value)) == text
