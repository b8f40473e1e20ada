"""Repeated activities say how often, over what, and what comes of it; their variables are their own."""

import pytest

from tests.engine.checks.tiny import at, check, end, errors, gateway, only, script, service, start, sub, user


def many(inner, **attributes):
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<multiInstanceLoopCharacteristics{more}>{inner}</multiInstanceLoopCharacteristics>"


NUMBER = "<loopCardinality>3</loopCardinality>"
LIST = "<loopDataInputRef>review.posts</loopDataInputRef>"
ITEM = '<inputDataItem name="post"/>'
OUTPUT = '<loopDataOutputRef>votes</loopDataOutputRef><outputDataItem name="vote"/>'


def voting(inner, *more, flows="begin>review>vote>end", **attributes):
    return check(start(), user(), user("vote", inner=many(inner, **attributes)), *more, end(), flows=flows)


@pytest.mark.parametrize(
    "inner",
    [NUMBER, LIST, LIST + ITEM, LIST + ITEM + OUTPUT, "<loopCardinality>=count(review.posts)</loopCardinality>",
     NUMBER + "<completionCondition>numberOfCompletedInstances / numberOfInstances > 0.5 and vote.n = loopCounter</completionCondition>"],
)  # fmt: skip
@pytest.mark.parametrize("sequential", ["true", "false"])
def test_a_multi_instance_over_a_number_or_a_list_is_fine(inner, sequential):
    assert errors(voting(inner, isSequential=sequential)) == []


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("", "neither a loopCardinality nor"),
        (NUMBER + LIST, "both a number and a list"),
        (NUMBER + ITEM, "names an item"),
        ("<loopCardinality>-1</loopCardinality>", "whole and not negative"),
        ("<loopCardinality>2.5</loopCardinality>", "whole and not negative"),
        (NUMBER + "<loopDataOutputRef>votes</loopDataOutputRef>", "needs both"),
        (NUMBER + '<loopDataOutputRef>votes</loopDataOutputRef><outputDataItem name="vote.n"/>', "no name of a variable"),
        (LIST + '<inputDataItem name="my post"/>', "letters, digits"),
        (LIST + '<inputDataItem name="loopCounter"/>', "supplied by loops"),
        ("<loopCardinality>1 +</loopCardinality>", "loop cardinality"),
        ("<loopDataInputRef>reviw.posts</loopDataInputRef>", "nothing writes a variable “reviw”"),
        (NUMBER + "<completionCondition>numberOfWonders > 1</completionCondition>", "nothing writes a variable"),
        (NUMBER + '<loopDataOutputRef>votes</loopDataOutputRef><outputDataItem name="voice"/>', "nothing writes a variable"),
    ],
)  # fmt: skip
def test_a_multi_instance_that_says_too_little_or_too_much_is_refused(inner, words):
    assert at(voting(inner), "vote", words).severity == "error"


def test_what_an_instance_writes_is_read_only_inside_it():
    flows = "begin>review>vote>g>end; g>last?{}; last>end"
    for condition, good in (("vote.n = 1", False), ("votes[1].n = 1", True)):
        problems = voting(
            NUMBER + OUTPUT, gateway("g", default="g_end"), user("last"), flows=flows.format(condition)
        )  # fmt: skip
        assert (errors(problems) == []) is good
        if not good:
            problem = only(problems)
            assert "exists only inside of each run of “vote”" in problem.text(
                "en"
            ) and "loopDataOutputRef" in problem.text("zh")


def test_the_counter_and_the_item_are_known_inside_a_repeated_sub_process_and_nowhere_else():
    inside = sub(
        "each", start("in"), script(text="{ line: post.name, number: loopCounter + 1 }").replace("number", "rank"),
        user("deep"), end("out"), many(LIST + ITEM), flows="in>count>deep>out",
    )  # fmt: skip
    assert errors(check(start(), user(), inside, end(), flows="begin>review>each>end")) == []
    outside = check(start(), user(), script(text="{ rank: loopCounter }"), end(), flows="begin>review>count>end")
    assert "“loopCounter”" in only(outside).text("en")


