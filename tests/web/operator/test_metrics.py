"""``/metrics``: well-formed figures, for this machine itself or an operator, for nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from storage import jobs, ticks, timetable
from tests.web.people_site import Site

FAR = {"REMOTE_ADDR": "203.0.113.7"}
LABEL = r'\w+="[^"]*"'
LINE = re.compile(rf"# (HELP|TYPE) gangwei_\w+ .+|gangwei_\w+(\{{{LABEL}(,{LABEL})*\}})? -?\d+(\.\d+)?(e[-+]?\d+)?")


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    made.house.add("operator", ("operator", "130000"))
    yield made
    made.close()


FIGURES = {
    "gangwei_jobs": "gauge",
    "gangwei_jobs_due": "gauge",
    "gangwei_jobs_late": "gauge",
    "gangwei_jobs_late_seconds": "gauge",
    "gangwei_jobs_retrying": "gauge",
    "gangwei_jobs_running": "gauge",
    "gangwei_jobs_done_recently": "gauge",
    "gangwei_worker_done_total": "counter",
    "gangwei_worker_failed_total": "counter",
    "gangwei_worker_last_tick_seconds": "gauge",
    "gangwei_clock_skew_seconds": "gauge",
    "gangwei_clock_ahead_seconds": "gauge",
    "gangwei_incidents_open": "gauge",
    "gangwei_outbox_held": "gauge",
    "gangwei_routine_runs_total": "counter",
    "gangwei_routine_last_run_seconds": "gauge",
    "gangwei_holiday_notices_missing": "gauge",
}


def figures(text):
    samples = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in samples}


def test_every_line_is_one_that_prometheus_reads(site):
    answer = site.browser().get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert [line for line in answer.text.splitlines() if not LINE.fullmatch(line)] == []


def test_the_figures_are_those_of_the_queue(site):
    now = site.house.clock.now()
    with site.house.database.write() as connection:
        for by in (timedelta(minutes=30), timedelta(days=2), -timedelta(minutes=1)):
            jobs.add(connection, {"kind": "message", "payload": {}, "run_at": now + by})
    found = figures(site.browser().get("/metrics").text)
    assert found['gangwei_jobs{status="waiting"}'] == 3
    assert found['gangwei_jobs_due{within="hour"}'] == 1
    assert found['gangwei_jobs_due{within="week"}'] == 2
    assert (found["gangwei_jobs_late"], found["gangwei_jobs_late_seconds"]) == (1, 60)
    assert found["gangwei_incidents_open"] == 0


def test_each_figure_keeps_its_name_and_kind_and_none_is_of_the_process_alone(site):
    lines = site.browser().get("/metrics").text.splitlines()
    assert dict(line.split()[2:] for line in lines if line.startswith("# TYPE")) == FIGURES


def test_a_worker_is_told_by_its_name_whatever_the_name_holds(site):
    name, now = 'a "host"\\with\nlines:7', site.house.clock.now()
    stretch = {"worker": name, "first_at": now, "last_at": now, "ahead": 0, "skew": 250, "running": 0}
    with site.house.database.write() as connection:
        ticks.begin(connection, stretch | {"done": 3, "failed": 1})
    families = text_string_to_metric_families(site.browser().get("/metrics").text)
    told = {
        sample.name: sample.value for family in families for sample in family.samples if name in sample.labels.values()
    }
    assert told == {
        "gangwei_worker_done_total": 3,
        "gangwei_worker_failed_total": 1,
        "gangwei_worker_last_tick_seconds": now.timestamp(),
        "gangwei_clock_skew_seconds": 0.25,
    }


def test_how_a_routine_went_is_counted_by_outcome(site):
    last = {"worker": "w", "last_at": site.house.clock.now(), "outcome": "missed", "error": "", "told": {}}
    with site.house.database.write() as connection:
        timetable.add(connection, "clean_up", last | {"next_at": None}, {"executed": 2, "missed": 1})
    found = figures(site.browser().get("/metrics").text)
    assert {name: value for name, value in found.items() if "clean_up" in name} == {
        'gangwei_routine_runs_total{outcome="executed",routine="clean_up"}': 2,
        'gangwei_routine_runs_total{outcome="failed",routine="clean_up"}': 0,
        'gangwei_routine_runs_total{outcome="missed",routine="clean_up"}': 1,
        'gangwei_routine_last_run_seconds{routine="clean_up"}': last["last_at"].timestamp(),
    }


def test_from_elsewhere_only_an_operator_reads_them(site):
    assert site.browser().get("/metrics", environ_base=FAR).status_code == 401
    for login, status in (("officer", 403), ("operator", 200)):
        browser = site.browser()
        browser.sign_in(login)
        assert browser.get("/metrics", environ_base=FAR).status_code == status


def test_in_production_loopback_counts_only_behind_a_proxy_that_is_named(tmp_path):
    for proxy, status in (("", 401), ("127.0.0.1", 200)):
        folder = tmp_path / f"proxy-{proxy}"
        folder.mkdir()
        site = Site(folder, GANGWEI_ENV="production", GANGWEI_TRUSTED_PROXY=proxy)
        assert site.browser().get("/metrics").status_code == status
        site.close()
