"""Words that are not used, with their replacements: in names, docstrings, comments, docs and English on pages.

What is stored (names of events, columns, keys) stays as it is, and so do the ids of diagrams that tests read.
"""

import ast
import re
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
READ = (".py", ".md", ".html", ".js", ".css", ".po", ".toml")
PROCESSES = (".bpmn", ".dmn", ".json")  # read in workflows/ alone
UNREAD = ("tests/test_words.py", "docs/bpmn.md")  # this list; what is made


class Word(NamedTuple):
    """A pattern, what to write instead, and why. ``within``: the only folder in which it has the second meaning."""

    pattern: str
    instead: str
    why: str
    within: str = ""


OLD, DOUBLE, LONG, OURS = "archaic", "has two meanings", "longer than its meaning", "invented"
WORDS = (
    Word(r"reckon\w*", "compute, computed, count", OLD),
    Word("anew", "again", OLD),
    Word("afresh", "again", OLD),
    Word("upon", "on, after", OLD),
    Word("amongst", "among", OLD),
    Word("whilst", "while", OLD),
    Word("for ever", "forever", OLD),
    Word("of late", "recently", OLD),
    Word("as yet", "yet, so far", OLD),
    Word(r"(?<=\w )no more(?=[.;,:”]| at\b| for\b| since\b| either\b|$)", "no longer", OLD),
    Word("beforehand", "before, in advance", OLD),
    Word("gone by", "past", OLD),
    Word("fared", "went", OLD),
    Word("thereof|thereto|therein|thereby|thereafter|thereupon", "of it, to it, in it, by it, then", OLD),
    Word("whereof|wherein|whereby|whereupon", "of which, in which, by which, then", OLD),
    Word("herein|hereby|hereafter|heretofore", "here, from now on, until now", OLD),
    Word("whence|thence|hence|henceforth", "from where, from there, so, from now on", OLD),
    Word("thither|hither|whither|hitherto", "there, here, where, until now", OLD),
    Word("whosoever|whomsoever", "whoever", OLD),
    Word("forthwith", "at once", OLD),
    Word("albeit", "although", OLD),
    Word("lest", "so that … not", OLD),
    Word("naught|nought|aught", "nothing, anything", OLD),
    Word("shall", "must, will", OLD),
    Word("unto|betwixt|amidst", "to, between, among", OLD),
    Word("nay|behold|perchance|erstwhile", "no, see, perhaps, former", OLD),
    Word(r"(?-i:(?<=[.;] )Who)(?= [a-z]+ )(?![^.?!\n]*\?)", "whoever (Who begins a question)", OLD),
    Word("save for|save that", "except, except that", OLD),
    Word("so as to|in order to", "to", LONG),
    Word("utili[sz]e[sd]?", "use", LONG),
    Word("insofar|inasmuch|notwithstanding", "as far as, because, despite", LONG),
    Word("lookers?", "worker", OURS),
    Word("happenings", "account events", OURS),
    Word("put (?:it )?forward", "moved forward (a clock); proposed (a change)", DOUBLE),
    Word("case file|timer_file|deadline_file", "case: a file is bytes with a name", DOUBLE),
    Word(r"case services?|the services|of services|any service's|(?:no|a|other) services?(?= to\b| refuses| answers|\W*$)",
         "operation (of the registry), cases, application", DOUBLE, "engine/"),
    Word("EngineOutcome|outcome_data|write_outcome", "RunResult: an outcome is the answer to a task", DOUBLE),
)  # fmt: skip
TWINS = {
    "Act": "that is done once for a page; of a person in the demo",
    "Cell": "of a table: in a Word file, on the page of a year",
    "Change": "of the calendar; of a field between two submissions",
    "Column": "of a decision table; of a register",
    "Events": "of a diagram: that cases wait for, that one instance waits for",
    "Lane": "of a diagram; of a board of cases",
    "Limits": "of a process that checks; of sign-ins",
    "Message": "to a person: as a run makes it, as a page shows it",
    "Node": "of the tree of an expression; of a diagram",
    "Notes": "problems found while a file is read: a diagram, a form",
    "Page": "the report on one process in the checks; a page of the inbox",
    "Pause": "a suspension: as the calendar counts it, as a page shows it",
    "Reader": "of a file: of decisions, of a form",
    "Row": "of a table of organisations; of the inbox",
    "Rule": "of counting; of a decision table",
    "Run": "of a process; what an event keeps of it",
    "Scope": "names of FEEL, of a form's row; a running process or sub-process (BPMN)",
    "Settings": "that an application needs; of the sign-in",
    "Sheet": "a Word file as it is written; a table as it is read",
    "Source": "of the values of a field; of a sign-in",
    "Step": "of a walk in the demo; of a preparation that shows its progress",
    "Submission": "as it is handed in; as a page shows it",
    "Thrown": "a BPMN message, signal or error: as the checks see it, as a run makes it",
    "Token": "of an expression (lexer); of BPMN",
}


