"""The docs are true: the files, names, commands, targets and settings that they name exist."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from tests.named import PATH, ROOT, missing_files
from web.common import config
from web.console.main import cli

DOCS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TYPED = re.compile(r"`[^`\n]+`|^ {0,3}```.*?^ {0,3}```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\bgangwei((?: +(?:--)?[a-z][\w-]*)+)")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)\b")
SETTING = re.compile(r"\bGANGWEI_[A-Z_]*[A-Z]\b")
ROOMS = sorted(door.parent.name for door in (ROOT / "engine").glob("*/__init__.py"))


def typed(text):
    """What stands as code: in backticks or in a fence."""
    return "\n".join(TYPED.findall(text))


def missing_commands(text):
    """Commands of the console that the docs name and that do not exist."""
    for words in COMMAND.findall(typed(text)):
        group: click.Command = cli
        path = "gangwei"
        for word in words.split():
            options = {option for parameter in group.params for option in (*parameter.opts, *parameter.secondary_opts)}
            if word in options or word == "--help":
                continue
            path = f"{path} {word}"
            found = group.get_command(click.Context(group), word) if isinstance(group, click.Group) else None
            if found is None:
                if isinstance(group, click.Group) or word.startswith("--"):  # else it is an argument
                    yield path
                break
            group = found


def missing_targets(text):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    yield from (target for target in TARGET.findall(typed(text)) if target not in targets)


def floors_told():
    """The floors of the engine as CONTRIBUTING.md draws them, the highest first."""
    drawn = re.search(
        r"^```\n(trials >.*?)^```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [re.findall(r"\w+", floor) for floor in drawn[1].split(">")] if drawn else []


def test_the_floors_are_those_of_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one.get("containers") == ["engine"])
    assert floors_told() == [re.findall(r"\w+", layer) for layer in layers]


def settings_of(text):
    return set(SETTING.findall(text))


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)
def test_what_a_doc_names_exists(doc):
    text = doc.read_text(encoding="utf-8")
    assert list(missing_files(text, doc.parent)) == []
    assert list(missing_commands(text)) == []
    assert list(missing_targets(text)) == []
    assert settings_of(text) <= settings_of(config.__doc__ or "")


def test_what_does_not_exist_would_be_seen():
    text = "`engine/clock.py::DemoClock.fly`, `engine/gone.py`, [plan](docs/plan.md), `engine/n*.py`, web/static/dist/"
    assert list(missing_files(text)) == [
        "engine/clock.py::DemoClock.fly",
        "engine/gone.py",
        "docs/plan.md",
        "engine/n*.py",
        "docs/plan.md",
    ]
    assert (
        list(missing_files("`engine/clock.py::DemoClock.put`, `engine/jobs/worker.py::TRIES`. See engine/cases/."))
        == []
    )
    fenced = "```sh\ngangwei db upgrade\ngangwei db downgrade\n```\n`gangwei jobs --downtime 3`, `gangwei jobs --fast`, gangwei flies"
    assert list(missing_commands(fenced)) == ["gangwei db downgrade", "gangwei jobs --fast"]
    assert list(missing_targets("`make run`, `make bench`, `make coffee`, make haste")) == ["coffee"]


def test_the_read_me_fits_on_two_sheets():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_operations_tell_every_setting():
    told = re.findall(r"^\| `(GANGWEI_\w+)` \|", (ROOT / "docs/operations.md").read_text("utf-8"), re.MULTILINE)
    assert set(told) == settings_of(config.__doc__ or "") == settings_of(Path(config.__file__).read_text("utf-8"))
    assert len(told) == len(set(told))


def questions():
    """(room, question, where) of every row of docs/where.md."""
    room = ""
    for line in (ROOT / "docs/where.md").read_text(encoding="utf-8").splitlines():
        room = line.removeprefix("## ").strip("`") if line.startswith("## ") else room
        if line.startswith("| ") and line.count("|") == 3 and not line.startswith(("| question", "| ---")):
            yield (room, *(cell.strip() for cell in line.strip("|").split("|")))


def test_every_question_of_a_newcomer_is_answered_by_a_file():
    found = list(questions())
    assert len(found) >= 30
    assert len({question for _, question, _ in found}) == len(found)
    assert [question for _, question, _ in found if not question.endswith("?")] == []
    assert [question for _, question, where in found if not PATH.search(where)] == []


def test_every_room_of_the_engine_answers_a_question():
    named = {where for _, _, wheres in questions() for where, _ in PATH.findall(wheres)}
    assert [room for room in ROOMS if not any(where.startswith(f"engine/{room}") for where in named)] == []


def decisions():
    text = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, *body = part.strip().splitlines()
        yield title, [line for line in body if line.strip()]


def test_every_decision_has_a_date_few_lines_and_what_confirms_it():
    found = list(decisions())
    assert len(found) > 30
    for title, body in found:
        assert re.match(r"\d{4}-\d\d-\d\d: \S", title), title
        *said, confirmed = body
        assert len(said) <= 5, title
        assert confirmed.startswith("Confirmed by ") and PATH.search(confirmed), title


def missing_tests(text):
    """Tests, and constructs, that a text names and that are not there."""
    for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text):
        if f"def {name}(" not in (ROOT / file).read_text("utf-8"):
            yield f"{file}::{name}"
    for named in re.findall(r"constructs? ((?:`\w+`(?:, )?)+)", text):
        folders = re.findall(r"`(\w+)`", named)
        yield from (name for name in folders if not (ROOT / "tests" / "data" / "bpmn" / name).is_dir())


def test_every_test_that_is_named_for_a_kind_of_fault_exists():
    told = (ROOT / "docs" / "kinds.md").read_text("utf-8")
    assert len(re.findall(r"^\| \d+ ", told, re.MULTILINE)) >= 44
    assert list(missing_tests(told)) == []
    assert list(missing_tests("`tests/test_docs.py::test_nothing`, construct `nothing`")) != []
