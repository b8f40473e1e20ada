"""The engine of the browser, asked in Node: form-js and feelin as the pages load them. One process for a batch."""

from __future__ import annotations

import atexit
import json
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from scripts.environment import FRONTEND, node

SECONDS = 120


@cache
def _bundle() -> Path:
    """The program that answers, bundled as the pages are."""
    folder = tempfile.TemporaryDirectory(prefix="gangwei-browser-engine-")
    atexit.register(folder.cleanup)
    made = Path(folder.name) / "engine.mjs"
    builder = FRONTEND / "node_modules" / "esbuild" / "bin" / "esbuild"
    words = [str(builder), str(FRONTEND / "test" / "engine.mjs"), "--bundle", "--platform=node", "--format=esm"]
    subprocess.run([*words, "--log-level=error", f"--outfile={made}"], check=True, timeout=SECONDS)
    return made


def ask(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answer to each question: ``value``, or ``error`` when the browser cannot tell. The questions stand in the program."""
    done = subprocess.run(
        [node(), _bundle()],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(answers) == len(questions)
    return answers
