"""The check asks what says something of a person: of fields, variables and registers that sound so."""

from __future__ import annotations

import orjson
import pytest

from engine.checks.around import Surroundings
from engine.checks.personal import looks_personal, undeclared
from engine.definition import check_files
from engine.errors import DefinitionInvalid
from engine.forms import load_form
from engine.registers import load_register
from engine.words import both
from tests.house import ROOT

ENDING = {"process": ".bpmn", "forms__visit": ".form.json"}
AROUND = Surroundings(roles=("county_officer",), kinds=(), operations={})
VISIT = ROOT / "tests" / "data" / "personal" / "visit"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("worker_name", ""), ("fullName", ""), ("x", "姓名"), ("x", "联系人姓名"), ("phone", ""), ("x", "手机号码"),
        ("x", "身份证号"), ("identity_number", ""), ("birthDate", ""), ("x", "健康状况"), ("x", "残疾证"),
        ("x", "对本人的评语"), ("applicant.login", ""), ("x", "工资标准"), ("x", "签收人"), ("receiver", ""), ("x", "工号"),
    ],
)  # fmt: skip
def test_what_sounds_as_if_it_were_about_a_person_is_asked(name: str, label: str) -> None:
    assert looks_personal(name, label)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("name", "单位名称"), ("place_name", "岗位所在地"), ("file_name", "文件名"), ("number", "岗位编号"),
        ("grade", "等级"), ("stage", "阶段"), ("page", "页数"), ("opinions", "处理意见"), ("need", "设岗需求"),
    ],
)  # fmt: skip
def test_what_is_about_a_thing_is_not(name: str, label: str) -> None:
    assert not looks_personal(name, label)


def asked(**changes: bytes) -> dict[str, str]:
    """Where the check asks for a declaration, and what to write there."""
    files = {path.relative_to(VISIT).as_posix(): path.read_bytes() for path in VISIT.rglob("*") if path.is_file()}
    found = check_files(
        files | {name.replace("__", "/") + ENDING[name]: data for name, data in changes.items()}, AROUND
    )
    assert [one.text("en") for one in found if one.severity == "error"] == []
    return {str(one.place): both(one.hint)[0] for one in found if "像是个人信息" in one.text("zh")}


def form(**properties: object) -> bytes:
    """The form with another declaration at its telephone."""
    schema = orjson.loads((VISIT / "forms" / "visit.form.json").read_bytes())
    schema["components"][1]["properties"] = properties
    return orjson.dumps(schema)


def diagram(before: str, after: str) -> bytes:
    text = (VISIT / "process.bpmn").read_text("utf-8")
    assert before in text
    return text.replace(before, after).encode()


def test_nothing_is_asked_of_what_is_declared_either_way() -> None:
    assert asked() == {}
    assert asked(forms__visit=form(personal="false")) == {}
    assert asked(forms__visit=form(personal=True)) == {}


def test_a_field_that_is_not_declared_is_named_with_what_to_write() -> None:
    (hint,) = asked(forms__visit=form()).values()
    assert '"personal": "true"' in hint and '"personal": "false"' in hint


def test_another_word_in_a_declaration_is_a_problem_of_the_form() -> None:
    with pytest.raises(DefinitionInvalid, match="true"):
        load_form("visit.form.json", form(personal="perhaps"))


def test_a_variable_that_is_not_declared_is_named_with_the_line_to_write() -> None:
    found = asked(process=diagram('<gw:personal variables="person_note"/>', ""))
    assert found == {"note": '请在流程的扩展元素里写 <gw:personal variables="person_note"/>。'}


def test_a_declared_variable_that_nothing_writes_is_refused() -> None:
    files = {path.relative_to(VISIT).as_posix(): path.read_bytes() for path in VISIT.rglob("*") if path.is_file()}
    files["process.bpmn"] = diagram('variables="person_note"', 'variables="person_note persn"')
    (problem,) = [one for one in check_files(files, AROUND) if one.severity == "error"]
    assert "persn" in problem.text("en")


def test_a_field_of_a_register_is_asked_about_until_it_is_declared() -> None:
    schema = orjson.loads((ROOT / "workflows" / "_registers" / "post.schema.json").read_bytes())
    schema["properties"]["phone"] = {"title": "联系电话", "type": "string"}
    places = [one.place for one in undeclared(load_register("post.schema.json", orjson.dumps(schema)))]
    assert places == ["phone"]
    schema["properties"]["phone"]["gangwei"] = {"personal": True}
    assert list(undeclared(load_register("post.schema.json", orjson.dumps(schema)))) == []
