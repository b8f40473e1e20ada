"""A whole installation in a temporary folder, made and served by the real commands, as a user would."""

from __future__ import annotations

import atexit
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.application import Application, open_application
from engine.clock import SystemClock
from tests.console import PROGRAM, ROOT, gangwei
from web.common.config import read_config

PREPARATIONS = (["db", "upgrade"], ["workflows", "publish"], ["organisations", "import"], ["demo", "--no-cases"])
SECONDS_TO_START = 300  # with all that must be made before, on a machine that does much else


@dataclass(frozen=True)
class Site:
    """A running server, its data folder and the environment in which its commands run."""

    url: str
    folder: Path
    environment: dict[str, str]
    process: int = 0

    def memory(self) -> float:
        """Megabytes that the server holds in memory; on Linux."""
        told = Path(f"/proc/{self.process}/status").read_text()
        return int(told.partition("VmRSS:")[2].split()[0]) / 1024

    def command(self, *words: str) -> str:
        """Run ``gangwei`` with the site's settings; what it printed. Raises AssertionError with its words."""
        return run_gangwei(words, self.environment)

    @contextmanager
    def opened(self) -> Iterator[Application]:
        """The installation itself, opened beside the server and on the server's clock."""
        config = read_config(self.environment)
        opened = open_application(config, SystemClock(), demo=config.demo)
        try:
            yield opened
        finally:
            opened.database.close()


def run_gangwei(
    words: Sequence[str], environment: dict[str, str], program: Sequence[str] = (), cwd: Path = ROOT
) -> str:
    """What a command said that had to succeed."""
    done = gangwei(words, environment, program=program, cwd=cwd)
    assert done.code == 0, f"gangwei {' '.join(words)}:\n{done.out}{done.errors}"
    return done.out + done.errors


def demo_environment(folder: Path, port: int = 0) -> dict[str, str]:
    """Settings for a data folder as `make run` has them; none of the caller's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GANGWEI_") and name != "PORT"}
    return kept | {"GANGWEI_ENV": "demo", "GANGWEI_DATA_DIR": str(folder), "GANGWEI_PORT": str(port or free_port())}


def prepared_environment(folder: Path, port: int = 0, database_url: str = "") -> dict[str, str]:
    """The same for a new folder with organisations, definitions and people in it, or in that database."""
    environment = demo_environment(folder, port)
    if not database_url:
        shutil.copytree(_prepared_once(), folder, dirs_exist_ok=True)
        return environment
    environment |= {"GANGWEI_DATABASE_URL": database_url}
    _prepare(environment)
    return environment


def _prepare(environment: dict[str, str]) -> None:
    for words in PREPARATIONS:
        run_gangwei(words, environment)


def _prepared_once() -> Path:
    """A data folder that the first of this run's processes has prepared, for all of them to copy: it takes a while."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    if "CLOCK_AHEAD" not in os.environ:  # of another day it would not be
        run = os.environ.get("TESTS_TOGETHER", run)
    made = Path(tempfile.gettempdir(), f"gangwei-prepared-{run or os.getpid()}")
    made.mkdir(mode=0o700, exist_ok=True)
    if not run:  # nobody else comes for it
        atexit.register(shutil.rmtree, made, ignore_errors=True)
    with (made / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder, begun = made / "data", made / "begun"
        if not folder.exists():
            shutil.rmtree(begun, ignore_errors=True)  # of one that failed half way
            _prepare(demo_environment(begun))
            begun.rename(folder)
    return folder


@contextmanager
def serving(
    folder: Path, environment: dict[str, str], program: Sequence[str] = PROGRAM, cwd: Path = ROOT
) -> Iterator[Site]:
    """Serve on loopback until the block ends; the server must then stop by itself and without complaint."""
    log = folder / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*program, "serve"],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        port = int(environment["GANGWEI_PORT"])
        _wait_until_it_answers(server, port, log)
        yield Site(f"http://127.0.0.1:{port}", folder, environment, server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            raise
    said = log.read_text(encoding="utf-8", errors="replace")
    assert server.returncode == 0, said
    assert "Traceback" not in said, said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < limit:
        if server.poll() is not None:
            break
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
