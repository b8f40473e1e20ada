"""The door of the workshop: all that designers do with designs. Knows no page."""

from __future__ import annotations

from engine.designing.beginning import Beginning
from engine.designing.checking import Checking
from engine.designing.editing import Editing
from engine.designing.history import History
from engine.designing.offering import Offering
from engine.designing.proposing import Proposing
from engine.designing.reading import DesignReading
from engine.designing.sides import Sides
from engine.model import Clock
from engine.publishing.catalog import Catalog
from storage.database import Database


class Workshop:
    """Whoever may see definitions may edit designs. ``machine``: who edits now is a matter of real time."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock, machine: Clock) -> None:
        self.reading = DesignReading(database, machine)
        self.beginning = Beginning(database, machine)
        self.editing = Editing(database, machine)
        self.history = History(database, machine)
        self.checking = Checking(database, catalog, clock)
        self.proposing = Proposing(database, catalog, clock)
        self.sides = Sides(database)
        self.offering = Offering(database, catalog, clock)
