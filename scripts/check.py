"""``make test``: prepares the environment, then lint, types, contracts, tests and browser tests; tells all that failed.

Every check runs even when one before it failed, so that one run names everything. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

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


def run_checks(checks: dict[str, list[str]]) -> None:
    """Run each, its output shown as it comes. Raises StepFailed naming those that failed."""
    failed = []
    for number, (name, words) in enumerate(checks.items(), start=1):
        print(f"== [{number}/{len(checks)}] {name}", flush=True)
        began = time.monotonic()
        if subprocess.run(words, cwd=ROOT, check=False).returncode:
            failed.append(name)
        print(f"== {name}: {time.monotonic() - began:.1f} s", flush=True)
    if failed:
        names = ", ".join(failed)
        raise StepFailed(
            (f"没有通过的检查：{names}", f"Failed: {names}"),
            ("见上面各项的输出；格式问题可用 make format 改正。", "See above; make format corrects the shape of code."),
        )


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
