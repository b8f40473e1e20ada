"""Compensation: each handler hangs on a boundary event, and what is thrown finds something to undo."""

from tests.engine.checks.tiny import at, check, checked, end, errors, folder, process, service, start, sub, user

COMPENSATE = "<compensateEventDefinition{}/>"
HANDLER = service("undo").replace("<serviceTask ", '<serviceTask isForCompensation="true" ')
TIE = '<association id="tie" sourceRef="undone" targetRef="undo"/>'
FLOWS = "begin>review>back>end"


def undone(host="review"):
    return f'<boundaryEvent id="undone" attachedToRef="{host}">{COMPENSATE.format("")}</boundaryEvent>'


def back(ref="", inner=COMPENSATE):
    return f'<intermediateThrowEvent id="back">{inner.format(f" activityRef={ref!r}" if ref else "")}</intermediateThrowEvent>'


def compensated(*parts, handler=HANDLER, tie=TIE, flows=FLOWS, thrown=None, event=None):
    return check(start(), user(), event or undone(), handler, tie, thrown or back(), end(), *parts, flows=flows)


def test_a_task_with_its_handler_is_fine():
    assert errors(compensated()) == [] and errors(compensated(thrown=back("review"))) == []


def test_a_handler_may_be_a_sub_process():
    inner = sub("undo", start("in"), user("deep"), end("out"), flows="in>deep>out", isForCompensation="true")
    assert errors(compensated(handler=inner)) == []


def test_a_boundary_event_without_an_association_is_refused():
    problems = compensated(tie="")
    assert at(problems, "undone", "not associated") and at(problems, "undo", "no compensation boundary event leads")


def test_an_association_with_a_note_is_no_handler():
    note = '<textAnnotation id="undo"><text>撤销</text></textAnnotation>'
    assert at(compensated(handler=note), "undone", "not associated")


def test_a_handler_that_is_not_marked_is_refused():
    assert at(compensated(handler=service("undo")), "undo", "not marked isForCompensation")


def test_a_handler_has_no_flows():
    assert at(compensated(flows=f"{FLOWS}; undo>end"), "undo", "runs only to compensate")
    assert at(compensated(flows=f"{FLOWS}; undone>end"), "undone", "only an association")


def test_a_handler_has_no_boundary_event():
    late = '<boundaryEvent id="late" attachedToRef="undo"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>'
    assert at(compensated(late, flows=f"{FLOWS}; late>end"), "late", "may have no boundary event")


def test_what_is_compensated_by_name_is_in_reach_and_has_a_handler():
    assert at(compensated(thrown=back("nobody")), "back", "no activity of the same")
    bare = compensated(user("other"), thrown=back("other"), flows="begin>review>other>back>end")
    assert at(bare, "back", "nothing that compensates it")


def test_a_throw_where_nothing_can_be_undone_is_warned_about():
    problems = check(start(), user(), back(), end(), flows=FLOWS)
    assert errors(problems) == [] and at(problems, "back", "nothing here").severity == "warning"


def test_a_sub_process_is_undone_from_inside():
    inner = sub("inner", start("in"), user(), undone(), HANDLER, TIE, end("out"), flows="in>review>out")
    problems = check(start(), inner, back("inner"), end(), flows="begin>inner>back>end")
    assert problems == () or errors(problems) == []
    assert not [problem for problem in problems if problem.place == "back"]


def test_a_throw_from_an_event_sub_process_means_the_scope_around_it():
    begin = (
        '<startEvent id="on"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></startEvent>'
    )
    aside = sub("aside", begin, back("review"), end("off"), flows="on>back>off", triggeredByEvent="true")
    assert errors(check(start(), user(), undone(), HANDLER, TIE, aside, end(), flows="begin>review>end")) == []


def test_an_event_sub_process_undoes_the_sub_process_around_it_but_not_the_process():
    begin = f'<startEvent id="on">{COMPENSATE.format("")}</startEvent>'
    aside = sub("aside", begin, service("undo"), end("off"), flows="on>undo>off", triggeredByEvent="true")
    inner = sub("inner", start("in"), user(), aside, end("out"), flows="in>review>out")
    assert errors(check(start(), inner, back("inner"), end(), flows="begin>inner>back>end")) == []
    problems = check(start(), user(), aside, end(), flows="begin>review>end")
    assert "流程本身不会被补偿" in at(problems, "on", "belongs into a sub-process").text("zh")


def test_a_called_process_is_undone_from_inside():
    call = '<callActivity id="call" calledElement="other"/>'
    other = process(
        start("in"), user(), undone(), HANDLER, TIE, end("out"), flows="in>review>out", id="other", case=""
    )  # fmt: skip
    main = process(start(), call, back("call"), end(), flows="begin>call>back>end")
    files = folder(main, {"other.bpmn": other})
    files |= {name: data for name, data in folder(other).items() if name != "process.bpmn"}
    assert errors(checked(files)) == []
