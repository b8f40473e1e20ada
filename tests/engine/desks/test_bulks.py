"""Many tasks in one go: the same checks and events as one by one, done once, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.views import InboxFilters
from engine.views.bulks import BulkView, Picked, Wanted
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDER = ROOT / "tests" / "data" / "verbs"
A, B, COUNTY = "shijiazhuang", "shijiazhuang2", "changan"
AGREE = Wanted("agree", "同意")


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[House]:
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def begun(house: House, count: int) -> list[str]:
    """So many cases whose review waits; the ids of the tasks."""
    return [house.start(COUNTY, "signed_together", "130102", {}).opened[0].id for _ in range(count)]


def picked(house: House, tasks: list[str], who: str = A) -> list[Picked]:
    groups = house.application.bulks.choose(house.actor(who), tasks).groups
    return [Picked(one.task_id, one.revision, part) for part, group in enumerate(groups) for one in group.tasks]


def asked(house: House, verb: str, tasks: list[str], wanted: Wanted = AGREE, who: str = A) -> int:
    return house.application.bulks.begin(house.actor(who), verb, [wanted], picked(house, tasks, who))


def stands(house: House, number: int, who: str = A) -> BulkView:
    return house.application.bulks.page(house.actor(who), number)


def proved(house: House, tasks: list[str]) -> None:
    assert [house.proof(task.split("-")[0]) for task in tasks] == [[] for _ in tasks]


def test_what_was_rehearsed_is_kept_nowhere_and_then_done_task_by_task(house: House) -> None:
    desk, tasks = house.application.bulks, begun(house, 3)
    choice = desk.choose_all(house.actor(A), InboxFilters())
    assert ([one.task_id for one in choice.groups[0].tasks], choice.total) == (tasks, 3)
    told = desk.rehearse(house.actor(A), "complete", [AGREE], picked(house, tasks))
    assert [(one.passes, str(one.said.text())[:4]) for one in told] == [(True, "下一步：")] * 3  # type: ignore[union-attr]
    assert len(house.application.cases.inbox.page(house.actor(A)).rows) == 3
    number = asked(house, "complete", tasks)
    assert stands(house, number).counts == {"waiting": 3}
    assert house.application.bulk_runner.run() == 3
    view = stands(house, number)
    assert (view.counts, view.settled, view.ended_at is not None) == ({"done": 3}, 3, True)
    assert house.application.bulk_runner.run() == 0
    proved(house, tasks)


def test_each_task_that_does_not_go_says_why_and_keeps_no_other(house: House) -> None:
    cases, tasks = house.application.cases, begun(house, 6)
    chosen = picked(house, tasks)
    number = house.application.bulks.begin(house.actor(A), "complete", [AGREE], chosen)
    house.clock.move(minutes=1)
    cases.acting.complete(house.actor(B), tasks[0], {"opinion": "先办了"}, "back")
    cases.claims.claim(house.actor(B), tasks[1])
    cases.acting.withdraw(house.actor(COUNTY), tasks[2].split("-")[0], "不办了")
    cases.drafts.save(house.actor(A), tasks[3], {"opinion": "写了一半"})
    cases.verbs.involve(house.actor(A), tasks[4], "ask", [house.actor(B).user_id], "请看")
    told = house.application.bulks.rehearse(house.actor(A), "complete", [AGREE], chosen)
    house.application.bulk_runner.run()
    results = [(one.status, one.said[0]) for one in stands(house, number).results]
    assert [(("done" if one.passes else "refused"), one.said.text()) for one in told] == results  # type: ignore[union-attr]
    words = ["办结", "已签收", "撤回", "草稿", "刚才已有人处理", "下一步"]
    assert [word in said for word, (_, said) in zip(words, results, strict=True)] == [True] * 6, results
    assert [status for status, _ in results] == [*["refused"] * 5, "done"]
    proved(house, tasks)
