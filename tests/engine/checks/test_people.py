"""Who acts, on which form, with which answers."""

import json

import pytest

from tests.engine.checks.tiny import (
    CASE,
    FORM,
    FORM_FILE,
    LANE,
    at,
    check,
    end,
    errors,
    gateway,
    only,
    process,
    start,
    user,
)

SIMPLE = "begin>review>end"
BACK = '<gw:outcome id="back" name="退回" nameEn="Return" kind="return" targets="{}"/>'


def test_a_user_task_outside_every_lane_is_refused_because_nobody_could_act():
    problem = at(check(start(), user(), end(), flows=SIMPLE, lane_set=False), "review", "nobody could act")
    assert "不在任何泳道里" in problem.text("zh")


def test_a_user_task_in_a_lane_without_assignment_is_refused():
    assert "没有配置办理人" in at(
        check(start(), user(), end(), flows=SIMPLE, lane=""), "review", "nobody could act"
    ).text("zh")


def test_a_start_event_without_assignment_is_refused_because_nobody_could_start():
    assert at(check(start(), user(), end(), flows=SIMPLE, lane=""), "begin", "nobody can start")


def test_an_unknown_role_is_refused():
    lane = LANE.replace('role="clerk"', 'role="klerk"')
    problem = only(check(start(), user(), end(), flows=SIMPLE, lane=lane))
    assert problem.place == "tiny_clerks" and "klerk" in problem.text("en")


def test_an_unknown_kind_of_organisation_is_refused():
    lane = LANE.replace("county", "county village")
    assert "village" in only(check(start(), user(), end(), flows=SIMPLE, lane=lane)).text("en")


def test_who_may_cancel_is_checked_too():
    case = CASE + '<gw:canceller role="boss" where="ancestor"/>'
    assert "boss" in only(check(start(), user(), end(), flows=SIMPLE, case=case)).text("en")


def test_a_user_task_without_a_form_is_refused():
    assert "no form" in only(check(start(), user(form=""), end(), flows=SIMPLE)).text("en")


def test_a_form_that_is_not_in_the_folder_is_refused_with_the_file_expected():
    paper = '<gw:form into="begin" ref="application"/>'
    problem = only(check(start(extension=paper), user(), end(), flows=SIMPLE))
    assert problem.place == "begin" and "forms/application.form.json" in problem.text("en")


def test_a_user_task_without_outcomes_is_refused():
    assert "no outcome" in only(check(start(), user(outcomes=()), end(), flows=SIMPLE)).text("en")


def test_an_outcome_given_twice_is_refused():
    assert "given twice" in only(check(start(), user(outcomes=("pass", "pass")), end(), flows=SIMPLE)).text("en")


@pytest.mark.parametrize("target", ["nobody", "begin", "end"])
def test_a_return_to_what_is_no_user_task_is_refused(target):
    problem = only(check(start(), user(extension=BACK.format(target)), end(), flows=SIMPLE))
    assert problem.place == "review" and target in problem.text("en")


def test_a_return_to_a_task_without_a_flow_back_is_refused():
    problem = only(
        check(start(), user("first"), user(extension=BACK.format("first")), end(), flows="begin>first>review>end")
    )
    assert "back to “first”" in problem.text("en")


def test_a_return_along_a_flow_is_fine():
    problems = check(
        start(), user("first"), user(extension=BACK.format("first")), gateway("g", default="g_end"), end(),
        flows='begin>first>review>g>end; g>first?review.outcome = "back"',
    )  # fmt: skip
    assert errors(problems) == []


def test_only_a_return_has_targets():
    wrong = BACK.format("review").replace('kind="return"', 'kind="refuse"')
    assert "kind return" in only(check(start(), user(extension=wrong), end(), flows=SIMPLE)).text("en")


@pytest.mark.parametrize("element", ["nobody", "end"])
def test_an_exclusion_of_the_actor_of_what_nobody_does_is_refused(element):
    task = user(extension=f'<gw:notActorOf element="{element}"/>')
    assert element in only(check(start(), task, end(), flows=SIMPLE)).text("en")


def test_a_task_that_excludes_its_own_actor_is_refused():
    task = user(extension='<gw:notActorOf element="review"/>')
    assert "own actor" in only(check(start(), task, end(), flows=SIMPLE)).text("en")


def test_excluding_the_applicant_is_fine():
    task = user(extension='<gw:notActorOf element="begin"/>')
    assert errors(check(start(), task, end(), flows=SIMPLE)) == []


