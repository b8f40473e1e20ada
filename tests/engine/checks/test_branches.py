"""What FEEL proves of the ways out of a gateway: never taken, taken with another, none left over."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checks.conditions import decide
from engine.feel import Environment, compile_expression
from tests.engine.checks.oracle import NOW
from tests.engine.checks.tiny import at, check, end, errors, gateway, only, script, start, user


def split(*conditions, default="", kind="exclusive", answers=("pass",), before=()):
    """A gateway with one way out for each condition, to a, b, c ...; the last one may be the default."""
    names = [chr(ord("a") + number) for number in range(len(conditions))]
    flows = "; ".join(
        f"g>{name}{'?' + text if text else ''}; {name}>end" for name, text in zip(names, conditions, strict=True)
    )
    return check(
        start(), user(outcomes=answers), *before, gateway("g", kind, default), *(user(name) for name in names), end(),
        flows=f"begin>review>{''.join(f'{own}>' for own in ('count',) if before)}g; {flows}",
    )  # fmt: skip


@pytest.mark.parametrize(
    "conditions",
    [
        ("review.n > 5", "review.n <= 5"),
        ("review.n < 1", "review.n = 1", "review.n > 1"),
        ("review.n in [1..5]", "review.n < 1", "review.n > 5"),
        ("review.n between 1 and 5", "review.n < 1 or review.n > 5"),
        ('review.kind = "a"', 'review.kind != "a"'),
        ("review.over", "not(review.over)"),
        ("count(review.posts) > 3", "not(count(review.posts) > 3)"),
        ('review.outcome = "pass"', 'review.outcome = "back"'),
    ],
)
def test_conditions_that_leave_nothing_over_need_no_default(conditions):
    assert errors(split(*conditions, answers=("pass", "back"))) == []


@pytest.mark.parametrize(
    ("conditions", "example"),
    [
        (("review.n > 5", "review.n < 5"), "review.n = 5"),
        (('review.kind = "a"', 'review.kind = "b"'), "review.kind ="),
        (('review.outcome = "pass"', 'review.outcome = "back"'), 'review.outcome = "stop"'),
        (("count(review.posts) > 3", "count(review.posts) < 3"), "may all be false;"),
        (("review.n > 5", "review.m <= 5"), "may all be false;"),
    ],
)
def test_a_missing_default_is_refused_with_an_example_where_there_is_one(conditions, example):
    problem = only(split(*conditions, answers=("pass", "back", "stop")))
    assert problem.place == "g" and "no default flow" in problem.text("en") and example in problem.text("en")
    assert "默认连线" in problem.text("zh")


def test_an_answer_that_may_not_be_given_yet_is_left_over():
    problems = check(
        start(), gateway("g"), user(outcomes=("pass", "back")), user("more"), end(),
        flows='begin>g; g>review?review.outcome = "back"; g>more?review.outcome = "pass"; review>end; more>end',
    )  # fmt: skip
    assert "review.outcome = null" in only(problems).text("en")


def test_an_answer_that_a_script_may_change_is_not_known():
    problems = split(
        'review.outcome = "pass"', 'review.outcome = "back"', answers=("pass", "back"),
        before=(script(text='{ review: { outcome: "?" } }'),),
    )  # fmt: skip
    assert "no default flow" in only(problems).text("en")


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
@pytest.mark.parametrize(
    "condition", ["false", "1 > 2", "review.n > 5 and review.n < 3", "review.n = 1 and review.n = 2"]
)
def test_a_condition_that_is_never_true_is_refused(kind, condition):
    problem = only(split(condition, "review.n = 7", "", default="g_c", kind=kind))
    assert problem.place == "g_a" and "never true" in problem.text("en")


@pytest.mark.parametrize(
    "conditions",
    [
        ("review.n = 1", "review.n = 1"),
        ("count(review.posts) > 3", "count(review.posts) > 3"),
        ("review.n > 0", "review.n > 1"),
        ("true", "review.n > 1"),
        ("review.n > 0 and review.m > 0", "review.m > 0 and review.n > 0 and review.k > 0"),
    ],
)
def test_a_way_out_that_another_always_forestalls_is_refused(conditions):
    problem = at(split(*conditions, "", default="g_c"), "g_b", "never taken")
    assert problem.severity == "error" and "“g_a”" in problem.text("en") and "排在前面" in problem.text("zh")


def test_two_earlier_conditions_may_together_forestall_a_third():
    assert "“g_a”, “g_b”" in only(split("review.n > 3", "review.n <= 3", "review.n > 0", "", default="g_d")).text("en")


def test_of_an_inclusive_gateway_the_same_condition_twice_is_fine():
    assert errors(split("review.n = 1", "review.n = 1", "", default="g_c", kind="inclusive")) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [("review.n > 1", "review.n > 0"), ("review.n in [1..5]", "review.n in [5..9]"), ("review.n < 3", "review.n > 1")],
)
def test_conditions_that_may_both_hold_are_warned_about_with_the_one_that_decides(first, second):
    problems = split(first, second, "", default="g_c")
    assert errors(problems) == []
    warning = at(problems, "g_b", "may both be true")
    assert warning.severity == "warning" and "then “g_a” is taken" in warning.text("en")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("review.n > 1", "review.m > 1"),  # perhaps m is never more than 1 when n is
        ("count(review.posts) > 3", "count(review.posts) < 9"),
        ("review.n = 1", "review.n = 2"),
        ('review.kind < "b"', 'review.kind < "c"'),
    ],
)
def test_nothing_is_said_that_is_not_proved(first, second):
    assert not [p for p in split(first, second, "", default="g_c") if "both" in p.text("en") or "never" in p.text("en")]


def test_a_default_for_which_nothing_is_left_is_warned_about():
    problems = split("review.n > 5", "review.n <= 5", "", default="g_c")
    assert errors(problems) == [] and at(problems, "g_c", "never taken").severity == "warning"


OPERANDS = st.sampled_from(["n", "m", "a.b"])
CONSTANTS = st.sampled_from(["-1", "0", "1", "2.5", '"x"', '"y"', "true", "null"])
ATOMS = st.one_of(
    st.builds(
        lambda a, sign, c: f"{a} {sign} {c}", OPERANDS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), CONSTANTS
    ),
    st.builds(lambda a, low, high: f"{a} in [{low}..{high})", OPERANDS, st.integers(-1, 1), st.integers(1, 3)),
    st.builds(lambda a, one, other: f"{a} in ({one}, {other})", OPERANDS, CONSTANTS, CONSTANTS),
    st.builds(lambda a, low, high: f"{a} between {low} and {high}", OPERANDS, st.integers(-1, 1), st.integers(1, 3)),
    st.builds(lambda a: f"count({a}) > 1", OPERANDS),
    OPERANDS,
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(lambda a, word, b: f"({a} {word} {b})", inner, st.sampled_from(["and", "or"]), inner),
        inner.map(lambda a: f"not({a})"),
    ),
    max_leaves=3,
)
VALUES = st.sampled_from([None, True, False, "x", "y", "z", -2, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4])


@settings(max_examples=400, deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=3), VALUES, VALUES, VALUES)
def test_whatever_the_variables_are_the_table_of_conditions_holds_the_case(conditions, n, m, b):
    table = decide(conditions, lambda path: None)
    if table is None:
        return
    environment = Environment(now=NOW)
    data = {"n": n, "m": m, "a": {"b": b}}
    found = [compile_expression(text).evaluate(data, environment) for text in conditions]
    verdicts = tuple(value if isinstance(value, bool) else None for value in found)
    assert verdicts in {case.verdicts for case in table.cases}
