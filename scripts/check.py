"""``make test``: prepares the environment, then lint, types, contracts, tests and browser tests; tells all that failed.

Every check runs even when one before it failed, so that one run names everything. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.environment import PYTHON, VENV, environment_steps, front_end_tests
from scripts.steps import ROOT, Step, StepFailed, command, report, run_steps

BIN = VENV / "bin"
PYTEST = [str(BIN / "pytest"), "-q"]
CHECKS: dict[str, list[str]] = {
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "types": [str(BIN / "mypy")],
    "imports": [str(BIN / "lint-imports")],
}
MEMORY = Path("/dev/shm")  # noqa: S108 - files that are kept in memory alone, on Linux; a folder of our own in it
ROOM = 6 * 2**30
"""Bytes that must be free for the files of all tests. No test asks whether a file outlives the machine."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser_step() -> Step:
    """Debian's Chromium and a Chinese font."""
    return Step(("浏览器 Chromium", "Chromium"), require_chromium)


def require_chromium() -> None:
    """Find Chromium; as root on Debian, install it. Raises StepFailed naming what is missing."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    advice = (
        "请以 root 身份执行：apt-get update && apt-get install -y chromium fonts-noto-cjk",
        "As root, run: apt-get update && apt-get install -y chromium fonts-noto-cjk",
    )
    failure = (("浏览器测试需要的 Chromium 没有安装。", "Chromium, which the browser tests need, is missing."), advice)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StepFailed(*failure)
    command(["apt-get", "update"], failure)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    command(["apt-get", "install", "-y", "chromium", "fonts-noto-cjk"], failure, environment=quiet)


def free_memory() -> int:
    """Bytes that files in memory may take; 0 where that is not known."""
    try:
        known = Path("/proc/meminfo").read_text(encoding="ascii")
        available = next(line for line in known.splitlines() if line.startswith("MemAvailable:"))
        return min(int(available.split()[1]) * 1024, shutil.disk_usage(MEMORY).free)
    except (OSError, StopIteration):
        return 0


@contextmanager
def temporary_folder() -> Iterator[dict[str, str]]:
    """The environment of all checks: one folder for their temporary files, in which nothing waits for a disk, if there
    is room in memory. What Python compiles lies there too, so that each file is compiled once in all, even for who
    wants none beside his sources."""
    memory = MEMORY if free_memory() >= ROOM and os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="gangwei-", dir=memory, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as nobody when root runs the tests, and must come to its own in it
        own = {"TMPDIR": folder, "TESTS_TOGETHER": Path(folder).name, "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
        yield {**os.environ, **own, "PYTHONDONTWRITEBYTECODE": ""}


def run_checks(checks: dict[str, list[str]]) -> None:
    """Run each, its output shown as it comes. Raises StepFailed naming those that failed."""
    with temporary_folder() as environment:
        failed = failing(checks, environment)
    if failed:
        names = ", ".join(failed)
        raise StepFailed(
            (f"没有通过的检查：{names}", f"Failed: {names}"),
            ("见上面各项的输出；格式问题可用 make format 改正。", "See above; make format corrects the shape of code."),
        )


def failing(checks: dict[str, list[str]], environment: dict[str, str]) -> list[str]:
    """Run each; the names of those that failed."""
    failed = []
    for number, (name, words) in enumerate(checks.items(), start=1):
        print(f"== [{number}/{len(checks)}] {name}", flush=True)
        began = time.monotonic()
        if subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode:
            failed.append(name)
        print(f"== {name}: {time.monotonic() - began:.1f} s", flush=True)
    return failed


def main() -> None:
    """``all``, ``quick`` or ``setup``."""
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    run_steps([*environment_steps("test"), *([browser_step()] if what == "all" else [])])
    if what == "setup":
        return
    checks = CHECKS | {"front end": front_end_tests()}
    if what == "quick":
        run_checks(checks | {"tests": [*PYTEST, "-n", "2", "-m", "not browser and not slow"]})
    else:
        tests = [*PYTEST, "-n", "2", "-m", "not browser"]
        days = [str(PYTHON), "-m", "scripts.any_day"]
        browser = [*PYTEST, "-n", "2", "--dist", "loadfile", "-m", "browser"]
        run_checks(checks | {"tests": tests, "any day": days, "browser": browser})


if __name__ == "__main__":
    sys.exit(report(main))
