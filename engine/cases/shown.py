"""Tasks, deadlines and files as a reader sees them, in the words of ``engine.views``. Asks no policy."""

from __future__ import annotations

from datetime import datetime

from engine.calendar.days import Calendar
from engine.calendar.deadlines import days_left, paused
from engine.cases.base import task_id
from engine.definition import Definition
from engine.directory import policy
from engine.directory.actors import PERSONAL, Actor
from engine.views import Attachment, DeadlineView, OpenTask
from engine.words import Text
from storage.rows import AttachmentRow, DeadlineRow, TaskRow


def open_task(
    row: TaskRow,
    definition: Definition,
    actor: Actor,
    calendar: Calendar,
    now: datetime,
    running: DeadlineRow | None = None,
) -> OpenTask:
    """A task that waits, as its reader sees it. ``running``: the row of its deadline."""
    place = policy.place_at(actor, row, definition.key)
    return OpenTask(
        id=task_id(row),
        element_id=row["element"],
        name=(row["name_zh"], row["name_en"]),
        arrived_at=row["opened_at"],
        waits_for=waits_for(row, actor),
        mine=bool(policy.ways_to(actor, row["candidate"], definition.key)),
        claimed_by=row.get("claimed_name"),
        deadline=deadline_view(row, definition, calendar, now, running),
        in_place_of=place.name if place else "",
    )


def waits_for(row: TaskRow, reader: Actor) -> tuple[str, str]:
    """Whom a task waits for: a role at a place, or one person."""
    place, role = row["organisation_name"], row["candidate"].partition("@")[0]
    if role.startswith(PERSONAL):
        return place, place
    names = reader.directory.role_name(role)
    return f"{place}{names[0]}", f"{names[1]}, {place}"


def deadline_view(
    row: TaskRow, definition: Definition, calendar: Calendar, now: datetime, running: DeadlineRow | None = None
) -> DeadlineView | None:
    """When a task is due, in working days from now, those of a suspension left out if the deadline's row is there."""
    if row["due_at"] is None:
        return None
    declared = definition.elements[row["element"]].deadline
    warn_days = declared.warn_days if declared else 3
    if running is not None:
        left = days_left(calendar, running, now)
        return DeadlineView(row["due_at"], left, warn_days, running["provisional"], paused(running, now))
    left = calendar.working_days_left(now, row["due_at"])
    provisional = not calendar.is_official(row["due_at"].year)
    return DeadlineView(row["due_at"], left, warn_days, provisional)


def ending_of(definition: Definition, element: str | None, status: str) -> Text | None:
    """The name of the end event by which a case stands as it does; none when it runs or somebody called it off."""
    end = definition.elements.get(element or "")
    return end.name if end is not None and end.ending == status and any(end.name) else None


def attachment_view(row: AttachmentRow) -> Attachment:
    """A file as a reader sees it."""
    return Attachment(
        id=str(row["id"]),
        filename=row["name"],
        size=row["size"],
        media_type=row["media_type"],
        digest=row["digest"],
        by=row["added_name"],
        at=row["added_at"],
    )
