"""All parts of one installation, put together once. The web, the console and the tests open it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from engine import schema
from engine.audit import AuditDesk
from engine.cases import Cases
from engine.definitions_desk import DefinitionDesk
from engine.directory import Organisations
from engine.files import FileStore
from engine.model import Clock
from engine.operating import OperatingDesk
from engine.people import People
from engine.publishing import Catalog
from engine.records import RegisterDesk
from engine.signin import SignIn
from engine.worker import Worker
from storage.database import Database


class Settings(Protocol):
    """What of the settings the services need."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def database_url(self) -> str: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Service:
    """One installation."""

    database: Database
    clock: Clock
    catalog: Catalog
    cases: Cases
    registers: RegisterDesk
    worker: Worker
    signin: SignIn
    people: People
    organisations: Organisations
    operating: OperatingDesk
    audit: AuditDesk
    definitions: DefinitionDesk
    url: str

    def ready(self) -> bool:
        """Whether the database answers and its schema is this program's."""
        try:
            schema.require_current(self.database)
        except (schema.SchemaOutdated, schema.SchemaUnknown):
            return False
        return True


def open_service(settings: Settings, clock: Clock | None = None) -> Service:
    """Open the database and everything on it. Changes nothing on disk but the database file's own existence."""
    database = Database(settings.database_url)
    time = clock or SystemClock()
    catalog = Catalog(database)
    cases = Cases(database, catalog, time, FileStore(settings.data_dir / "files"))
    return Service(
        database=database,
        clock=time,
        catalog=catalog,
        cases=cases,
        registers=RegisterDesk(database, catalog),
        worker=Worker(database, time, cases),
        signin=SignIn(database, time),
        people=People(database, time),
        organisations=Organisations(database, time),
        operating=OperatingDesk(database, time),
        audit=AuditDesk(database, catalog, time),
        definitions=DefinitionDesk(database, catalog),
        url=settings.database_url,
    )
