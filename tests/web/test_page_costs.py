"""A page costs what it shows: many times as many tasks, deadlines, jobs, events and versions behind it, and it asks for
as little."""

from __future__ import annotations

from typing import Any

import pytest

from storage import schedule
from storage.paging import Listing
from tests.applications import filled_application
from tests.house import build_house
from tests.many import fill, grow
from tests.web.office import Office
from tests.work import work

FEW, MANY = 1_000, 6_000
BEHIND = 500
"""So many looks, versions, incidents and events of a case at first, and ten times as many then."""
FAR = 50
"""So far the lists are counted here."""
HAND_IN = ("shijiazhuang", "a task handed in")
ALLOWED, BESIDE = 1.25, 2_000
"""Times the work of a page when few rows are behind it: an index grows by a level. And so much for a row more that it
shows."""


@pytest.fixture(scope="module")
def costs(tmp_path_factory: Any) -> Any:
    """What each page costs among few tasks and among many, in steps of the database."""
    counting = Listing.counting
    patch = pytest.MonkeyPatch()
    patch.setattr(Listing, "counting", lambda one, most: counting(one, min(most, FAR)))
    office = Office(build_house(tmp_path_factory.mktemp("costs")))
    house = office.house
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    patch.setattr(schedule, "MOST", FAR)
    short = house.start("changan", "post_approval", "130102", filled_application()).case_id
    own = int(case_id), house.task_of("shijiazhuang", case_id), short
    fill(house.application.database, own[0], FEW)
    grow(house.application.database, own[0], 1, BEHIND)
    for asked in pages(*own):
        cost(office, *asked)  # what is looked up once is known
    handing_in(office)
    few = {asked: cost(office, *asked) for asked in pages(*own)} | {HAND_IN: handing_in(office)}
    fill(house.application.database, own[0], MANY - FEW)
    grow(house.application.database, own[0], BEHIND + 1, 10 * BEHIND)
    many = {asked: cost(office, *asked) for asked in pages(*own)} | {HAND_IN: handing_in(office)}
    yield {asked: (few[asked], many[asked]) for asked in few}
    house.application.database.close()
    patch.undo()


def pages(case_id: int, task_id: str, short: str) -> list[tuple[str, str]]:
    """Reader and address; ``short``: a case that does not grow."""
    return [
        *((login, "/") for login in ("province.leader", "shijiazhuang")),
        *(("province", f"/tasks{asked}") for asked in ("", "?view=done", "?view=mine", "?view=copied", "?due=late")),
        *(("province", f"/deadlines{asked}") for asked in ("", "?only=late", "?only=near", "?only=suspended")),
        *(("province", f"/deadlines?{asked}") for asked in ("place=130100", "key=post_approval")),
        *(
            ("shijiazhuang", address)
            for address in ("/tasks", "/deadlines", "/deadlines?only=late", f"/tasks/{task_id}")
        ),
        *(("shijiazhuang", f"/cases/{case_id}?tab={tab}") for tab in ("form", "deadlines", "history", "files")),
        *(("shijiazhuang", f"/cases/{case_id}{asked}") for asked in ("?tab=history&only=deadlines", "/documents/1")),
        *(("operator", address) for address in ("/metrics", "/operations")),
        *(("designer", f"/definitions{asked}") for asked in ("", "/post_approval", "/post_approval/1/diagram.bpmn")),
        *(("auditor", f"/audit{asked}") for asked in ("", "/cases", "/looks", f"/cases/{case_id}/deadlines")),
        ("auditor", f"/audit/cases/{short}/playback?event=1"),  # a playback shows every event of its own case
        *(("province", address) for address in ("/messages", "/registers", "/start")),
    ]


def cost(office: Office, login: str, address: str) -> int:
    client = office.desk(login)
    with work(office.house.application.database) as done:
        answer = client.get(address)
    assert answer.status_code == 200, (login, address)
    return done.steps


def handing_in(office: Office) -> int:
    """What it costs to complete a task, which leads to the next one."""
    house = office.house
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    task_id, client = house.task_of("shijiazhuang", case_id), office.desk("shijiazhuang")
    with work(house.application.database) as done:
        answer = client.post(f"/tasks/{task_id}", data={"data": "{}", "outcome": "pass", "opinion": "同意"})
    assert answer.status_code == 303, answer.text
    return done.steps


def test_a_page_does_not_cost_more_when_more_is_behind_it(costs: Any) -> None:
    grown = {asked: pair for asked, pair in costs.items() if pair[1] > pair[0] * ALLOWED + BESIDE}
    assert not grown, "\n".join(f"{login} {address}: {few} → {many}" for (login, address), (few, many) in grown.items())
