"""The demo's cases rebuilt by every Python of the machine that the product runs on, in zones and languages far away.

Each Python gets an environment of its own with the locked packages. One that is not there is named.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.console import ROOT
from tests.soak.tamperings import demo
from tests.soak.watch import Score

VERSIONS: Final = ("3.11", "3.12", "3.13", "3.14")
PLACES: Final = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "12345"},
)
"""Fourteen hours before UTC and three and a half behind, with other orders of what is hashed."""
MINUTES: Final = 600.0


def settings(folder: Path) -> dict[str, str]:
    """What a command needs to know of an installation; none of the caller's own."""
    return {
        "GANGWEI_ENV": "development",
        "GANGWEI_DATA_DIR": str(folder),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
    }


def pythons() -> dict[str, str]:
    """By version, the newest Python of each that is found: on the path, or beside others of pyenv; first our own."""
    found = {"{}.{}".format(*sys.version_info[:2]): sys.executable}
    rooms = [*Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/*/bin")]
    for version in VERSIONS:
        kept = [room / "python" for room in rooms if re.match(rf"{re.escape(version)}\.\d+$", room.parent.name)]
        there = str(max(kept)) if kept else shutil.which(f"python{version}")
        if there is not None:
            found.setdefault(version, there)
    return found


def soak(count: int = len(PLACES), seed: int = 1) -> Score:
    """The demo in ``count`` places by each Python. Nothing is drawn by ``seed``."""
    score, known = Score("elsewhere", limit=MINUTES), pythons()
    missing = [version for version in VERSIONS if version not in known]
    score.notes = f"not on this machine: {', '.join(missing)}; " if missing else ""
    with TemporaryDirectory() as name:
        folder = Path(name) / "house"
        demo(folder).application.database.close()
        for version, python in known.items():
            began = time.monotonic()
            ours = _furnished(python, Path(name) / version)
            for place in PLACES[:count]:
                _rebuild(score, version, ours, settings(folder) | place)
            score.took(time.monotonic() - began, version)
    return score


def _furnished(python: str, folder: Path) -> str:
    """An environment with the locked packages; its Python."""
    subprocess.run([python, "-m", "venv", folder], check=True)
    ours = str(folder / "bin" / "python")
    locked = str(ROOT / "requirements" / "run.txt")
    words = [ours, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", locked]
    subprocess.run(words, check=True, capture_output=True)
    return ours


def _rebuild(score: Score, version: str, python: str, environment: dict[str, str]) -> None:
    words = [python, "-m", "web.console.main", "case", "rebuild", "--all"]
    ended = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    score.tried += 1
    score.outcomes[version] += 1
    if ended.returncode or not ended.stdout.strip().endswith(", 0 differ"):
        score.broken.append(f"{version} in {environment['TZ']}: {ended.stdout[-300:]}{ended.stderr[-300:]}")
