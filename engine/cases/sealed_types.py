"""What stands in a submission where something was sealed or opened. Stored: it may grow, nothing is renamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict, cast

from engine.diagram import Element
from engine.sealing.keys import KeyShare, SealingKey

VERSION: Final = 1
MEDIA_TYPE: Final = "application/octet-stream"


class SealedEntry(TypedDict):
    """What is told of a sealed submission before it is opened: everything but what is in it."""

    version: int
    key: str
    name: str  # of the file with the cipher text
    digest: str  # SHA-256 of the cipher text
    size: int  # of it, in bytes
    received_at: str
    closes_at: str


class OpenedFile(TypedDict):
    """A file that was sealed; from now on one of the case that has opened it."""

    name: str
    media_type: str
    size: int
    digest: str


class OpenedEntry(TypedDict):
    """A sealed submission that was opened. Not ``readable``: its cipher text is gone or was changed."""

    case: str  # number
    organisation: str  # code
    organisation_name: str
    by: str
    received_at: str
    digest: str
    readable: bool
    data: dict[str, Any]
    files: list[OpenedFile]


class Handed(TypedDict, total=False):
    """What a submission holds of it beside its form."""

    sealed: SealedEntry
    share: KeyShare
    key: SealingKey
    opened_key: str
    opened: list[OpenedEntry]


class EntryRefused(TypedDict):
    """A sealed submission that came too late; nothing of it was kept."""

    task: int
    element: str
    received_at: str
    closes_at: str


class UnsealingFailed(TypedDict):
    """Nothing was opened, since a pass phrase or a code was wrong."""

    task: int
    element: str
    key: str
    whose: str  # by name, whose it should have been


def handed(element: Element, submission: Mapping[str, Any]) -> Handed:
    """What a submission at an element holds of it; at any other step fields of these names are those of a form."""
    return cast(Handed, submission if element.sealing.kind else {})


def files_of(said: Handed) -> list[OpenedFile]:
    """The files that came with a submission: the cipher text, or what was in those that were opened."""
    found: list[OpenedFile] = []
    if "sealed" in said:
        one = said["sealed"]
        found.append({"name": one["name"], "media_type": MEDIA_TYPE, "size": one["size"], "digest": one["digest"]})
    for entry in said.get("opened", ()):
        found += [{**file, "name": f"{entry['case']} {file['name']}"[-200:]} for file in entry["files"]]
    return found
