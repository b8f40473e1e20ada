"""One clock: the machine's time is read at one place, and nothing falls back to it when it was given another."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WALL_CLOCK = {
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "clock_gettime", "clock_gettime_ns", "ctime", "asctime")),
    *(f"email.utils.{name}" for name in ("formatdate", "localtime")),
    *(f"uuid.{name}" for name in ("uuid1", "uuid6", "uuid7")),
    *(f"sqlalchemy.func.{name}" for name in ("now", "current_timestamp", "current_date", "localtimestamp")),
}
CONVERTS = {"time.gmtime": 1, "time.localtime": 1, "time.strftime": 2}  # the present only with fewer arguments
SQL = re.compile(r"\bnow\(\)|^now$|CURRENT_(?:TIMESTAMP|DATE|TIME)\b|\bclock_timestamp\b", re.I)
MACHINE = "engine.clock.SystemClock"
READERS = {
    "engine/clock.py": "the one clock",
    "engine/jobs/timetable.py": "APScheduler's clock: when to look, never what is due",
    "storage/ticks.py": "the database's clock, to be told how far it is from the machine's",
    "scripts/any_day.py": "to compute how far another moment is from this one",
    "scripts/moved_clock/sitecustomize.py": "the same, in the program that is moved",
}
OPENERS = {
    "web/app.py": "what is served stands on the machine's clock",
    "web/console/backup.py": "when a backup is made, as the machine has it",
    "web/console/doctor.py": "asks whether the machine's clock is right",
    "web/console/workflows.py": "versions of a table that are over today are asked of nobody",
    "tests/engine/backup/storm.py": "backs up beside a server, on the clock of the same machine",
    "tests/site.py": "acts beside such a server, as another program of the same machine",
}
OURS = ("engine", "storage", "web", "scripts", "tests")


def names_of(tree):
    """What a file calls its imports, with the whole name of each."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {one.asname or one.name.partition(".")[0]: one.name if one.asname else one.name.partition(".")[0]
                      for one in node.names}  # fmt: skip
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return names


def whole_name(node, names):
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = whole_name(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""


def named(source):
    """(line, whole name) of everything imported that ``source`` names, called or handed on; then the same of SQL."""
    tree = ast.parse(source)
    names = names_of(tree)
    converting = {
        id(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and len(node.args) >= CONVERTS.get(whole_name(node.func, names), 99)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in converting:
            yield node.lineno, whole_name(node, names)


def reads(source, sql=False):
    """Where ``source`` asks the machine for the time; ``sql``: or has a database ask."""
    found = [(line, name) for line, name in named(source) if name in WALL_CLOCK | CONVERTS.keys()]
    if sql:
        texts = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
        found += [(one.lineno, one.value) for one in texts if isinstance(one.value, str) and SQL.search(one.value)]
    return found


def files(*folders):
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): path for path in found if "node_modules" not in path.parts}


def test_the_machines_time_is_read_at_one_place():
    found = {
        name: where
        for name, path in files(*OURS).items()
        if (where := reads(path.read_text("utf-8"), sql=name.startswith("storage/")))
    }
    assert {name: where for name, where in found.items() if name not in READERS} == {}
    assert READERS.keys() - found == set(), "no longer reads it: strike it off"


def test_the_machines_clock_is_taken_by_nothing_but_what_is_served():
    found = {
        name for name, path in files(*OURS).items() if MACHINE in {one for _, one in named(path.read_text("utf-8"))}
    }
    assert found == set(OPENERS)


def test_no_page_goes_by_the_browsers_clock():
    own = [path for path in (ROOT / "web/frontend").rglob("*.*js") if "node_modules" not in path.parts]
    assert own
    assert [path.name for path in own if re.search(r"\bnew Date\(\)|\bDate\.now\b", path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndef act(now=None):\n    return now or datetime.now()",
        "import datetime as dt\ndt.datetime.utcnow()",
        "import datetime\ndatetime.date.today()",
        "from datetime import date as day\nday.today()",
        "from dataclasses import field\nfrom datetime import datetime\nat = field(default_factory=datetime.now)",
        "import time\ntime.time()",
        "from time import time_ns as stamp\nstamp()",
        "import time\ntime.localtime()",
        "import time\ntime.strftime('%Y')",
        "from email.utils import formatdate\nformatdate()",
        "from sqlalchemy import func\nfunc.now()",
    ],
)
def test_a_second_clock_would_be_seen(source):
    assert len(reads(source)) == 1


@pytest.mark.parametrize("text", ["DEFAULT CURRENT_TIMESTAMP", "now", "SELECT now()"])
def test_a_database_that_asks_for_the_time_would_be_seen(text):
    assert len(reads(f'column = server_default("{text}")', sql=True)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.monotonic() - time.perf_counter()",
        "import time\ntime.gmtime(0)",
        "import time\ntime.strftime('%Y', moment)",
        "from datetime import datetime\ndatetime.fromtimestamp(0)",
        "clock.now()",
        "def today():\n    return clock.now().date()",
    ],
)
def test_what_is_told_the_time_or_measures_it_is_no_second_clock(source):
    assert reads(source) == []
