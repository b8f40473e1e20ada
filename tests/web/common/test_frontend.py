"""The scripts' own tests, run by Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts.environment import find_node

FRONTEND = Path(__file__).parents[3] / "web" / "frontend"


def test_the_scripts_pass_their_own_tests():
    found = find_node()
    if found is None:
        pytest.skip("this machine has no Node of its own")
    tests = sorted(str(path) for path in (FRONTEND / "test").glob("*.test.mjs"))
    done = subprocess.run([str(found[0]), "--test", *tests], cwd=FRONTEND, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
