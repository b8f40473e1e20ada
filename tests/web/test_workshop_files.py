"""The files of a design over HTTP: told as what they are, papers handed up and down, and what an expression reads."""

from __future__ import annotations

import io

import pytest

from engine.documents.official import OfficialPaper
from tests.house import ROOT
from tests.web.designers import Page, begun, designers_site, signed_in, uploaded

NAME = "documents/answer.docx"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with designers_site(tmp_path_factory.mktemp("files"), "designer") as made:
        yield made


@pytest.fixture(scope="module")
def designer(site):
    return signed_in(site, "designer")


@pytest.fixture
def page(designer):
    made = Page(designer, begun(designer, "copy", of="grant:1"), "a1")
    made.open()
    return made


@pytest.fixture(scope="module")
def paper():
    made = OfficialPaper()
    made.line("{{ number }}")
    return made.content()


def put(page, data, name=NAME, **more):
    fields = {"session": page.session, "revision": str(page.revision), "name": name, **more}
    headers = {"X-CSRFToken": page.browser.token, "Accept": "application/json"}
    sent = {**fields, "file": (io.BytesIO(data), "sent.docx")}
    return page.browser.client.post(f"{page.address}/put", data=sent, headers=headers)


def test_each_file_is_opened_as_what_it_is(page, paper):
    assert put(page, paper).json["revision"] == 2
    opened = page.open().json
    assert set(opened["texts"]) == {"forms/again.form.json", "forms/begin.form.json"}
    assert opened["papers"] == [NAME] and set(opened["diagrams"]) == {"process.bpmn"}


def test_a_paper_is_handed_down_as_it_was_handed_up_and_tells_its_places(page, paper):
    put(page, paper)
    answer = page.browser.client.get(f"{page.address}/file/{NAME}")
    assert answer.data == paper and "sandbox" in answer.headers["Content-Security-Policy"]
    assert page.ask("check").json["scope"]["papers"] == {NAME: ["number"]}


@pytest.mark.parametrize("more", [{"session": "b2"}, {"revision": "7"}], ids=["another page", "another revision"])
def test_a_paper_goes_over_nothing_that_the_page_has_not_seen(page, paper, more):
    assert put(page, paper, **more).status_code == 409
    assert page.open().json["papers"] == []


@pytest.mark.parametrize("name", ["../answer.docx", "answer.exe", "_shared/answer.docx", ""])
def test_a_paper_stands_in_its_folder_or_nowhere(page, paper, name):
    answer = put(page, paper, name)
    assert answer.status_code == 422 and answer.json["detail"]


@pytest.mark.parametrize("more", [{"revision": ""}, {"revision": "x"}, {"revision": "9" * 40}, {"session": "<b>"}])
def test_nonsense_is_no_request(page, paper, more):
    assert put(page, paper, **more).status_code == 400


def test_a_file_that_is_not_there_is_not_handed_down(page):
    for name in ("gone.docx", "%2e%2e/process.bpmn", "process.bpmn/"):
        assert page.browser.client.get(f"{page.address}/file/{name}").status_code == 404


def test_a_check_tells_what_each_element_reads_and_of_which_type(page):
    scope = page.ask("check").json["scope"]
    assert {"begin", "case", "rate"} <= set(scope["seen"]["again"])
    fields = {one["name"]: one["type"] for one in scope["variables"]["begin"]["entries"]}
    assert fields["step"] in ("number", "text")


def test_a_diagram_of_another_engine_is_told_item_by_item(designer):
    drawn = (ROOT / "tests" / "data" / "drawn_elsewhere" / "camunda8.bpmn").read_bytes()
    page = Page(designer, uploaded(designer, "loan.bpmn", drawn).location, "a1")
    items = page.ask("check").json["foreign"]["process.bpmn"]
    assert {one["maker"] for one in items} == {"Camunda 8", "Camunda Modeler"}
    assert {"tag": "form", "element": "look", "values": {"ref": "look"}} in [one["gives"] for one in items]
