"""What a process may declare as columns of lists: few, of a type, named once, and nothing that is about a person."""

from __future__ import annotations

import pytest

from engine.definition import check_files
from tests.engine.checks.test_personal import AROUND, VISIT

LINE = '<gw:column id="{id}" name="列" type="{type}" value="{value}" {more}/>'


def told(*columns: str, personal: str = "person_note") -> list[str]:
    """The errors of a process that declares these."""
    files = {path.relative_to(VISIT).as_posix(): path.read_bytes() for path in VISIT.rglob("*") if path.is_file()}
    text = files["process.bpmn"].decode().replace('"person_note"/>', f'"{personal}"/>')
    files["process.bpmn"] = text.replace("<gw:case ", "".join(columns) + "<gw:case ").encode()
    return [one.text("en") for one in check_files(files, AROUND) if one.severity == "error"]


def column(value: str, name: str = "own", kind: str = "text", more: str = "") -> str:
    return LINE.format(id=name, type=kind, value=value, more=more)


def test_what_fits_passes() -> None:
    assert told() == []
    several = [column("=start.purpose", f"c{number}") for number in range(7)]
    assert told(*several, column("=call.outcome", "way", "choice", 'choices="done|left" board="true"')) == []


@pytest.mark.parametrize(
    "value",
    [
        "=start.guest", "=upper case(start.telephone)", "=start", "=call.guest", "=person_note", "=string(person_note)",
        "=for row in start.relatives return row.called", "=start.relatives[item.tie = &quot;x&quot;].called",
        "={x: start}.x.guest", "=if start.guest = null then 1 else 2",
    ],
)  # fmt: skip
def test_what_is_about_a_person_stands_in_no_list(value: str) -> None:
    assert [one for one in told(column(value)) if "personal" in one], told(column(value))


def test_a_member_that_is_declared_keeps_the_others_free() -> None:
    assert told(column("=plan.day"), personal="plan.who") == []
    assert "personal" in told(column("=plan.who"), personal="plan.who")[0]
    assert "personal" in told(column("=plan"), personal="plan.who")[0]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ([column("=start.purpose", f"c{number}") for number in range(9)], "at most 8"),
        ([column("=start.purpose"), column("=start.purpose")], "stands twice"),
        ([column("=start.purpose", kind="choice")], "has no choices"),
        ([column("=start.purpose", more='choices="a|b"')], "is no choice"),
        ([column("=start.purpose", kind="choice", more='choices="a|b" choicesEn="A"')], "as many"),
        ([column("=start.purpose", more='board="true"')], "no board"),
        ([column("=start.purpose", f"c{one}", "choice", 'choices="a" board="true"') for one in (1, 2)], "one column"),
        ([column("=unknown.x")], "unknown"),
        ([column("=start.purpose", kind="money")], "money"),
        ([column("=start.purpose", name="1.x")], "1.x"),
        ([column("=1 +")], "own"),
    ],
)
def test_what_does_not_fit_is_told(columns: list[str], said: str) -> None:
    assert any(said in one for one in told(*columns)), told(*columns)
