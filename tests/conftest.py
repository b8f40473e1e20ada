"""For every test: no network but loopback, and how long Hypothesis looks for trouble (``GANGWEI_SOAK`` times as long)."""

import os
import socket

import pytest
from hypothesis import HealthCheck, settings

from scripts import catalogues
from tests import made_once, postgres
from tests.site import prepared_environment, serving

settings.register_profile("test", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("test")

SETTINGS = "_hypothesis_internal_use_settings"  # where Hypothesis keeps a test's own; it offers no other way to them
LOOPBACK = ("127.", "::1", "localhost")


def pytest_configure():
    """Let the tests read the catalogues as they are written now, and be no installation for users."""
    os.environ.setdefault("GANGWEI_ENV", "development")
    catalogues.compile_all()
    made_once.share()


def pytest_collection_modifyitems(items):
    """What is slow comes first: at the end nobody waits for it alone. Every property tries ``GANGWEI_SOAK`` times more."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    factor = int(os.environ.get("GANGWEI_SOAK", "1"))
    for item in items:
        own = getattr(getattr(item, "obj", None), SETTINGS, None)
        if own and factor > 1:
            setattr(item.obj, SETTINGS, settings(own, max_examples=own.max_examples * factor))


class NetworkForbidden(Exception):
    """A test tried to leave this machine."""


@pytest.fixture(autouse=True, scope="session")
def loopback_only():
    """Refuse every connection that would leave the machine, so that no test depends on the world outside."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise NetworkForbidden(str(address))
        return connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A whole installation with demo data, served by the real command on a free port."""
    folder = tmp_path_factory.mktemp("site")
    with serving(folder, prepared_environment(folder)) as running:
        yield running


@pytest.fixture(scope="session")
def postgresql():
    """A real PostgreSQL of this run's own. Where none can be started, the tests that ask for it fail."""
    with postgres.running() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request):
    """For what must hold on both databases: None for SQLite, then a real PostgreSQL."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgresql")


@pytest.fixture
def database_url(server, tmp_path):
    """A new empty database of each kind."""
    return server.url(server.create()) if server else f"sqlite:///{tmp_path / 'gangwei.db'}"
