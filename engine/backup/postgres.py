"""PostgreSQL's own programs for backups: finding those that fit the server, and running them. Knows no backup's file.

``pg_dump`` reads servers of its own version and older ones; ``pg_restore`` reads what a ``pg_dump`` of its version or
an older one wrote (PostgreSQL's documentation of both). Passwords go by the environment, never on the command line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine.errors import Refusal
from engine.words import listed, say
from storage.copying import Target

DEBIAN: Final = Path("/usr/lib/postgresql")
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_TOLD: Final = 500


class NoProgram(Refusal):
    """PostgreSQL's own program is not there, or is older than the server."""

    sentence = say(
        "没有能用于 PostgreSQL {server} 的 {program}（找到的版本：{found}）。请安装 postgresql-client-{server} 后重试。"
    )


class ProgramFailed(Refusal):
    """PostgreSQL's own program could not do it."""

    sentence = say("{program} 没有完成：{said}")


def dump(target: Target, into: Path, folders: Sequence[Path] | None = None) -> None:
    """Write a dump in the custom format into a file that is there. Raises NoProgram, ProgramFailed, OSError."""
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={target.snapshot}", f"--file={into}"]
    _run("pg_dump", target, [*words, f"--dbname={target.conninfo}"], folders)


def restore(target: Target, dumped: Path, folders: Sequence[Path] | None = None) -> None:
    """Bring a dump into an empty database, in one transaction. Raises NoProgram, ProgramFailed."""
    words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _run("pg_restore", target, [*words, f"--dbname={target.conninfo}", str(dumped)], folders)


def is_readable(dumped: Path, folders: Sequence[Path] | None = None) -> bool | None:
    """Whether a dump can be read; None where there is no program to ask."""
    found = _found("pg_restore", folders)
    if not found:
        return None
    return subprocess.run([max(found)[1], "--list", dumped], capture_output=True, check=False).returncode == 0


def _run(program: str, target: Target, words: Sequence[str], folders: Sequence[Path] | None) -> None:
    found = _found(program, folders)
    fitting = min((one for one in found if one[0] >= target.server), default=None)
    if fitting is None:
        versions = listed(sorted({version for version, _ in found})) if found else "—"
        raise NoProgram(program=program, server=target.server, found=versions)
    environment = {**os.environ, "PGPASSWORD": target.password} if target.password else dict(os.environ)
    done = subprocess.run([fitting[1], *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        if "No space left" in done.stderr:
            raise OSError(28, done.stderr.strip()[-_TOLD:])
        raise ProgramFailed(program=program, said=done.stderr.strip()[-_TOLD:] or str(done.returncode))


def _found(program: str, folders: Sequence[Path] | None) -> list[tuple[int, Path]]:
    """The programs of that name with their versions: in PATH, and where Debian keeps several."""
    places = [DEBIAN.glob(f"*/bin/{program}"), [Path(one)] if (one := shutil.which(program)) else []]
    if folders is not None:
        places = [[folder / program for folder in folders]]
    found = []
    for path in (path for paths in places for path in paths if path.exists()):
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
        version = _VERSION.search(said)
        if version:
            found.append((int(version[1]), path))
    return found
