"""``make soak``: the long tries, a process each. ``python -m tests.soak [PART] [--count N] [--seed N]`` runs one alone.

Prints a line for each part: what was tried, how it ended, the worst time, the memory. The exit code is 1 when any
promise was broken.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module

from tests.console import ROOT

PARTS = (
    *("feel", "attackers", "browser", "definitions", "payloads", "crashes", "walks", "deadlines", "backups", "verbs"),
    *("pages", "stories", "tamperings", "elsewhere", "years"),
)
PROPERTIES = "properties"


def properties() -> int:
    """Every property with many times the examples: random models, random walks, random forms, expressions and moves."""
    environment = {**os.environ, "GANGWEI_SOAK": os.environ.get("GANGWEI_SOAK", "20")}
    words = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "hypothesis and not browser"]
    return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode


def part(name: str, options: dict[str, int]) -> int:
    """One part, in this process."""
    if name == PROPERTIES:
        return properties()
    soak: Callable[..., object] = import_module(f"tests.soak.{name}").soak
    return 0 if soak(**options).judge() else 1  # type: ignore[attr-defined]


def everything() -> int:
    """All parts after each other; every one runs even when one before it failed."""
    codes = {
        name: subprocess.run([sys.executable, "-m", "tests.soak", name], cwd=ROOT, check=False).returncode
        for name in (*PARTS, PROPERTIES)
    }
    failed = [name for name, code in codes.items() if code]
    print(f"soak: {'FAILED: ' + ', '.join(failed) if failed else 'ok'}")
    return 1 if failed else 0


def main() -> int:
    reader = argparse.ArgumentParser(prog="tests.soak")
    reader.add_argument("part", nargs="?", choices=(*PARTS, PROPERTIES))
    reader.add_argument("--count", type=int)
    reader.add_argument("--seed", type=int)
    given = reader.parse_args()
    if given.part is None:
        return everything()
    options = {name: getattr(given, name) for name in ("count", "seed") if getattr(given, name) is not None}
    return part(given.part, options)


if __name__ == "__main__":
    sys.exit(main())
