"""What the door of every form turns away before it looks at a field."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import BadInput
from tests.calls import calls
from tests.engine.forms.helpers import accept, form, part, rows

FORM = form(part("textfield", "title"), rows("posts", part("number", "count")))


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        (None, "JSON object"),
        ([], "JSON object"),
        ("title=a", "JSON object"),
        ({"title": "a\x00b"}, "control character"),
        ({"title": "a\x1bb"}, "control character"),
        ({"title": "\ud800"}, "invalid character"),
        ({"x": math.nan}, "not a number"),
        ({"x": math.inf}, "not a number"),
        ({"x": -math.inf}, "not a number"),
        ({"x": 10**34 + 1}, "34 digits"),
        ({"x": Decimal("0." + "1" * 35)}, "34 digits"),
        ({"x": Decimal("1E+7000")}, "34 digits"),
        ({"x": Decimal("1E-7000")}, "34 digits"),
        ({"x": (1, 2)}, "JSON can hold"),
        ({"x": b"a"}, "JSON can hold"),
        ({1: "a"}, "field name"),
        ({"a" * 201: 1}, "field name"),
        ({"a\x00": 1}, "control character"),
        ({"typename": "x"}, "reserved"),
        ({"posts": [{"typename": "x"}]}, "reserved"),
        ({"a": {"__class__": "x"}}, "reserved"),
        (deep(25), "nested"),
        ({"title": "x" * 1_000_001}, "too large"),
        ({"title": "岗" * 400_000}, "too large"),
        ({"x": [0] * 60_000}, "too large"),
        ({"x" * 200 + str(n): 1 for n in range(6000)}, "field name"),
    ],
)
def test_a_submission_of_the_wrong_shape_is_refused_with_its_reason(submission: Any, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        accept(FORM, submission)
    assert reason in refused.value.message("en")
    assert refused.value.message("zh") != refused.value.message("en")


def test_the_refusal_names_the_place() -> None:
    with pytest.raises(BadInput) as refused:
        accept(FORM, {"posts": [{"count": 1}, {"count": math.nan}]})
    assert refused.value.message("zh") == "“posts[1].count”有误：不是有效的数"


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: dict[str, Any] = {}
    loop["a"] = loop
    with pytest.raises(BadInput):
        accept(FORM, loop)


def test_ordinary_white_space_and_every_script_pass() -> None:
    text = "表格\t制表\n换行 Ω 🎉 ﷽ \u3000"
    made = form(part("textarea", "note"))
    assert accept(made, {"note": text}) == {"note": text.strip()}


def test_the_largest_allowed_form_takes_as_much_for_each_row_as_a_small_one() -> None:
    def check(many: int) -> int:
        posts = [{"count": n, "x": "文" * 100} for n in range(many)]
        assert len(accept(FORM, {"posts": posts})["posts"]) == many
        return calls(lambda: accept(FORM, {"posts": posts}))

    assert check(500) < 11 * check(50)
