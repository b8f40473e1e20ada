"""Names in papers and registers are checked as those in diagrams are."""

import io
import json

import pytest
from docx import Document

from engine.checks import check_definition
from engine.checks.around import Surroundings
from engine.definition import check as check_key
from tests.engine.checks.tiny import (
    OPERATIONS,
    Operation,
    Parameter,
    at,
    end,
    errors,
    folder,
    only,
    process,
    service,
    start,
    user,
)


def paper(*places):
    document, file = Document(), io.BytesIO()
    for place in places:
        document.add_paragraph(f"{{{{ {place} }}}}")
    document.save(file)
    return file.getvalue()


MAKES = {**OPERATIONS, "document.render": Operation((Parameter("template"), Parameter("name"), Parameter("values")))}


def made(template, values, *places):
    given = {"template": template, "name": '="n"', "values": values}
    inner = "".join(f"<gw:parameter name='{name}' value='{text}'/>" for name, text in given.items())
    step = service(extension=f'<gw:operation name="document.render">{inner}</gw:operation>')
    files = folder(process(start(), user(), step, end(), flows="begin>review>work>end"), {"paper.docx": paper(*places)})
    return check_definition(files, roles={"clerk"}, operations=MAKES, kinds={"county"})


def test_every_place_of_a_paper_is_filled_by_its_name():
    assert errors(made('="paper.docx"', "={who: 1, what: 2}", "who", "what")) == []
    assert "“whom”" in only(made('="paper.docx"', "={who: 1, whom: 2}", "who", "whomm")).text("en")
    assert at(made('="paper.docx"', "={who: 1, spare: 2}", "who"), "work", "no place").severity == "warning"
    assert "paper.docx" in only(made('="papr.docx"', "={who: 1}", "who")).text("en")
    assert errors(made("=review.outcome", "={}", "who")) == errors(made('="paper.docx"', "=review", "who")) == []


LOOKS = {
    "register.list": Operation((Parameter("register"), Parameter("equals", required=False)), read_only=True),
    "register.count": Operation((Parameter("register"), Parameter("by")), read_only=True),
    "register.apply": Operation((Parameter("register"), Parameter("changes"))),
}
REGISTERS = {"post": {**dict.fromkeys(("name", "grade", "state"), ""), "since": "derived"}}


def looked(operation, registers=REGISTERS, **given):
    inner = "".join(f"<gw:parameter name='{name}' value='{text}'/>" for name, text in given.items())
    step = service(extension=f'<gw:operation name="register.{operation}">{inner}</gw:operation>')
    files = folder(process(start(), user(), step, end(), flows="begin>review>work>end"))
    return check_definition(files, roles={"clerk"}, operations=LOOKS, kinds={"county"}, registers=registers)


@pytest.mark.parametrize(
    ("operation", "given", "wrong"),
    [
        ("list", {"register": '="psot"'}, "psot"),
        ("list", {"register": '="post"', "equals": '={stat: "open"}'}, "stat"),
        ("list", {"register": '="post"', "equals": '=if review.outcome = "pass" then {stat: 1} else {state: 1}'}, "stat"),
        ("count", {"register": '="post"', "by": '="grde"'}, "grde"),
        ("apply", {"register": '="post"', "changes": '=[{action: "change", number: "1", data: {grde: 1}}]'}, "grde"),
        ("apply", {"register": '="post"', "changes": '=[{action: "create", data: {since: 1}}]'}, "since"),
        ("count", {"register": '="post"', "by": '="since"'}, "since"),
    ],
)  # fmt: skip
def test_a_register_or_a_field_of_it_that_does_not_exist_is_refused(operation, given, wrong):
    problem = only(looked(operation, **given))
    assert problem.place == "work" and f"“{wrong}”" in problem.text("en") and problem.hint
    assert errors(looked(operation, registers={}, **given)) == []


def test_names_of_a_register_that_exist_are_published():
    assert errors(looked("list", register='="post"', equals='={state: "open"}')) == []
    assert (
        errors(looked("apply", register='="post"', changes='=[{action: "create", data: {grade: 1, name: "x"}}]')) == []
    )
    assert errors(looked("list", register='="post"', equals="={since: 2020}")) == []  # derived, and may be looked for
    assert errors(looked("list", register="=review.outcome", equals="={anything: 1}")) == []
    other = '={state: get value({a: "open"}, "a"), grade: {inner: 1}.inner}'
    assert errors(looked("list", register='="post"', equals=other)) == []


def register(**field):
    words = {"number": "{seq:03}", "organisation": "organisation", "list": ["state"]}
    fields = {"organisation": {"type": "string", "title": "o"}, "state": {"title": "s", **field}}
    schema = {"title": "book", "type": "object", "properties": fields, "gangwei": words}
    file = {"book.schema.json": json.dumps(schema).encode()}
    return errors(check_key("_registers", file, Surroundings((), (), {})))


def test_a_choice_of_a_register_that_is_written_twice_and_a_default_that_is_none_are_refused():
    one, other = {"const": "a", "title": "A"}, {"const": "b", "title": "B"}
    assert register(oneOf=[one, other], default="b") == []
    assert "twice" in only(register(oneOf=[one, other, one])).text("en")
    assert "none of the choices" in only(register(oneOf=[one, other], default="c")).text("en")
    assert "twice" in only(register(enum=["a", "b", "a"])).text("en")