def test_nothing_may_write_what_loops_supply():
    assert "supplied by loops" in only(
        check(start(), script(text="{ loopCounter: 1 }"), end(), flows="begin>count>end")
    ).text("en")


def looped(attributes, inner=""):
    task = user(inner=f"<standardLoopCharacteristics {attributes}>{inner}</standardLoopCharacteristics>")
    return check(start(), task, end(), flows="begin>review>end")


CONDITION = "<loopCondition>review.n != 1 and loopCounter &lt; 5</loopCondition>"


def test_a_standard_loop_says_when_it_stops():
    assert errors(looped("", CONDITION)) == [] and errors(looped('loopMaximum="3" testBefore="true"')) == []
    assert "says not when it stops" in only(looped("")).text("en")
    assert "loop condition" in only(looped("", "<loopCondition>=1 +</loopCondition>")).text("en")


@pytest.mark.parametrize("maximum", ["0", "-1", "1.5", "many", "＋3"])
def test_the_most_rounds_of_a_loop_are_a_whole_number(maximum):
    assert "whole number" in only(looped(f'loopMaximum="{maximum}"')).text("en")


def test_what_is_repeated_in_a_round_is_seen_after_it():
    task = service(
        extension='<gw:operation name="register.create" result="made"><gw:parameter name="register" value="=loopCounter"/></gw:operation>'
    ).replace("</serviceTask>", '<standardLoopCharacteristics loopMaximum="3"/></serviceTask>')
    problems = check(
        start(), task, user(), gateway("g", default="g_end"), end("other"), end(),
        flows="begin>work>review>g>end; g>other?made = 1",
    )  # fmt: skip
    assert errors(problems) == []


def test_a_data_object_of_a_sub_process_is_its_own():
    inner = sub(
        "inner", '<dataObject id="draft"/>', start("in"), script(text="{ draft: 1 }"), user(), gateway("g", default="g_out"),
        end("other"), end("out"), flows="in>count>review>g>out; g>other?draft = 1",
    )  # fmt: skip
    assert errors(check(start(), inner, end(), flows="begin>inner>end")) == []
    problems = check(
        start(), inner, gateway("h", default="h_end"), end("third"), end(), flows="begin>inner>h>end; h>third?draft = 1"
    )
    assert "exists only inside" in only(problems).text("en")


def test_what_a_message_brings_is_known():
    message = '<message id="paid" name="已付款"/>'
    extension = '<extensionElements><gw:correlation key="=case.number" result="payment"/></extensionElements>'
    task = f'<receiveTask id="wait" messageRef="paid">{extension}</receiveTask>'
    problems = check(
        start(), task, gateway("g", default="g_end"), end("other"), end(),
        flows="begin>wait>g>end; g>other?payment.sum > 3", head=message,
    )  # fmt: skip
    assert errors(problems) == []


@pytest.mark.parametrize(("attribute", "words"), [("key", "correlation key"), ("payload", "payload")])
def test_what_a_message_carries_is_compiled(attribute, words):
    message = '<message id="paid" name="已付款"/>'
    extension = f'<extensionElements><gw:correlation {attribute}="=1 +"/></extensionElements>'
    task = f'<sendTask id="send" messageRef="paid">{extension}</sendTask>'
    assert words in only(check(start(), task, end(), flows="begin>send>end", head=message)).text("en")


def test_times_and_conditions_of_events_are_compiled():
    for inner in (
        "<timerEventDefinition><timeDuration>=reviw.days</timeDuration></timerEventDefinition>",
        "<conditionalEventDefinition><condition>reviw.n > 1</condition></conditionalEventDefinition>",
    ):
        late = f'<boundaryEvent id="late" attachedToRef="review">{inner}</boundaryEvent>'
        assert "“reviw”" in only(check(start(), user(), late, end(), flows="begin>review>end; late>end")).text("en")
