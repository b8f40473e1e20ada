"""Each message says what to do next; what has one cause is one message."""

import ast
from pathlib import Path

import pytest

from engine.checks.translate import as_feel
from tests.engine.checks.tiny import at, check, end, errors, only, service, start, user

ROOMS = [Path(__file__).parents[3] / "engine" / room for room in ("checks", "diagram")]
FLOWS = "begin>review>end"
NEEDED = {
    "page": 3,
    "report": 4,
    "self.report": 4,
    "folder.report": 4,
    "page.report": 4,
    "one": 2,
    "notes": 3,
    "self._notes": 3,
}
"""How many arguments a message with a next step has, by whom it is told to."""


def without_next_step():
    """Where a message is told and nothing to do about it."""
    for file in (file for room in ROOMS for file in sorted(room.glob("*.py"))):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in {"error", "warn", "add"}
            ):
                told, given = ast.unparse(call.func.value), len(call.args) + len(call.keywords)
                passed_on = call.func.attr == "add" and "report" in told
                if given < NEEDED.get(told, 0) and not passed_on:
                    yield f"{file.name}:{call.lineno}"


def test_every_message_of_the_check_says_what_to_do_next():
    assert list(without_next_step()) == []


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("${x == 'a'}", 'x = "a"'),
        ("${approved}", "approved"),
        ("${!approved}", "not(approved)"),
        ("#{amount >= 1000 && level != 'high'}", 'amount >= 1000 and level != "high"'),
        ('${x == "a" || y eq 3}', 'x = "a" or y = 3'),
        ("${empty x}", "x = null"),
        ("${not empty x}", "x != null"),
        ("${a gt 3 and b lt 4}", "a > 3 and b < 4"),
        ("${execution.getVariable('x') == 'a'}", 'x = "a"'),
        ("${status.equals('open')}", 'status = "open"'),
        ("${list.size() > 2}", "count(list) > 2"),
        ("${x > 5 ? 'a' : 'b'}", 'if x > 5 then "a" else "b"'),
        ("x === 'a' && !done", 'x = "a" and not(done)'),
        ("x == 'it\\'s == fine'", 'x = "it\'s == fine"'),
        ("x == True and y != None", "x = true and y != null"),
        ("not done", "not(done)"),
        ("return x == 1;", "x = 1"),
        ('=x == "a"', 'x = "a"'),
    ],
)
def test_an_expression_of_another_engine_is_written_in_feel(text, feel):
    assert as_feel(text) == feel
    found = errors(check(start(), user(), end(), flows=f"begin>review>end?{text};review>end"))
    assert any(feel in problem.text("en") for problem in found) or text == "${approved}"


@pytest.mark.parametrize("text", ["x = 1", '=review.outcome = "pass"', "${", "a b c ( ]", "for (i in x) { y }", ""])
def test_nothing_is_proposed_for_what_is_feel_or_cannot_be_guessed(text):
    assert as_feel(text) is None


def test_user_tasks_that_lack_the_same_are_one_message():
    tasks = [user(own, form="", outcomes=(), name=own) for own in ("a", "b", "c")]
    problem = only(check(start(), *tasks, end(), flows="begin>a>b>c>end"))
    assert problem.stands_for == 3 and all(f"<gw:{tag}" in problem.text("en") for tag in ("form", "outcome"))
    assert "a, b, c" in problem.text("en") and problem.place == "a"


def test_user_tasks_in_no_lane_are_one_message():
    tasks = [user(own) for own in ("a", "b")]
    found = check(start(), *tasks, end(), flows="begin>a>b>end", lane_set=False)
    problem = at(found, "a", "2 user tasks are in no lane")
    assert "<gw:assignment" in problem.text("en")


def test_a_service_task_without_an_operation_gets_the_list_of_them():
    problem = only(check(start(), service(extension=""), user(), end(), flows="begin>work>review>end"))
    assert "register.create, tree.places" in problem.text("en")


def test_an_id_that_is_no_name_of_a_variable_is_told_with_one_that_is():
    task = user("sid-12-AB")
    problem = at(check(start(), task, end(), flows="begin>sid-12-AB>end"), "sid-12-AB", "sid_12_AB")
    assert "into=“sid_12_AB”" in problem.text("en")


def test_a_role_that_does_not_exist_gets_the_list_of_them():
    found = check(start(), user(), end(), flows=FLOWS, lane='<gw:assignment role="clrk" where="same"/>')
    assert any("chief, clerk" in problem.text("en") for problem in errors(found))
