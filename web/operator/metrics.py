"""``/metrics``: the operator's figures in Prometheus' text format. For this machine itself, or for an operator.

A program on this machine needs no session. Behind a proxy that GANGWEI_TRUSTED_PROXY does not name every visitor looks
like this machine, so in production only a named proxy opens that way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from engine.jobs.report import Schedule
from web.common.config import Config
from web.common.context import actor, application
from web.common.extensions import Extension

pages = Blueprint("metric_pages", __name__)
OPEN_ON_LOOPBACK = "METRICS_OPEN_ON_LOOPBACK"


class Figures(Collector):
    """Asks the operator's desk again each time. What it tells is the installation's, not this one process's."""

    def collect(self) -> Iterator[Metric]:
        """Every figure of this moment."""
        standing = application().operator.watched()
        yield from _of_jobs(standing.schedule)
        yield from _of_workers(standing.schedule)
        yield from _of_routines(standing.schedule)
        yield _gauge("holiday_notices_missing", "Years whose holiday notice should be in force.", len(standing.years))
        held = standing.held.total if standing.held is not None else 0
        yield _gauge("outbox_held", "Jobs that wait since a restoring until an operator releases them.", held)
        yield _gauge("incidents_open", "Incidents nobody has settled, counted up to 1001.", standing.total)


FIGURES: Final = Extension[CollectorRegistry]("metrics")


def init_metrics(app: Flask, config: Config) -> None:
    """Register the page, its figures and who may read them. A registry of the app's own: nothing of the process."""
    app.config.setdefault(OPEN_ON_LOOPBACK, not config.production or bool(config.trusted_proxies))
    FIGURES.put(app, CollectorRegistry()).register(Figures())
    app.register_blueprint(pages)


@pages.get("/metrics")
def metrics() -> Response:
    """The figures. Raises 401 for a stranger from elsewhere, NotAllowed for a person who is no operator."""
    if not _from_this_machine():
        application().operator.admit(actor())
    return Response(generate_latest(FIGURES.of(current_app)), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _from_this_machine() -> bool:
    address = request.remote_addr or ""
    return bool(current_app.config[OPEN_ON_LOOPBACK]) and bool(address) and ip_address(address).is_loopback


def _of_jobs(now: Schedule) -> Iterator[Metric]:
    states = [(name, now.jobs.get(name, 0)) for name in ("waiting", "done", "failed", "abandoned")]
    yield _gauges("jobs", "Jobs by status, counted up to 10001.", "status", states)
    yield _gauges("jobs_due", "Waiting jobs that fall due.", "within", now.due.items())
    yield _gauge("jobs_late", "Jobs that should have run by now.", now.late)
    yield _gauge("jobs_late_seconds", "How late the oldest of them is.", now.late_by)
    yield _gauge("jobs_retrying", "Jobs that wait for another try.", now.retrying)
    yield _gauge("jobs_running", "Jobs under way at this moment, one for each worker at one.", now.running)
    yield _gauges("jobs_done_recently", "Jobs done recently.", "within", now.done.items())


def _of_workers(now: Schedule) -> Iterator[Metric]:
    for name, what in (("done", "Tries that succeeded."), ("failed", "Tries that failed.")):
        counter = CounterMetricFamily(f"gangwei_worker_{name}", what, labels=["worker"])
        for one in now.workers:
            counter.add_metric([one.name], getattr(one, name))
        yield counter
    looks = [(one.name, one.last_at.timestamp()) for one in now.workers]
    yield _gauges("worker_last_tick_seconds", "When a worker looked last.", "worker", looks)
    skew = [("database", now.skew), *((one.name, one.skew) for one in now.workers)]
    yield _gauges("clock_skew_seconds", "The database's clock less this one.", "of", skew)
    yield _gauge("clock_ahead_seconds", "The demo's clock less the machine's.", now.ahead)


def _of_routines(now: Schedule) -> Iterator[Metric]:
    runs = CounterMetricFamily("gangwei_routine_runs", "Times of a routine, by outcome.", labels=["routine", "outcome"])
    for one in now.routines:
        for outcome, count in one.counts.items():
            runs.add_metric([one.name, outcome], count)
    yield runs
    last = [(one.name, one.last_at.timestamp()) for one in now.routines]
    yield _gauges("routine_last_run_seconds", "When a routine came up last.", "routine", last)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"gangwei_{name}", what, value=value)


def _gauges(name: str, what: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    """One figure for each value of a label."""
    family = GaugeMetricFamily(f"gangwei_{name}", what, labels=[label])
    for which, value in values:
        family.add_metric([which], value)
    return family
