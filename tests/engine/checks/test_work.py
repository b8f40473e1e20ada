"""Operations, decisions and called processes exist and get what they ask for."""

from engine.errors import Fix
from tests.engine.checks.tiny import (
    at,
    check,
    checked,
    end,
    errors,
    folder,
    only,
    process,
    rule,
    service,
    start,
    sub,
    user,
)

PARAMETER = '<gw:parameter name="{}" value="=1"/>'
GRADE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="grades" name="grades" namespace="urn:x">
  <decision id="grade" name="等级"><variable name="grade"/>
    <decisionTable hitPolicy="FIRST"><input id="i"><inputExpression><text>years</text></inputExpression></input>
      <output id="o" name="grade"/>
      <rule id="r1"><inputEntry id="e1"><text>&gt; 2</text></inputEntry><outputEntry id="x1"><text>"高"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="e2"><text>-</text></inputEntry><outputEntry id="x2"><text>"低"</text></outputEntry></rule>
    </decisionTable></decision></definitions>""".encode()


def operating(*names, operation="register.create", result=""):
    given = "".join(PARAMETER.format(name) for name in names)
    kept = f' result="{result}"' if result else ""
    task = service(extension=f'<gw:operation name="{operation}"{kept}>{given}</gw:operation>')
    return check(start(), task, end(), flows="begin>work>end")


def deciding(extension, dmn=GRADE):
    return check(start(), rule(extension=extension), end(), flows="begin>decide>end", files={"grade.dmn": dmn})


def test_an_operation_with_all_it_asks_for_is_fine():
    assert errors(operating("register")) == []
    assert errors(operating("register", "note", result="created")) == []


def test_a_service_task_without_operation_is_refused():
    assert "names no operation" in only(check(start(), service(extension=""), end(), flows="begin>work>end")).text("en")


def test_an_unknown_operation_is_refused_and_the_known_ones_are_named():
    problem = only(operating("register", operation="register.creat"))
    assert problem.place == "work" and "register.create" in problem.text("en")


def test_a_missing_parameter_is_refused():
    assert "lacks the parameter “register”" in only(operating("note")).text("en")


def test_an_unknown_parameter_is_refused_and_the_known_ones_are_named():
    problem = only(operating("register", "registr"))
    assert "no parameter “registr”" in problem.text("en") and "note, register" in problem.text("en")


def test_a_parameter_given_twice_is_refused():
    assert "twice" in only(operating("register", "register")).text("en")


def test_a_decision_of_the_folder_is_found():
    assert (
        errors(deciding('<gw:decision ref="grade" result="graded">' + PARAMETER.format("years") + "</gw:decision>"))
        == []
    )


def test_a_business_rule_task_without_decision_is_refused():
    assert "names no decision" in only(deciding("")).text("en")


def test_an_unknown_decision_is_refused():
    problem = only(deciding('<gw:decision ref="grad" result="graded"/>'))
    assert problem.fix == Fix("decide", "decision", (("ref", "grade"),))
    assert problem.place == "decide" and "“grad” does not exist" in problem.text("en")


def test_a_decision_without_its_input_is_refused():
    assert "lacks the parameter “years”" in only(deciding('<gw:decision ref="grade" result="graded"/>')).text("en")


def test_a_decision_whose_result_goes_nowhere_is_refused():
    assert "takes the result" in only(
        deciding('<gw:decision ref="grade">' + PARAMETER.format("years") + "</gw:decision>")
    ).text("en")


def test_a_broken_decision_file_is_a_problem_of_that_file():
    problems = deciding('<gw:decision ref="grade" result="graded"/>', dmn=b"<definitions>")
    assert any(problem.file == "grade.dmn" for problem in errors(problems))


def test_a_called_process_that_is_not_in_the_folder_is_refused():
    problems = check(
        start(), user(), '<callActivity id="call" calledElement="other"/>', end(), flows="begin>review>call>end"
    )
    assert at(problems, "call", "not in the folder")


def test_a_process_that_calls_itself_is_refused():
    main = process(
        start(), user(), '<callActivity id="call" calledElement="other"/>', end(), flows="begin>review>call>end"
    )
    other = process(
        start("begin2"), '<callActivity id="again" calledElement="tiny"/>', end("end2"),
        flows="begin2>again>end2", id="other", case="",
    )  # fmt: skip
    problems = checked(folder(main, {"other.bpmn": other}))
    assert at(problems, "tiny", "calling itself") and at(problems, "other", "calling itself")


def test_a_process_that_nothing_calls_is_warned_about():
    main = process(start(), user(), end(), flows="begin>review>end")
    other = process(start("begin2"), user("review2"), end("end2"), flows="begin2>review2>end2", id="other", case="")
    problems = checked(
        folder(main, {"other.bpmn": other, "forms/review.form.json": folder(main)["forms/review.form.json"]})
    )
    assert errors(problems) == [] and at(problems, "other", "no process calls it")


def test_a_send_task_performs_no_operation():
    message = '<message id="paid" name="已付款"/>'
    operation = '<extensionElements><gw:operation name="register.create"/></extensionElements>'
    task = f'<sendTask id="send" messageRef="paid">{operation}</sendTask>'
    assert "performs no operation" in only(check(start(), task, end(), flows="begin>send>end", head=message)).text("en")


def test_two_processes_of_one_name_are_refused():
    main = process(start(), user(), end(), flows="begin>review>end")
    other = process(start("in"), user("deep"), end("out"), flows="in>deep>out", case="")
    problems = checked(folder(main, {"other.bpmn": other}))
    assert at(problems, "tiny", "also used in")


def nested(levels):
    body = sub("p0", start("s0"), user(), end("e0"), flows="s0>review>e0")
    for level in range(1, levels):
        flows = f"s{level}>p{level - 1}>e{level}"
        body = sub(f"p{level}", start(f"s{level}"), body, end(f"e{level}"), flows=flows)
    return check(start(), body, end(), flows=f"begin>p{levels - 1}>end")


def test_sub_processes_that_stand_deeper_in_each_other_than_the_engine_goes_are_warned_about():
    assert nested(20) == ()
    warning = at(nested(21), "tiny", "stand 21 deep")
    assert warning.severity == "warning" and "20层" in warning.text("zh") and errors(nested(21)) == []


def test_calls_count_as_depth_too():
    main = process(start(), '<callActivity id="call0" calledElement="q1"/>', end(), flows="begin>call0>end")
    for last, good in ((20, True), (21, False)):
        files = {}
        for level in range(1, last + 1):
            own = f"q{level}"
            inner = (
                f'<callActivity id="call{level}" calledElement="q{level + 1}"/>'
                if level < last
                else user(own + "_task")
            )
            middle = f"call{level}" if level < last else own + "_task"
            files[f"{own}.bpmn"] = process(
                start(own + "_in"), inner, end(own + "_out"), flows=f"{own}_in>{middle}>{own}_out", id=own, case=""
            )
        forms = {name: data for name, data in folder(process(user(), flows="")).items() if name.startswith("forms")}
        told = [
            problem
            for problem in checked(folder(main, {**files, **forms}))
            if "deep in each other" in problem.text("en")
        ]
        assert (not told) is good
