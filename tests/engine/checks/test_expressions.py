"""Every FEEL text compiles and names only what exists; a script is one FEEL context."""

import pytest

from tests.engine.checks.test_work import GRADE
from tests.engine.checks.tiny import CASE, at, check, end, errors, gateway, only, rule, script, service, start, user


def deciding(condition):
    return check(
        start(), user(), gateway("g", default="g_end"), user("more"), end(),
        flows=f"begin>review>g>end; g>more?{condition}; more>end", files={"grade.dmn": GRADE},
    )  # fmt: skip


def scripted(text, **kind):
    return check(start(), script(text=text, **kind), end(), flows="begin>count>end")


@pytest.mark.parametrize(
    "condition",
    [
        'review.outcome = "pass"',
        '=review.outcome = "pass"',
        "case.organisation.level > 2 and today() > date(\"2026-01-01\")",
        "grade(years: 3) = \"高\"",
        "some p in review.posts satisfies p.years > 2",
        "count(review.posts[years > 2]) > 0",
    ],
)  # fmt: skip
def test_a_good_condition_is_fine(condition):
    assert errors(deciding(condition)) == []


def test_a_condition_that_does_not_compile_is_refused_at_its_flow():
    problem = only(deciding('review.outcome = "pass" and'))
    assert (
        problem.place == "g_more"
        and "条件" in problem.text("zh")
        and problem.text("en").startswith("process.bpmn: g_more: line 1: condition")
    )


def test_a_condition_in_python_is_refused():
    assert only(deciding("__import__('os').system('true')")).place == "g_more"


def test_a_variable_that_nothing_writes_is_refused():
    problem = only(deciding('reviw.outcome = "pass"'))
    assert "nothing writes a variable “reviw”" in problem.text("en") and "拼写" in problem.text("zh")


def test_a_function_that_does_not_exist_is_refused():
    assert "no function or decision “flor”" in only(deciding("flor(1.5) = 1")).text("en")


def test_an_answer_that_the_task_does_not_offer_is_refused():
    problem = only(deciding('review.outcome = "passed"'))
    assert "no outcome “passed”" in problem.text("en") and "pass" in problem.text("en")


@pytest.mark.parametrize("call", ["grade(3, 4)", "grade(year: 3)", "grade()"])
def test_a_decision_called_with_the_wrong_parameters_is_refused(call):
    assert "grade" in only(deciding(f'{call} = "高"')).text("en")


def test_the_title_of_a_case_is_compiled():
    problem = only(check(start(), user(), end(), flows="begin>review>end", case=CASE.replace("=case.number", "=1 +")))
    assert problem.place == "tiny" and "case title" in problem.text("en")


def test_a_deadline_is_compiled():
    task = user(extension='<gw:deadline workingDays="=ten days("/>')
    problem = only(check(start(), task, end(), flows="begin>review>end"))
    assert problem.place == "review" and "deadline" in problem.text("en")


@pytest.mark.parametrize("days", ["=-3", "-1", "=0", "=10.5"])
def test_a_constant_deadline_must_be_whole_days_to_come(days):
    task = user(extension=f'<gw:deadline workingDays="{days}"/>')
    assert "whole number" in only(check(start(), task, end(), flows="begin>review>end")).text("en")


@pytest.mark.parametrize("days", ["99999", "=2501", "=50 * 51", "=" + "9" * 40])
def test_a_constant_deadline_must_be_within_the_calendar(days):
    task = user(extension=f'<gw:deadline workingDays="{days}"/>')
    problem = only(check(start(), task, end(), flows="begin>review>end"))
    assert problem.place == "review" and "more than 2500 working days" in problem.text("en")


def test_a_parameter_of_an_operation_is_compiled():
    task = service(
        extension='<gw:operation name="register.create"><gw:parameter name="register" value="=1 +"/></gw:operation>'
    )
    assert "parameter “register”" in only(check(start(), task, end(), flows="begin>work>end")).text("en")


def test_a_parameter_of_a_decision_is_compiled():
    extension = '<gw:decision ref="grade" result="graded"><gw:parameter name="years" value="=)"/></gw:decision>'
    problems = check(start(), rule(extension=extension), end(), flows="begin>decide>end", files={"grade.dmn": GRADE})
    assert "parameter “years”" in only(problems).text("en")


