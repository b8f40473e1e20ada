"""Comments and docstrings name what is there: files, modules, names in backticks. A name of another room is said whole."""

import pytest

from tests.named import ROOT, committed_files, missing_files, missing_modules, python_files, said, ticked, unknown

FOREIGN = {
    "Workflow": "SpiffWorkflow",
    "Task": "SpiffWorkflow",
    "TaskSpec": "SpiffWorkflow",
    "typeRef": "DMN",
    "decisionTable": "DMN",
    "loopMaximum": "BPMN",
    "validate.notBefore": "form-js, as we extend it",
    "notAfter": "form-js, as we extend it",
    "validate.minItems": "form-js, as we extend it",
    "maxItems": "form-js, as we extend it",
    "_this_": "form-js",
    "_i_": "form-js",
    "return_to": "a field of what is handed in",
    "_directory": "a folder of workflows/",
    "partial": "FEEL",
    "Any": "typing",
    "programsize": "google-re2",
    "P1DT2H": "ISO 8601",
    "P1Y2M": "ISO 8601",
    "en": "a language",
    "true": "JSON",
    "Accept": "HTTP",
    "icons.svg": "made by the front end's build",
    "is.KEY": "a parameter of an address",
    "gangwei": "the console's command",
    "a_b": "an id in a diagram that a test draws",
}
READ = {".md", ".toml", ".html", ".js", ".mjs", ".css", "", ".yml"}


def gone(text, path, files=frozenset()):
    """What a comment or a docstring of a file of Python names and nobody has."""
    yield from missing_files(text)
    yield from missing_modules(text)
    yield from (name for name in ticked(text) if name not in FOREIGN and name not in files and unknown(name, path))


def test_what_comments_and_docstrings_name_is_there():
    files = frozenset(path.name for path in committed_files())
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in python_files()
        for line, text in said(path.read_text(encoding="utf-8"))
        for name in gone(text, path, files)
    ]
    assert found == []


def test_what_other_texts_name_is_there():
    texts = [path for path in committed_files() if path.suffix in READ and "front" not in path.parts]
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in texts
        for name in (*missing_files(path.read_text("utf-8"), path.parent), *missing_modules(path.read_text("utf-8")))
    ]
    assert found == []


CLOCK = ROOT / "engine/clock.py"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("see engine/timers.py", "engine/timers.py"),
        ("(tests/web/test_nothing.py and others)", "tests/web/test_nothing.py"),
        ("as ``engine.clock.DemoClock.fly`` does", "engine.clock.DemoClock.fly"),
        ("as engine.clocks.DemoClock does", "engine.clocks.DemoClock"),
        ("see ``calendar_desk``", "calendar_desk"),
        ("see `calendar_desk`", "calendar_desk"),
        ("a ``RunResult`` of another room", "RunResult"),
        ("``DemoClock.put_back(moment)``", "DemoClock.put_back"),
        ("``time.travel``", "time.travel"),
    ],
)
def test_a_name_that_nobody_has_would_be_seen(text, named):
    assert list(gone(text, CLOCK)) == [named]


@pytest.mark.parametrize(
    "text",
    [
        "engine/clock.py, tests/data/, ``engine.clock.DemoClock.put``, engine.clock, storage.ticks",
        "``moment``, ``DemoClock.put(moment, by)``, ``FRESH_SECONDS``, ``engine.model.Clock``",
        "``time.monotonic``, ``os.listdir``, ``sqlalchemy.bindparam``, ``None``, ``dict``",
        "``a + b``, ``P1D``, the engine. A new sentence; web/static/dist/app.js",
    ],
)
def test_what_is_there_is_not_told(text):
    assert list(gone(text, CLOCK, {"P1D"})) == []


def test_every_foreign_word_is_still_said_and_is_not_ours():
    words = {
        (name, path) for path in python_files() for _, text in said(path.read_text("utf-8")) for name in ticked(text)
    }
    assert FOREIGN.keys() - {name for name, path in words if unknown(name, path)} == set()
