"""What is confidential until an event is told before it by no message, and by no list of who was given a copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.views import CaseFilters, HistoryAsked
from engine.views.deadlines import RunningFilters
from tests.house import ROOT, House, build_house, replaced

FOLDER = ROOT / "tests" / "data" / "confidential"
SAID = "三号评委打分有误"
ANSWER = '<gw:form ref="note"/><gw:outcome id="done" name="决定" nameEn="Decide" kind="approve" opinion="optional"/>'
BACK = '<gw:outcome id="back" name="退回" nameEn="Return" kind="return" opinion="required" targets="pick"/>'
ON = '<bpmn:sequenceFlow id="f4" sourceRef="decide" targetRef="award"/>'
ROUND = """<bpmn:sequenceFlow id="f4" sourceRef="decide" targetRef="which"/>
<bpmn:exclusiveGateway id="which" name="退回？" gw:nameEn="Returned?" default="f7"/>
<bpmn:sequenceFlow id="f7" sourceRef="which" targetRef="award"/>
<bpmn:sequenceFlow id="f8" name="退回" sourceRef="which" targetRef="pick"><bpmn:conditionExpression>=decide.outcome =
"back"</bpmn:conditionExpression></bpmn:sequenceFlow>"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("", True),
        ('<gw:confidential until="award" fields="opinion"/>', False),
        ('<gw:confidential until="award"/>', False),
    ],
)
def test_a_return_says_its_opinion_to_whom_it_comes_back_unless_that_is_confidential(
    house: House, kept: str, told: bool
) -> None:
    house.publish(replaced(FOLDER, (ANSWER, kept + ANSWER + BACK), (ON, ROUND)))
    case_id = house.start("changan", "jury", "130102", {"topic": "优秀岗位"}).case_id
    house.complete("changan", case_id, "done", judge="zhengding", place="会议室")
    house.complete("zhengding", case_id, "done", points="9", why="好", opinion="同意")
    house.complete("shijiazhuang", case_id, "back", note="见意见", opinion=SAID)
    page = house.application.messages.page(house.actor("changan"))
    came_back = [one for one in page.rows if one.kind.text() == "退回"]
    assert len(came_back) == 1 and (SAID in came_back[0].text[0]) is told
    assert house.proof(case_id) == []


def test_who_watches_a_confidential_step_sees_who_has_handed_in_and_nothing_of_what(house: House) -> None:
    kept = '<gw:confidential until="award" for="province_approver"'
    house.publish(replaced(FOLDER, (kept, f'{kept} watch="city_reviewer"')))
    case_id = house.start("changan", "jury", "130102", {"topic": "优秀岗位"}).case_id
    house.complete("changan", case_id, "done", judge="zhengding", place="会议室")
    judge, head, other = (house.actor(login) for login in ("zhengding", "shijiazhuang", "observer"))
    reading = house.application.cases.reading
    waiting = {who.login: [one.waits_for[0] for one in reading.case(who, case_id).tasks] for who in (head, other)}
    assert judge.name in waiting["shijiazhuang"][0] and judge.name not in str(waiting["observer"])
    house.complete("zhengding", case_id, "done", points="9", why="好得很", opinion="同意得九分")
    asked = HistoryAsked(standing=True)
    seen = {who.login: str(reading.case(who, case_id, asked).history) for who in (head, other)}
    assert judge.name in seen["shijiazhuang"] and judge.name not in seen["observer"]
    assert not any(said in one for one in seen.values() for said in ("好得很", "得九分"))
    assert house.proof(case_id) == []


def test_a_copy_given_at_a_confidential_step_does_not_tell_whose_step_it_is(house: House) -> None:
    case_id = house.start("changan", "jury", "130102", {"topic": "优秀岗位"}).case_id
    house.complete("changan", case_id, "done", judge="zhengding", place="会议室")
    cases, judge = house.application.cases, house.actor("zhengding")
    cases.verbs.copy(judge, house.task_of("zhengding", case_id), [house.actor("changan").user_id], "请知悉")
    own = cases.verb_reading.of_task(judge, house.task_of("zhengding", case_id))
    house.complete("zhengding", case_id, "done", points="9", why="好", opinion="同意")
    seen = cases.verb_reading.of_task(house.actor("shijiazhuang"), house.task_of("shijiazhuang", case_id))
    assert [one.by for one in own.copies] == [judge.name] and seen.copies == ()


