"""For every test: no network but loopback, and how long Hypothesis looks for trouble (``GANGWEI_HYPOTHESIS``)."""

import os
import socket

import pytest
from hypothesis import HealthCheck, settings

from tests.site import prepared_environment, serving

settings.register_profile("test", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", settings.get_profile("test"), max_examples=5_000)
settings.load_profile(os.environ.get("GANGWEI_HYPOTHESIS", "test"))

LOOPBACK = ("127.", "::1", "localhost")


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
