"""A small house for tests of the calendar: five organisations, an operator, an approver, an officer, and a desk."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.calendar.in_force import Calendars
from engine.desks.calendar import ACCEPT, CalendarDesk
from engine.directory import organisations
from engine.directory.actors import Actor, Membership
from storage import accounts
from storage import organisations as stored
from storage.database import Database, metadata
from storage.mapped import newest_account_events
from tests.directory import OURS

PLACES = {"130000": "", "130100": "130000", "130102": "130100", "130200": "130000", "130203": "130200"}
PEOPLE = {"operator": "130000", "province_approver": "130000", "county_officer": "130102"}


class Clock:
    def now(self):
        return datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Office:
    """Five organisations; an operator and an approver, who may both change the calendar, an officer, and a desk."""

    def __init__(self, url):
        self.database = Database(url)
        metadata.create_all(self.database.engine)
        self.calendars = Calendars()
        self.desk = CalendarDesk(self.database, self.calendars, Clock())
        with self.database.write() as connection:
            stored.save(connection, [place(code) for code in PLACES], [])
            people = [self._person(connection, role, code) for role, code in PEOPLE.items()]
        self.operator, self.approver, self.officer = people

    def _person(self, connection, role, code):
        same = {"password_hash": "", "active": True, "must_change_password": False}
        user = accounts.add_user(connection, {"login": role, "name": role, "created_at": Clock().now(), **same})
        return Actor(user, role, role, (Membership(role, organisations.get(connection, code)),), OURS)

    def calendar(self, code=""):
        with self.database.read() as connection:
            return self.calendars.of(connection, organisations.get(connection, code) if code else None)

    def accept(self, proposal_id):
        return self.desk.decide(self.approver, proposal_id, ACCEPT)

    def events(self):
        with self.database.session() as session:
            return [one.kind for one in newest_account_events(session, 50)][::-1]


def place(code):
    levels = [code]
    while PLACES[levels[0]]:
        levels.insert(0, PLACES[levels[0]])
    row = {"code": code, "name": code, "short_name": code, "kind": "county", "parent_code": PLACES[code] or None}
    return {**row, "path": f"/{'/'.join(levels)}/", "level": len(levels), "figures": {}, "valid": True, "source": ""}
