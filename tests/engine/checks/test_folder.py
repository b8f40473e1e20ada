"""The folder as a whole: safe names, bounds, one process, every file loads; and bytes from nowhere never crash it."""

import io
import random
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checks.folder import MAX_FILE, MAX_FILES, MAX_TOML, MAX_TOTAL
from engine.diagram import read_diagram
from engine.errors import DefinitionInvalid, Problem
from tests.engine.checks.tiny import HEAD, at, checked, end, errors, folder, only, process, start, user

GOOD = Path(__file__).parent.parent.parent / "data/checks/good"
FILES = {path.relative_to(GOOD).as_posix(): path.read_bytes() for path in GOOD.rglob("*") if path.is_file()}
SIMPLE = process(start(), user(), end(), flows="begin>review>end")


def with_file(name, data=b""):
    return checked(folder(SIMPLE, {name: data}))


def test_a_whole_good_folder_has_no_problem_at_all():
    assert [problem.text("en") for problem in checked(FILES)] == []


def test_checking_changes_nothing_and_says_the_same_twice():
    broken = {**FILES, "process.bpmn": FILES["process.bpmn"].replace(b'default="returned"', b"")}
    assert checked(broken) == checked(dict(broken)) != ()


@pytest.mark.parametrize(
    "name",
    ["../process.bpmn", "/etc/passwd.bpmn", "a\\b.bpmn", ".hidden.bpmn", "forms/../x.bpmn", "a\x00b.bpmn", "a/b/c/d/e.bpmn",
     "con trol.bpmn", "x" * 200 + ".bpmn", "", "a//b.bpmn", "a\nb.dmn"],
)  # fmt: skip
def test_an_unsafe_file_name_is_refused(name):
    assert "not safe" in only(with_file(name)).text("en")


def test_a_chinese_file_name_is_fine():
    assert errors(with_file("documents/岗位申请表（样式）.md", b"PK")) == []


@pytest.mark.parametrize("name", ["run.py", "page.html", "data.csv", "noending"])
def test_a_kind_of_file_that_does_not_belong_is_refused(name):
    assert "does not belong" in only(with_file(name)).text("en")


def test_a_file_over_the_limit_is_refused_and_nothing_is_read():
    problem = only(checked({**folder(SIMPLE), "big.dmn": b" " * (MAX_FILE + 1)}))
    assert problem.file == "big.dmn" and "KB" in problem.text("zh")


def test_too_many_files_are_refused():
    assert "more than" in only(checked({f"{i}.md": b"" for i in range(MAX_FILES + 1)})).text("en")


