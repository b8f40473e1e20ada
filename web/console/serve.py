"""Serves the application over HTTP until it is told to stop. Knows the server and nothing of the application.

The server is waitress: pure Python, so the two commands work on every system without a compiler; one process with
threads, which is what SQLite's one writer wants; nothing of ours to configure before it is safe; and slow clients are
buffered away from the threads. TLS ends at a reverse proxy in front of it: name its address in GANGWEI_TRUSTED_PROXY.
"""

from __future__ import annotations

import gc
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from flask import Flask

from web.common.bounds import largest_body
from web.common.config import Config
from web.common.context import application_of
from web.console.connections import listen
from web.directory.visitor import may_be_known

KEPT_FREE = 2
"""Threads that wait for no writer: there is one left for readers, and one for whoever asks how the server is."""
SECONDS_OF_SILENCE = 75  # longer than nginx keeps a connection that it does not need


def serve(app: Flask, config: Config, jobs: bool = True) -> None:
    """Answer, and run background jobs unless told not to, until SIGINT or SIGTERM; what is under way is finished.

    Raises OSError when the port is taken.
    """
    server = listen(
        app,
        lambda head: largest_body(app, head, may_be_known(app, head)),
        host=config.host,
        port=config.port,
        threads=config.threads,
        ident=None,  # say nothing of what answers
        channel_timeout=SECONDS_OF_SILENCE,
        clear_untrusted_proxy_headers=False,  # the application does, for every proxy that may be named
    )
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    signal.signal(signal.SIGTERM, _interrupt)
    application = application_of(app)
    application.database.seats.most = max(1, config.threads - KEPT_FREE)
    scheduler = application.scheduler
    if jobs:
        scheduler.in_background()
    threading.Thread(target=application.live.run, name="live", daemon=True).start()
    keep_what_is_there()
    print(f"岗位系统已启动 · Gangwei is running: http://{config.host}:{config.port}", flush=True)
    print("按 Ctrl+C 停止 · Ctrl+C stops it", flush=True)
    try:
        server.run()
    finally:
        application.live.stop()
        scheduler.shutdown()
        server.close()


def keep_what_is_there() -> None:
    """Let no collection look through what the start has made: it lives as long as the process. A tenth of a step."""
    gc.collect()
    gc.freeze()


def stopped() -> Callable[[], bool]:
    """A question that is answered with yes once SIGINT or SIGTERM has come."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    return asked.is_set


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