def test_no_list_finds_or_counts_a_case_by_the_unit_for_which_a_confidential_step_waits(house: House) -> None:
    of_unit = '<gw:assignment where="person" of="=pick.judge"/>'
    house.publish(replaced(FOLDER, (of_unit, '<gw:assignment role="county_officer" where="same"/>')))
    case_id = house.start("changan", "jury", "130102", {"topic": "优秀岗位"}).case_id
    house.complete("changan", case_id, "done", judge="zhengding", place="会议室")
    visible, asked = house.application.cases.visible, CaseFilters(waits_at="130102")

    def found(login: str) -> tuple[int, int, int, int]:
        actor, page = house.actor(login), house.application.cases.visible.page(house.actor(login), asked)
        every, (first, total) = list(visible.every(actor, asked)), visible.first_ids(actor, asked, 10)
        assert len(first) == total == page.total
        return len(page.rows), page.total, visible.count(actor, asked, 10), len(every)

    assert [found(one) for one in ("shijiazhuang", "observer")] == [(0, 0, 0, 0)] * 2
    assert [found(one) for one in ("changan", "province")] == [(1, 1, 1, 1)] * 2
    assert visible.count(house.actor("observer"), CaseFilters(step="评分"), 10) == 1  # that it is reached is told
    house.complete("changan", case_id, "done", points="9", why="好", opinion="同意")
    assert found("observer") == (0, 0, 0, 0)
    house.complete("shijiazhuang", case_id, "done", note="定")
    assert found("observer") == found("shijiazhuang") == (1, 1, 1, 1)  # a step that all may see


@pytest.mark.parametrize("login", ["observer", "shijiazhuang", "changan", "province", "zhengding"])
def test_a_deadline_finds_sorts_out_and_counts_a_case_only_for_whom_a_page_shows_it(house: House, login: str) -> None:
    case_id = house.start("changan", "jury", "130102", {"topic": "优秀岗位"}).case_id
    house.complete("changan", case_id, "done", judge="zhengding", place="会议室")
    actor, visible = house.actor(login), house.application.cases.visible
    (task,) = house.application.cases.reading.case(actor, case_id).tasks
    shown = task.deadline is not None  # the step is confidential: for whom it waits, and when it is due
    assert shown is (login in ("province", "zhengding"))
    for day, standing in ((25, "soon"), (30, "late")):
        house.at(11, day)
        for asked in (
            CaseFilters(due=standing),
            CaseFilters(due=standing, step="评分"),
            CaseFilters(due=standing, q="PX"),
        ):
            (first, total), every = visible.first_ids(actor, asked, 10), list(visible.every(actor, asked))
            found = visible.page(actor, asked).total, visible.count(actor, asked, 10), len(first), total, len(every)
            assert found == (int(shown),) * 5, (standing, asked)


def test_no_number_tells_who_leads_that_a_person_has_a_confidential_step(house: House) -> None:
    case_id = house.start("changan", "jury", "130102", {"topic": "优秀岗位"}).case_id
    house.complete("changan", case_id, "done", judge="shijiazhuang2", place="会议室")
    cases, leader, judge = house.application.cases, house.actor("shijiazhuang.leader"), house.actor("shijiazhuang2")

    def told() -> list[int]:
        (line,) = (one for one in cases.overviews.of(leader).people if one.name == judge.name)
        asked = CaseFilters(claimed_by=judge.user_id), CaseFilters(done_by=judge.user_id)
        listed = [cases.visible.page(leader, one).total for one in asked]
        running = cases.ledgers.running(leader, RunningFilters(claimed_by=judge.user_id))
        assert (line.held.count, line.done.count) == tuple(listed) and line.late.count == running.counts["late"]
        return [*listed, running.total]

    cases.claims.claim(judge, house.task_of("shijiazhuang2", case_id))
    assert told() == [0, 0, 0]
    house.complete("shijiazhuang2", case_id, "done", points="9", why="好", opinion="同意")
    assert told() == [0, 0, 0]
    house.complete("shijiazhuang", case_id, "done", note="定")
    assert told() == [0, 1, 0]
