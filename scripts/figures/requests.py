"""What a request asks of the database: transactions and statements, counted at the driver of SQLite.

Run by the Python of the checkout, in it, as a program of its own (``python -P scripts/figures/requests.py``); prints
JSON. Makes an installation with the demo in a temporary folder. Knows its pages and people, and nothing behind them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

PREPARATIONS = (["db", "upgrade"], ["workflows", "publish"], ["organisations", "import"], ["demo"])
WARM, COUNTED = "baoding", "shijiazhuang"  # two reviewers with like work: what is read once is read for the first
PASSWORD = "gonghui-demo-2026"  # noqa: S105 - of every account of the demo
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TASK = re.compile(r'href="/tasks/((\d+)-\d+)["?]')
BOUNDS = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|--", re.IGNORECASE)
Said = list[str]


def furnish(folder: Path) -> None:
    """The installation in ``folder``, made by the console's own commands."""
    os.environ |= {"GANGWEI_ENV": "demo", "GANGWEI_DATA_DIR": str(folder)}
    for words in PREPARATIONS:
        subprocess.run([Path(sys.executable).parent / "gangwei", *words], check=True, stdout=subprocess.DEVNULL)


def listen() -> Said:
    """From now on every new connection to a database writes down what it is told."""
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    said: Said = []

    def hear(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(said.append)

    event.listen(Pool, "connect", hear)
    return said


def counted(said: Said, act: Callable[[], Any]) -> tuple[int, int, int]:
    """The transactions that read, those that write and the statements of one request. Raises ValueError if refused.

    Python tells a statement once more for each trigger that it fires; it is one statement.
    """
    said.clear()
    answer = act()
    if answer.status_code != 200:
        raise ValueError(f"{answer.request.path}: {answer.status_code}")
    heard = [words for before, words in pairwise(["", *said]) if words != before or words.startswith("SELECT")]
    writing = sum(words.startswith("BEGIN IMMEDIATE") for words in heard)
    begun = sum(words.startswith("BEGIN") for words in heard)
    return begun - writing, writing, sum(not BOUNDS.match(words) for words in heard)


def look(app: Any, said: Said, login: str) -> dict[str, tuple[int, int, int]]:
    """Each request of one reviewer, on the first task of his inbox."""
    client = app.test_client()
    token = TOKEN.search(client.get("/login").text)
    client.post("/login", data={"login": login, "password": PASSWORD, "csrf_token": token and token[1]})
    inbox = client.get("/tasks").text
    found, token = TASK.search(inbox), TOKEN.search(inbox)
    if found is None or token is None:
        raise ValueError(f"{login} has no work")
    task, case = found[1], found[2]
    body = {"data": {}, "outcome": "pass", "opinion": "已核对"}
    headers = {"X-CSRFToken": token[1], "Accept": "application/json"}
    return {
        "GET inbox": counted(said, lambda: client.get("/tasks")),
        "GET task": counted(said, lambda: client.get(f"/tasks/{task}")),
        "GET case": counted(said, lambda: client.get(f"/cases/{case}")),
        "POST task": counted(said, lambda: client.post(f"/tasks/{task}", json=body, headers=headers)),
    }


def application() -> Any:
    """The Flask application, wherever this checkout makes it."""
    try:
        return import_module("web.app").create_app()
    except ModuleNotFoundError:
        return import_module("web").create_app()


def main() -> dict[str, tuple[int, int, int]]:
    """Make the installation, ask everything once that it may be read, and count."""
    with tempfile.TemporaryDirectory() as name:
        furnish(Path(name))
        said = listen()
        app = application()
        look(app, said, WARM)
        found = look(app, said, COUNTED)
        with suppress(AttributeError):
            app.extensions["gangwei"].database.close()
        return found


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    print(json.dumps(main()))
