"""What a person does at his desk without moving a case: claim, release, drafts, live checks, files, messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from engine.cases.acting.steps import Acts
from engine.cases.base import Filling, Row, case_context, fields_of, parse_case_id, starter_context
from engine.cases.gone import gone
from engine.cases.recording.attachments import enter, keep
from engine.cases.recording.record import note
from engine.cases.recusal import excluded
from engine.database import writing
from engine.directory import organisations, policy
from engine.directory.actors import Actor
from engine.errors import BadInput, CaseNotOpen, NotFound
from engine.files import store
from engine.files.store import Upload
from engine.forms.guard import must_be_object
from engine.spiff import read_variables
from engine.views import Attachment, Checked, Message, Messages
from storage import cases as rows
from storage import jobs
from storage.database import Connection

MAX_DRAFT = 1024 * 1024


class Desk(Acts):
    """Acts on tasks that leave the token where it is, and what the browser asks while a person types."""

    def claim(self, actor: Actor, task_id: str) -> None:
        """Take a task, so that nobody else works on it at the same time. Raises NotAllowed, TaskNotOpen."""
        self._claim(actor, task_id, "task_claimed", actor.user_id, actor.name)

    def release(self, actor: Actor, task_id: str) -> None:
        """Give a claimed task back."""
        self._claim(actor, task_id, "task_released", None, None)

    def _claim(self, actor: Actor, task_id: str, name: str, user_id: int | None, holder: str | None) -> None:
        with self._act(name, actor, task_id) as (connection, now):
            task, case = self._task_and_case(connection, task_id, lock=True)
            self._must_act(connection, actor, task, case)
            if task["claimed_by"] == user_id:
                return
            rows.claim(connection, case["id"], task["number"], user_id, holder)
            data = {"task": task["number"], "element": task["element"]}
            note(connection, case, self._event(name, actor, task["candidate"], now, data))

    def _must_act(self, connection: Connection, actor: Actor, task: Row, case: Row) -> None:
        policy.must_see(actor, case, acted=task["candidate"] in actor.candidates)
        definition = self._catalog.definition(connection, case["digest"])
        if task["status"] != policy.OPEN:
            raise gone(connection, definition, task)
        policy.must_act(actor, task, excluded(connection, case, definition, definition.elements[task["element"]]))

    # -- drafts ----------------------------------------------------------------------------------------------------

    def save_draft(self, actor: Actor, task_id: str, data: Mapping[str, Any]) -> None:
        """Keep what a person has typed into an open task. A draft is his own and is no part of the case."""
        with writing(self._database) as connection:
            task, case = self._task_and_case(connection, task_id)
            self._must_act(connection, actor, task, case)
            rows.save_draft(connection, actor.user_id, f"task:{task_id}", _small(data), self._clock.now())

    def save_start_draft(self, actor: Actor, key: str, organisation_code: str, data: Mapping[str, Any]) -> None:
        """Keep what a person has typed into a start form."""
        with writing(self._database) as connection:
            organisation = organisations.get(connection, organisation_code)
            self._starter(connection, actor, self._catalog.current(connection, key), organisation)
            place = f"start:{key}:{organisation_code}"
            rows.save_draft(connection, actor.user_id, place, _small(data), self._clock.now())

    # -- live checks -----------------------------------------------------------------------------------------------

    def check(self, actor: Actor, task_id: str, data: Mapping[str, Any]) -> Checked:
        """What the form would say if it were handed in now, with every derived value. Nothing is kept."""
        with self._database.read() as connection:
            task, case = self._task_and_case(connection, task_id)
            self._must_act(connection, actor, task, case)
            variables = read_variables(case["state"])
            filling = self._task_filling(connection, task, case, variables)
            into = self._into(connection, case, task["element"])
            return _checked(filling, data, variables.get(into) or {})

    def check_start(self, actor: Actor, key: str, organisation_code: str, data: Mapping[str, Any]) -> Checked:
        """The same for a start form."""
        with self._database.read() as connection:
            return _checked(self._start_filling(connection, actor, key, organisation_code), data, {})

    def _start_filling(self, connection: Connection, actor: Actor, key: str, organisation_code: str) -> Filling | None:
        definition = self._catalog.current(connection, key)
        organisation = organisations.get(connection, organisation_code)
        candidate = self._starter(connection, actor, definition, organisation)
        start = definition.process.start
        form = definition.form_of(start.id) if start else None
        if form is None:
            return None
        now = self._clock.now()
        scene = self._scene(connection, organisation, actor.user_id, now, definition)
        context = {"case": case_context(definition, "", organisation, starter_context(actor, candidate), now)}
        return self._filling(definition, form, context, scene)

    def _task_filling(self, connection: Connection, task: Row, case: Row, variables: Row) -> Filling | None:
        definition = self._catalog.definition(connection, case["digest"])
        form = definition.form_of(task["element"])
        if form is None:
            return None
        return self._filling(definition, form, variables, self._scene_of(connection, case, self._clock.now()))

    def _into(self, connection: Connection, case: Row, element: str) -> str:
        found = self._catalog.definition(connection, case["digest"]).elements[element]
        return found.into or found.id

    # -- files -----------------------------------------------------------------------------------------------------

    def attach(
        self, actor: Actor, case_id: str, filename: str, content: bytes, task_id: str | None = None
    ) -> Attachment:
        """Add a file to a running case. Raises BadInput when it is not taken."""
        store.accept(filename, content)  # before anything is looked up
        with self._act("attach", actor, case_id) as (connection, now):
            case = self._seen(connection, actor, case_id, lock=True)
            policy.must_contribute(actor)
            if case["status"] != "running":
                raise CaseNotOpen()
            file = keep(connection, self._files, case, Upload(filename, content))
            said = {name: file[name] for name in ("name", "digest", "size")} | {"task": task_id}
            event = self._event("file_attached", actor, "", now, said)
            note(connection, case, event)
            return attachment_view(enter(connection, case, event, file))

    def attachment(self, actor: Actor, case_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        """A file of a case, with its content. Raises NotFound."""
        with self._database.read() as connection:
            self._seen(connection, actor, case_id)
            found = rows.attachments_of(connection, parse_case_id(case_id))
            row = next((one for one in found if str(one["id"]) == attachment_id), None)
        if row is None:
            raise NotFound(what=("这个附件", "This file"))
        return attachment_view(row), self._files.get(row["digest"])

    # -- messages --------------------------------------------------------------------------------------------------

    def messages(self, actor: Actor, limit: int = 20) -> Messages:
        """What the system told this person, the newest first."""
        reader = policy.reader(actor)
        with self._database.read() as connection:
            found = jobs.messages_to(connection, reader, limit)
            return Messages(tuple(_message(row) for row in found), jobs.unread(connection, reader))

    def read_messages(self, actor: Actor, case_id: str | None = None) -> None:
        """Mark all of them as read, or those about one case. Writes nothing when nothing is new."""
        about = None if case_id is None else parse_case_id(case_id)
        with self._database.read() as connection:
            if not jobs.unread(connection, actor.user_id, about):
                return
        with writing(self._database) as connection:
            jobs.read_all(connection, actor.user_id, self._clock.now(), about)


def attachment_view(row: Row) -> Attachment:
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


def _message(row: Row) -> Message:
    text = f"{row['title']}：{row['text']}" if row["text"] else row["title"]
    case_id = None if row["case_id"] is None else str(row["case_id"])
    return Message(str(row["id"]), row["sent_at"], (text, text), case_id, row["number"] or "", row["read_at"])


def _checked(filling: Filling | None, data: Mapping[str, Any], initial: Mapping[str, Any]) -> Checked:
    must_be_object(data)
    if filling is None:
        return Checked({}, {})
    found = filling.form.check(
        fields_of(data), initial=initial, context=filling.context, environment=filling.environment
    )
    return Checked(found.data, found.errors)


def _small(data: Mapping[str, Any]) -> dict[str, Any]:
    must_be_object(data)
    try:
        size = len(orjson.dumps(data))
    except TypeError as error:  # a number beyond 64 bits, or nested too deeply
        raise BadInput(field=("草稿", "draft"), reason=("内容无法保存", "it cannot be stored")) from error
    if size > MAX_DRAFT:
        raise BadInput(field=("草稿", "draft"), reason=("内容超过1MB", "it is larger than 1 MB"))
    return dict(data)
