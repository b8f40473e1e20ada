"""What a diagram says of the verbs of a task."""

import pytest

from tests.engine.checks.tiny import at, check, end, errors, start, user

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
