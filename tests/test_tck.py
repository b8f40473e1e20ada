"""The runner of the public conformance suite, on a small suite of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.dmn.dmn_files import DMN, data, decision, definitions, knowledge, literal, service, table
from tests.tck import main

HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    "<modelName>fares.dmn</modelName>"
)
MODEL = (
    data("age", "number"),
    data("Full name", "string"),
    decision(
        "fare",
        table(
            "UNIQUE",
            ["age", "Full name"],
            ["price", "reason"],
            [
                ("< 6 ; -", '0 ; "child"'),
                ('[6..60) ; not("总工会")', '10 ; "adult"'),
                ('[6..60) ; "总工会"', '5 ; "member"'),
                (">= 60 ; -", '5.5 ; "senior"'),
            ],
        ),
        "Input:age",
        "Input:Full name",
    ),
    decision("discounts", table("COLLECT", ["age"], ["d"], [("> 5", "1"), ("> 50", "2")], "SUM"), "Input:age"),
    decision("tags", table("OUTPUT ORDER", ["age"], ['t|"b","a"'], [("> 1", '"a"'), ("> 2", '"b"')]), "Input:age"),
    decision("start", literal('date("2026-01-01") + duration("P1M")'), kind="date"),
    decision("greeting", literal('"你好，" + Full name'), "Input:Full name", kind="string"),
    decision("broken", literal("1 +")),
)


def case(name: str, expected: str, age: str = "30") -> str:
    return (
        f'<testCase id="{name}"><inputNode name="age"><value xsi:type="xsd:decimal">{age}</value></inputNode>'
        '<inputNode name="Full name"><value xsi:type="xsd:string">张三</value></inputNode>'
        f'<resultNode name="{name}" type="decision"><expected>{expected}</expected></resultNode></testCase>'
    )


def value(kind: str, text: str) -> str:
    return f'<value xsi:type="xsd:{kind}">{text}</value>'


def component(name: str, inside: str) -> str:
    return f'<component name="{name}">{inside}</component>'


RIGHT = (
    case("fare", component("price", value("decimal", "10")) + component("reason", value("string", "adult"))),
    case("fare", component("price", value("double", "5.5")) + component("reason", value("string", "senior")), "70"),
    case("discounts", value("decimal", "3"), "51"),
    case("tags", f"<list><item>{value('string', 'b')}</item><item>{value('string', 'a')}</item></list>"),
    case("start", value("date", "2026-02-01")),
    case("greeting", value("string", "你好，张三")),
    case("broken", '<value xsi:nil="true"/>'),
)


def suite(folder: Path, *cases: str) -> str:
    place = folder / "0001-fares"
    place.mkdir()
    (place / "fares.dmn").write_bytes(definitions(*MODEL))
    (place / "0001-fares-test-01.xml").write_text(HEAD + "".join(cases) + "</testCases>", encoding="utf-8")
    return str(folder)


def test_the_runner_counts_what_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([suite(tmp_path, *RIGHT)]) == 0
    printed = capsys.readouterr().out
    assert "0001-fares" in printed and "7 passed, 0 failed, 100.0 %" in printed


def test_the_runner_tells_every_miss_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([suite(tmp_path, RIGHT[4], case("start", value("date", "2026-03-01")))]) == 1
    printed = capsys.readouterr().out
    assert "1 passed, 1 failed, 50.0 %" in printed and "✗ 0001-fares · start start: expected" in printed


def test_few_misses_are_enough_and_still_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = case("start", value("date", "2026-03-01"))
    assert main([suite(tmp_path, *[RIGHT[4]] * 19, wrong)]) == 0
    assert "✗ 0001-fares · start" in capsys.readouterr().out


def test_a_miss_that_we_want_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Path(suite(tmp_path, case("outside", value("decimal", "3")))) / "0001-fares"
    text = 'function(a) external {java: {class: "Math", method signature: "abs(double)"}}'
    (place / "fares.dmn").write_bytes(definitions(decision("outside", literal("({f: " + text + "}).f(3)"))))
    assert main([str(tmp_path)]) == 1
    assert "refused on purpose: it calls an external" in capsys.readouterr().out


def test_a_model_that_cannot_be_read_is_a_miss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Path(suite(tmp_path, *RIGHT)) / "0001-fares"
    (place / "fares.dmn").write_bytes(b"<nothing")
    assert main([str(tmp_path)]) == 1
    assert "could not be run" in capsys.readouterr().out


def test_models_beside_it_are_imported_and_services_and_functions_are_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked(kind: str, called: str, result: str, expected: str, given: str = "n") -> str:
        return (
            f'<testCase id="{result}" type="{kind}" invocableName="{called}"><inputNode name="{given}">'
            f'{value("decimal", "4")}</inputNode><resultNode name="{result}"><expected>{expected}</expected></resultNode>'
            "</testCase>"
        )

    cases = (
        asked("decisionService", "both", "half", value("decimal", "2")),
        asked("decisionService", "both", "twice", value("decimal", "8")),
        asked("bkm", "square", "square", value("decimal", "16")),
        asked("decision", "", "theirs", value("decimal", "5"), "base.m"),
        asked("decision", "", "none", '<list xsi:nil="true"/>'),
    )
    place = Path(suite(tmp_path, *cases)) / "0001-fares"
    theirs = '<informationRequirement><requiredDecision href="urn:base#more"/></informationRequirement>'
    model = definitions(
        f'<import name="base" namespace="urn:base" importType="{DMN}"/>',
        data("n", "number"),
        decision("half", literal("n / 2"), "Input:n"),
        decision("twice", literal("n * 2"), "Input:n"),
        decision("theirs", theirs + literal("base.more")),
        decision("none", literal("null")),
        service("both", ["half", "twice"], [], [], ["n"]),
        knowledge("square", {"n": "number"}, literal("n * n")),
    )
    (place / "fares.dmn").write_bytes(model)
    more = definitions(data("m", "number"), decision("more", literal("m + 1"), "Input:m"), namespace="urn:base")
    (place / "base.dmn").write_bytes(more)
    assert main([str(tmp_path)]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["nowhere"]])
def test_without_a_folder_the_runner_says_what_to_give(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "make tck TCK=" in capsys.readouterr().out


def test_a_folder_without_tests_is_no_success(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
