"""The parent of the servers that are killed: ``gangwei serve``, forked for each line of its input, so that a start costs
milliseconds. A line is the environment of one, as JSON, and is answered with its pid.

What a server is made of is imported before the fork and nothing is opened; from there on it is the console's own command.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import web.app
import web.console.installation  # noqa: F401
from tests.crash import flaws
from web.console.main import main as gangwei

LOG = "server.log"  # beside the data of each


def main() -> None:
    """Fork a server for each line; end with the input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _serve(json.loads(line))
        print(pid, flush=True)


def _serve(environment: dict[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(Path(environment["GANGWEI_DATA_DIR"]) / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, target in ((0, nothing), (1, log), (2, log)):  # neither hears nor answers for its parent
        os.dup2(target, stream)
    os.environ.update(environment)
    flaws.put_in(environment.get(flaws.SETTING, ""))
    sys.argv = ["gangwei", "serve"]
    with suppress(SystemExit):
        gangwei()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
