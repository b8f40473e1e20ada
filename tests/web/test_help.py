"""Help inside the product: a tour of what a person may use, remembered with him; words explained beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.console import ROOT
from tests.house import House, build_house
from tests.visitor import PASSWORD
from tests.web.office import Office
from web.app import create_app
from web.common.terms import TERMS
from web.help.tours import STEPS, steps_of

OFFER = "第一次使用？"
TEMPLATES = ROOT / "web" / "templates"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(build_house(tmp_path_factory.mktemp("help")))
    yield office
    office.house.application.database.close()


def entered(house: House, login: str) -> FlaskClient:
    """A browser in which this person has signed in by the page."""
    settings = {"APPLICATION": house.application, "SECRET_KEY": "k" * 32, "WTF_CSRF_ENABLED": False}
    client = create_app(settings).test_client()
    assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
    return client


def test_the_tour_of_each_role_leads_to_what_it_may_use_and_to_nothing_else(office: Office) -> None:
    tours = {}
    for login in ("changan", "shijiazhuang", "observer", "operator", "auditor", "administrator", "designer"):
        client = entered(office.house, login)
        page = client.get("/help").text
        tours[login] = re.findall(r'<li data-at="([\w.]+)"><a href="([^"]+)"', page)
        with client.application.app_context():
            assert [at for at, _ in tours[login]] == [step.at for step in steps_of(office.house.actor(login))]
        for _, address in tours[login]:
            assert f'href="{address}"' in page.partition("<main")[0], (login, address)  # its place can be marked
    assert len({str(tour) for tour in tours.values()}) == len(tours) - 1  # officer and reviewer use the same
    assert {at for tour in tours.values() for at, _ in tour} == {step.at for step in STEPS}


def test_whoever_may_start_nothing_is_led_to_no_start_but_by_his_tasks(office: Office) -> None:
    for login, starts in (
        ("changan", True),
        ("changan.worker1", True),
        ("shijiazhuang.leader", False),
        ("guangmingli", False),
    ):
        client = entered(office.house, login)
        for path in ("/", "/tasks", "/tasks?view=mine", "/help"):
            assert ('href="/start"' in client.get(path).text) == starts, (login, path)
    assert "没有可以发起的事项" in entered(office.house, "guangmingli").get("/start").text


def test_the_tour_is_offered_until_it_is_answered_and_not_again_in_another_browser(office: Office) -> None:
    first, second = (entered(office.house, "lubei") for _ in range(2))
    assert OFFER in first.get("/tasks").text and OFFER in first.get("/registers").text
    answer = first.post("/help/tour", data={"next": "/registers"})
    assert answer.status_code == 303 and answer.location == "/registers"
    assert OFFER not in first.get("/tasks").text
    assert second.post("/help/tour", data={"next": "//elsewhere"}).location.startswith("/")
    assert OFFER not in entered(office.house, "lubei").get("/tasks").text
    assert OFFER in entered(office.house, "sanhe").get("/tasks").text


def test_each_explained_word_stands_on_a_page_and_is_explained_in_both_languages(office: Office) -> None:
    told = [page.read_text(encoding="utf-8") for page in TEMPLATES.rglob("*.html")]
    placed = {word for source in told for word in re.findall(r'ui\.term\("([\w-]+)"', source)}
    placed |= {word for source in told for word in re.findall(r'page_head\(.*, "([a-z-]+)"\)', source)}
    assert placed == set(TERMS)
    for english in (False, True):
        page = office.desk("province", english).get("/cases").text
        mark = re.search(r'popovertarget="(term-case)" aria-label="([^"]+)"', page)
        assert mark and f'id="{mark[1]}" popover' in page and ("What is" in mark[2]) is english
