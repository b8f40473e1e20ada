"""What a backup holds comes back whole or not at all; nothing issued since is issued again; nothing is sent unasked."""

from __future__ import annotations

import pytest

from engine import upgrading
from engine.backup import archive
from engine.backup.making import make
from engine.backup.manifest import BackupDamaged
from engine.backup.restoring import NotEmpty, StillWorking, must_be_finished, restore
from engine.errors import BadInput, Conflict, NotAllowed, Refusal
from engine.files.store import FileStore
from engine.views import RegisterFilters
from storage import account_events, copying, numbering, ticks
from storage.database import Database
from tests.applications import filled_application, post
from tests.engine.backup.installation import approved, content, empty, furnished, last_event, opened
from tests.house import House
from tests.visitor import PASSWORD

EVIDENCE = ("events", "event_payloads", "cases", "tasks", "records", "attachments", "jobs", "organisations")


@pytest.fixture
def home(tmp_path, server):
    house, place = furnished(tmp_path / "home", server)
    yield house, place
    house.application.database.close()


def again(house, place):
    """The restored installation with the people of the house."""
    return House(opened(place, house.clock), house.clock, house.folder)


def test_what_was_acknowledged_comes_back_and_proves_and_nothing_is_issued_twice(home, server, tmp_path):
    house, place = home
    done = approved(house, "130102901")
    make(place, tmp_path / "b", house.clock)
    before = content(house.application, *EVIDENCE)
    numbers = [
        row.number for row in house.application.registers.search(house.actor("changan"), "post", RegisterFilters()).rows
    ]
    lost = house.start("changan", "post_approval", "130102", filled_application(post("130102902")))  # after the backup
    lost_record = approved(house, "130102991")
    house.clock.move(hours=3)

    there = empty(tmp_path / "new", server)
    told = restore(there, tmp_path / "b", house.clock)
    new = again(house, there)
    after = content(new.application, *EVIDENCE)
    assert after == before
    assert [new.proof(case) for case in ("1", done)] == [[], []]
    assert told.checked.manifest["files"]["count"] == 1
    for name in (there.data_dir / "files").glob("??/*"):
        assert FileStore(there.data_dir / "files").get(name.name)

    issued = new.start("changan", "post_approval", "130102", filled_application(post("130102903")))
    assert int(issued.case_id) > int(lost_record) and issued.number > lost.number
    second = approved(new, "130102991")
    made = [
        row.number for row in new.application.registers.search(new.actor("changan"), "post", RegisterFilters()).rows
    ]
    old = [
        row.number for row in house.application.registers.search(house.actor("changan"), "post", RegisterFilters()).rows
    ]
    assert not (set(made) - set(numbers)) & set(old) and int(second) > int(issued.case_id)
    new.application.database.close()


def test_restoring_is_a_fact_in_the_chain_and_the_outbox_waits_for_the_operator(home, server, tmp_path):
    house, place = home
    visitor = house.application.signin.enter("changan", PASSWORD)
    house.application.looks.write(1, "127.0.0.1", "view", "case", "1")
    made = make(place, tmp_path / "b", house.clock)
    there = empty(tmp_path / "new", server)
    assert restore(there, tmp_path / "b", house.clock).sessions == 1
    new = again(house, there)
    assert new.application.signin.visitor(visitor.session_id, house.clock.now()) is None
    chain = new.application.look_desk.chain(None, prove=True)  # who looked at what comes back, too
    assert chain == house.application.look_desk.chain(None, prove=True) and chain.looks == 1 and not chain.broken
    database, desk, outbox = new.application.database, new.application.operator, new.application.outbox
    with database.read() as connection:
        assert not list(account_events.broken(connection))
    assert last_event(new.application) == ("installation_restored", made.digest)

    new.clock.move(days=60)  # every deadline of the waiting case is past
    assert new.application.worker.run_due() == 0
    held = desk.standing(new.actor("operator")).held
    assert held is not None and held.total >= held.due > 0 and held.backup == made.digest
    with pytest.raises(NotAllowed):
        outbox.release(new.actor("changan"))
    assert outbox.release(new.actor("operator")) == held.total
    assert desk.watched().held is None
    assert new.application.worker.run_due() >= held.due
    with pytest.raises(Conflict):
        outbox.release(None)
    assert last_event(new.application) == ("outbox_released", made.digest)
    assert new.proof("1") == []
    database.close()


def test_an_installation_that_is_there_is_not_overwritten(home, server, tmp_path):
    house, place = home
    make(place, tmp_path / "b", house.clock)
    before = content(house.application, *EVIDENCE)
    with pytest.raises(NotEmpty):
        restore(place, tmp_path / "b", house.clock)
    with pytest.raises(BadInput):
        restore(empty(tmp_path / "new", server), tmp_path / "b", house.clock, ahead=0)
    assert content(house.application, *EVIDENCE) == before


def test_a_database_of_sqlite_is_replaced_when_asked_and_kept_beside(tmp_path):
    house, place = furnished(tmp_path / "home", None)
    make(place, tmp_path / "b", house.clock)
    house.application.database.close()
    lost = House(opened(place, house.clock), house.clock, house.folder)
    approved(lost, "130102902")
    with lost.application.database.write() as connection:
        row = {"worker": "w", "first_at": house.clock.now(), "last_at": house.clock.now(), "ahead": 0, "skew": 0}
        ticks.begin(connection, {**row, "running": 0, "done": 0, "failed": 0})
    with pytest.raises(StillWorking):
        restore(place, tmp_path / "b", house.clock, replace=True)
    house.clock.move(minutes=5)
    with pytest.raises(StillWorking):  # somebody still has it open
        restore(place, tmp_path / "b", house.clock, replace=True)
    lost.application.database.close()
    told = restore(place, tmp_path / "b", house.clock, replace=True)
    assert told.kept is not None and told.kept.exists()
    new = opened(place, house.clock)
    assert len(content(new, "cases")["cases"]) == 1
    new.database.close()


def test_a_restoring_that_fails_leaves_everything_as_it_was(home, server, tmp_path, monkeypatch):
    house, place = home
    make(place, tmp_path / "b", house.clock)
    there = empty(tmp_path / "new", server)
    data = (tmp_path / "b").read_bytes()
    (tmp_path / "damaged").write_bytes(data[: len(data) - 20_000])
    with pytest.raises(BackupDamaged):
        restore(there, tmp_path / "damaged", house.clock)
    nothing_there(there, server)

    def fails(*_words, **_facts):
        raise OSError("the machine is tired")

    for owner, step in (account_events, "append"), (numbering, "count_on"), (upgrading, "upgrade"), (archive, "settle"):
        with monkeypatch.context() as patched:
            patched.setattr(owner, step, fails)
            with pytest.raises(OSError, match="tired"):
                restore(there, tmp_path / "b", house.clock)
        nothing_there(there, server)
    must_be_finished(there.data_dir)
    if server is not None:
        restore(there, tmp_path / "b", house.clock)


def nothing_there(there, server):
    assert not [one for one in there.data_dir.rglob("*") if one.is_file()]
    if server is not None:
        with Database(there.database_url).read() as connection:
            assert not copying.rows_that_matter(connection)


def test_a_program_does_not_work_with_a_restoring_that_was_cut_off(tmp_path):
    (tmp_path / "restore.unfinished").touch()
    with pytest.raises(Refusal, match="restore"):
        must_be_finished(tmp_path)
