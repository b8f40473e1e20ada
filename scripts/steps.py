"""A step: a piece of preparation that shows its progress, is skipped when nothing changed, and fails in plain words.

Knows nothing of what the steps do. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "var" / "setup.log"
HEARTBEAT_SECONDS = 10


class StepFailed(Exception):
    """What happened and what to do, each in Chinese and English."""

    def __init__(self, what: tuple[str, str], advice: tuple[str, str]) -> None:
        self.what, self.advice = what, advice
        super().__init__(what[1])

    def text(self) -> str:
        """The four sentences, Chinese before English."""
        return "\n".join(
            [
                f"✗ {self.what[0]}",
                f"  怎么办：{self.advice[0]}",
                f"✗ {self.what[1]}",
                f"  What to do: {self.advice[1]}",
            ]
        )


@dataclass(frozen=True, slots=True)
class Step:
    """``inputs`` are files and folders whose content decides whether ``act`` must run again.

    The stamp lies inside what it vouches for (``stamp``), so that deleting the result deletes the stamp too.
    Without ``stamp`` the step runs at every start.
    """

    name: tuple[str, str]
    act: Callable[[], None]
    stamp: Path | None = None
    inputs: tuple[Path, ...] = ()
    salt: str = ""
    needs: tuple[Path, ...] = field(default=())  # results that must exist for a stamp to count


def fingerprint(paths: Iterable[Path], salt: str = "") -> str:
    """sha256 over names and contents; hidden files, caches and ``node_modules`` do not count.

    Raises FileNotFoundError for a path that is gone: counted as nothing, its step would never run again.
    """
    digest = hashlib.sha256(salt.encode())
    for path in paths:
        path.stat()
        for file in sorted(_files(path)):
            digest.update(f"\0{file.relative_to(path.parent)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        yield path
        return
    for folder, names, files in os.walk(path):
        names[:] = [name for name in names if name not in ("node_modules", "__pycache__") and not name.startswith(".")]
        yield from (Path(folder, name) for name in files if not name.startswith(".") and not name.endswith(".mo"))


def run_steps(steps: Sequence[Step], say: Callable[[str], None] = print) -> None:
    """Take the steps in order, telling each one's number, name and seconds. Raises StepFailed."""
    for number, step in enumerate(steps, start=1):
        head = f"[{number}/{len(steps)}] {step.name[0]} · {step.name[1]}"
        wanted = fingerprint(step.inputs, step.salt) if step.stamp else ""
        if step.stamp and _stands(step, step.stamp, wanted):
            say(f"{head}：没有变化 · unchanged")
            continue
        say(f"{head} …")
        began = time.monotonic()
        step.act()
        if step.stamp:
            step.stamp.parent.mkdir(parents=True, exist_ok=True)
            step.stamp.write_text(wanted, encoding="ascii")
        say(f"{head}：完成 · done ({time.monotonic() - began:.1f} s)")


def _stands(step: Step, stamp: Path, wanted: str) -> bool:
    if not all(path.exists() for path in step.needs):
        return False
    return stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


def command(
    arguments: Sequence[str | Path],
    failure: tuple[tuple[str, str], tuple[str, str]],
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program, its words kept in the log, a sign of life every ten seconds; returns what it printed.

    Raises StepFailed with ``failure`` (what, advice) and the program's last lines.
    """
    LOG.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    words = [str(argument) for argument in arguments]
    with LOG.open("a", encoding="utf-8", errors="replace") as log:
        log.write(f"$ {' '.join(words)}\n")
        log.flush()
        try:
            with _Heartbeat():
                done = subprocess.run(
                    words,
                    cwd=folder,
                    env={**os.environ, **(environment or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    check=False,
                )
        except OSError as error:
            _raise_failure(failure, str(error))
        log.write(done.stdout)
    if done.returncode:
        _raise_failure(failure, done.stdout)
    return done.stdout


class _Heartbeat:
    """Prints a line every ten seconds while a program runs, so that nobody takes a long step for a dead one."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self) -> None:
        began = time.monotonic()
        while not self.done.wait(HEARTBEAT_SECONDS):
            print(f"      … {time.monotonic() - began:.0f} s", flush=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()


def _raise_failure(failure: tuple[tuple[str, str], tuple[str, str]], output: str) -> NoReturn:
    (what_zh, what_en), (advice_zh, advice_en) = failure
    tail = "".join(f"    | {line}\n" for line in output.strip().splitlines()[-6:])
    log = LOG.relative_to(ROOT)
    raise StepFailed(
        (f"{what_zh}\n{tail.rstrip()}", what_en),
        (f"{advice_zh}（全部输出见 {log}）", f"{advice_en} (The full output is in {log}.)"),
    )


def report(work: Callable[[], None]) -> int:
    """Do ``work``; the exit code of a program. A failure is told in both languages, never as a traceback."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # progress must show when piped, too
    try:
        work()
    except StepFailed as failure:
        print(failure.text(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已停止；重新执行同一命令即可继续。 · Stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    except OSError as error:
        what = (f"读写文件失败：{error}", f"A file could not be read or written: {error}")
        advice = (
            "检查磁盘空间和本目录的权限后重试。",
            "Check disk space and this folder's permissions, then try again.",
        )
        print(StepFailed(what, advice).text(), file=sys.stderr)
        return 1
    return 0
