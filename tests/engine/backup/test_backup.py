"""A backup holds what was acknowledged before it began, says of itself whether it is whole, and leaves nothing half-made."""

from __future__ import annotations

import errno
import hashlib
import shutil
import stat
import tarfile
import threading
import time

import pytest

from engine.backup import archive, making, postgres
from engine.backup.archive import BackupThere, NoRoom
from engine.backup.checking import check
from engine.backup.making import make
from engine.backup.manifest import BackupDamaged
from engine.backup.postgres import NoProgram
from engine.errors import NotFound
from engine.files.lease import Lease
from engine.jobs.upkeep import Upkeep
from storage import copying
from tests.engine.backup.installation import Place, furnished, last_event
from tests.house import TestClock


@pytest.fixture
def home(tmp_path):
    house, place = furnished(tmp_path / "home", None)
    yield house, place
    house.application.database.close()


def test_a_backup_is_whole_private_and_recorded(server, tmp_path):
    house, place = furnished(tmp_path / "home", server)
    target = tmp_path / "today.backup"
    made = make(place, target, house.clock)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [one for one in tmp_path.iterdir() if "today" in one.name] == [target]
    found = check(target)
    assert found.digest == made.digest and found.manifest == made.manifest
    facts = found.manifest["databases"][found.manifest["main"]]["facts"]
    assert facts["counts"]["cases"] == 1 and facts["counts"]["users"] > 5
    assert found.manifest["files"]["count"] == 1 and not found.manifest["files"]["missing"]
    assert last_event(house.application) == ("backup_made", made.digest)
    assert not (place.data_dir / "backup.lease").exists()
    house.application.database.close()


def test_a_backup_overwrites_nothing_and_needs_an_installation(home, tmp_path):
    house, place = home
    there = tmp_path / "there"
    there.write_text("wichtig")
    with pytest.raises(BackupThere):
        make(place, there, house.clock)
    assert there.read_text() == "wichtig"
    with pytest.raises(NotFound):
        make(Place(tmp_path / "none", f"sqlite:///{tmp_path / 'none.db'}"), tmp_path / "b", house.clock)
    assert not (tmp_path / "none.db").exists() and not (tmp_path / "b").exists()


def test_a_full_disk_is_told_and_nothing_is_left(home, tmp_path, monkeypatch):
    house, place = home

    def full(*_words, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    for what in ("add", "add_bytes"):
        with monkeypatch.context() as patched:
            patched.setattr(archive.Writer, what, full)
            with pytest.raises(NoRoom):
                make(place, tmp_path / "full.backup", house.clock)
    assert not [one for one in tmp_path.iterdir() if "full" in one.name]
    assert not (place.data_dir / "backup.lease").exists()


def test_a_file_that_rows_name_and_that_is_gone_is_told(home, tmp_path):
    house, place = home
    digest = hashlib.sha256("岗位说明".encode()).hexdigest()
    (place.data_dir / "files" / digest[:2] / digest).unlink()
    assert make(place, tmp_path / "b", house.clock).manifest["files"]["missing"] == [digest]


def damages(data):
    """Ways in which a backup can be less than it was."""
    middle = data.find("岗位说明".encode())
    yield "one byte of a file", data[:middle] + b"X" + data[middle + 1 :]
    yield "one byte of the database", data[:5000] + bytes([data[5000] ^ 1]) + data[5001:]
    yield "half of it", data[: len(data) // 2]
    yield "its end", data[: data.rfind(b"manifest.json")]
    yield "nothing", b""
    yield "another file", b"PK\x03\x04" + data[4:]


def test_whatever_is_damaged_is_found(home, tmp_path):
    house, place = home
    make(place, tmp_path / "b", house.clock)
    data = (tmp_path / "b").read_bytes()
    for number, (how, damaged) in enumerate(damages(data)):
        (tmp_path / str(number)).write_bytes(damaged)
        with pytest.raises(BackupDamaged):
            check(tmp_path / str(number))
            pytest.fail(how)


def test_a_member_that_would_lead_elsewhere_is_refused(tmp_path):
    for name in ("../evil", "/etc/passwd", "files/ab/../../x", "databases/../x", "files/ab/" + "c" * 64):
        with tarfile.open(tmp_path / "b", "w") as tar:
            tar.addfile(tarfile.TarInfo(name))
        with pytest.raises(BackupDamaged):
            check(tmp_path / "b")


def test_a_newer_form_of_a_backup_names_the_newer_program(home, tmp_path, monkeypatch):
    house, place = home
    monkeypatch.setattr(making, "FORMAT", 2)
    make(place, tmp_path / "b", house.clock)
    with pytest.raises(BackupDamaged) as refused:
        check(tmp_path / "b")
    assert "新版" in refused.value.message("zh")


def test_nothing_is_cleaned_up_while_a_backup_is_under_way_and_a_dead_one_stops_nobody_for_long(home, tmp_path):
    house, place = home
    opened, clock = house.application, TestClock()
    lease = Lease(place.data_dir, clock)
    upkeep = Upkeep(
        opened.database, opened.cases.calendars, clock, opened.signin, opened.page_keys, opened.files, lease
    )
    with lease.holding() as renew:
        assert upkeep.clean_up() == {"left_for_backup": 1}
        clock.move(minutes=9)
        renew()
        clock.move(minutes=9)
        assert lease.is_held()
        clock.move(days=-3)
        renew()
        assert lease.is_held()
        shutil.copy(place.data_dir / "backup.lease", tmp_path / "left")
    assert not lease.is_held()
    shutil.copy(tmp_path / "left", place.data_dir / "backup.lease")  # of one that was killed
    assert lease.is_held()
    clock.move(minutes=11)
    assert "sessions" in upkeep.clean_up()


def test_writers_go_on_while_a_database_is_copied_and_do_not_make_it_begin_again(tmp_path):
    house, place = furnished(tmp_path / "home", None)
    written, steps, over = [], [], threading.Event()

    def write():
        while not over.is_set():
            written.append(comment())

    def comment():
        house.application.cases.acting.comment(house.actor("changan"), "1", f"第{len(written)}条")
        return time.monotonic()

    def between():
        steps.append(len(written))
        before = len(written)
        while len(written) == before:  # each step waits for a writer: were writers held, it would wait forever
            time.sleep(0.001)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with open(archive.private(tmp_path / "copy"), "wb"):
            copying.copy_sqlite(place.data_dir / "gangwei.db", tmp_path / "copy", between, pages=100)
    finally:
        over.set()
        writer.join()
    pages = (tmp_path / "copy").stat().st_size // 4096
    assert len(steps) <= pages // 100 + 1 and steps[-1] > steps[0]
    counts = copying.file_facts(tmp_path / "copy")["counts"]
    assert counts["events"] <= 2 + steps[0] + 1  # the moment of its beginning, not that of its end
    house.application.database.close()


def test_a_program_of_postgresql_that_is_too_old_is_named_with_what_to_install(tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o700)
    target = copying.Target("", "", 15, "")
    with pytest.raises(NoProgram) as refused:
        postgres.dump(target, tmp_path / "x", [tmp_path])
    assert "15" in refused.value.message("zh") and "9" in refused.value.message("zh")
    with pytest.raises(NoProgram):
        postgres.dump(target, tmp_path / "x", [tmp_path / "none"])