def test_too_much_altogether_is_refused():
    files = {f"{i}.md": b" " * MAX_FILE for i in range(MAX_TOTAL // MAX_FILE + 1)}
    assert "together" in only(checked(files)).text("en")


def test_a_folder_without_the_main_diagram_is_refused():
    assert only(checked({"README.md": b""})).file == "process.bpmn"


def test_a_main_diagram_with_no_executable_process_is_refused():
    data = SIMPLE.replace(b'isExecutable="true"', b'isExecutable="false"')
    assert "does not say that it is executable" in only(checked(folder(data))).text("en")
    assert only(checked({"process.bpmn": HEAD.encode() + b"</definitions>"})).text("en").count("isExecutable") == 1


def test_a_main_diagram_with_two_executable_processes_is_refused():
    second = '<process id="second" isExecutable="true"/>'
    problems = checked(folder(process(start(), user(), end(), flows="begin>review>end", more=second)))
    assert any("there are 2 (tiny, second)" in problem.text("en") for problem in problems)


def test_a_pool_of_somebody_else_is_only_drawn():
    second = '<process id="second" isExecutable="false"><task id="theirs"/></process>'
    problems = checked(folder(process(start(), user(), end(), flows="begin>review>end", more=second)))
    assert errors(problems) == []
    problems = checked(
        folder(
            process(start(), user(), end(), flows="begin>review>end", more=second.replace('<task id="theirs"/>', ""))
        )
    )
    assert errors(problems) == []


def test_a_broken_diagram_is_told_with_its_line():
    problem = only(checked({**FILES, "process.bpmn": FILES["process.bpmn"].replace(b"</bpmn:process>", b"")}))
    assert str(problem.place).startswith("line ")


def test_a_broken_form_is_told():
    problems = checked({**FILES, "forms/wish.form.json": b'{"type": "default", "components": ['})
    assert any(problem.file == "forms/wish.form.json" for problem in errors(problems))


def test_a_broken_scenario_is_told():
    problem = only(with_file("scenarios/one.toml", b"[start"))
    assert problem.file == "scenarios/one.toml" and "TOML" in problem.text("en")


def test_one_form_name_in_two_places_is_refused():
    assert "twice" in only(
        {**FILES} and checked({**FILES, "_shared/forms/wish.form.json": FILES["forms/wish.form.json"]})
    ).text("en")


def test_one_decision_in_two_files_is_refused():
    assert "twice" in only(checked({**FILES, "_shared/shelf.dmn": FILES["shelf.dmn"]})).text("en")


def with_articles(text):
    return checked({**FILES, "_shared/articles.toml": text.encode()})


def test_an_article_without_a_summary_is_refused():
    row = '[[article]]\nnumber = {}\nzh = "借阅"\nen = "Lending"\n'
    assert not any("no summary" in problem.text("en") for problem in with_articles(row.format(1)))
    problem = at(with_articles(row.format(2)), "lend", "article 1 has no summary")
    assert problem.severity == "error" and "第1条" in problem.text("zh")


@pytest.mark.parametrize("text", ["[[article]]\nnumber = 1", "article = 1", "article = [1]"])
def test_an_incomplete_list_of_articles_is_refused(text):
    assert at(with_articles(text), "1", "lacks number, zh or en")


def sourced(operation, parameters):
    text = FILES["forms/wish.form.json"].decode()
    source = f'"gangwei": {{"sources": {{"places": {{"operation": "{operation}", "parameters": {parameters}}}}}, '
    return checked({**FILES, "forms/wish.form.json": text.replace('"gangwei": {', source).encode()})


def test_a_source_of_a_form_must_be_a_read_only_operation_with_its_parameters():
    good = '{"organisation": "=case.organisation.code"}'
    assert errors(sourced("tree.places", good)) == []
    assert "read-only" in only(sourced("register.create", '{"register": "=1"}')).text("en")
    assert "does not exist" in only(sourced("tree.nothing", "{}")).text("en")
    assert "lacks the parameter" in only(sourced("tree.places", "{}")).text("en")
    assert "no parameter “x”" in only(sourced("tree.places", good[:-1] + ', "x": "=1"}')).text("en")


def test_hundreds_of_problems_are_cut_short():
    many = "".join(f'<task id="t{i}"/>' for i in range(3000))
    data = process(
        start(), user(), end(), flows="begin>review>end", more=f'<process id="p" isExecutable="false">{many}</process>'
    )
    assert len(checked(folder(data))) <= 500


def test_too_many_processes_are_refused_and_not_walked():
    more = "".join(f'<process id="p{i}" isExecutable="true"/>' for i in range(40))
    problems = checked(folder(process(start(), user(), end(), flows="begin>review>end", more=more)))
    assert any("more than 30" in problem.text("en") for problem in problems)
    assert not any("no start event" in problem.text("en") for problem in problems)


def mutated(data: bytes, seed: int) -> bytes:
    """The same bytes, hurt in one to five places: flipped, cut, doubled, swapped, or with a foreign piece put in."""
    chance = random.Random(seed)
    pieces = [b"<", b">", b'"', b"&", b"</", b"\x00", b"\xff", b"<!--", b"]]>", b"<![CDATA[", b"&x;", b"<!DOCTYPE x>", b"=", b"id",
              b"gw:form", b"bpmn:userTask", b"-1", b"null", "岗".encode(), b"{", b"\n"]  # fmt: skip
    for _ in range(chance.randint(1, 5)):
        start_at = chance.randrange(len(data) or 1)
        stop = start_at + chance.randrange(1, 60)
        match chance.randrange(5):
            case 0:
                data = data[:start_at] + bytes([chance.randrange(256)]) + data[start_at + 1 :]
            case 1:
                data = data[:start_at] + data[stop:]
            case 2:
                data = data[:stop] + data[start_at:]
            case 3:
                data = data[:start_at] + chance.choice(pieces) + data[start_at:]
            case _:
                words = sorted(set(data.split(b'"')))
                data = data.replace(chance.choice(words) or b"zzz", chance.choice(words), 1)
    return data


@settings(max_examples=300)
@given(seed=st.integers(0, 2**32))
def test_damaged_bytes_are_a_problem_or_a_diagram_and_never_a_crash(seed):
    data = mutated(FILES["process.bpmn"], seed)
    try:
        read_diagram("process.bpmn", data)
    except DefinitionInvalid as invalid:
        assert invalid.problems
    problems = checked({**FILES, "process.bpmn": data})
    assert all(
        isinstance(problem, Problem) and problem.text("zh") and problem.text("en") and problem.place
        for problem in problems
    )


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(set(FILES) - {"process.bpmn"})))
def test_damage_to_any_other_file_is_told_too(seed, name):
    assert all(isinstance(problem, Problem) for problem in checked({**FILES, name: mutated(FILES[name], seed)}))


@pytest.mark.parametrize(
    "data", [b"a=" + b"1" * 5000, b"a=" + b"[" * 5000, b".".join([b"a"] * 500) + b"=1", b"\xff", b"a=1\na=2"]
)
def test_a_hostile_table_is_refused(data):
    assert "not valid TOML" in only(with_file("x.toml", data)).text("en")


def test_too_much_of_tables_is_refused():
    assert "TOML files exceed" in only(with_file("x.toml", b"# x\n" * (MAX_TOML // 4) + b"#")).text("en")


def test_what_is_too_deep_for_its_reader_is_refused(monkeypatch):
    def read(file, data, others):
        return read(file, data, others)

    monkeypatch.setattr("engine.checks.folder.load_decisions", read)
    problem = only(with_file("x.dmn", b"<definitions/>"))
    assert problem.file == "x.dmn" and "too deeply" in problem.text("en") and problem.text("zh")


@pytest.mark.parametrize("long", [user(name="x" * 201), user(id="x" * 201)])
def test_an_id_or_a_name_that_the_database_cannot_keep_is_refused(long):
    assert any("too long" in problem.text("en") for problem in checked(folder(process(start(), long, end()))))


def test_a_template_that_is_no_word_file_is_refused():
    assert "Word file" in only(with_file("documents/answer.docx", b"PK\x03\x04 nothing")).text("en")


def test_what_a_template_asks_for_beyond_plain_places_is_refused_where_it_stands():
    document, written = docx.Document(), io.BytesIO()
    document.add_paragraph("共{% for one in all %}{{ one.name }}{% endfor %}项")
    document.save(written)
    problem = only(with_file("documents/answer.docx", written.getvalue()))
    assert (
        problem.file == "documents/answer.docx"
        and "“{% for one in all %}" in problem.text("en")
        and "{{ name }}" in problem.text("zh")
    )
