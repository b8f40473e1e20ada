"""A database with the official tree, one officer and two administrators, for tests that need people."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from engine.demo import people as demo_people
from engine.desks.accounts import AccountDesk
from engine.directory import actors
from engine.directory.signin import SignIn, SignInRefused
from storage import account_events
from storage.database import Database, metadata
from tests.directory import put_in_force
from tests.house import CHEAP

PASSWORD = "correct horse battery"


class Clock:
    def __init__(self):
        self.time = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

    def now(self):
        return self.time


@cache
def _with_the_tree():
    """A database with the schema and the tree, made once for all tests."""
    file = Path(mkdtemp(prefix="gangwei-")) / "gangwei.db"
    database = Database(f"sqlite:///{file}")
    _furnish(database)
    database.close()  # what stands beside the file goes into it
    return file


def _furnish(database):
    metadata.create_all(database.engine)
    put_in_force(database, Clock())
    demo_people.load_organisations(database, Clock())


class House:
    """A database with the tree, one officer and two administrators."""

    def __init__(self, url):
        file = url.removeprefix("sqlite:///")
        self.database = Database(url)
        if file == "sqlite://":
            _furnish(self.database)
        else:
            shutil.copyfile(_with_the_tree(), file)
        self.clock = Clock()
        self.signin = SignIn(self.database, self.clock, CHEAP)
        self.people = AccountDesk(self.database, self.clock, passwords=self.signin.passwords)
        self.officer = self.add("officer", ("county_officer", "130102"))
        self.admin = self.actor(self.add("admin", ("administrator", "130000")))
        self.other_admin = self.actor(self.add("admin2", ("administrator", "130000")))

    def add(self, login, *held):
        with self.database.write() as connection:
            user_id = self.people.add(
                connection, None, login, f"测试{login}", self.people.hashed(PASSWORD, login), must_change=False
            )
            for role, code in held:
                self.people.give(connection, None, user_id, role, code)
        return user_id

    def actor(self, user_id):
        with self.database.read() as connection:
            return actors.actor(connection, user_id, self.clock.now())

    def events(self, user_id=None):
        table = account_events.account_events
        with self.database.read() as connection:
            found = connection.execute(table.select().order_by(table.c.sequence)).mappings().all()
        return [row["kind"] for row in found if user_id in (None, row["user_id"])]

    def fail(self, login="officer", times=1, address=""):
        for _ in range(times):
            with pytest.raises(SignInRefused):
                self.signin.enter(login, "wrong password", address)
