"""Faults to put into a server of the harness, so that it can be seen to find what they damage. No program has them."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from flask import Flask

from engine.directory import page_keys
from engine.files.store import FileStore
from storage import page_keys as key_rows
from storage.database import Connection

SETTING = "GANGWEI_CRASH_FLAWS"
LATE = 0.05  # seconds from an answer to what it says was done


def put_in(names: str) -> None:
    """``names``: of ``FLAWS``, in a row."""
    for name in names.split():
        FLAWS[name]()


def _answer_first() -> None:
    """Say that a remark is kept, and keep it after."""
    whole: Callable[..., Iterable[bytes]] = Flask.wsgi_app

    def hasty(self: Flask, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith("/comment"):
            return whole(self, environ, start_response)
        kept = environ | {"wsgi.input": BytesIO(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))}
        _later(lambda: list(whole(self, kept, lambda *_: None)))
        start_response("303 See Other", [("Location", "/")])
        return [b""]

    Flask.wsgi_app = hasty  # type: ignore[method-assign]


def _file_after_row() -> None:
    """Write a file after the row that names it."""
    put = FileStore._put

    def hasty(self: FileStore, content: bytes) -> tuple[str, bool]:
        _later(lambda: put(self, content))
        return hashlib.sha256(content).hexdigest(), False

    FileStore._put = hasty  # type: ignore[method-assign]


def _forget_key() -> None:
    """Keep no answer under the key of a page."""

    def forget(connection: Connection, user_id: int, key: str, answer: page_keys.Answer | None) -> None:
        key_rows.forget(connection, user_id, key)

    page_keys._settle = forget


def _later(act: Callable[[], object]) -> None:
    def late() -> None:
        time.sleep(LATE)
        act()

    threading.Thread(target=late, daemon=True).start()


FLAWS = {"answer-first": _answer_first, "file-after-row": _file_after_row, "forget-key": _forget_key}
