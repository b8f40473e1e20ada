"""Many tasks in one go: the same checks and events as one by one, done once, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.application import open_application
from engine.cases import filling
from engine.cases.acting import submissions
from engine.definition import Definition
from engine.desks.successors import Successor
from engine.errors import BadInput, NotFound
from engine.feel import TakesLong
from engine.forms import Form
from engine.views import InboxFilters
from engine.views.bulks import BulkView, Picked, Wanted
from engine.views.deadlines import RunningFilters
from storage import events as logged
from storage import restores
from tests.house import ROOT, House, build_house, replaced
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


def test_all_that_match_are_urged_from_what_one_has_begun_and_from_running_deadlines(on_sqlite: House) -> None:
    house, tasks = on_sqlite, begun(on_sqlite, 3)
    desk, asker, above = house.application.bulks, house.actor(COUNTY), house.actor("province")
    house.application.cases.acting.withdraw(asker, tasks[1].split("-")[0], "不办了")
    waiting = [tasks[0], tasks[2]]
    for who, filters, total in ((asker, InboxFilters(), 2), (asker, InboxFilters(state="withdrawn"), 0),
                                (above, RunningFilters(), 2), (above, RunningFilters(standing="late"), 0)):  # fmt: skip
        if not total:
            with pytest.raises(BadInput):
                desk.choose_to_urge(who, filters)
            continue
        choice = desk.choose_to_urge(who, filters)
        assert (sorted(one.task_id for group in choice.groups for one in group.tasks), choice.total) == (waiting, total)
    mine = house.application.cases.inbox.page(asker, "mine").rows
    assert [row.urged_at for row in mine] == [(tasks[2],), (), (tasks[0],)]
    found = desk.choose_to_urge(asker, InboxFilters()).groups[0].tasks
    number = desk.begin(asker, "urge", [Wanted()], [Picked(one.task_id, one.revision) for one in found])
    house.application.bulk_runner.run()
    assert stands(house, number, COUNTY).counts == {"done": 2}


def test_the_form_of_each_is_filled_in_once(on_sqlite: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house, tasks, filled = on_sqlite, begun(on_sqlite, 2), list[str]()
    fill = filling.filling_of

    def counted(definition: Definition, form: Form, *rest: object) -> filling.Filling:
        filled.append(definition.key)
        return fill(definition, form, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(submissions, "filling_of", counted)
    asked(house, "complete", tasks)
    filled.clear()
    house.application.bulk_runner.run()
    assert len(filled) == 2
    proved(house, tasks)


def test_rights_are_those_of_the_moment_and_another_person_reads_and_stops_nothing(on_sqlite: House) -> None:
    house, tasks = on_sqlite, begun(on_sqlite, 2)
    number = asked(house, "complete", tasks)
    for act in (house.application.bulks.page, house.application.bulks.stop):
        with pytest.raises(NotFound):
            act(house.actor(B), number)
    desk, who = house.application.accounts, house.actor(A)
    desk.revoke(house.actor("administrator"), who.user_id, "city_reviewer", "130100", Successor(nobody=True))
    house.application.bulk_runner.run()
    view = stands(house, number)
    assert (view.counts, [one.title for one in view.results]) == ({"refused": 2}, ["", ""])


def test_an_account_that_was_closed_does_nothing_more(on_sqlite: House) -> None:
    house, tasks = on_sqlite, begun(on_sqlite, 1)
    who, number = house.actor(A), asked(on_sqlite, "complete", tasks)
    house.application.accounts.lock(house.actor("administrator"), who.user_id, Successor(nobody=True))
    house.application.bulk_runner.run()
    assert house.application.bulks.page(who, number).counts == {"refused": 1}


def test_what_the_program_itself_does_wrong_is_told_to_an_operator_and_the_others_go_on(
    on_sqlite: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, tasks = on_sqlite, begun(on_sqlite, 3)
    number, complete = asked(house, "complete", tasks), type(house.application.cases.acting).complete_as

    def broken(self: object, actor: object, task_id: str, *rest: object) -> object:
        receipt = complete(self, actor, task_id, *rest)  # type: ignore[arg-type]
        if task_id == tasks[1]:
            raise RuntimeError("broken")
        return receipt

    monkeypatch.setattr(type(house.application.cases.acting), "complete_as", broken)
    house.application.bulk_runner.run()
    assert [one.status for one in stands(house, number).results] == ["done", "failed", "done"]
    assert [one.code for one in house.application.operator.watched().incidents] == ["RuntimeError"]
    assert not completed(house, tasks[1])
    proved(house, tasks)


def test_what_takes_long_is_worked_out_ahead_and_done_again(on_sqlite: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house, tasks, tries = on_sqlite, begun(on_sqlite, 2), list[str]()
    acting = type(house.application.cases.acting)
    complete = acting.complete_as

    def slow(self: object, actor: object, task_id: str, *rest: object) -> object:
        tries.append(task_id)
        if tries.count(task_id) == 1:
            raise TakesLong
        return complete(self, actor, task_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(acting, "complete_as", slow)
    told = house.application.bulks.rehearse(house.actor(A), "complete", [AGREE], picked(house, tasks))
    assert [one.passes for one in told] == [True, True]
    tries.clear()
    number = asked(house, "complete", tasks)
    house.application.bulk_runner.run()
    assert (stands(house, number).counts, len(tries)) == ({"done": 2}, 4)


def test_nothing_goes_on_while_a_restored_installation_is_held(on_sqlite: House) -> None:
    house, tasks = on_sqlite, begun(on_sqlite, 1)
    asked(house, "complete", tasks)
    now = house.clock.now()
    with house.application.database.write() as connection:
        restores.note(connection, {"backup": "b" * 64, "made_at": now, "restored_at": now, "ahead": 0})
    assert house.application.bulk_runner.run() == 0
    house.application.outbox.release(None)
    assert house.application.bulk_runner.run() == 1


def test_two_workers_do_each_task_once(house: House) -> None:
    tasks = begun(house, 6)
    number = asked(house, "complete", tasks)
    workers = [threading.Thread(target=house.application.bulk_runner.run) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    house.application.bulk_runner.run()
    assert stands(house, number).counts == {"done": 6}
    assert [completed(house, task) for task in tasks] == [1] * 6
    proved(house, tasks)


def completed(house: House, task: str) -> int:
    """How many times a task was completed, as its case tells."""
    case_id, number = map(int, task.split("-"))
    with house.application.database.read() as connection:
        found = logged.named(connection, case_id, "task_completed")
    return sum(one["data"]["task"] == number for one in found)


def test_of_a_worker_that_is_killed_exactly_what_was_reported_is_done_and_the_rest_follows(house: House) -> None:
    tasks = begun(house, 15)
    number = asked(house, "complete", tasks)
    worker = os.fork()
    if worker == 0:  # another program, but for the imports; it ends by the kill alone
        open_application(house.folder, house.clock).bulk_runner.run()
        os._exit(1)
    while stands(house, number).settled < 3:
        time.sleep(0.002)
    os.kill(worker, signal.SIGKILL)
    assert os.waitpid(worker, 0)[1] == signal.SIGKILL
    results = {one.task_id: one.status for one in stands(house, number).results}
    assert "waiting" in results.values()
    assert results == {task: "done" if completed(house, task) else "waiting" for task in tasks}
    while stands(house, number).ended_at is None:  # PostgreSQL may still undo what the killed one was at
        house.application.bulk_runner.run()
    assert stands(house, number).counts == {"done": 15}
    assert [completed(house, task) for task in tasks] == [1] * 15
    proved(house, tasks[:5])


def test_what_a_diagram_lets_be_filled_in_once_goes_into_each_form_and_what_it_forbids_is_refused(
    on_sqlite: House,
) -> None:
    house, review, left = on_sqlite, '<gw:verb name="forward" to="role"/>', '<gw:verb name="copy" allowed="false"/>'
    offered, forbidden = '<gw:verb name="bulk" fields="note"/>', '<gw:verb name="bulk" allowed="false"/>'
    files = replaced(FOLDER, (review, review + offered), (left, left + forbidden))
    name = "signed_together/forms/note.form.json"
    form = json.loads(files[name])
    form["components"][0]["validate"] = {"required": True}
    files |= {name: json.dumps(form, ensure_ascii=False)}
    house.publish(files)
    tasks, desk, who = begun(house, 2), house.application.bulks, house.actor(A)
    (group,) = desk.choose(who, tasks).groups
    assert [(one.name, one.kind, one.required) for one in group.fields] == [("note", "textfield", True)]
    without = desk.rehearse(who, "complete", [AGREE], picked(house, tasks))
    assert {(one.passes, "表单需要逐件填写" in one.said.text()) for one in without} == {(False, True)}  # type: ignore[union-attr]
    number = asked(house, "complete", tasks, Wanted("agree", "同意", data={"note": "统一", "other": "没有这个字段"}))
    house.application.bulk_runner.run()
    assert stands(house, number).counts == {"done": 2}
    with house.application.database.read() as connection:
        (event,) = logged.named(connection, int(tasks[0].split("-")[0]), "task_completed")
    assert event["data"]["submission"]["note"] == "统一" and "other" not in event["data"]["submission"]
    opened = [one.id for one in house.application.cases.reading.case(house.actor(B), tasks[0].split("-")[0]).tasks]
    groups = desk.choose(house.actor(B), opened).groups
    assert [group.allowed for group in groups] == [False, True]
    (told, _) = desk.rehearse(house.actor(B), "complete", [Wanted("done")] * 2, picked(house, opened, B))
    assert told.said.text() == "您不能批量办理：这一环节不允许"  # type: ignore[union-attr]
