"""Who gets a task by data: what a rule must say, and that its register's field names an organisation or a person."""

import pytest

from engine.checks import check_definition
from tests.engine.checks.tiny import LANE, OPERATIONS, end, errors, folder, only, process, start, user

DEAL = {"deal": {"": "person", "partner": "organisation", "account": "person", "price": ""}}
SIMPLE = "begin>review>end"


def said(rule, register=DEAL):
    """What is wrong when the task's own lane has this rule."""
    text = process(start(), user(), end(), flows=SIMPLE, lane=LANE).decode()
    lanes = text.replace(
        "</laneSet>",
        f'<lane id="data" name="承办" gw:nameEn="By data"><extensionElements>{rule}</extensionElements>'
        "<flowNodeRef>review</flowNodeRef></lane></laneSet>",
    ).replace("<flowNodeRef>review</flowNodeRef>", "", 1)
    files = folder(lanes.encode())
    return check_definition(files, roles={"clerk"}, operations=OPERATIONS, kinds={"county"}, registers=register)


@pytest.mark.parametrize(
    "rule",
    [
        '<gw:assignment where="organisation" role="clerk" kinds="county" of="=case.organisation.code"/>',
        '<gw:assignment where="person" of="=case.starter.login"/>',
        '<gw:assignment where="register" register="deal" of="=case.number"/>',
        '<gw:assignment where="register" register="deal" field="account" of="=case.number"/>',
        '<gw:assignment where="register" register="deal" field="partner" role="clerk" of="=case.number"/>',
    ],
)
def test_a_rule_that_says_all_that_it_needs_is_published(rule):
    assert errors(said(rule)) == []


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ('where="organisation" role="clerk"', "by which data"),
        ('where="organisation" role="clerk" of="=5"', "no code"),
        ('where="organisation" of="=case.organisation.code"', "which role"),
        ('where="organisation" role="klerk" of="=case.organisation.code"', "klerk"),
        ('where="organisation" role="clerk" kinds="village" of="=case.organisation.code"', "village"),
        ('where="organisation" role="clerk" of="=nothing.there"', "nothing"),
        ('where="person" role="clerk" of="=case.starter.login"', "no role"),
        ('where="person" of="=case.starter.login" register="deal"', "only for where"),
        ('where="same" role="clerk" of="=case.organisation.code"', "by data"),
        ('where="register" of="=case.number"', "which register"),
        ('where="register" register="deel" of="=case.number"', "deel"),
        ('where="register" register="deal" field="price" role="clerk" of="=case.number"', "price"),
        ('where="register" register="deal" field="gone" role="clerk" of="=case.number"', "gone"),
        ('where="register" register="deal" field="partner" of="=case.number"', "which role"),
        ('where="register" register="deal" role="clerk" of="=case.number"', "no role"),
        ('where="somewhere" role="clerk"', "somewhere"),
    ],
)
def test_a_rule_that_says_too_little_too_much_or_what_is_not_there_is_refused(rule, wrong):
    problems = errors(said(f"<gw:assignment {rule}/>"))
    assert problems and wrong in " ".join(problem.text("en") for problem in problems)


def test_a_register_without_a_person_is_refused_where_its_person_is_asked():
    rule = '<gw:assignment where="register" register="deal" of="=case.number"/>'
    assert "has no person" in only(said(rule, {"deal": {"price": ""}})).text("en")
    assert errors(said(rule, {})) == []  # registers that nobody knows are not judged


def test_nobody_can_start_by_data_that_are_not_there_yet():
    lane = '<gw:assignment where="person" of="=case.starter.login"/>'
    files = folder(process(start(), user(), end(), flows=SIMPLE, lane=lane))
    found = check_definition(files, roles={"clerk"}, operations=OPERATIONS, kinds={"county"})
    assert "no data yet" in only(found).text("en")
