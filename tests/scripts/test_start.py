"""What `make run` starts, on whatever day: people sign in, find the demo's work, and begin work of their own."""

from __future__ import annotations

import re
import sys
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from engine.calendar.days import LEGAL_ZONE, Calendar
from tests.applications import filled_application
from tests.site import Site, demo_environment, serving
from tests.visitor import Answer, Visitor

pytestmark = pytest.mark.any_day
START = (sys.executable, "-c", "from scripts.run import start; start()")
PROVISIONAL = "暂定"


def test_what_is_started_on_an_empty_folder_serves_people_of_every_day(tmp_path: Path) -> None:
    with serving(tmp_path, demo_environment(tmp_path), START) as site:
        look_around(site)
        work(site)
        assert "0 open incidents" in site.command("jobs")
        rebuilt = re.search(r"(\d+) cases rebuilt, 0 differ", site.command("case", "rebuild", "--all"))
        assert rebuilt and int(rebuilt[1]) > 30


def day_of(answer: Answer) -> date:
    """The server's own day in Shanghai, as every answer says when it was sent."""
    return parsedate_to_datetime(answer.headers["Date"]).astimezone(LEGAL_ZONE).date()


def seen(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status == 200, f"{path}: {answer.status}\n{answer.text}"
    return answer.text


def look_around(site: Site) -> None:
    """Sign in, and see the demo's cases, their deadlines and the calendar of the day."""
    with Visitor(site.url).sign_in("baoding") as reviewer:
        today = day_of(reviewer.get("/tasks"))
        inbox = seen(reviewer, "/tasks")
        assert re.search(rf"演示时钟 <time [^>]*>{today.isoformat()} ", inbox)
        assert "逾期" in inbox  # one of the demo's cases has been waiting for too long
        assert "逾期" in seen(reviewer, "/deadlines")
        for year in (today.year, today.year + 1):
            page = seen(reviewer, f"/calendar?year={year}")
            head = page[page.index("year-number") : page.index("year-steps")]
            assert (PROVISIONAL in head) is not Calendar.official().is_official(year), (year, head)


def work(site: Site) -> None:
    """Begin a case and pass it on; its deadline is computed, and marked where no notice is known yet."""
    with Visitor(site.url).sign_in("changan") as officer:
        answer = officer.post("/start/post_approval?organisation=130102", {"data": filled_application()})
        assert answer.status in (200, 201), answer.text
        case_id = answer.json["case_id"]
        today = day_of(answer)
        assert today.isoformat() in seen(officer, f"/cases/{case_id}?tab=history")
        deadlines = seen(officer, f"/cases/{case_id}?tab=deadlines")
        if not Calendar.official().is_official(today.year):
            assert PROVISIONAL in deadlines
    with Visitor(site.url).sign_in("shijiazhuang") as reviewer:
        number = answer.json["number"]
        found = re.findall(rf'href="(/tasks/{case_id}-\d+)["?]', seen(reviewer, f"/tasks?q={number}"))
        assert found
        seen(reviewer, found[0])
        passed = reviewer.post(found[0], {"data": {"opinion": "同意"}, "outcome": "pass"})
        assert passed.status == 200, passed.text
