"""All parts of one installation, put together once. The web, the console and the tests open it here."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from engine import database as schema
from engine.cases import Cases
from engine.channels.settings import NONE, Channels
from engine.clock import DemoClock
from engine.damage import Reporting
from engine.designing.workshop import Workshop
from engine.desks.accounts import AccountDesk
from engine.desks.addresses import AddressDesk
from engine.desks.anchors import AnchorDesk
from engine.desks.audit import AuditDesk
from engine.desks.bulks import BulkDesk
from engine.desks.calendar import CalendarDesk
from engine.desks.clock import ClockDesk
from engine.desks.definitions import DefinitionDesk
from engine.desks.directory import DirectoryDesk
from engine.desks.event_logs import EventLogDesk
from engine.desks.invitations import InvitationDesk
from engine.desks.leaving import LeavingDesk
from engine.desks.looks import LookDesk
from engine.desks.notifications import NotificationDesk
from engine.desks.operator import OperatorDesk
from engine.desks.organisations import OrganisationDesk
from engine.desks.outbox import OutboxDesk
from engine.desks.phrases import PhraseDesk
from engine.desks.playback import PlaybackDesk
from engine.desks.public_pages import PublicDesk
from engine.desks.registers import RegisterDesk
from engine.desks.saved_filters import FilterDesk
from engine.desks.substitutes import SubstituteDesk
from engine.desks.succession import SuccessionDesk
from engine.directory.looks import Looks
from engine.directory.page_keys import PageKeys
from engine.directory.signin import Settings as Entrance
from engine.directory.signin import SignIn
from engine.directory.tours import Tours
from engine.evidence.anchors.book import Book
from engine.evidence.anchors.proving import House
from engine.evidence.taking_back import TakingBack
from engine.files.lease import Lease
from engine.files.store import FileStore
from engine.jobs.bulks import BulkRunner
from engine.jobs.live import Live
from engine.jobs.report import set_back
from engine.jobs.scheduler import Scheduler
from engine.jobs.upkeep import Upkeep
from engine.jobs.worker import Worker
from engine.messages.box import MessageBox
from engine.model import Clock
from engine.notifying.courier import Courier, open_courier
from engine.publishing.catalog import Catalog
from storage import moments
from storage.access_log import open_access_log
from storage.database import Database

SET_BACK: Final = "set_back"
"""How a clock stands that says less than what was written last."""


class Settings(Protocol):
    """What an application needs of the settings."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def database_url(self) -> str: ...
    @property
    def production(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Application:
    """One installation. ``machine`` is the clock that no demo moves: who may enter is a matter of real time."""

    database: Database
    clock: Clock
    machine: Clock
    catalog: Catalog
    directory: DirectoryDesk
    cases: Cases
    bulks: BulkDesk
    bulk_runner: BulkRunner
    messages: MessageBox
    live: Live
    registers: RegisterDesk
    worker: Worker
    scheduler: Scheduler
    clock_desk: ClockDesk
    signin: SignIn
    accounts: AccountDesk
    invitations: InvitationDesk
    organisations: OrganisationDesk
    succession: SuccessionDesk
    substitutes: SubstituteDesk
    phrases: PhraseDesk
    tours: Tours
    saved_filters: FilterDesk
    leaving: LeavingDesk
    operator: OperatorDesk
    outbox: OutboxDesk
    courier: Courier
    channels: Channels
    audit: AuditDesk
    anchors: AnchorDesk
    playback: PlaybackDesk
    definitions: DefinitionDesk
    workshop: Workshop
    calendar: CalendarDesk
    page_keys: PageKeys
    looks: Looks
    look_desk: LookDesk
    damage: Reporting
    files: FileStore
    url: str

    @property
    def taking_back(self) -> TakingBack:
        """Where a person takes his own last act on a case back."""
        return TakingBack(self.cases.parts, self.cases.transactions, self.looks)

    @property
    def event_logs(self) -> EventLogDesk:
        """Where an auditor exports what happened, for process mining."""
        return EventLogDesk(self.cases.parts)

    @property
    def public(self) -> PublicDesk:
        """What everybody may read without sign-in."""
        return PublicDesk(self.database, self.clock)

    @property
    def addresses(self) -> AddressDesk:
        """Where a person settles how he is told outside."""
        return AddressDesk(self.database, self.clock, self.cases.calendars, self.channels)

    @property
    def notifications(self) -> NotificationDesk:
        """Where an operator sees what is told outside."""
        return NotificationDesk(self.database, self.clock, self.machine, self.channels)

    def snapshot(self) -> AbstractContextManager[None]:
        """Let all readings inside see the installation at one moment: a page, however much it asks for."""
        return self.database.snapshot()

    def keep_overruns(self) -> None:
        """Write which definitions took too long, when nothing else is being written. What fails is done next time."""
        with suppress(Exception):
            self.catalog.suspensions.keep(self.clock.now())

    def standing(self) -> dict[str, str]:
        """Whether anything can be written, and whether there is room for files: ``ok`` or why not."""
        return {"writing": self.database.outage.why or "ok", "disk": self.files.room()}

    def note_outage(self, reason: str, error: Exception) -> None:
        """Something was refused for this reason, not by the database: the log hears of the first time."""
        self.database.outage.failed(reason, error)

    def clock_standing(self) -> str:
        """``ok``, or ``set_back``: this machine's clock says less than what was written last."""
        with self.database.read() as connection:
            latest = moments.newest(connection)
        return SET_BACK if set_back(latest, self.machine.now()) else "ok"

    def ready(self) -> bool:
        """Whether the database answers and its schema is this program's."""
        try:
            schema.require_current(self.database)
        except (schema.SchemaOutdated, schema.SchemaUnknown):
            return False
        return True


def open_application(
    settings: Settings, machine: Clock, *, demo: bool = False, database: Database | None = None,
    entrance: Entrance | None = None, channels: Channels = NONE, book: Book | None = None,
    files: FileStore | None = None,
) -> Application:  # fmt: skip
    """Open the database and everything on it. Changes nothing on disk but the database file's own existence.

    ``demo``: the clock can be moved forward, for cases and deadlines; sessions and accounts keep the machine's time.
    ``database``: one that is open already, instead of that of the settings. ``entrance``: figures of the sign-in.
    ``channels``: how people are told outside. ``book``: where the anchors are, if not in the data folder.
    ``files``: where the files of cases are, if not there.
    """
    database, entrance, data = database or Database(settings.database_url), entrance or Entrance(), settings.data_dir
    clock = DemoClock(database, machine) if demo else machine
    catalog, files = Catalog(database, guarded=settings.production), files or FileStore(settings.data_dir / "files")
    worker = Worker(database, clock, cases := Cases(database, catalog, clock, files, entrance.cost))
    signin, page_keys = SignIn(database, machine, entrance, business=clock), PageKeys(database, machine)
    looks, succession = Looks(open_access_log(database), machine), SuccessionDesk(database, machine, cases)
    accounts = AccountDesk(database, machine, handing_over=cases.handing_over, passwords=signin.passwords)
    damage, bulks = Reporting(database, clock), BulkRunner(database, cases)
    courier = open_courier(database, clock, machine, cases, channels)
    workshop, lease = Workshop(database, catalog, clock, machine), Lease(settings.data_dir, machine)
    upkeep = Upkeep(database, cases.calendars, clock, signin, page_keys, files, lease, workshop.history)
    anchors = AnchorDesk(House(database, looks.database, catalog, files, book or _book(data)), machine, data)
    routines = (*upkeep.routines(), *courier.routines(), *anchors.routines())
    return Application(
        database=database, clock=clock, machine=machine, catalog=catalog,
        directory=DirectoryDesk(database, machine, guarded=settings.production),
        cases=cases, bulks=BulkDesk(database, cases), bulk_runner=bulks,
        messages=(box := MessageBox(database, clock)),
        live=Live(database, cases, box, machine, signin.settings.absolute),
        registers=RegisterDesk(database, catalog, clock), worker=worker,
        scheduler=Scheduler(database, worker, clock, machine, routines, damage, bulks),
        clock_desk=ClockDesk(database, clock, worker.run_due, cases.calendars),
        signin=signin, accounts=accounts,
        invitations=InvitationDesk(database, machine, accounts, signin.delays),
        leaving=LeavingDesk(database, machine, accounts, cases),
        organisations=OrganisationDesk(database, machine, succession),
        succession=succession, phrases=PhraseDesk(database, clock),
        tours=Tours(database, machine), saved_filters=FilterDesk(database, clock),
        substitutes=SubstituteDesk(database, clock, cases.inbox),
        operator=OperatorDesk(database, clock, machine, cases),
        outbox=OutboxDesk(database, clock, machine),
        courier=courier, channels=channels,
        audit=AuditDesk(database, catalog, machine), anchors=anchors,
        playback=PlaybackDesk(cases.parts, anchors.house, machine, looks),
        definitions=DefinitionDesk(database, catalog, clock), workshop=workshop,
        calendar=CalendarDesk(database, cases.calendars, machine),
        page_keys=page_keys, looks=looks,
        look_desk=LookDesk(database, looks.database, catalog),
        damage=damage, files=files, url=settings.database_url,
    )  # fmt: skip


def _book(data_dir: Path) -> Book:
    """The book of anchors of an installation that names no other place."""
    return Book(data_dir / "anchors", data_dir / "anchor.key")
