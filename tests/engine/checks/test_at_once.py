"""Everything wrong is said at once: what makes a file doubtful hides nothing else that is wrong in it."""

import pytest

from tests.engine.checks.tiny import at, checked, end, errors, folder, only, process, service, start, user

CONDITION = "begin>review;review>end?revew.outcome = 1;review>work>end"
WORK = '<gw:operation name="register.create"><gw:parameter name="registr" value="=1"/></gw:operation>'


def drawn(head="", more=""):
    return process(start(), user(), service(extension=WORK), end(), head=head, more=more, flows=CONDITION)


WRONG_ELSEWHERE = {"review_end", "work"}
"""Where the diagram is wrong whatever else is said of it."""


@pytest.mark.parametrize(
    ("hurt", "place", "said"),
    [
        (lambda data: data.replace(b' isExecutable="true"', b""), "tiny", "executable"),
        (
            lambda data: data.replace(
                b'<endEvent id="end"></endEvent>', b'<endEvent id="end"></endEvent><textAnnotation id="end"/>'
            ),
            "end",
            "twice",
        ),
        (
            lambda data: data.replace(
                b'<endEvent id="end"></endEvent>', b'<endEvent id="end"></endEvent><endEvent id="end"></endEvent>'
            ),
            "end",
            "twice",
        ),
        (lambda data: data.replace(b'"review_work"', b'"review_end"'), "review_end", "twice"),
        (lambda data: data.replace(b'"begin"', b'"be gin"').replace(b">begin<", b">be gin<"), "be gin", "space"),
        (
            lambda data: data.replace(b'<endEvent id="end"></endEvent>', b'<endEvent id="end"></endEvent><endEvent/>'),
            "tiny",
            "no id",
        ),
        (lambda data: data.replace(b"gw:outcome", b"gw:outcom"), "review", "outcom"),
        (lambda data: data.replace(b'kind="approve"', b'kind="aprove"'), "review", "aprove"),
        (lambda data: data.replace(b'id="work"', b'id="work" colour="red"'), "work", "colour"),
        (lambda data: data.replace(b"</process>", b'<manualTask id="hand"/></process>'), "hand", "manual"),
    ],
)
def test_one_message_hides_no_other(hurt, place, said):
    whole = errors(checked(folder(drawn())))
    assert {problem.place for problem in whole} == WRONG_ELSEWHERE
    data = hurt(drawn())
    assert data != drawn()
    found = checked(folder(data))
    assert at(found, place, said).severity == "error"
    assert {problem.place for problem in errors(found)} >= WRONG_ELSEWHERE
    assert set(whole) & set(found) >= {problem for problem in whole if problem.place == "work"}


def test_several_things_that_make_a_file_doubtful_are_all_told():
    data = (
        drawn().replace(b' isExecutable="true"', b"").replace(b'"begin"', b'"be gin"').replace(b">begin<", b">be gin<")
    )
    data = data.replace(
        b'<endEvent id="end"></endEvent>',
        b'<endEvent id="end"></endEvent><textAnnotation id="end"/><manualTask id="m"/>',
    )
    places = {problem.place for problem in errors(checked(folder(data)))}
    assert {"tiny", "be gin", "end", "m", *WRONG_ELSEWHERE} <= places


def test_a_double_id_alone_is_one_problem():
    data = process(start(), user(), end(), '<textAnnotation id="end"/>', flows="begin>review>end")
    assert only(checked(folder(data))).place == "end"
    data = process(start(), user(), end(), end(), flows="begin>review>end")
    assert only(checked(folder(data))).place == "end"


def test_a_file_without_the_flag_is_one_problem():
    data = process(start(), user(), end(), flows="begin>review>end").replace(b'isExecutable="true"', b"")
    assert "isExecutable" in only(checked(folder(data))).text("en")


def test_the_only_diagram_is_checked_as_the_main_one_whatever_it_is_called():
    data = drawn().replace(b'title="=case.number"', b'title="=nobody"')
    files = folder(data)
    files["approval.bpmn"] = files.pop("process.bpmn")
    found = errors(checked(files))
    assert WRONG_ELSEWHERE | {"file", "tiny"} <= {problem.place for problem in found}


def test_pools_that_explain_are_not_checked_beside_one_that_runs():
    more = '<process id="others"><task id="t"/></process>'
    assert errors(checked(folder(process(start(), user(), end(), flows="begin>review>end", more=more)))) == []
