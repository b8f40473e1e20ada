"""首页: whoever enters sees what is due, what is late, for whom he waits; every figure is the count of its list."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.engine.cases.test_acts import APPROVAL, REQUEST
from tests.house import ROOT, House, build_house
from tests.postgres import Server
from tests.web.office import Office

FIGURE = re.compile(
    r'<a class="figure[^"]*" href="([^"]+)"[^>]*><span class="figure-number">([^<]+)</span> ([^<]+)</a>'
)
CELL = re.compile(r'<td data-value="(\d+)"><a href="([^"]+)">([^<]+)</a></td>')
TOTAL = re.compile(r"共 (\d+\+?) (?:件|项期限)")
PERSON = re.compile(r'<th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>', re.DOTALL)
TIMED = "用时中位数（天）"


@pytest.fixture(scope="module")
def office(tmp_path_factory: Any) -> Any:
    """Cases of two counties: late ones, one of them claimed, some that are due today, one passed on, one withdrawn."""
    house = worked(tmp_path_factory.mktemp("overview"))
    yield Office(house)
    house.application.database.close()


def worked(folder: Path, server: Server | None = None) -> House:
    house = build_house(folder, APPROVAL, ROOT / "tests" / "data" / "deadlines", server=server)
    acting = house.application.cases
    asked = [house.start("changan", "answer_in_time", "130102", {}).case_id for _ in range(3)]
    house.start("lubei", "answer_in_time", "130203", {})
    acting.claims.claim(house.actor("shijiazhuang"), house.task_of("shijiazhuang", asked[0]))
    house.at(12, 8)  # all of these are late; what follows is not
    cases = [house.start("changan", "approval", "130102", REQUEST).case_id for _ in range(5)]
    house.complete("shijiazhuang", asked[1], "answered")
    for case in cases[:2]:
        house.complete("shijiazhuang", case, "agree")
    acting.acting.withdraw(house.actor("changan"), cases[4], "不办了")
    house.at(12, 22)  # what waits in the city since then is due today
    second = house.actor("shijiazhuang2").user_id
    task = house.task_of("shijiazhuang", cases[3])
    acting.verbs.involve(house.actor("shijiazhuang"), task, "forward", [second], "请接着办")
    return house


def home(office: Office, login: str) -> tuple[FlaskClient, str]:
    client = office.desk(login)
    answer = client.get("/")
    assert answer.status_code == 200, answer.location
    return client, answer.text


def figures(page: str) -> dict[str, tuple[str, str]]:
    """Label to number and address."""
    return {label: (number, unescape(link)) for link, number, label in FIGURE.findall(page)}


def listed(client: FlaskClient, address: str) -> str:
    found = TOTAL.search(client.get(address).text)
    return found[1] if found else "0"


@pytest.mark.parametrize("login", ["changan", "shijiazhuang", "shijiazhuang.leader", "observer"])
def test_every_figure_is_the_count_of_the_list_to_which_it_leads(office: Office, login: str) -> None:
    client, page = home(office, login)
    told = [(number, link) for label, (number, link) in figures(page).items() if label != TIMED]
    cells = [(words, unescape(link)) for _, link, words in CELL.findall(page)]
    told += [one for one in cells if one[0] != "0"] + [one for one in cells if one[0] == "0"][:2]
    assert len(told) > 3 and any(number != "0" for number, _ in told)
    assert [(number, link) for number, link in told if listed(client, link) != number] == []


def test_the_first_page_says_the_same_on_postgresql(office: Office, tmp_path: Path, postgresql: Server) -> None:
    house = worked(tmp_path, postgresql)
    for login in ("changan", "shijiazhuang", "shijiazhuang.leader"):
        (_, here), (_, there) = home(office, login), home(Office(house), login)
        assert figures(here) == figures(there) and len(figures(here)) > 5
        assert CELL.findall(here) == CELL.findall(there)
    house.application.database.close()


def test_the_figures_are_those_of_the_day(office: Office) -> None:
    city = {label: number for label, (number, _) in figures(home(office, "shijiazhuang")[1]).items()}
    assert (city["待办"], city["待办中已逾期"], city["今天到期"], city["本周到期"]) == ("3", "2", "1", "1")
    assert (city["本周已办"], city["本月已办"], city[TIMED]) == ("0", "3", "0.0")
    county = {label: number for label, (number, _) in figures(home(office, "changan")[1]).items()}
    assert (county["待办"], county["等他人办理"]) == ("1", "6")


def test_one_sees_for_whom_one_waits_and_for_how_long(office: Office) -> None:
    client, page = home(office, "shijiazhuang")
    row = page[page.index("等他人办理</h2>") :]
    assert "石家庄市第二审核员" in row and "已等" in row
    address = figures(page)["等他人办理"][1]
    assert "石家庄市第二审核员，已" in client.get(address).text
    assert "不办了" not in page and "待办" in home(office, "shijiazhuang2")[1]


def test_who_leads_sees_what_each_of_his_people_has_and_nobody_else_does(office: Office) -> None:
    client, page = home(office, "shijiazhuang.leader")
    people = page[page.index("本单位人员") :]
    lines = {name: [words for _, _, words in CELL.findall(row)] for name, row in PERSON.findall(people)}
    assert lines["石家庄市审核员"] == ["1", "3", "1"] and lines["石家庄市第二审核员"] == ["0", "0", "0"]
    address = next(unescape(link) for _, link, _ in CELL.findall(people) if "done_by" in link)
    assert "办理人：石家庄市" in unescape(client.get(address).text)
    for login in ("shijiazhuang", "changan", "province", "observer"):
        other, seen = home(office, login)
        assert "本单位人员" not in seen
        reviewer = office.house.actor("shijiazhuang").user_id
        for path in (
            f"/cases?done_by={reviewer}",
            f"/cases?claimed_by={reviewer}",
            f"/deadlines?claimed_by={reviewer}",
        ):
            assert listed(other, path) == "0", (login, path)


def test_nothing_of_another_part_of_the_tree_is_counted(office: Office) -> None:
    page = home(office, "lubei")[1]
    assert figures(page)["已逾期"][0] == "1" and figures(page)["等他人办理"][0] == "1"
    leader = office.house.actor("tangshan").user_id
    assert listed(office.desk("shijiazhuang.leader"), f"/deadlines?claimed_by={leader}") == "0"


def test_a_page_of_a_chart_says_all_of_it_as_a_table(office: Office) -> None:
    page = home(office, "province")[1]
    assert (
        '<th scope="col" data-series="late">已逾期</th>' in page
        and "aria-hidden" in page[page.index("chart-picture") :]
    )
    assert [name for name, row in PERSON.findall(page) if "data-value" in row][:2] == ["石家庄市", "唐山市"]


def test_an_empty_page_says_what_to_do(office: Office) -> None:
    page = home(office, "dingzhou")[1]
    assert "没有待办事项" in page and "没有等他人办理的事项" in page and "近 8 周没有办理过任务" in page
    assert 'href="/start"' in page