def test_what_a_script_writes_may_be_read_later():
    problems = check(
        start(), script(text="{ 合计: 1 + 2, over: 合计 > 2 }"), user(), gateway("g", default="g_end"), end("other"), end(),
        flows="begin>count>review>g>end; g>other?over and 合计 = 3",
    )  # fmt: skip
    assert errors(problems) == []


@pytest.mark.parametrize("format", ["python", "text/javascript", ""])
def test_a_script_in_another_language_is_refused(format):
    problem = only(scripted("total = 1", format=format))
    assert "script format" in problem.text("en") and "application/feel" in problem.text("en")


@pytest.mark.parametrize("text", ["1 + 1", "[1, 2]", "total"])
def test_a_script_that_is_no_context_is_refused(text):
    assert at(scripted(text), "count", "must be one FEEL context")


def test_a_script_that_does_not_compile_is_refused():
    assert "script:" in only(scripted("{ total: }")).text("en")


HIDING = "{ total: { kind: 1, review: 2, more: review + 1 } }"


def test_an_entry_that_stands_for_a_variable_behind_it_is_a_warning():
    def found(text: str) -> list[str]:
        problems = check(
            start(), user(), script(text=text), end(), flows="begin>review>count>end",
        )  # fmt: skip
        assert errors(problems) == []
        return [one.text("en") for one in problems if "hides the variable" in one.text("en")]

    assert len(found(HIDING)) == 1 and "“review”" in found(HIDING)[0]
    for harmless in (
        "{ total: { review: review, more: review } }",  # it is the variable
        "{ total: { more: review, review: 2 } }",  # read before
        "{ total: { review: 2 } }",
        "{ total: { own: 1, more: own } }",  # of no variable
        "{ total: 1, over: total > 2 }",
    ):
        assert found(harmless) == [], harmless


@pytest.mark.parametrize("text", ["{ typename: 1 }", '{ a: { "typename": 1 } }'])
def test_the_name_that_spoils_saved_states_is_refused_anywhere_in_a_script(text):
    assert at(scripted(text), "count", "typename")


@pytest.mark.parametrize(("name", "why"), [("typename", "unreadable"), ("case", "read-only"), ("sum", "function")])
def test_a_submission_may_not_take_a_reserved_name(name, why):
    task = user(form="").replace("<gw:outcome", f'<gw:form ref="sheet" into="{name}"/><gw:outcome', 1)
    assert why in only(check(start(), task, end(), flows="begin>review>end")).text("en")


def test_a_variable_name_that_feel_could_not_read_is_refused():
    task = user(form="").replace("<gw:outcome", '<gw:form ref="sheet" into="my-review"/><gw:outcome', 1)
    assert "letters" in only(check(start(), task, end(), flows="begin>review>end")).text("en")


def test_a_variable_that_hides_a_decision_which_is_called_is_refused():
    problems = check(
        start(), script(text="{ grade: 1 }"), user(), gateway("g", default="g_end"), end("other"), end(),
        flows='begin>count>review>g>end; g>other?grade(years: 3) = "高"', files={"grade.dmn": GRADE},
    )  # fmt: skip
    assert "hides the decision" in only(problems).text("en")


def test_a_machine_that_overwrites_a_submission_is_warned_about():
    problems = check(start(), user(), script(text="{ review: 1 }"), end(), flows="begin>review>count>end")
    assert errors(problems) == []
    assert at(problems, "count", "overwrites what was submitted at “review”").severity == "warning"


def test_a_machine_may_prepare_what_a_later_form_shows():
    assert check(start(), script(text="{ review: 1 }"), user(), end(), flows="begin>count>review>end") == ()


@pytest.mark.parametrize(
    "text",
    ["rows[item.code = code]", "rows[code = item.code][1]", "(rows[item.a = 1 and item.code != code])"],
)
def test_a_filter_that_compares_a_member_with_itself_is_told(text):
    problem = only(
        check(
            start(),
            script(text=f"{{ code: 2, rows: [{{code: 1, a: 1}}], found: {text} }}"),
            end(),
            flows="begin>count>end",
        )
    )
    assert "item.code" in problem.text("en")


def test_a_filter_that_compares_with_another_name_is_fine():
    text = "{ wanted: 2, rows: [{code: 1}], found: rows[item.code = wanted], of: for one in rows return rows[item.code = one.code] }"
    assert errors(check(start(), script(text=text), end(), flows="begin>count>end")) == []
