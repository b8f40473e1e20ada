"""The figures of the house, counted on tiny houses of which one knows them."""

import json
import sqlite3
import subprocess
import sys
from types import SimpleNamespace

import pytest

from scripts.figures import requests, rooms, sizes
from scripts.figures.__main__ import arguments, ask, of_imports, of_sizes, table
from scripts.steps import ROOT, StepFailed

HOUSE = {
    "engine/__init__.py": "",
    "engine/clock.py": "import storage",
    "engine/feel/__init__.py": "from engine import clock",
    "engine/feel/builtins/__init__.py": "from engine.feel import values",
    "engine/feel/values.py": "def late():\n    from engine.feel.builtins import texts",
    "engine/feel/builtins/texts.py": "import datetime",
    "engine/forms/__init__.py": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from engine.feel.values import late"
    ),
    "storage/__init__.py": "",
    "storage/migrations/first.py": "import engine.forms",
    "web/__init__.py": "import engine.forms\nfrom web.common import words",
    "web/common/words.py": "",
    "web/frontend/node_modules/tool.py": "import engine.clock",
}
CIRCLE = {"engine/clock.py": "import engine.forms"}


def build(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_arrows_lead_from_room_to_room_whether_late_or_for_types_alone(tmp_path):
    found = rooms.arrows(build(tmp_path, HOUSE))
    assert found == {
        "engine/__init__.py": frozenset(),
        "engine/clock.py": {"storage"},
        "engine/feel": {"engine/clock.py"},
        "engine/forms": {"engine/feel"},
        "storage": frozenset(),
        "web": {"engine/forms"},
    }
    assert rooms.floors(found) == 5 and rooms.circles(found) == []


def test_a_circle_is_found_and_stands_on_one_floor(tmp_path):
    found = rooms.arrows(build(tmp_path, HOUSE | CIRCLE))
    assert rooms.circles(found) == [{"engine/clock.py", "engine/feel", "engine/forms"}]
    assert rooms.floors(found) == 2  # web, the circle; storage lies beside


def test_every_folder_by_itself_shows_circles_inside_of_a_room(tmp_path):
    found = of_imports(build(tmp_path, HOUSE), "places", rooms.place)
    assert found == {"places": "8", "places, arrows": "7", "places, floors": "5", "places, circles": "1"}


def test_files_and_functions_are_measured_in_lines(tmp_path):
    body = "    x = 1\n" * 3
    text = f'def a():\n    """Doc."""\n{body}\ndef b():\n    return 1\n'
    build(tmp_path, {"engine/a.py": text, "web/b.py": "x = 1\n", "storage/migrations/c.py": "x = 1\n" * 500})
    assert sizes.files(tmp_path) == {"engine/a.py": 8, "web/b.py": 1}
    assert sorted(sizes.functions(tmp_path)) == [1, 3]
    assert of_sizes(tmp_path)["longest file"] == "8 (engine/a.py)"


@pytest.mark.parametrize(("numbers", "part", "found"), [(range(1, 11), 0.9, 9), (range(1, 12), 0.9, 10), ([7], 0.9, 7)])
def test_a_share_is_the_smallest_number_that_so_many_do_not_exceed(numbers, part, found):
    assert sizes.share(list(numbers), part) == found


UNTYPED = """
from collections.abc import Mapping
from typing import Any, TypedDict

Row = Mapping[str, Any]

class Point(TypedDict):
    x: int

def look(row: Row, anything: Any, kept: dict[str, Any], numbers: Mapping[str, int], point: Point) -> list[int]:
    kept["new"] = numbers["a"] + point["x"]
    del kept["new"]
    return row["a"]["b"]

def maybe(row: Row | None, anything: Any) -> object:
    return anything.of["中"] if row is None else row["x"]

class Low:
    METHODS

class High(Low):
    @property
    def one(self) -> int:
        return 1
"""


def test_subscripts_on_loose_values_and_classes_of_many_methods_are_counted(tmp_path):
    methods = "\n    ".join(f"def m{number}(self) -> None: ..." for number in range(15))
    build(
        tmp_path,
        {"pyproject.toml": "[tool.mypy]\nstrict = true\n", "engine/__init__.py": UNTYPED.replace("METHODS", methods)},
    )
    words = [sys.executable, "-P", str(ROOT / "scripts/figures/untyped.py"), "engine"]
    found = json.loads(subprocess.check_output(words, cwd=tmp_path, text=True))
    assert found["subscripts"] == 6 and found["large"] == {"engine.High": 16}


TRIGGERED = """CREATE TABLE t (x INTEGER);
CREATE TRIGGER looks AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END"""


def test_what_is_said_to_the_database_is_counted_without_the_bounds_of_transactions():
    said: list[str] = []
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TRIGGERED)
    connection.set_trace_callback(said.append)

    def act(status=200):
        for words in ("BEGIN IMMEDIATE", "SELECT 1", "INSERT INTO t VALUES (1)", "COMMIT"):
            connection.execute(words)
        for words in ("BEGIN", "SELECT 3", "SELECT 3", "ROLLBACK"):
            connection.execute(words)
        return SimpleNamespace(status_code=status, request=SimpleNamespace(path="/tasks"))

    assert requests.counted(said, act) == requests.counted(said, act) == (1, 1, 4)
    with pytest.raises(ValueError, match="/tasks: 404"):
        requests.counted(said, lambda: act(404))
    connection.close()


def test_asked_for_help_the_figures_tell_how_they_are_asked(capsys):
    with pytest.raises(SystemExit) as ended:
        arguments().parse_args(["--help"])
    assert not ended.value.code and "a column for each checkout" in capsys.readouterr().out


PAGES = ("GET inbox", "GET task", "GET case")


@pytest.mark.slow
def test_a_page_reads_in_one_transaction_and_an_act_writes_in_one():
    found = ask(ROOT, "requests.py")
    assert set(found) == {"GET inbox", "GET task", "GET case", "POST task"}
    assert {name: counts[0] for name, counts in found.items() if name.startswith("GET")} == dict.fromkeys(PAGES, 1)
    assert found["POST task"][1] == 1 and all(counts[2] > sum(counts[:2]) for counts in found.values())


def test_a_checkout_that_was_never_set_up_is_named(tmp_path):
    with pytest.raises(StepFailed, match=r"no \.venv"):
        ask(tmp_path, "untyped.py")


def test_checkouts_stand_beside_each_other():
    lines = list(table({"before": {"rooms": "66"}, "after": {"rooms": "29", "floors": "15"}}))
    assert lines[2:] == ["| rooms | 66 | 29 |", "| floors |  | 15 |"]
