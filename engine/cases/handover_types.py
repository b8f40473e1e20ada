"""What an event carries by which a case goes to a successor. Stored: nothing is renamed."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class NewStarter(TypedDict):
    """Who stands for the one who opened a case."""

    id: int
    login: str
    name: str


class OrganisationFacts(TypedDict):
    """All that the diagram knows of an organisation: figures by their names, too."""

    code: str
    name: str


class HandedOver(TypedDict):
    """What stood in the name of an organisation or a person stands in that of another, as it says here."""

    reason: str
    predecessor: str  # by name
    successor: str
    organisation: NotRequired[OrganisationFacts]  # of the case
    starter: NotRequired[NewStarter]
    tasks: list[list[Any]]  # [number, inbox key, name of the organisation or person]
    records: list[list[Any]]  # [register, number, data, search text], each a new version
