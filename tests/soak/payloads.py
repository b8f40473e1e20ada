"""What a client may send to a form, through every act of a case: taken, or refused by name; and the case rebuilds."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from engine.errors import Refusal
from tests.applications import filled_application, post
from tests.house import House, build_house
from tests.soak.watch import MEGABYTE, Score, Watch, attempt

COUNT = 10_000
KEY, PLACE = "post_approval", "130102"
CITY, PROVINCE, COUNTY = "shijiazhuang", "province", "changan"
SOUND = post(excess_reason="辖区新增多个工业园区，编制已满。")  # accepted payloads use the quota up
MOST_COPIED = 5_000  # characters: what is copied a hundredfold stays what one request can carry
DEEP: Any = 1
for _ in range(30):
    DEEP = {"a": DEEP}
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.1, 2**63, 2**64, 10**30, 1e308, math.nan, math.inf, -math.inf, Decimal(1), "", "x", "\x00", "a\x1bb", "\ud800", "\u202e",
    "primary", "open", "130102903", "岗" * 3000, "x" * 1_100_000, "2026-02-30", "=1+1", "<script>", "' OR 1=1 --", [], {}, [[]], [None], [{}], {"a": 1}, DEEP,
    [0] * 60_000, (1, 2), b"bytes", {1: "a"}, {"typename": "x"}, {"__class__": "x"}, {"": 1}, [{"place": None}], {"posts": {"posts": []}}, object(),
)  # fmt: skip
KEYS = (
    "typename", "__class__", "__proto__", "outcome", "opinion", "return_to", "by", "at", "case", "posts", "need", "quota", "x" * 201, "\x00", "职工", "a.b",
    "posts[0].place", "", "derived", "actor",
)  # fmt: skip
SOUND_OUTCOMES = ("pass", "return", "approve", "refuse")
OUTCOMES: tuple[Any, ...] = (None, "pass", "return", "refuse", "approve", "submit", "", "nothing", "\x00", 5, [], {})


class Sender:
    """Damages sound forms, and sends them by each of the doors."""

    def __init__(self, house: House, chance: Random) -> None:
        self.house, self.chance = house, chance
        self.cases = house.application.cases
        self.tasks: dict[str, str] = {}  # who: the task that waits for him
        self.accepted: set[str] = set()
        self.values: dict[str, dict[str, Any]] = {}
        self.doors: tuple[Callable[[], str], ...] = (
            self._start,
            self._check_start,
            self._draft,
            self._check,
            *[self._complete] * 4,
        )

    def ready(self) -> None:
        """A case that waits for the city, and one that waits for the province."""
        for who in (CITY, PROVINCE):
            if not self._open(who):
                case_id = self.house.start(COUNTY, KEY, PLACE, filled_application(SOUND)).case_id
                self.accepted.add(case_id)
                if who == PROVINCE:
                    self.house.complete(CITY, case_id, "pass")
                self.tasks[who] = self.house.task_of(who, case_id)
            form = self.cases.reading.task(self.house.actor_once(who), self.tasks[who]).form
            self.values[who] = dict(form.values) if form else {}

    def _open(self, who: str) -> bool:
        if who not in self.tasks:
            return False
        try:
            return "complete" in self.cases.reading.task(self.house.actor_once(who), self.tasks[who]).may
        except Refusal:
            return False

    def damaged(self, data: Any) -> Any:
        """A deep copy with one to three places changed, or something that is no form at all."""
        if self.chance.random() < 0.05:
            return self._value()
        root = copy.deepcopy(data)
        for _ in range(self.chance.choice((0, 1, 1, 1, 2, 3))):
            holder, key = self.chance.choice(list(_places(root)) or [(root, "x")])
            roll = self.chance.random()
            if roll < 0.15:
                del holder[key]
            elif roll < 0.35 and isinstance(holder, dict):
                holder[self.chance.choice(KEYS)] = self._value()
            elif roll < 0.45 and isinstance(holder, list) and len(str(holder)) < MOST_COPIED:
                holder.extend(copy.deepcopy(holder) * self.chance.choice((1, 100)))
            else:
                holder[key] = self._value()
        return root

    def _value(self) -> Any:
        """A copy: the next damage may be done inside of it."""
        return copy.deepcopy(self.chance.choice(VALUES))

    def send(self) -> str:
        return self.chance.choice(self.doors)()

    def _form(self) -> Any:
        return self.damaged(filled_application(*[post() for _ in range(self.chance.choice((1, 1, 2)))]))

    def _start(self) -> str:
        receipt = self.cases.acting.start(self.house.actor_once(COUNTY), KEY, PLACE, self._form())
        self.accepted.add(receipt.case_id)
        return "started"

    def _check_start(self) -> str:
        self.cases.reading.check_start(self.house.actor_once(COUNTY), KEY, PLACE, self._form())
        return "checked"

    def _who(self) -> tuple[str, Any]:
        who = self.chance.choice((CITY, PROVINCE))
        return who, self.damaged(self.values[who] | {"opinion": "意见", "return_to": ""})

    def _check(self) -> str:
        who, data = self._who()
        self.cases.reading.check(self.house.actor_once(who), self.tasks[who], data)
        return "checked"

    def _draft(self) -> str:
        who, data = self._who()
        self.cases.drafts.save(self.house.actor_once(who), self.tasks[who], data)
        return "kept"

    def _complete(self) -> str:
        who, data = self._who()
        self.cases.acting.complete(self.house.actor_once(who), self.tasks[who], data, self._outcome())
        return "completed"

    def _outcome(self) -> Any:
        return self.chance.choice(SOUND_OUTCOMES if self.chance.random() < 0.8 else OUTCOMES)


def _places(value: Any) -> Any:
    pairs = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, child in pairs[:200]:
        yield value, key
        yield from _places(child)


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` payloads, the same for the same seed; every case that they touched is rebuilt at the end."""
    with TemporaryDirectory() as name:
        house = build_house(Path(name))
        sender = Sender(house, Random(seed))
        sender.ready()
        score = Score("payloads", limit=3, growth=300 * MEGABYTE)
        watch = Watch("open", "import", "os.")  # storage opens its database
        for number in range(count):
            moved = score.outcomes["completed"]
            attempt(score, watch, f"number {number}", lambda _: sender.send())
            if score.outcomes["completed"] > moved:
                sender.ready()
        for case_id in sorted(sender.accepted):
            score.broken += [f"case {case_id} does not rebuild: {line}" for line in house.proof(case_id)]
            house.application.cases.reading.case(house.actor_once(COUNTY), case_id)
        score.notes = f"{len(sender.accepted)} cases rebuilt, "
        house.application.database.close()
    return score
