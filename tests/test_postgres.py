"""The PostgreSQL of the tests: it starts wherever they run, and a run without one fails instead of passing it over."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests import postgres
from tests.console import ROOT

DIES = """
import os, signal
from tests import postgres
with postgres.running() as server:
    print(server.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
SECONDS_TO_END = 30


def test_the_server_of_the_python_registry_starts_where_the_machine_has_none():
    with postgres.running(postgres.from_registry()[:1]) as server:
        ((version,),) = server.command("SHOW server_version_num")
        assert int(version) >= 160000


def test_a_database_is_made_empty_or_as_a_copy(postgresql):
    first = postgresql.create()
    postgresql.command("CREATE TABLE kept (n int)", first)
    assert postgresql.command("SELECT * FROM kept", postgresql.create(first)) == []
    with pytest.raises(Exception, match="kept"):
        postgresql.command("SELECT * FROM kept", postgresql.create())


def test_without_any_program_it_fails_and_says_what_was_tried(tmp_path):
    with pytest.raises(postgres.NoPostgres, match="nothing found"), postgres.running([]):
        pass
    with pytest.raises(postgres.NoPostgres, match=str(tmp_path)), postgres.running([tmp_path]):
        pass


def test_the_server_ends_when_the_program_that_started_it_is_killed():
    done = subprocess.run([sys.executable, "-c", DIES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    limit = time.monotonic() + SECONDS_TO_END
    while os.path.exists(done.stdout.strip()) and time.monotonic() < limit:
        time.sleep(0.05)
    assert done.stdout.strip() and not os.path.exists(done.stdout.strip())
