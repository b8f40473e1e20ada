"""The runner of the public conformance suite, on a small suite of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.dmn_files import data, decision, definitions, literal, table
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
    assert main([suite(tmp_path, *RIGHT), "-v"]) == 0
    assert "0001-fares" in capsys.readouterr().out


def test_the_runner_tells_what_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([suite(tmp_path, RIGHT[4], case("start", value("date", "2026-03-01"))), "-v"]) == 1
    printed = capsys.readouterr().out
    assert "1 passed" in printed and "1 failed" in printed and "start" in printed
