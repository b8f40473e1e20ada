"""A limit on what is shown changes no verdict: everything counts, wherever a list is cut."""

from engine.checks.report import MAX_PROBLEMS, Report
from engine.words import say
from tests.engine.checks.tiny import check, checked, end, errors, folder, process, script, start, user

NOTES = "".join(f'<textAnnotation id="n{i}" xmlns:v{i}="urn:vendor:{i}" v{i}:size="1"/>' for i in range(MAX_PROBLEMS))


def test_an_error_behind_hundreds_of_warnings_refuses_the_folder():
    found = check(NOTES, start(), script(format="python"), end(), flows="begin>count>end")
    assert sum(problem.severity == "warning" for problem in found) >= MAX_PROBLEMS
    assert any("python" in problem.text("en") for problem in errors(found))
    assert found[0].severity == "error"


def test_a_join_that_starves_is_found_behind_hundreds_of_warnings():
    parts = (
        start(),
        user(),
        '<exclusiveGateway id="x" default="x_a"/>',
        user("a"),
        user("b"),
        '<parallelGateway id="j"/>',
        end(),
    )
    flows = 'begin>review>x>a>j>end;x>b?review.outcome = "pass";b>j'
    plain, noted = check(*parts, flows=flows), check(NOTES, *parts, flows=flows)
    assert any(problem.place == "j" for problem in errors(plain))
    assert errors(noted) == errors(plain)


def test_every_error_counts_and_the_rest_is_told_by_its_number():
    report = Report()
    for number in range(MAX_PROBLEMS + 7):
        for _ in range(2):
            report.error("a", f"e{number}", say("{x}", x=number))
            report.warn("a", f"w{number}", say("{x}", x=number))
    assert report.errors == MAX_PROBLEMS + 7
    assert report.is_faulty(f"e{MAX_PROBLEMS + 6}") and not report.is_faulty("w0")
    for severity in ("error", "warning"):
        shown = [problem for problem in report.problems if problem.severity == severity]
        assert sum(problem.stands_for for problem in shown) == MAX_PROBLEMS + 7
        assert len(shown) == MAX_PROBLEMS + 1 and "7 more" in shown[-1].text("en") and shown[-1].hint


def test_errors_of_one_file_do_not_push_those_of_another_out_of_the_verdict():
    many = "".join(f'<task id="t{i}"/>' for i in range(3000))
    drawing = f'<process id="p" isExecutable="false">{many}</process>'
    bad = process(start("b2"), '<manualTask id="m"/>', end("e2"), flows="b2>m>e2", id="called")
    data = process(start(), user(), end(), flows="begin>review>end", more=drawing)
    found = errors(checked(folder(data, {"a.bpmn": bad})))
    assert any(problem.place == "m" for problem in found)
    assert sum(problem.stands_for for problem in found) < 3000 or len(found) == MAX_PROBLEMS + 1


def test_a_problem_about_what_nothing_can_hash_is_noted_once_like_any_other() -> None:
    report = Report()
    for _ in range(2):
        report.error("a.form.json", "field", say("取值应为文字，得到 {value}", value=["not", {"hashable": []}]))
    assert report.errors == 1 and len(report.problems) == 1
