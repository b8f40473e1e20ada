"""What the operations of a process refuse, whatever a diagram asks of them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.directory import organisations
from engine.errors import BadInput, NotAllowed
from engine.operations import registers
from engine.operations.registry import ask
from engine.views import RegisterFilters
from storage import accounts
from tests.applications import filled_application
from tests.house import House, build_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: Any) -> Any:
    made = build_house(tmp_path_factory.mktemp("operations"))
    yield made
    made.application.database.close()


@pytest.fixture(scope="module")
def post(house: House) -> str:
    """The number of a post of 长安区."""
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    house.complete("shijiazhuang", case_id, "pass")
    task, province = house.task_of("province", case_id), house.actor("province")
    form = house.application.cases.reading.task(province, task).form
    assert form is not None
    house.application.cases.acting.complete(province, task, dict(form.values), "approve")
    (row,) = house.application.registers.search(province, "post", RegisterFilters()).rows
    return row.number


def apply(house: House, code: str, *changes: dict[str, Any]) -> Any:
    """Ask for the changes in a case of the organisation ``code``; versions are written by the case and not here."""
    with house.application.database.write() as connection:
        place = organisations.get(connection, code)
        scene = house.application.cases.parts.scene(connection, place, 1, house.clock.now())
        scene.process = "post_approval"  # which the register lets write
        return ask(scene, "register.apply", {"register": "post", "changes": list(changes)})


def test_a_case_changes_the_records_of_its_own_organisation(house: House, post: str) -> None:
    assert apply(house, "130102", {"action": "change", "number": post, "data": {}})["result"] == [post]


@pytest.mark.parametrize("owner", ["130123", "130102"])
def test_a_case_neither_changes_nor_takes_over_a_record_of_another_organisation(
    house: House, post: str, owner: str
) -> None:
    for action in ("change", "close"):
        with pytest.raises(NotAllowed):
            apply(house, "130123", {"action": action, "number": post, "data": {"organisation": owner}})


def test_a_case_gives_no_record_away(house: House, post: str) -> None:
    with pytest.raises(NotAllowed):
        apply(house, "130102", {"action": "change", "number": post, "data": {"organisation": "130123"}})


@pytest.mark.parametrize(
    "change", [{}, {"action": "erase"}, {"action": "close"}, {"action": "close", "number": "none"}]
)
def test_what_is_no_change_of_a_record_is_refused(house: House, change: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        apply(house, "130102", change)


def test_a_list_of_records_is_whole_or_refused(house: House, post: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed() -> Any:
        with house.application.database.write() as connection:
            place = organisations.get(connection, "130102")
            scene = house.application.cases.parts.scene(connection, place, 1, house.clock.now())
            return ask(scene, "register.list", {"register": "post", "organisation": "130102"})

    assert [row["number"] for row in listed()] == [post]
    monkeypatch.setattr(registers, "MOST_LISTED", 0)
    with pytest.raises(BadInput, match="0"):
        listed()


def people(house: House, code: str, **parameters: Any) -> list[str]:
    """Who is offered in a case of the organisation ``code``."""
    with house.application.database.read() as connection:
        place = organisations.get(connection, code)
        scene = house.application.cases.parts.scene(connection, place, 1, house.clock.now())
        asked = {"organisation": code} | parameters
        return [one["value"] for one in ask(scene, "people.list", asked, reading=True)]


def test_people_are_offered_by_place_and_role_once_each_and_by_their_login(house: House) -> None:
    assert people(house, "130102", roles=["social_worker"]) == ["changan.worker1", "changan.worker2"]
    below = people(house, "130100", roles=["social_worker"])
    assert {"changan.worker1", "shijiazhuang.worker1"} <= set(below) and "dingzhou.worker1" not in below
    everybody = people(house, "130100")
    assert everybody.count("luancheng") == 1  # with a role at two places
    with pytest.raises(BadInput):
        people(house, "130102", organisation="130123")


def test_who_is_locked_out_or_has_lost_his_role_is_offered_to_nobody(house: House) -> None:
    with house.application.database.write() as connection:
        row = accounts.user_by_login(connection, "changan.worker2")
        assert row is not None
        accounts.change_user(connection, row["id"], active=False)
    assert people(house, "130102", roles=["social_worker"]) == ["changan.worker1"]
    house.clock.move(days=1)
    with house.application.database.write() as connection:
        row = accounts.user_by_login(connection, "changan.worker1")
        assert row is not None
        accounts.revoke(connection, row["id"], "social_worker", "130102", house.clock.now())
    assert people(house, "130102", roles=["social_worker"]) == []


def tell_each(house: House, messages: list[Any]) -> Any:
    with house.application.database.write() as connection:
        place = organisations.get(connection, "130102")
        scene = house.application.cases.parts.scene(connection, place, 1, house.clock.now())
        return ask(scene, "notify.each", {"messages": messages, "shows_case": False})


def test_each_is_told_what_is_meant_for_him_alone_and_who_has_no_account_is_passed_over(house: House) -> None:
    told = tell_each(house, [
        {"login": "changan", "title": "甲", "text": "一"}, {"login": None, "title": "乙", "text": "二"},
        {"login": "nobody", "title": "丙", "text": "三"}, {"login": "shijiazhuang", "title": "丁", "text": "四"},
    ])  # fmt: skip
    assert told["result"] == ["changan", "shijiazhuang"]
    said = [(one["title"], one["text"], one["shows_case"]) for one in told["effects"]["messages"]]
    assert said == [("甲", "一", False), ("丁", "四", False)]


@pytest.mark.parametrize(
    "message", ["甲", {"login": "changan", "title": "甲"}, {"login": 1, "title": "甲", "text": "一"}]
)
def test_a_message_without_title_or_text_is_refused(house: House, message: Any) -> None:
    with pytest.raises(BadInput, match="login"):
        tell_each(house, [message])
