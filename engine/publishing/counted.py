"""The statistics in force, and whether what is to be published has all that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from engine.checks.statistics import STATISTICS
from engine.definition import Definition, Files
from engine.directory.contents import Directory
from engine.errors import Problem
from engine.publishing.quarantine import Finding
from engine.publishing.statistics import Statistic, choices_of, read_statistics, unfit
from engine.registers import Register
from storage import definitions as rows
from storage.database import Connection

_KEPT: Final[dict[str, tuple[Statistic, ...]]] = {}
"""What was read last, by its digest."""


def in_force(connection: Connection) -> tuple[Statistic, ...]:
    """The statistics of an installation, in the order of their file."""
    digest = rows.current_digests(connection).get(STATISTICS)
    if digest is None:
        return ()
    found = _KEPT.get(digest)
    if found is None:
        stored = rows.get(connection, digest)
        found = read_statistics(stored.files) if stored else ()
        _KEPT.clear()
        _KEPT[digest] = found
    return found


def unfit_counts(
    definitions: Mapping[str, Files], before: Iterable[Statistic], findings: Mapping[str, Finding],
    others: Iterable[Definition], registers: Mapping[str, Register], directory: Directory,
) -> list[Problem]:  # fmt: skip
    """Where statistics, those among ``definitions`` or else those of ``before``, name what is not there.

    ``others``: what is in force and stays so.
    """
    counted = read_statistics(definitions[STATISTICS]) if STATISTICS in definitions else tuple(before)
    columns = {one.key: choices_of(one) for one in others}
    columns |= {key: dict(one.columns) for key, one in findings.items() if not key.startswith("_")}
    return list(unfit(counted, registers, columns, directory.kinds))