def calling(own, aside):
    """A diagram that calls ``asked``, with a step of its own and one there, each with what it excludes."""
    parts = start(), user("first", own), '<callActivity id="call" calledElement="asked"/>', user("last"), end()
    inner = start("inner_begin"), user("hear", aside), end("inner_end")
    called = process(*inner, flows="inner_begin > hear > inner_end", id="asked", name="听取")
    more = {"asked.bpmn": called, "forms/review.form.json": FORM_FILE}
    return check(*parts, flows="begin > first > call > last > end", files=more)


def test_an_exclusion_reaches_into_what_is_called_and_from_there_to_the_caller():
    into, out = '<gw:notActorOf element="hear" outcome="pass"/>', '<gw:notActorOf element="first"/>'
    assert errors(calling(into, out)) == []
    assert "no" in only(calling(into.replace("pass", "never"), out)).text("en")


@pytest.mark.parametrize("element", ["inner_begin", "call", "inner_end"])
def test_an_exclusion_of_what_begins_by_itself_or_is_called_is_refused(element):
    assert element in only(calling("", f'<gw:notActorOf element="{element}"/>')).text("en")


@pytest.mark.parametrize("pattern", ["GW{seq:05}", "{year}{month}{day}-{seq}", "岗{year}字第{seq:3}号"])
def test_a_good_number_pattern_is_fine(pattern):
    case = CASE.replace("T{year}-{seq:05}", pattern)
    assert errors(check(start(), user(), end(), flows=SIMPLE, case=case)) == []


@pytest.mark.parametrize("pattern", ["T{seq", "T{sequence}", "T{seq:99999}", "{0.__class__}{seq}", "}{seq}"])
def test_a_bad_number_pattern_is_refused(pattern):
    problem = only(check(start(), user(), end(), flows=SIMPLE, case=CASE.replace("T{year}-{seq:05}", pattern)))
    assert problem.place == "tiny" and "pattern" in problem.text("en")


def test_a_number_pattern_without_a_sequence_is_refused_because_numbers_would_repeat():
    assert "repeat" in only(check(start(), user(), end(), flows=SIMPLE, case=CASE.replace("-{seq:05}", ""))).text("en")


def test_a_process_without_case_number_and_title_is_refused():
    problems = check(start(), user(), end(), flows=SIMPLE, case="")
    assert only(problems).place == "tiny" and "no number pattern and no title" in only(problems).text("en")


def test_a_task_without_a_name_is_refused():
    assert "no name" in only(check(start(), user(name=""), end(), flows=SIMPLE)).text("en")


def test_a_missing_english_name_is_a_warning():
    task = user().replace(' gw:nameEn="Task review"', "")
    problems = check(start(), task, end(), flows=SIMPLE)
    assert errors(problems) == [] and at(problems, "review", "no English name").severity == "warning"


def test_who_is_told_of_a_deadline_has_a_role_that_exists():
    deadline = '<gw:deadline workingDays="=3">{}</gw:deadline>'
    for tag in ("remind", "escalate"):
        good, bad = (
            check(
                start(), user(extension=deadline.format(f'<gw:{tag} role="{role}" where="same"/>')), end(), flows=SIMPLE
            )
            for role in ("chief", "nobody")
        )
        assert errors(good) == [] and "“nobody” does not exist" in only(bad).text("en")


def test_a_form_that_starts_a_case_takes_no_files():
    picker = {"type": "filepicker", "id": "a_paper", "key": "paper", "label": "附件"}
    form = json.dumps({**FORM, "components": [picker]}).encode()
    paper = '<gw:form into="begin" ref="a_form"/>'
    files = {"forms/a_form.form.json": form}
    problem = at(check(start(extension=paper), user(), end(), flows=SIMPLE, files=files), "begin", "cannot take files")
    assert "不能有附件字段" in problem.text("zh")


def test_the_starter_is_asked_without_a_role_and_every_other_rule_needs_one():
    lanes = '<gw:assignment where="starter"/>'
    assert errors(check(start(), user(), end(), flows=SIMPLE, lane=LANE + lanes)) == []
    assert errors(check(start(), user(), end(), flows=SIMPLE, lane='<gw:assignment where="same"/>'))


def test_the_condition_of_an_assignment_names_only_what_is_written():
    lane = LANE.replace("/>", ' when="=unwritten = 1"/>')
    assert "unwritten" in at(check(start(), user(), end(), flows=SIMPLE, lane=lane), "review", "unwritten").text("en")


def test_who_stands_aside_after_an_outcome_is_named_by_one_that_there_is():
    task = user(extension='<gw:notActorOf element="review" outcome="unknown"/>')
    assert "unknown" in at(check(start(), task, end(), flows=SIMPLE), "review", "which there is not").text("en")


def test_who_stands_aside_because_of_another_case_is_named_in_feel():
    task = user(extension='<gw:notActorOf case="=1 +"/>')
    assert errors(check(start(), task, end(), flows=SIMPLE))
