"""Plays random years of one staff: chance, by a seed, decides who appeals, leaves, breaks a rule or fails.

Days go by on the clock of the walk; after each act the promises are asked.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from tests.workflows.world import found
from tests.workflows.years.acting import AGENT, CITY, OFFICER, Acting
from tests.workflows.years.founding import bought, recruited

PROCESSES: Final = (
    *("post_approval", "award_entry", "contract_signing", "recruitment", "annual_evaluation", "evaluation_facts"),
    *("evaluation_appeal", "consequences", "retraining", "replacement", "personnel_change", "concurrent_job"),
    *("contract_end", "contract_transfer", "contractor_compliance", "bar", "year_end_report"),
)
EVENTS: Final = ("resigned", "dismissed", "long_ill", "breach", "on_leave")


class Years(Acting):
    """What happens to a staff, year by year."""

    __slots__ = ()

    def year(self, year: int) -> None:
        """A year: what happens to people, the round of December, appeals, and the report of January."""
        for month in (6, 9):
            self.until(date(year, month, 10))
            self.happen()
        if year == 2028:
            self.until(date(2028, 11, 20))
            bought(self, "C0002", date(2029, 5, 1))
        self.until(date(year, 12, 12))
        self.appeal(0.3)
        self.until(date(year + 1, 1, 15))
        self.appeal(0.1)
        self.report(year)
        self.until(date(year + 1, 3, 1))

    def serving(self) -> list[str]:
        """Numbers of those at work."""
        found = self.register("worker").values()
        return sorted(one["number"] for one in found if one.get("post") and one["worker_state"] == "serving")

    def happen(self) -> None:
        """Something happens to one in June; who was on leave comes back."""
        people = self.register("worker")
        away = [number for number, one in people.items() if one["worker_state"] == "on_leave"]
        chosen = self.random.sample(self.serving(), k=1 if self.today.month == 6 else 0)
        for number, kind in [(one, "back") for one in away] + [(one, self.random.choice(EVENTS)) for one in chosen]:
            contractor = people[number]["contractor"]
            told = {"worker": number, "kind": kind, "happened_on": str(self.today), "details": "本人提出。"}
            self.start(f"{AGENT}@{contractor}", "personnel_change", told, contractor)
        self.answer_all()

    def appeal(self, share: float) -> None:
        """Some of those whose result is not the best appeal, each once."""
        for number, one in sorted(self.register("evaluation").items()):
            recent = one["told_on"] >= str(self.today - timedelta(days=60))
            if recent and not one.get("appeal") and one["grade"] != "excellent" and self.random.random() < share:
                told = {"record": number, "kind": "review", "request": "请求变更评价等次。", "phone": "0311-80000000"}
                late = {"grounds": "年度重点任务已经完成，有验收记录。", "late_reason": "住院治疗。"}
                self.start(f"{OFFICER}@{CITY}", "evaluation_appeal", told | late)
        self.answer_all()

    def report(self, year: int) -> None:
        """The year-end report asks for another person at one post."""
        chosen = self.random.sample(self.serving(), k=1)
        adjustments = [{"worker": one, "reason": "服务对象多次反映。"} for one in chosen]
        self.start(f"{OFFICER}@{CITY}", "year_end_report", {"evaluation_year": year, "adjustments": adjustments})
        self.answer_all()


def walked(folder: Path, seed: int, people: int, years: int) -> Years:
    """A staff through so many years from 2026 in a new installation; every promise was asked after each act."""
    walk = Years(found(folder, only=PROCESSES), Random(seed))
    recruited(walk, people)
    for year in range(2026, 2026 + years):
        walk.year(year)
    walk.promises.at_the_end(walk.staff())
    return walk
