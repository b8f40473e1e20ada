"""Whether the house stands on days other than this one: ``python -m scripts.any_day [MOMENT [COMMAND …]]``.

At each moment the tests marked ``any_day`` are run, by programs whose wall clock is moved there from their first line
on (``moved_clock``), and so is that of every program which they start. With a moment of one's own (ISO, with offset)
only that one; with a command, it instead: ``python -m scripts.any_day 2036-11-29T10:00+08:00 make run``. Knows no test.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from scripts.environment import VENV
from scripts.steps import ROOT, StepFailed, report

MOMENTS = (
    "2028-02-29T07:30+08:00",  # a leap day, which in UTC has not begun
    "2028-12-31T22:30+08:00",  # the last evening of a year
    "2036-11-29T10:00+08:00",  # far on
)
PYTEST = [str(VENV / "bin" / "pytest"), "-q", "-m", "any_day", "-k", "not postgresql"]
"""Without PostgreSQL: what is moved is Python's clock, and that server would keep the machine's beside it."""
MOVED_CLOCK = ROOT / "scripts" / "moved_clock"


def environment_at(moment: datetime) -> dict[str, str]:
    """The environment of a Python for which it is ``moment`` (aware) now; it hands it on to those that it starts."""
    ahead = (moment - datetime.now(UTC)).total_seconds()
    before = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(MOVED_CLOCK), *([before] if before else [])])
    return {**os.environ, "PYTHONPATH": path, "CLOCK_AHEAD": str(ahead)}


def tests() -> list[str]:
    """The command that runs the marked tests: of the files that name the mark, for to look into all takes longer."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [*PYTEST, *(str(file) for file in files if "mark.any_day" in file.read_text(encoding="utf-8"))]


def run_at(moment: str, words: Sequence[str], alone: bool = True) -> bool:
    """Run a command at that moment and tell how long it took; whether it succeeded.

    What it says comes when it has ended, unless it is ``alone``.
    """
    began, environment = time.monotonic(), environment_at(datetime.fromisoformat(moment))
    out, errors = (None, None) if alone else (subprocess.PIPE, subprocess.STDOUT)
    done = subprocess.run(words, cwd=ROOT, env=environment, text=True, check=False, stdout=out, stderr=errors)
    print(f"== {moment}\n{done.stdout or ''}== {moment}: {time.monotonic() - began:.1f} s", flush=True)
    return not done.returncode


def main() -> None:
    """All moments at once, or the one that is named. Raises StepFailed naming those at which something failed."""
    moments, words = sys.argv[1:2] or MOMENTS, sys.argv[2:] or tests()
    with ThreadPoolExecutor(len(moments)) as together:
        went = list(together.map(lambda moment: run_at(moment, words, alone=len(moments) == 1), moments))
    failed = [moment for moment, well in zip(moments, went, strict=True) if not well]
    if failed:
        names = ", ".join(failed)
        one = f"python -m scripts.any_day {failed[0]}"
        raise StepFailed(
            (f"在这些时刻没有通过：{names}", f"Failed at: {names}"),
            (f"见上面的输出；单独再试：{one}", f"See above; once more alone: {one}"),
        )


if __name__ == "__main__":
    sys.exit(report(main))
