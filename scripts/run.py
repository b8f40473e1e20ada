"""``make run``: from a fresh clone to a server with demo data, each step only when it must.

Run by the system's Python with the standard library alone; the application itself is only ever called as a program.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

from scripts.environment import VENV, environment_steps
from scripts.steps import ROOT, Step, StepFailed, command, report, run_steps

GANGWEI = VENV / "bin" / "gangwei"
HOST = os.environ.get("GANGWEI_HOST", "127.0.0.1")
PORT = os.environ.get("PORT") or os.environ.get("GANGWEI_PORT") or "8600"
DATA = Path(os.environ.get("GANGWEI_DATA_DIR") or ROOT / "var")
ACCOUNTS = DATA / "demo-accounts.txt"
MODE = os.environ.get("GANGWEI_ENV") or "demo"


def application_steps() -> list[Step]:
    """Database, organisations, definitions and demo people. Their stamps lie beside the database they speak of."""
    database = DATA / "gangwei.db"
    foreign = "GANGWEI_DATABASE_URL" in os.environ  # not ours to guess at: every step runs, all are idempotent
    if not foreign and not database.exists():
        shutil.rmtree(DATA / "stamps", ignore_errors=True)

    def step(zh: str, en: str, words: list[str], inputs: list[str]) -> Step:
        stamp = None if foreign else DATA / "stamps" / words[0]
        paths = tuple(ROOT / name for name in inputs)
        return Step((zh, en), lambda: _gangwei(zh, en, words), stamp, paths, needs=(database,))

    steps = [
        step("数据库升级", "Database migrations", ["db", "upgrade"], ["storage/migrations"]),
        step("发布流程", "Publish workflows", ["workflows", "publish"], ["workflows"]),  # and the kinds of organisation
        step(
            "导入工会组织",
            "Organisations",
            ["organisations", "import"],
            ["data/organisations.csv", "workflows/_directory"],
        ),
        step(
            "按现行日历核对期限",
            "Deadlines by the newest calendar",
            ["calendar", "recount"],
            ["requirements/run.txt", "engine/calendar"],
        ),
    ]
    if MODE != "production":
        steps.append(step("演示数据", "Demo data", ["demo"], ["data", "workflows/_directory"]))
    return steps


def _gangwei(zh: str, en: str, words: list[str]) -> None:
    failure = (
        (f"{zh}没有成功。", f"{en}: this did not succeed."),
        (
            "按上面最后几行的提示处理后重试；若只是试用，可执行 make clean-data 从头开始。",
            "Follow the last lines above and try again; if this is only a trial, make clean-data starts again.",
        ),
    )
    said = command([GANGWEI, *words], failure, environment={"GANGWEI_ENV": MODE})
    if words == ["calendar", "recount"]:
        print(f"      {said.splitlines()[-1]}")  # which ones stands in the log
    if words == ["demo"]:
        _, head, accounts = said.partition("演示账号")  # what was done before is no news at the next start
        ACCOUNTS.write_text(head + accounts, encoding="utf-8")


def check_port() -> None:
    """Refuse early, and in words, when the port is not to be had."""
    if not PORT.isdigit() or not 0 < int(PORT) < 65536:
        what = (f"端口号 {PORT} 不对。", f"{PORT} is not a port number.")
        raise StepFailed(what, ("例如：make run PORT=8601", "For example: make run PORT=8601"))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(PORT)))
        except OSError as error:
            what = (f"端口 {PORT} 不能使用：{error.strerror}", f"Port {PORT} cannot be used: {error.strerror}")
            other = int(PORT) + 1
            raise StepFailed(
                what,
                (f"也许已有一个岗位系统在运行；换一个端口：make run PORT={other}",
                 f"Perhaps Gangwei is running already; take another port: make run PORT={other}"),
            ) from error  # fmt: skip


def main() -> None:
    """All steps, then the server."""
    check_port()
    run_steps(environment_steps("run"))
    start()


def start() -> None:
    """The application's steps; then the server takes this process's place (its signals and its exit code are ours)."""
    os.umask(0o077)  # what is made from here on is the data's
    run_steps(application_steps())
    if ACCOUNTS.exists() and MODE != "production":
        print(ACCOUNTS.read_text(encoding="utf-8"))
    sys.stdout.flush()
    os.chdir(ROOT)
    environment = {**os.environ, "GANGWEI_ENV": MODE, "GANGWEI_PORT": PORT}
    os.execve(GANGWEI, [str(GANGWEI), "serve"], environment)  # noqa: S606 - no shell wanted


if __name__ == "__main__":
    sys.exit(report(main))
