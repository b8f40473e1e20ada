"""What people keep to look for again on a list: by name, one opens it, their organisation may use it, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.desks import saved_filters
from tests.engine.cases.test_acts import APPROVAL, REQUEST
from tests.house import build_house
from tests.web.office import Office


@pytest.fixture
def office(tmp_path: Any) -> Iterator[Office]:
    office = Office(build_house(tmp_path, APPROVAL))
    yield office
    office.house.application.database.close()


def kept(office: Office, login: str, name: str = "inbox") -> list[tuple[str, bool, bool]]:
    found = office.house.application.saved_filters.of_reader(office.house.actor(login), name)
    return [(one.name, one.own, one.first) for one in found]


def numbers(office: Office, login: str, name: str = "inbox") -> list[int]:
    desk = office.house.application.saved_filters
    return [one.number for one in desk.of_reader(office.house.actor(login), name)]


def save(client: Any, called: str, asked: str = "view=todo&due=late", name: str = "inbox", **more: str) -> Any:
    return client.post(f"/lists/{name}/filters", data={"called": called, "asked": asked, **more})


def test_a_list_opens_with_the_filter_that_was_made_its_first(office: Office) -> None:
    client = office.desk("shijiazhuang")
    assert client.get("/tasks").status_code == 200
    answer = save(client, "已经晚了的", first="1")
    assert (answer.status_code, answer.location) == (303, "/tasks?due=late&view=todo")
    assert client.get("/tasks").location == "/tasks?due=late&view=todo"
    page = client.get("/tasks?view=todo&due=late").text
    assert "已经晚了的" in page and "默认" in page and "已存为常用筛选" in page
    assert client.get("/tasks?view=todo").status_code == 200  # asked for everything, it shows everything
    save(client, "新到的", "view=todo&sort=-arrived", first="1")
    assert kept(office, "shijiazhuang") == [("已经晚了的", True, False), ("新到的", True, True)]
    number = numbers(office, "shijiazhuang")[1]
    client.post(f"/lists/inbox/filters/{number}/close", data={"asked": "view=todo"})
    assert client.get("/tasks").status_code == 200
    client.post(f"/lists/inbox/filters/{number}/open", data={"asked": "view=todo"})
    client.post(f"/lists/inbox/filters/{number}/remove", data={"asked": "view=todo"})
    assert kept(office, "shijiazhuang") == [("已经晚了的", True, False)]


def test_all_cases_have_filters_of_their_own_and_a_name_is_kept_once(office: Office) -> None:
    client = office.desk("province")
    save(client, "办理中", "state=running", "cases")
    answer = save(client, " 办理中 ", "state=running&sort=number&after=x&foreign=1", "cases", first="1")
    assert answer.location == "/cases?sort=number&state=running"
    assert kept(office, "province", "cases") == [("办理中", True, True)] and kept(office, "province") == []
    assert client.get("/cases").location == "/cases?sort=number&state=running"


def test_colleagues_use_what_is_shared_and_only_its_maker_changes_it(office: Office) -> None:
    save(office.desk("shijiazhuang"), "本市的", unit="130100")
    colleague = office.desk("shijiazhuang2")
    assert kept(office, "shijiazhuang2") == [("本市的", False, False)] and kept(office, "tangshan") == []
    assert "本市的" in colleague.get("/tasks?view=todo").text
    (number,) = numbers(office, "shijiazhuang2")
    for act in ("remove", "open"):
        assert colleague.post(f"/lists/inbox/filters/{number}/{act}").status_code == 404
    assert save(office.desk("tangshan"), "别人的", unit="130100").status_code == 404
    assert kept(office, "shijiazhuang") == [("本市的", True, False)]


def test_what_fits_no_longer_is_said_and_the_list_goes_on(office: Office) -> None:
    office.house.start("changan", "approval", "130102", REQUEST)
    client = office.desk("shijiazhuang")
    save(client, "旧的", "view=todo&key=gone&sort=number", first="1")
    page = client.get("/tasks", follow_redirects=True).text
    assert "“事项类型”已不适用" in page and 'class="row-number"' in page
    save(client, "旧的", "key=gone", "cases")
    page = client.get("/cases?key=gone", headers={"HX-Request": "true"}).text
    assert "已不适用" in page and 'class="row-number"' in page and 'hx-swap-oob="true"' in page


def test_a_name_is_asked_for_and_there_is_an_end_to_filters(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    client = office.desk("shijiazhuang")
    for called in ("", "　", "长" * 31):
        save(client, called)
    assert kept(office, "shijiazhuang") == [] and "请填写1至30个字" in client.get("/tasks?view=todo").text
    monkeypatch.setattr(saved_filters, "MOST", 2)
    for called in ("甲", "乙", "丙", "甲"):
        save(client, called)
    assert [name for name, _, _ in kept(office, "shijiazhuang")] == sorted(["甲", "乙"])
    assert client.post("/lists/other/filters", data={"called": "x"}).status_code == 404
