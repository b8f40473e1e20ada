"""``/metrics``: the operator's figures in Prometheus' text format. For this machine itself, or for an operator.

A program on this machine needs no session. Behind a proxy that GANGWEI_TRUSTED_PROXY does not name every visitor looks
like this machine, so in production only a named proxy opens that way.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from engine.desks.operator import Standing
from web.common.config import Config
from web.common.context import actor, services

pages = Blueprint("metric_pages", __name__)
KIND = "text/plain; version=0.0.4; charset=utf-8"
OPEN_ON_LOOPBACK = "METRICS_OPEN_ON_LOOPBACK"
Sample = tuple[str, Any]


def init_metrics(app: Flask, config: Config) -> None:
    """Register the page and who may read it."""
    app.config.setdefault(OPEN_ON_LOOPBACK, not config.production or bool(config.trusted_proxy))
    app.register_blueprint(pages)


@pages.get("/metrics")
def metrics() -> Response:
    """The figures. Raises 401 for a stranger from elsewhere, NotAllowed for a person who is no operator."""
    desk = services().operating
    standing = desk.watched() if _from_this_machine() else desk.standing(actor())
    return Response("".join(_lines(standing)), content_type=KIND)


def _from_this_machine() -> bool:
    address = request.remote_addr or ""
    return bool(current_app.config[OPEN_ON_LOOPBACK]) and bool(address) and ip_address(address).is_loopback


def _lines(standing: Standing) -> Iterator[str]:
    now = standing.schedule
    states = [(f'{{status="{name}"}}', now.jobs.get(name, 0)) for name in ("waiting", "done", "failed", "abandoned")]
    yield from _metric("gangwei_jobs", "gauge", "Jobs by status.", states)
    due = [(f'{{within="{name}"}}', count) for name, count in now.due.items()]
    yield from _metric("gangwei_jobs_due", "gauge", "Waiting jobs that fall due.", due)
    yield from _metric("gangwei_jobs_late", "gauge", "Jobs that should have run by now.", [("", now.late)])
    yield from _metric("gangwei_jobs_late_seconds", "gauge", "How late the oldest of them is.", [("", now.late_by)])
    yield from _metric("gangwei_jobs_retrying", "gauge", "Jobs that wait for another try.", [("", now.retrying)])
    yield from _metric(
        "gangwei_jobs_running",
        "gauge",
        "Jobs under way at this moment, one for each worker at one.",
        [("", now.running)],
    )
    done = [(f'{{within="{name}"}}', count) for name, count in now.done.items()]
    yield from _metric("gangwei_jobs_done_recently", "gauge", "Jobs done of late.", done)
    for name, what in (("done", "Tries that succeeded."), ("failed", "Tries that failed.")):
        counts = [(f'{{worker="{_said(one.name)}"}}', getattr(one, name)) for one in now.lookers]
        yield from _metric(f"gangwei_worker_{name}_total", "counter", what, counts)
    looks = [(f'{{worker="{_said(one.name)}"}}', one.last_at.timestamp()) for one in now.lookers]
    yield from _metric("gangwei_worker_last_tick_seconds", "gauge", "When a worker looked last.", looks)
    skew = [('{of="database"}', now.skew), *((f'{{of="{_said(one.name)}"}}', one.skew) for one in now.lookers)]
    yield from _metric("gangwei_clock_skew_seconds", "gauge", "The database's clock less this one.", skew)
    yield from _metric(
        "gangwei_clock_ahead_seconds", "gauge", "The demo's clock less the machine's.", [("", now.ahead)]
    )
    yield from _metric("gangwei_incidents_open", "gauge", "Incidents nobody has settled.", [("", standing.total)])


def _metric(name: str, kind: str, what: str, samples: list[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {what}\n# TYPE {name} {kind}\n"
    yield from (f"{name}{labels} {value}\n" for labels, value in samples)


def _said(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
