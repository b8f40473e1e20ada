"""What a diagram says of the verbs of a task."""

import json

import pytest

from tests.engine.checks.tiny import FORM, at, check, end, errors, start, user

SIMPLE = "begin>review>end"


def checked(*verbs):
    return check(start(), user(extension="".join(f"<gw:verb {verb}/>" for verb in verbs)), end(), flows=SIMPLE)


def test_what_fits_passes():
    assert (
        errors(checked('name="forward" to="role"', 'name="sign" to="anyone" most="4"', 'name="urge" perDay="1"')) == []
    )
    assert errors(checked('name="copy" allowed="false"')) == []


@pytest.mark.parametrize(
    ("verbs", "said"),
    [
        (('name="forward"', 'name="forward"'), "twice"),
        (('name="sign" most="0"',), "nobody could use it"),
        (('name="urge" most="3"',), "no limit"),
        (('name="ask" perDay="3"',), "no limit"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(verbs, said):
    assert at(checked(*verbs), "review", said)


NOTE = {"type": "textfield", "id": "note_field", "key": "note", "label": "备注"}
FIXED = {"type": "textfield", "id": "fixed_field", "key": "fixed", "label": "固定", "readonly": True}


def test_what_is_filled_in_once_for_many_tasks_is_a_plain_field_of_the_form():
    def told(fields, form="review"):
        file = {"forms/review.form.json": json.dumps({**FORM, "components": [NOTE, FIXED]}).encode()}
        step = user(extension=f'<gw:verb name="bulk" fields="{fields}"/>', form=form)
        return check(start(), step, end(), flows=SIMPLE, files=file)

    assert errors(told("note")) == []
    assert at(told("nothing"), "review", "no field of its form")
    assert at(told("fixed"), "review", "cannot be filled in once")
    assert at(checked('name="forward" fields="note"'), "review", "no limit")
