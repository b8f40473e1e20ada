"""The stories of the browser on a machine that is slow and has much else to do: none of them rests on how fast it is.

``count`` rounds of all, the browser slowed down as its developers' tools do it, and a program on each processor that
does nothing but take it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.console import ROOT
from tests.soak.watch import Score

SLOWER = 4
SECONDS = 3600.0
"""That a round may take."""
BURNER = (sys.executable, "-c", "while True: pass")
WORDS = (sys.executable, "-m", "pytest", "-q", "-m", "browser", "tests/browser")


def soak(count: int = 3, seed: int = 1) -> Score:
    """Nothing is drawn by ``seed``."""
    score = Score("stories", limit=SECONDS)
    environment = {**os.environ, "GANGWEI_SLOWER": str(SLOWER)}
    with burning(os.cpu_count() or 1):
        for number in range(count):
            began = time.monotonic()
            done = subprocess.run(WORDS, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            score.took(time.monotonic() - began, f"round {number}")
            score.tried += 1
            failed = re.findall(r"^(?:FAILED|ERROR) (.*)", done.stdout, re.MULTILINE)
            score.broken += failed or ([done.stdout[-500:]] if done.returncode else [])
            score.outcomes["gone wrong" if done.returncode else "gone well"] += 1
    return score


@contextmanager
def burning(processors: int) -> Iterator[None]:
    """Meanwhile every processor is shared with a program that never rests."""
    burners = [subprocess.Popen(BURNER) for _ in range(processors)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
