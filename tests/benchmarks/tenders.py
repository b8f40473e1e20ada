"""Filings, sealed bids, opening and scoring of a whole province, on both databases: time, statements and memory of each act.

The floor is a plain step in the same process and database: a city passes an application on.
"""

from __future__ import annotations

import json
import resource
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.directory import organisation_import, organisations
from engine.directory.actors import Actor
from engine.sealing.codes import new_code
from engine.trials.player import PAPER, PHRASES, merged
from tests import postgres
from tests.applications import filled_application, post
from tests.benchmarks.measure import milliseconds
from tests.postgres import Server
from tests.statements import statements
from tests.workflows.world import World, found

FLOOR: Final = "a plain step"
SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CONTACT: Final = {"contact": "经办员", "phone": "0311-80000000"}
POINTS: Final = {"service_points": 35, "team_points": 25, "record_points": 15}


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of all."""

    tenders: int = 13
    filings: int = 170
    contractors: int = 60
    bids: int = 400
    experts: int = 7


def measure(size: Size = Size()) -> None:
    """Prints of each database the median of each kind of act, its statements, its ratio to the floor, and the memory."""
    with postgres.running(settings={}) as server:
        for name, where in (("SQLite", None), ("PostgreSQL", server)):
            with tempfile.TemporaryDirectory() as folder:
                print(f"{name}: {size}", flush=True)
                _measure(Path(folder), where, size)


def _measure(folder: Path, server: Server | None, size: Size) -> None:
    province = _Province(found(folder, server=server), size)
    try:
        for part in (province.approve, province.register, province.file, province.announce, province.bid):
            part()
        province.open_and_score()
        province.tell()
    finally:
        province.world.application.database.close()


@dataclass
class _Province:
    """What is played, and what each act took."""

    world: World
    size: Size
    taken: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[str, str] = field(default_factory=dict)  # buyer to its post
    holders: list[str] = field(default_factory=list)
    buyers: dict[str, list[str]] = field(default_factory=dict)  # of each holder
    firms: list[str] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)  # holder to its tender

    def __post_init__(self) -> None:
        with self.world.application.database.read() as connection:
            known = organisations.subtree(connection, organisations.get(connection, "130000").path)
        direct = [one.code for one in known if one.kind == "direct_city"]
        cities = [one.code for one in known if one.kind == "city"]
        self.holders = [*direct, *cities][: self.size.tenders]
        self.buyers = {code: [code] for code in self.holders}
        paths = {one.path: one.code for one in known if one.code in self.holders}
        over = [(holder, one.code) for one in known if one.kind == "county" for path, holder in paths.items()
                if one.path.startswith(path)]  # fmt: skip
        for holder, code in over[: max(self.size.filings - len(self.holders), 0)]:
            self.buyers[holder].append(code)
        self.world.actor("province_approver@130000")
        for holder, buyers in self.buyers.items():  # everybody is there from the beginning
            self.officer(holder, second=True)
            for code in buyers:
                self.officer(code)

    def timed(self, name: str, act: Callable[[], object]) -> None:
        """Do something, and note what it took."""
        with statements(self.world.application.database) as said:
            took = milliseconds(act)
        self.taken[name].append((took, len(said)))

    def officer(self, code: str, second: bool = False) -> Actor:
        """Who acts for a buyer; ``second``: another person, where one must be another."""
        kind = "direct" if code in ("130682", "130181") else "city" if code in self.holders else "county"
        role = {"city": "city_leader" if second else "city_reviewer"}.get(kind, "county_officer")
        return self.world.actor(f"{role}@{code}{'#2' if second and kind == 'direct' else ''}")

    def city_of(self, code: str) -> str:
        return next(holder for holder, buyers in self.buyers.items() if code in buyers)

    def task(self, actor: Actor, case_id: str) -> str:
        reading = self.world.application.cases.reading
        return next(task.id for task in reading.case(actor, case_id).tasks if task.mine)

    def complete(self, actor: Actor, case_id: str, outcome: str, name: str = "", **data: Any) -> None:
        """Complete what waits for somebody, filled in over what stands there."""
        cases, task = self.world.application.cases, self.task(actor, case_id)
        form = cases.reading.task(actor, task).form
        words = merged(form.values if form else {}, data)
        self.timed(name or "others", lambda: cases.acting.complete(actor, task, words, outcome))

    def start(self, actor: Actor, key: str, code: str, data: Mapping[str, Any], name: str = "others") -> str:
        made: list[str] = []
        acting = self.world.application.cases.acting
        self.timed(name, lambda: made.append(acting.start(actor, key, code, data).case_id))
        return made[0]

    def approve(self) -> None:
        """Each buyer gets a post. What the city does is the floor."""
        for holder, buyers in self.buyers.items():
            for code in buyers:
                line = post(code, grade="third", purpose="collective_bargaining")
                case_id = self.start(self.officer(code), "post_approval", code, filled_application(line))
                if code != holder:
                    self.complete(self.officer(holder), case_id, "pass", FLOOR, opinion="同意上报。")
                self.complete(self.world.actor("province_approver@130000"), case_id, "approve")
                self.posts[code] = f"{code}-001"

    def register(self) -> None:
        """The contractors, and their registration with a city."""
        lines = ["编码,名称,简称,类型,上级编码"]
        lines += [f"C{at},承接机构{at},机构{at},社会组织,130000" for at in range(1001, 1001 + self.size.contractors)]
        at, database = self.world.clock.now(), self.world.application.database
        organisation_import.load(database, "firms.csv", "\n".join(lines).encode(), at, source="bench")
        self.firms = [line.partition(",")[0] for line in lines[1:]]
        city = next(code for code in self.holders if code not in ("130682", "130181"))
        checked = ["registered", "liable", "governed", "reputable", "taxes", "insured", "hires"]
        for number, code in enumerate(self.firms):
            agent = self.world.actor(f"contractor_agent@{code}")
            data = {
                "contractor_kind": "social_organisation", "credit_code": credit_code(number), "city": city, **CONTACT,
                "registered_with": "民政局", "registered_on": "2019-05-06", "representative": "代表人",
            }  # fmt: skip
            case_id = self.start(agent, "contractor_registration", code, data)
            attach = self.world.application.cases.acting.attach
            paper = attach(agent, case_id, "证明.pdf", PAPER + code.encode()).digest
            papers = dict.fromkeys(("certificate", "rules", "tax_record", "insurance_record"), paper)
            self.complete(agent, case_id, "submit", hiring="面向社会公开招聘。", **papers)
            self.complete(self.officer(city), case_id, "check", checked=checked)

    def file(self) -> None:
        """Every buyer files its cost."""
        for holder, buyers in self.buyers.items():
            for code in buyers:
                begins = f"{self.world.clock.now().year + 1}-01-01"
                data = {"begins_on": begins, "area": "second", "posts": [self.posts[code]], "supplement": 0}
                words = {**data, "funding": "列入年度预算。", **CONTACT}
                case_id = self.start(self.officer(code), "cost_filing", code, words, "a filing is worked out")
                by = self.officer(holder, second=code == holder)
                checked = ["posts", "standards", "funding"]
                self.complete(by, case_id, "file", "a filing is filed", checked=checked)

    def announce(self) -> None:
        """A tender of all filings of a city."""
        weights = {"price_weight": 10, "service_weight": 40, "team_weight": 30, "record_weight": 20, "bid_days": 20}
        for holder in self.holders:
            first, second = self.officer(holder), self.officer(holder, second=True)
            reading = self.world.application.cases.reading
            offered = reading.start_form(first, "tendering", holder).form
            assert offered is not None
            filings = [one["value"] for one in {**offered.data, **offered.values}["filed"]]
            words = {
                "tender_name": f"{holder}岗位服务",
                "lot": "第一包",
                "buying_method": "open",
                "needs": "三年服务。",
            }
            case_id = self.start(first, "tendering", holder, {**words, **weights, "filings": filings}, "a plan is made")
            self.complete(second, case_id, "approve")
            keeper = self.world.actor("province_approver@130000")
            for actor, secret, outcome in (
                (first, PHRASES[0], "set"), (second, PHRASES[1], "set"), (keeper, new_code(), "made"),
            ):  # fmt: skip
                task = self.task(actor, case_id)
                self.world.application.cases.unsealing.share(actor, task, secret, secret, {}, outcome)
            self.cases[holder] = case_id

    def bid(self) -> None:
        """The bids, each sealed; no contractor twice in a tender."""
        handing, holders = self.world.application.cases.sealed_handing, len(self.holders)
        for number in range(self.size.bids):
            holder, turn = self.holders[number % holders], number // holders
            firm = self.firms[(turn + 5 * (number % holders)) % len(self.firms)]
            agent = self.world.actor(f"contractor_agent@{firm}")
            reading = self.world.application.cases.reading
            offered = reading.start_form(agent, "bid", firm).form
            assert offered is not None
            tenders = {
                json.dumps(one, ensure_ascii=False): one["value"]
                for one in {**offered.data, **offered.values}["open_tenders"]
            }
            tender = next(value for said, value in tenders.items() if f"{holder}岗位服务" in said)
            case_id = self.start(agent, "bid", firm, {"tender": tender}, "a bid is begun")
            data = {
                "price": 10_000 + number,
                "service_plan": "方案",
                "team": "人员",
                "record": "业绩",
                "no_passing_on": True,
            }
            task = self.task(agent, case_id)
            self.timed("a bid is sealed", lambda: handing.hand_in(agent, task, data, [], "hand_in"))  # noqa: B023

    def open_and_score(self) -> None:
        """Two open, the experts score, the award is decided; then everybody is told."""
        self.world.wait(22)
        self.timed("all tenders close", self._due)
        opening = self.world.application.cases.unsealing
        for holder, case_id in self.cases.items():
            first, second = self.officer(holder), self.officer(holder, second=True)
            experts = [f"expert{number}.{holder}" for number in range(self.size.experts)]
            judges = [self.world.actor(f"{expert}: tender_expert@{holder}") for expert in experts]
            task = self.task(first, case_id)
            given = {0: PHRASES[0], 1: PHRASES[1]}
            self.timed("the bids of a tender are opened", lambda: opening.unseal(first, task, given, {}, "open"))  # noqa: B023
            members = [{"person": expert, "part": "expert"} for expert in experts]
            self.complete(first, case_id, "done", members=members)
            for judge in judges:
                self.complete(judge, case_id, "none")
            rows = [POINTS] * (self.size.bids // len(self.holders) + 1)
            for judge in judges:
                task = self.task(judge, case_id)
                form = self.world.application.cases.reading.task(judge, task).form
                assert form is not None
                filled = merged(form.values, {"rows": rows[: len(form.values["rows"])]})
                acting = self.world.application.cases.acting
                self.timed("a sheet is handed in", lambda: acting.complete(judge, task, filled, "submit"))  # noqa: B023
            self.complete(second, case_id, "decide", "an award is decided")
        self.world.wait(20)
        self.timed("all buyers and bidders are told", self._due)

    def _due(self) -> None:
        while self.world.application.worker.run_due():
            pass

    def tell(self) -> None:
        """What each kind of act took."""
        floor = statistics.median(took for took, _ in self.taken[FLOOR]) if self.taken[FLOOR] else 0.0
        for name, acts in self.taken.items():
            if name == "others":
                continue
            times, asked = [took for took, _ in acts], [count for _, count in acts]
            median = statistics.median(times)
            ratio = f"{median / floor:6.2f}" if floor else "     –"
            print(
                f"{name:<34} {median:9.2f} ms   worst {max(times):9.2f} ms   {statistics.median(asked):6.0f} statements"
                f"   ratio to the floor {ratio}   (n={len(acts)})",
                flush=True,
            )
        print(f"{'memory at its highest':<34} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:9.0f} MB")


def credit_code(number: int) -> str:
    """A unified social credit code with its check sign (GB 32100-2015)."""
    head = f"52130100MJ{number:07d}"
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(head, WEIGHTS, strict=True))
    return head + SIGNS[(31 - total % 31) % 31]


if __name__ == "__main__":
    measure(Size(tenders=3, filings=12, contractors=6, bids=15, experts=5))
