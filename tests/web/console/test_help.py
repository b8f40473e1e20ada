"""``gangwei --help`` is there at once: what a command needs is imported when the command is asked for."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from click import Context

from tests.house import ROOT
from web.console.main import COMMANDS, cli

LIGHT = {"web", "web.console", "web.console.main", "web.console.commands", "engine", "engine.errors", "engine.words"}
"""What of ours ``--help`` imports; of what we depend on, Click alone."""
OURS = ("engine", "storage", "web")


def imported(words: list[str], before: str = "") -> set[str]:
    """The modules that ``gangwei`` with these words leaves imported in a Python of its own."""
    program = (
        f"import sys, atexit\nsys.argv, begun = ['gangwei', *{words!r}], set(sys.modules)\n{before}\n"
        "atexit.register(lambda: print(*set(sys.modules) - begun, file=sys.stderr))\n"
        "from web.console.main import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "Usage: gangwei" in done.stdout
    return set(done.stderr.split())


def heavy(modules: set[str]) -> set[str]:
    """What of these is more than a list of commands needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = {re.split(r"[<>=\[;]", text)[0].lower() for text in project["dependencies"]} - {"click"}
    theirs = {name for name, owners in packages_distributions().items() if needs & {one.lower() for one in owners}}
    found = {name.partition(".")[0] for name in modules} & theirs
    return found | {name for name in modules if name.partition(".")[0] in OURS} - LIGHT


def test_the_list_of_commands_imports_nothing_but_click():
    assert heavy(imported(["--help"])) == set()


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ("import sqlalchemy", "sqlalchemy"),
        ("import flask", "flask"),
        ("import docx", "docx"),
        ("import SpiffWorkflow.task", "SpiffWorkflow"),
        ("import web.app", "web.app"),
        ("import engine.feel", "engine.feel"),
    ],
)
def test_an_import_too_many_would_be_seen(planted, seen):
    assert seen in heavy(imported(["--help"], planted))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_where_the_list_says_and_says_of_itself_what_the_list_says(name):
    with Context(cli) as context:
        found = cli.get_command(context, name)
    assert found is not None and found.name == name
    assert found.get_short_help_str(200) == COMMANDS[name][1]


def test_there_is_no_other_command():
    with Context(cli) as context:
        assert cli.get_command(context, "no_such") is None
