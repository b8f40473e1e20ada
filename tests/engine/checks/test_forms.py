"""Names and rules in forms and tables are checked as those in diagrams are."""

import json

import pytest

from tests.engine.checks.tiny import (
    at,
    check,
    checked,
    end,
    errors,
    folder,
    only,
    process,
    script,
    service,
    start,
    user,
)

FLOWS = "begin>review>end"


def field(key, kind="textfield", **more):
    return {"type": kind, "id": f"c_{key}", "label": key, "key": key, **more}


def rows(*components, path="posts"):
    return {
        "type": "dynamiclist",
        "id": "c_rows",
        "label": "rows",
        "path": path,
        "components": list(components),
        "allowAddRemove": True,
    }


def shown(*components, extension=None, before="", flows=FLOWS):
    """The problems of a folder with one task that shows a form of these components."""
    form = {
        "type": "default",
        "id": "f",
        "schemaVersion": 16,
        "components": list(components),
        "gangwei": extension or {},
    }
    data = process(start(), before, user(extension='<gw:description zh="x"/>'), end(), flows=flows)
    return checked(folder(data, {"forms/review.form.json": json.dumps(form).encode()}))


def test_a_field_that_an_outcome_asks_for_names_an_outcome_of_the_task():
    found = shown(field("reason", properties={"requiredFor": "pass psas"}))
    assert [problem.what.facts for problem in errors(found) if "psas" in problem.text("en")] == [(("name", "psas"),)]
    assert len(errors(found)) == 1


REASON, AGREED = field("reason", "textarea"), field("agreed", "checkbox")


def hidden(text):
    return {**REASON, "conditional": {"hide": text}}


@pytest.mark.parametrize(
    "component",
    [
        hidden("=agred != true"),
        field("x", readonly="=agred = true"),
        field("x", "number", validate={"min": "=agred"}),
        field("x", "number", validate={"max": "=agred + 1"}),
        field("x", validate={"minLength": "=agred"}),
        field("x", validate={"maxLength": "=agred"}),
        {"type": "expression", "id": "c_x", "key": "x", "expression": "=agred"},
        {"type": "text", "id": "c_x", "text": "You said {{agred}}"},
        field("x", label="Of {{agred}}"),
        field("x", "select", valuesKey="agred"),
        field("x", "radio", valuesExpression="=agred"),
        {"type": "table", "id": "c_x", "label": "t", "dataSource": "=agred", "columns": [{"key": "a", "label": "a"}]},
        field("x", properties={"warning": "=agred"}),
        rows({**field("grade"), "conditional": {"hide": "=agred != true"}}),
    ],
)  # fmt: skip
def test_a_misspelt_name_of_a_form_is_refused_with_the_one_that_is_meant(component):
    inner = component.get("components", [component])[0]
    found = errors(shown(AGREED, component))
    assert {problem.place for problem in found} == {inner["id"]}, [problem.text("en") for problem in found]
    assert "agred" in found[0].text("en") and "“agreed”" in found[0].text("en")
    good = json.loads(json.dumps(component).replace("agred", "agreed"))
    assert not [
        problem for problem in shown(AGREED, good) if "agreed" in problem.text("en") and "meant" in problem.text("en")
    ]


@pytest.mark.parametrize(
    ("extension", "place"),
    [
        ({"derive": {"y": "=agred"}}, "y"),
        ({"initial": {"y": "=agred"}}, "y"),
        ({"sources": {"places": {"operation": "tree.places", "parameters": {"organisation": "=agred"}}}}, "places"),
    ],
)
def test_a_misspelt_name_of_what_a_form_works_out_is_refused(extension, place):
    assert only(shown(AGREED, extension=extension)).place == place


def test_every_name_that_there_is_is_known():
    source = {"places": {"operation": "tree.places", "parameters": {"organisation": "=case.organisation.code"}}}
    marked = '=for p in posts return context put(p, "held", 1)'
    extension = {
        "sources": source,
        "initial": {"first": "=made"},
        "derive": {"held": "=first = total", "posts": marked},
    }
    inner = '=this.held = 1 and this.grade = "a" and parent.agreed = true and agreed = true'
    listed = rows(field("grade"), {**field("name"), "conditional": {"hide": inner}})
    parts = (AGREED, field("place", "select", valuesKey="places"), hidden("=held = true"), listed)
    written = script("prepare", "{ total: 1, made: 2 }")
    assert errors(shown(*parts, extension=extension, before=written, flows="begin>prepare>review>end")) == []


def test_a_member_of_a_row_that_nothing_writes_is_refused():
    listed = rows(field("grade"), {**field("name"), "conditional": {"hide": '=this.grad = "a"'}})
    problem = only(shown(listed))
    assert problem.place == "c_name" and "“grade”" in problem.text("en")


def test_a_field_of_a_row_is_no_name_outside_of_it():
    listed = rows(field("grade"))
    assert at(shown(listed, hidden('=grade = "a"')), "c_reason", "grade")


def test_a_form_sees_the_variables_of_its_case_and_the_decisions_of_its_folder():
    written = script("count", "{ total: 1 }")
    assert errors(shown(hidden("=total = 1"), before=written, flows="begin>count>review>end")) == []
    assert at(shown(hidden("=totl = 1"), before=written, flows="begin>count>review>end"), "c_reason", "“total”")
    assert at(shown(hidden("=grade(1) = 1")), "c_reason", "grade")


