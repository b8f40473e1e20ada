"""What is proposed, over HTTP: pinned at a click, refused where nothing differs, read beside what is in force."""

from __future__ import annotations

import pytest

from storage import accounts
from tests.house import ROOT, build_house
from tests.web.office import Office

FOLDER = ROOT / "tests" / "data" / "proposed"
EFFECTIVE = ROOT / "tests" / "data" / "effective"
OFFICER, PLACE, LEADER = "changan", "130102", "province.leader"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = build_house(tmp_path_factory.mktemp("proposed"), FOLDER, EFFECTIVE)
    with made.application.database.write() as connection:
        accounts.grant(connection, made.actor(OFFICER).user_id, "designer", "130000", made.clock.now())
    yield made
    made.application.database.close()


@pytest.fixture(scope="module")
def office(house):
    return Office(house)


@pytest.fixture(scope="module")
def design(house):
    """A design that is the version in force, yet."""
    return house.application.workshop.beginning.copy(house.actor(OFFICER), "grant", 1)


@pytest.fixture(scope="module")
def case_id(house, design):
    """A case on a proposal that renames the process, which waits for the province."""
    workshop, actor = house.application.workshop, house.actor(OFFICER)
    opened = workshop.editing.edit(actor, design, "s1", take_over=True)
    text = opened.diagrams["process.bpmn"].replace('name="发放"', 'name="新发放"')
    workshop.editing.save(actor, design, (opened.revision, "s1"), {"process.bpmn": text.encode()})
    proposal = workshop.proposing.propose(actor, design)
    return house.start(OFFICER, "change", PLACE, {"proposal": str(proposal)}).case_id


def test_a_design_that_differs_in_nothing_is_not_proposed_and_one_is_told_so(office, design):
    answer = office.desk(OFFICER).post(f"/workshop/{design}/propose/change", follow_redirects=True)
    assert answer.request.path == f"/workshop/{design}/files" and "与现行的第1版完全相同" in answer.text


def test_a_click_pins_a_design_and_leads_to_the_form_of_the_case_that_decides_on_it(office, design, case_id):
    desk = office.desk(OFFICER)
    assert f'action="/workshop/{design}/propose/change"' in desk.get(f"/workshop/{design}/files").text
    answer = desk.post(f"/workshop/{design}/propose/change", follow_redirects=True)
    assert answer.request.path == "/start/change" and "设计稿已按现在的内容固定" in answer.text
    assert desk.post(f"/workshop/{design}/propose/grant").status_code == 404  # it decides on nothing


def test_whoever_decides_reads_the_difference_without_being_a_designer(house, office, case_id):
    desk, address = office.desk(LEADER), f"/cases/{case_id}/proposed"
    assert desk.get("/workshop").status_code == 403
    assert f'href="{address}"' in desk.get(f"/cases/{case_id}").text
    shown = desk.get(address).text
    assert "<ins>新</ins>" in shown and "第1版" in shown and "/workshop" not in shown
    for side, name in (("before", 'name="发放"'), ("after", 'name="新发放"')):
        answer = desk.get(f"{address}/diagram?side={side}&file=process.bpmn")
        assert answer.content_type.startswith("application/xml") and name in answer.text, side
    for asked in ("side=other&file=process.bpmn", "side=after&file=other.bpmn", "side=after&file=forms/x.json", ""):
        assert desk.get(f"{address}/diagram?{asked}").status_code == 404, asked


@pytest.mark.parametrize("login", ["zhengding", "designer", "auditor"])
def test_whoever_does_not_see_the_case_does_not_see_what_it_proposes(office, case_id, login):
    for page in ("", "/diagram?side=after&file=process.bpmn"):
        assert office.desk(login).get(f"/cases/{case_id}/proposed{page}").status_code in (403, 404), page


def test_what_was_never_published_is_read_beside_nothing(house, office):
    workshop, actor = house.application.workshop, house.actor(OFFICER)
    number = workshop.beginning.blank(actor, "leave_request", "请假")
    proposal = workshop.proposing.propose(actor, number)
    case_id = house.start(OFFICER, "change", PLACE, {"proposal": str(proposal)}).case_id
    shown = office.desk(LEADER).get(f"/cases/{case_id}/proposed").text
    assert "还没有发布过" in shown and "这一边没有这个文件" in shown


def test_a_case_that_names_no_proposal_has_nothing_to_compare(house, office):
    case_id = house.start(OFFICER, "grant", PLACE, {"step": 1}).case_id
    assert "/proposed" not in office.desk(LEADER).get(f"/cases/{case_id}").text
    assert office.desk(LEADER).get(f"/cases/{case_id}/proposed").status_code == 404
