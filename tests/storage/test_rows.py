"""The types of rows say what the tables say: the same names, the same types, and None where a column may be null."""

from __future__ import annotations

from datetime import datetime
from types import NoneType, UnionType
from typing import Any, TypedDict, Union, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from storage import (
    account_events,
    addresses,
    anchor_entries,
    bulks,
    calendars,
    case_columns,
    concerns,
    deliveries,
    designs,
    fills,
    invitations,
    involvements,
    messages,
    names,
    news,
    notifications,
    organisations,
    page_keys,
    papers,
    phrases,
    pieces,
    proposals,
    public_pages,
    record_keys,
    recusals,
    restores,
    rounds,
    row_drafts,
    rows,
    saved_filters,
    sealed,
    sign_in_failures,
    substitutions,
    suspensions,
    ticks,
    timetable,
    tours,
    words,
)
from storage.database import Json, UtcTime
from storage.migrate import all_tables

ROWS: dict[str, Any] = {
    "account_events": account_events.AccountEventRow,
    "addresses": addresses.AddressRow,
    "anchor_entries": anchor_entries.EntryRow,
    "attachments": rows.AttachmentRow,
    "calendar_decisions": calendars.DecisionRow,
    "calendar_followed": calendars.FollowedRow,
    "calendar_proposals": calendars.ProposalRow,
    "bulk_items": bulks.ItemRow,
    "bulks": bulks.BulkRow,
    "case_columns": case_columns.CaseColumnRow,
    "cases": rows.CaseRow,
    "choices": addresses.ChoiceRow,
    "clock_moves": ticks.ClockMoveRow,
    "concerns": concerns.ConcernRow,
    "deadlines": rows.PlacedDeadline,
    "definitions": rows.DefinitionRow,
    "deliveries": deliveries.DeliveryRow,
    "design_contents": designs.ContentRow,
    "design_revisions": designs.RevisionRow,
    "designs": designs.DesignRow,
    "drafts": rows.DraftRow,
    "events": rows.EventRow,
    "fills": fills.FillRow,
    "event_payloads": rows.EventPayloadRow,
    "incidents": rows.IncidentRow,
    "invitations": invitations.InvitationRow,
    "involvements": involvements.InvolvementRow,
    "jobs": rows.JobRow,
    "memberships": rows.MembershipRow,
    "messages": messages.MessageRow,
    "news": news.NewsRow,
    "notifications": notifications.NotificationRow,
    "organisation_names": names.OrganisationNameRow,
    "organisations": organisations.OrganisationRow,
    "record_keys": record_keys.RecordKeyRow,
    "papers": papers.PaperRow,
    "proposals": proposals.ProposalRow,
    "records": rows.RecordRow,
    "recusal_cases": recusals.CitedCase,
    "recusals": recusals.RecusalRow,
    "regulation_articles": rows.ArticleRow,
    "saved_filters": saved_filters.FilterRow,
    "sequences": rows.SequenceRow,
    "sessions": rows.SessionRow,
    "sign_in_failures": sign_in_failures.FailureRow,
    "phrases": phrases.PhraseRow,
    "public_pages": public_pages.PublicPageRow,
    "substitutions": substitutions.SubstitutionRow,
    "state_pieces": pieces.StatePieceRow,
    "suspensions": suspensions.SuspensionRow,
    "task_columns": case_columns.TaskColumnRow,
    "tasks": rows.TaskRow,
    "ticks": ticks.TickRow,
    "timetable": timetable.RoutineRow,
    "row_drafts": row_drafts.SavedDraft,
    "sealed_entries": sealed.SealedEntryRow,
    "sealing_keys": sealed.SealingKeyRow,
    "tours": tours.TourRow,
    "page_keys": page_keys.PageKeyRow,
    "restores": restores.RestoreRow,
    "rounds": rounds.RoundRow,
    "timed_starts": rounds.TimedStartRow,
    "users": rows.UserRow,
    "waits": rows.WaitRow,
    "words": words.WordsRow,
}
SCALARS = (str, int, float, bool, bytes, datetime)


def differences(table: Table, kind: Any) -> list[str]:
    """Where a type of row and its table part."""
    said = get_type_hints(kind)
    names = {column.name for column in table.c}
    found = [f"{name} stands on one side only" for name in sorted(names ^ said.keys())]
    for column in table.c:
        if column.name not in said:
            continue
        parts = get_args(said[column.name]) if get_origin(said[column.name]) in (Union, UnionType) else ()
        alone = [part for part in parts or (said[column.name],) if part is not NoneType]
        if (NoneType in parts) != bool(column.nullable):
            found.append(f"{column.name} may {'' if column.nullable else 'not '}be null")
        if not _fits(column, alone):
            found.append(f"{column.name} is {column.type!r}, not {said[column.name]}")
    return found


def _fits(column: Column[Any], said: list[Any]) -> bool:
    if isinstance(column.type, Json):
        return not any(part in SCALARS for part in said)
    return said == [datetime if isinstance(column.type, UtcTime) else column.type.python_type]


def test_every_table_has_a_type_of_row() -> None:
    assert ROWS.keys() == all_tables().tables.keys()


@pytest.mark.parametrize("name", ROWS)
def test_a_type_of_row_says_what_its_table_says(name: str) -> None:
    assert differences(all_tables().tables[name], ROWS[name]) == []


class Planted(TypedDict):
    """As a row type looks whose table has moved on."""

    id: int
    name: str
    at: str
    told: str
    gone: int


def test_a_type_that_has_parted_from_its_table_is_found() -> None:
    table = Table(
        "planted", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(9)),
        Column("at", UtcTime, nullable=False), Column("told", Json, nullable=False), Column("new", Integer),
    )  # fmt: skip
    found = differences(table, Planted)
    assert [line.split()[0] for line in found] == ["gone", "new", "name", "at", "told"]
    assert "may be null" in found[2]
