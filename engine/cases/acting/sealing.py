"""Acts with sealed submissions: handing in sealed, making a share of a key, opening. Knows no page.

What is handed in sealed is in clear in this program's memory alone, from its arrival until it is in its box. Nothing of
it is written: no field, no draft, no hash of it, no decision that its form consulted, no reason why it was refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from engine.cases.access import must_act
from engine.cases.acting.ahead import ahead
from engine.cases.acting.steps import Acting
from engine.cases.acting.submissions import AtStep, Submission
from engine.cases.acting.transaction import Transactions, event_by
from engine.cases.base import Parts, not_before, task_and_case
from engine.cases.event_types import ENTRY_REFUSED
from engine.cases.filling import fields_of, filling_of
from engine.cases.recording.record import note
from engine.cases.sealed_types import VERSION, EntryRefused, SealedEntry
from engine.cases.sealing import at_last, at_second, bound_to, key_named, key_of, moment_named
from engine.directory.actors import Actor
from engine.errors import (
    Conflict,
    EngineFailed,
    ExpressionFailed,
    NoRuleMatched,
    NoTableInForce,
    NotAllowed,
    OperationFailed,
    Refusal,
)
from engine.files.uploads import Upload, accept_all
from engine.forms.guard import must_be_object
from engine.sealing import boxes
from engine.sealing.contents import Contents, SealedFile, packed
from engine.sealing.keys import public_key
from engine.views import Receipt
from engine.words import say
from storage.database import utc_text

_ACT = say("密封提交")
_TELLING = (ExpressionFailed, NoRuleMatched, NoTableInForce, OperationFailed, EngineFailed)
"""Refusals that may tell what was filled in; an operator must not read it in an incident."""


class TooLate(Refusal):
    """A sealed submission that was completely received after the last moment. Nothing of it was kept."""

    sentence = say("{received}收到，已过截止时间{closes}，没有收下，内容没有保存。")


class NotCheckable(Refusal):
    """A sealed form whose rules gave no result for what was filled in; nothing of it was kept."""

    sentence = say("表单的规则算不出结果，没有收下，内容没有保存。请核对填写的内容；仍不行的，请告诉发布流程的单位。")


@dataclass(frozen=True, slots=True)
class Named:
    """A file as it comes with a sealed form. ``name``: what stands for it in the form's data."""

    name: str
    upload: Upload


@dataclass(frozen=True, slots=True)
class _Handing:
    """One sealed submission on its way."""

    actor: Actor
    data: Mapping[str, Any]
    files: tuple[SealedFile, ...]
    received: datetime


