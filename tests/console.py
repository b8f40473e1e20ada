"""``gangwei`` in a process of its own, as a user has it, but forked from one that has imported everything: for most
commands that is what takes long. It hears its words, its environment and what is typed, and nothing else of the test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.files import children

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = (sys.executable, "-m", "web.console.main")
PATIENCE = 600
MODULES = "tests.commands"
FORKED = """
import json, os, sys, tempfile, traceback
from pathlib import Path
order = json.load(sys.stdin)
os.environ.clear()
os.environ.update(order["environment"])
os.chdir(order["folder"])
files = [tempfile.TemporaryFile("w+", encoding="utf-8") for _ in range(3)]
files[0].write(order["typed"])
files[0].seek(0)
told = os.dup(1)
for number, file in enumerate(files):
    os.dup2(file.fileno(), number)
kept = sys.stdin, sys.stdout, sys.stderr  # their end would close the numbers
sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
sys.argv = ["gangwei", *order["words"]]
code = 0
try:
    from web.console.main import main
    main()
except SystemExit as end:
    code = end.code if isinstance(end.code, int) else int(end.code is not None)
except BaseException:
    traceback.print_exc()
    code = 1
sys.stdout.flush()
sys.stderr.flush()
said = []
for file in files[1:]:
    file.seek(0)
    said.append(file.read())
os.write(told, json.dumps([code, *said]).encode())
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what it said on each of its two outputs."""

    code: int
    out: str
    errors: str


def gangwei(
    words: Sequence[str], environment: dict[str, str], typed: str = "", program: Sequence[str] = (), cwd: Path = ROOT
) -> Ended:
    """Run a command to its end; as a program that is begun by itself where ``program`` is one, or where the clock is moved."""
    if program or "CLOCK_AHEAD" in os.environ or not hasattr(os, "fork"):
        told = [*(program or PROGRAM), *words]
        done = subprocess.run(told, cwd=cwd, env=environment, input=typed, capture_output=True, text=True, check=False)
        return Ended(done.returncode, done.stdout, done.stderr)
    order = {"words": words, "environment": environment, "folder": str(cwd), "typed": typed}
    said, code = children.work(MODULES, FORKED, json.dumps(order).encode(), PATIENCE)
    assert code == 0, (words, code)
    return Ended(*json.loads(said))
