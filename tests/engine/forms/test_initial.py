"""What a form prepares from the case before anybody types."""

from tests.engine.forms.helpers import environment, form, part, rows

LINES = form(
    rows(
        "lines",
        part("textfield", "item", readonly=True),
        part("radio", "answer", values=[{"value": "yes", "label": "是"}]),
        add=False,
        defaultRepetitions=0,
    ),
    initial={"lines": "=for one in asked return {item: one}"},
)
CONTEXT = {"asked": ["甲", "乙"]}


def test_a_form_begins_with_what_it_prepares():
    assert LINES.initial({}, CONTEXT, environment())["lines"] == [
        {"item": "甲", "answer": None},
        {"item": "乙", "answer": None},
    ]


def test_prepared_rows_are_fixed_and_their_read_only_values_cannot_be_changed():
    sent = {"lines": [{"item": "丙", "answer": "yes"}, {"answer": "yes"}]}
    checked = LINES.check(sent, initial={}, context=CONTEXT, environment=environment())
    assert checked.errors == {}
    assert [row["item"] for row in checked.data["lines"]] == ["甲", "乙"]


def test_a_row_more_than_was_prepared_is_refused():
    checked = LINES.check({"lines": [{}] * 3}, initial={}, context=CONTEXT, environment=environment())
    assert list(checked.errors) == ["lines"]


def test_what_is_prepared_goes_before_what_was_handed_in_earlier():
    values = LINES.initial({"lines": [{"item": "旧", "answer": "yes"}]}, CONTEXT, environment())
    assert [row["item"] for row in values["lines"]] == ["甲", "乙"]