@dataclass(frozen=True, slots=True)
class SealedHanding:
    """Handing in sealed."""

    parts: Parts
    transactions: Transactions
    acting: Acting

    def hand_in(
        self, actor: Actor, task_id: str, data: Mapping[str, Any], files: Sequence[Named], outcome: str,
        revision: int | None = None, waited: timedelta = timedelta(),
    ) -> Receipt:  # fmt: skip
        """Check the form and its files in memory, and keep them in a box that needs two shares of the key.

        It is in time by when all of it had come, ``waited`` before now, whatever happens in the case meanwhile. Raises
        TooLate, which is an event of the case, InvalidForm, BadInput, NotCheckable, NotAllowed, TaskNotOpen, Conflict.
        """
        received = self._received(task_id, self.transactions.clock.now(), waited)
        must_be_object(data)
        taken = accept_all([one.upload for one in files]) if files else []
        kept = tuple(SealedFile(one.name, one.media_type, one.content) for one in taken)
        digests = {one.name: file.digest for one, file in zip(files, kept, strict=True)}
        it = _Handing(actor, _named(data, digests), kept, received)
        try:
            with self.parts.database.read() as connection:
                task, case = task_and_case(connection, task_id)
                must_act(self.parts, connection, actor, task, case)
                definition = self.parts.definition(connection, case)
                scene, element = self.parts.scene_of(connection, case, received), definition.elements[task["element"]]
                at = AtStep(connection, definition, element, case, task, scene)
                entry, contents, box = self._sealed(at, it)
            self.parts.files.put(box)
            make = partial(self._again, it, entry, contents)
            return self.acting.complete_as(actor, task_id, data, outcome, revision, make)
        except TooLate:
            self._tell_of_late(actor, task_id, received)
            raise

    def _received(self, task_id: str, now: datetime, waited: timedelta) -> datetime:
        """When all of it had come. A clock that was put back behind what has happened in the case already is no help,
        and what happens there while this waits for its turn makes it no later."""
        with self.parts.database.read() as connection:
            task, case = task_and_case(connection, task_id)
            here = self.transactions.clock.now()
            behind = not_before(connection, case, here) - here
        return max(now - waited + behind, task["opened_at"])

    def _sealed(self, at: AtStep, it: _Handing) -> tuple[SealedEntry, Contents, bytes]:
        """What is told of a submission, what is in it, and its box."""
        key, moments = _open_key(at, lock=False), _in_time(at, it.received)
        contents = _checked(at, it)
        box = boxes.closed(key[1], packed(contents), bound_to(key[0], at.case["number"], at.element.id))
        kept = SealedFile("", "", box)
        name = f"{at.case['number']} {kept.digest[:12]}.sealed"
        entry: SealedEntry = {
            "version": VERSION, "key": key[0], "name": name, "digest": kept.digest, "size": len(box),
            "received_at": utc_text(moments[0]), "closes_at": utc_text(moments[1]),
        }  # fmt: skip
        return entry, contents, box

    def _again(self, it: _Handing, entry: SealedEntry, contents: Contents, at: AtStep) -> Submission:
        """The same under the lock of the case: all is asked again. Raises Conflict when something else came of it."""
        key, moments = _open_key(at, lock=True), _in_time(at, it.received)
        told = {**entry, "received_at": utc_text(moments[0]), "closes_at": utc_text(moments[1])}
        if key[0] != entry["key"] or _checked(at, it) != contents:
            raise Conflict()
        by = {"login": it.actor.login, "name": it.actor.name}
        return Submission({"sealed": told, "by": by, "at": utc_text(at.scene.now)}, [])

    @ahead
    def _tell_of_late(self, actor: Actor, task_id: str, received: datetime) -> None:
        """The case keeps that somebody came too late, and when."""
        with self.transactions.act("hand_in", actor, task_id) as (connection, now):
            task, case = task_and_case(connection, task_id, lock=True)
            definition = self.parts.definition(connection, case)
            scene = self.parts.scene_of(connection, case, now)
            at = AtStep(connection, definition, definition.elements[task["element"]], case, task, scene)
            said: EntryRefused = {
                "task": task["number"], "element": task["element"],
                "received_at": utc_text(received), "closes_at": utc_text(_closes(at)),
            }  # fmt: skip
            note(connection, case, event_by(actor, "", ENTRY_REFUSED, not_before(connection, case, now), said))


def _named(value: Any, digests: Mapping[str, str]) -> Any:
    """The data of a form with the hash of each file in the place of what stood for it."""
    if isinstance(value, Mapping):
        return {key: _named(one, digests) for key, one in value.items()}
    if isinstance(value, list):
        return [_named(one, digests) for one in value]
    return digests.get(value, value) if isinstance(value, str) else value


def _closes(at: AtStep) -> datetime:
    """The last moment."""
    asked = at.element.sealing.sealed
    if asked is None:
        raise NotAllowed(act=_ACT, reason=say("这一环节不接收密封提交"))
    return moment_named(at.definition, at.case, at.seen, asked.until)


def _in_time(at: AtStep, received: datetime) -> tuple[datetime, datetime]:
    """When it was received, and the last moment. Raises TooLate."""
    closes = _closes(at)
    if received > closes:
        raise TooLate(received=at_second(received), closes=at_last(closes))
    return received, closes


def _open_key(at: AtStep, *, lock: bool) -> tuple[str, bytes]:
    """The key to which is sealed: id and public half. Raises NotAllowed when it was used to open already."""
    asked = at.element.sealing.sealed
    if asked is None:
        raise NotAllowed(act=_ACT, reason=say("这一环节不接收密封提交"))
    row, key = key_of(at.connection, key_named(at.definition, at.case, at.seen, asked.key), lock=lock)
    if row["opened_seq"] is not None:
        raise NotAllowed(act=_ACT, reason=say("已经开启，不再接收"))
    return key["id"], public_key(key)


def _checked(at: AtStep, it: _Handing) -> Contents:
    """The clean form with its files, as it is sealed. Raises InvalidForm, NotCheckable."""
    form = at.definition.form_of(at.element.id)
    if form is None:
        return Contents({}, [], it.files)
    try:
        filling = filling_of(at.definition, form, at.seen, replace(at.scene, now=it.received))
        clean = form.accept(
            fields_of(it.data), initial={}, context=filling.context, environment=filling.environment,
            attachments={one.digest: one.name for one in it.files},
        )  # fmt: skip
        return Contents(clean, filling.decisions(), it.files)
    except _TELLING:
        raise NotCheckable from None
