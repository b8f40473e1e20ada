"""What hangs on something else: boundary events, event sub-processes, transactions, links."""

import pytest

from tests.engine.checks.tiny import at, check, drawn, end, errors, gateway, start, sub, user

TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
CANCEL = "<cancelEventDefinition/>"


def boundary(inner=TIMER, host="review", id="late"):
    return f'<boundaryEvent id="{id}" attachedToRef="{host}">{inner}</boundaryEvent>'


def throw(name, id="jump"):
    return f'<intermediateThrowEvent id="{id}"><linkEventDefinition name="{name}"/></intermediateThrowEvent>'


def catch(name, id="land"):
    return f'<intermediateCatchEvent id="{id}"><linkEventDefinition name="{name}"/></intermediateCatchEvent>'


def transaction(*parts, flows):
    return f'<transaction id="deal">{"".join(parts)}{drawn(flows)}</transaction>'


def aside(begin, *parts, flows="on>review2>off", **attributes):
    return sub("aside", begin, user("review2"), end("off"), *parts, flows=flows, triggeredByEvent="true", **attributes)


def on(inner=TIMER, id="on"):
    return f'<startEvent id="{id}">{inner}</startEvent>'


def test_a_boundary_event_on_nothing_is_refused():
    problems = check(start(), user(), boundary(host="nobody"), end(), flows="begin>review>end; late>end")
    assert at(problems, "late", "not attached")


def test_a_boundary_event_on_a_gateway_is_refused():
    problems = check(start(), user(), gateway("g"), boundary(host="g"), end(), flows="begin>review>g>end; late>end")
    assert at(problems, "late", "not attached")


def test_a_boundary_event_that_leads_nowhere_is_refused():
    assert at(check(start(), user(), boundary(), end(), flows="begin>review>end"), "late", "no flow leaves")


def test_several_flows_may_leave_a_boundary_event():
    problems = check(start(), user(), boundary(), end(), end("out"), flows="begin>review>end; late>end; late>out")
    assert errors(problems) == []


def test_a_boundary_event_without_trigger_is_refused():
    problems = check(start(), user(), boundary(""), end(), flows="begin>review>end; late>end")
    assert "没有触发方式" in at(problems, "late", "may not be a plain event").text("zh")


def test_a_multi_instance_may_follow_a_boundary_event():
    many = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    parts = [start(), user(), boundary(), user("each", inner=many), end()]
    assert errors(check(*parts, flows="begin>review>end; late>each>end")) == []


def test_an_event_sub_process_is_triggered_and_not_led_to():
    assert errors(check(start(), user(), aside(on()), end(), flows="begin>review>end")) == []
    problems = check(start(), user(), aside(on()), end(), flows="begin>review>end; review>aside>end")
    assert at(problems, "aside", "no flow may lead")


@pytest.mark.parametrize(
    ("begin", "place", "words"),
    [
        ("", "aside", "no start event"),
        (on() + on(id="on2"), "on2", "only one start event"),
        (on(""), "on", "may not be a plain event"),
    ],
)
def test_an_event_sub_process_has_one_start_event_with_one_trigger(begin, place, words):
    problems = check(start(), user(), aside(begin), end(), flows="begin>review>end")
    assert at(problems, place, words).severity == "error"


def test_an_event_sub_process_has_no_boundary_event_and_no_loop():
    problems = check(start(), user(), aside(on()), boundary(host="aside"), end(), flows="begin>review>end; late>end")
    assert at(problems, "late", "may have no boundary event")
    looped = aside(on(), '<standardLoopCharacteristics loopMaximum="3"/>')
    assert at(check(start(), user(), looped, end(), flows="begin>review>end"), "aside", "may not be repeated")


def test_nobody_is_asked_where_a_sub_process_starts():
    begin = start("in", '<gw:form ref="review"/>')
    problems = check(
        start(), sub("inner", begin, user(), end("out"), flows="in>review>out"), end(), flows="begin>inner>end"
    )
    assert at(problems, "in", "nobody is asked")


def test_a_transaction_may_be_cancelled():
    deal = transaction(start("in"), user(), gateway("g", default="g_out"), end("out"), end("off", CANCEL),
                       flows="in>review>g>out; g>off?review.n = 1")  # fmt: skip
    good = check(start(), deal, boundary(CANCEL, "deal"), end(), end("no"), flows="begin>deal>end; late>no")
    assert errors(good) == []
    bare = check(start(), deal, end(), flows="begin>deal>end")
    assert "取消边界事件" in at(bare, "off", "no cancel boundary event").text("zh")


def test_a_cancel_end_belongs_directly_into_a_transaction():
    assert at(check(start(), user(), end(inner=CANCEL), flows="begin>review>end"), "end", "belongs directly")


def test_a_cancel_boundary_event_belongs_on_a_transaction():
    problems = check(start(), user(), boundary(CANCEL), end(), flows="begin>review>end; late>end")
    assert at(problems, "late", "belongs on a transaction")


def test_a_cancel_boundary_event_that_nothing_triggers_is_warned_about():
    deal = transaction(start("in"), user(), end("out"), flows="in>review>out")
    problems = check(start(), deal, boundary(CANCEL, "deal"), end(), flows="begin>deal>end; late>end")
    assert errors(problems) == [] and at(problems, "late", "never triggered")


def test_a_link_has_two_ends_of_one_name_in_one_scope():
    linked = check(start(), throw("far"), catch("far"), user(), end(), flows="begin>jump; land>review>end")
    assert errors(linked) == []
    alone = check(start(), user(), throw("far"), gateway("g"), end(), flows="begin>g>review>end; g>jump?review.n = 1")
    assert at(alone, "jump", "no catching end")
    inner = sub("inner", start("in"), throw("far"), catch("near"), end("out"), flows="in>jump; land>out")
    apart = check(start(), inner, end(), flows="begin>inner>end")
    assert at(apart, "jump", "no catching end") and at(apart, "land", "nothing throws the link “near”")


def test_several_links_may_lead_to_one_end_but_not_one_to_several():
    parts = [start(), gateway("g", default="g_jump"), throw("far"), throw("far", "jump2"), catch("far"), user(), end()]
    flows = "begin>g>jump; g>jump2?case.n = 1; land>review>end"
    assert errors(check(*parts, flows=flows)) == []
    problems = check(*parts, catch("far", "land2"), flows=f"{flows}; land2>end")
    assert at(problems, "land2", "several catching ends")


def test_a_link_without_a_name_leads_nowhere():
    assert "没有名称" in at(check(start(), user(), throw(""), flows="begin>review>jump"), "jump", "no name").text("zh")


def test_flows_stand_only_on_the_outer_side_of_a_link():
    problems = check(start(), throw("far"), catch("far"), user(), end(), flows="begin>jump>land>review>end")
    assert at(problems, "jump", "no flow may leave") and at(problems, "land", "no flow may lead")