def unused(text, file, words=WORDS):
    """(line, what stands there, what to write instead) of every word that is not used."""
    for word in words:
        if not file.startswith(word.within):
            continue
        for hit in re.finditer(rf"(?<![a-z])(?:{word.pattern})(?![a-z])", text, re.IGNORECASE | re.MULTILINE):
            yield text.count("\n", 0, hit.start()) + 1, hit.group(), f"{word.instead} ({word.why})"


def texts():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode()
    names = [name for name in listed.split("\0") if name.endswith(READ) and name not in UNREAD]
    names += [name for name in listed.split("\0") if name.endswith(PROCESSES) and name.startswith("workflows/")]
    if not names:
        pytest.skip("not a git checkout")
    return {name: (ROOT / name).read_text("utf-8") for name in names if (ROOT / name).is_file()}


def test_words_that_are_not_used_stand_nowhere():
    found = [
        f"{name}:{line}: “{said}”; write: {instead}"
        for name, text in texts().items()
        for line, said, instead in unused(text, name)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "It is reckoned.",
        "def _reckon_all(): ...",
        "class Reckoned: ...",
        "asked\nanew",
        "# it waits no more.",
        'said = "open no more at noon"',
    ],
)
def test_a_word_that_is_not_used_would_be_seen(text):
    assert list(unused(text, "engine/x.py"))


def test_words_inside_other_words_and_in_other_rooms_are_left_alone():
    assert list(unused("coupons; no more than two; hereditary; the services", "web/x.py")) == []
    assert [said for _, said, _ in unused("the answers of services", "engine/x.py")] == ["of services"]


def class_names():
    """Names of classes and their files. Rows of storage bear the names of what they keep."""
    found = defaultdict(set)
    for name, text in texts().items():
        if name.endswith(".py") and name.startswith(("engine/", "web/", "scripts/")):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].add(name)
    return found


def test_two_classes_have_one_name_only_where_both_say_the_same_of_different_things():
    twins = {name: sorted(files) for name, files in class_names().items() if len(files) > 1}
    assert {name: files for name, files in twins.items() if name not in TWINS} == {}
    assert sorted(TWINS.keys() - twins) == [], "no twins any more"


def glossary():
    for line in (ROOT / "docs/glossary.md").read_text("utf-8").split("\n## ")[1].splitlines():
        if line.startswith("| ") and not line.startswith(("| word", "| ---")):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_glossary_gives_every_word_in_both_languages_with_one_meaning_and_a_place():
    rows = list(glossary())
    assert len(rows) > 40
    assert [row for row in rows if len(row) != 4 or not all(row)] == []
    assert [english for english, chinese, _, _ in rows if not re.search(r"[\u4e00-\u9fff]", chinese)] == []
    assert len({english for english, *_ in rows}) == len(rows)
    assert [where for *_, where in rows if not re.fullmatch(r"`[\w./]+(?:::[\w.]+)?`", where)] == []