def test_a_choice_that_is_written_twice_is_refused():
    twice = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}, {"value": "a", "label": "C"}]
    assert "twice" in only(shown(field("x", "radio", values=twice))).text("en")
    alike = [{"value": "a", "label": "A"}, {"value": "b", "label": "A"}]
    found = shown(field("x", "select", values=alike))
    assert errors(found) == [] and at(found, "c_x", "2 choices")
    apart = [{"value": 1, "label": "A"}, {"value": "1", "label": "B"}]
    assert errors(shown(field("x", "select", values=apart))) == []


CHOICES = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]


@pytest.mark.parametrize(
    ("component", "said"),
    [
        (field("x", "select", values=CHOICES, defaultValue="c"), "“c”"),
        (field("x", "checklist", values=CHOICES, defaultValue=["a", "z"]), "“z”"),
        (field("x", "number", defaultValue=3, validate={"min": 5}), "“3”"),
        (field("x", "number", defaultValue=3, validate={"max": 2}), "“3”"),
        (field("x", "number", defaultValue=1.25, decimalDigits=1), "“1.25”"),
        (field("x", defaultValue="abc", validate={"maxLength": 2}), "“abc”"),
        (field("x", defaultValue="abc", validate={"pattern": "^[0-9]+$"}), "“abc”"),
        (field("x", defaultValue="abc", validate={"validationType": "email"}), "“abc”"),
        (field("x", "number", validate={"min": 5, "max": 2}), "nothing"),
        (field("x", validate={"minLength": 5, "maxLength": 2}), "nothing"),
    ],
)
def test_a_default_or_a_limit_that_nothing_can_keep_is_refused(component, said):
    assert said in only(shown(component)).text("en")


@pytest.mark.parametrize(
    "component",
    [
        field("x", "select", values=CHOICES, defaultValue="b"),
        field("x", "checklist", values=CHOICES, defaultValue=["a"]),
        field("x", "number", defaultValue=5, validate={"min": 5, "max": 5}),
        field("x", "number", defaultValue=3, validate={"min": "=y"}),
        field("y", "number", validate={"min": 1, "max": "=y"}),
        field("x", defaultValue="12", validate={"pattern": "^[0-9]+$", "minLength": 2, "maxLength": 2}),
        field("x", defaultValue=""),
        field("x", "select", valuesKey="y", defaultValue="anything"),
    ],
)
def test_a_default_that_can_stand_is_published(component):
    assert errors(shown(component, *([] if component["key"] == "y" else [field("y")]))) == []


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:x">
<decision id="grade" name="grade"><decisionTable id="t" hitPolicy="{policy}"><input id="i"><inputExpression typeRef="number">
<text>years</text></inputExpression></input><output id="o" typeRef="string"/>{rules}</decisionTable></decision></definitions>"""


def table(policy, *tests):
    rules = "".join(
        f'<rule id="r{n}"><inputEntry id="i{n}"><text>{test}</text></inputEntry>'
        f'<outputEntry id="o{n}"><text>"{n}"</text></outputEntry></rule>'
        for n, test in enumerate(tests)
    )
    dmn = TABLE.format(policy=policy, rules=rules).encode()
    return checked(folder(process(start(), user(), end(), flows=FLOWS), {"grade.dmn": dmn}))


def test_a_rule_of_a_table_that_never_decides_is_refused():
    assert "rule 2" in only(table("FIRST", "&gt; 3", " &gt;  3", "-")).text("en")
    assert "rule 2" in only(table("FIRST", "-", "&gt; 3")).text("en")
    assert "rule 3" in only(table("UNIQUE", "1", "2", "1")).text("en")
    for policy in ("COLLECT", "RULE ORDER"):
        assert errors(table(policy, "1", "1", "-", "2")) == []
    assert errors(table("FIRST", "&gt; 3", "&gt; 2", "-")) == []


def test_a_table_that_cannot_be_read_hides_nothing_but_itself():
    rule = '<businessRuleTask id="decide"><extensionElements><gw:decision ref="grade" result="g"/></extensionElements></businessRuleTask>'
    data = process(start(), user(), rule, end(), flows="begin>review>decide>end?revew = 1;decide>end")
    found = errors(checked(folder(data, {"grade.dmn": b"<a/>"})))
    assert "decide" not in {problem.place for problem in found}
    assert {"grade.dmn", "process.bpmn"} <= {problem.file for problem in found}


def test_the_check_of_a_diagram_names_what_is_meant():
    found = check(start(), user(), end(), flows="begin>review>end?revew.outcome = 1;review>end")
    assert any("“review”" in problem.text("en") for problem in errors(found))


def test_a_table_of_other_software_inside_extensions_is_nobodys_business():
    kept = '<extensionElements><z:a xmlns:z="urn:z" id="grade"><decisionTable id="q" hitPolicy="FIRST">{}</decisionTable></z:a></extensionElements>'
    rule = '<rule id="r"><inputEntry id="i"><text>1</text></inputEntry></rule>'
    head = kept.format(rule + rule) + '<decisionTable id="t"'
    dmn = TABLE.replace('<decisionTable id="t"', head).format(policy="FIRST", rules="")
    found = checked(folder(process(start(), user(), end(), flows=FLOWS), {"grade.dmn": dmn.encode()}))
    assert not [problem for problem in found if "rule" in problem.text("en")]


def test_a_parameter_that_is_spelt_in_two_ways_is_told_with_the_other_spelling():
    step = service(
        extension='<gw:operation name="register.create"><gw:parameter name="registr" value="=1"/></gw:operation>'
    )
    found = check(start(), user(), step, end(), flows="begin>review>work>end")
    assert "“registr” is written here" in at(found, "work", "lacks the parameter").text("en")
