"""What completing a task would make, before anybody signs: the step is played on what stands, and nothing is kept.

The same run as the act's own, so a preview shows what the act would write. Only what reads, and the making of papers,
is really asked; whatever else a diagram does (registers, messages) is answered with nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from engine.cases.access import must_act
from engine.cases.acting.completing import played
from engine.cases.acting.submissions import outcome_of
from engine.cases.base import FAULTS, Parts, admit, seen_at, task_and_case
from engine.cases.filling import BESIDE, fields_of, filling_of, standing
from engine.cases.papers_ahead import papers_ahead
from engine.cases.recusal import PresentAct
from engine.cases.veil import Veil
from engine.definition import Definition
from engine.diagram import Element
from engine.directory.actors import Actor
from engine.documents.draft import as_draft
from engine.documents.read_word import pieces
from engine.errors import NotAllowed, NotFound, Runaway
from engine.feel import step
from engine.forms.guard import must_be_object
from engine.model import MadeFile
from engine.operations.registry import REGISTRY, Scene, ask
from engine.picking import only
from engine.views.papers import DraftPaper
from engine.words import say
from storage.database import Connection, utc_text
from storage.rows import CaseRow, TaskRow

_NOT_YET = (*FAULTS, NotAllowed, NotFound, Runaway)
"""Why a run goes no further while the form is not filled in: what was made until then is shown."""
MARK = say("草稿，未签发，不具有效力")


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """Plays a step for its papers. It is given no transaction in which it could write."""

    parts: Parts

    def papers(self, actor: Actor, task_id: str, data: Mapping[str, Any], outcome: str) -> tuple[DraftPaper, ...]:
        """The papers that this outcome would make, with the form as filled in so far, each marked as a draft.

        Raises NotFound, NotAllowed, TaskNotOpen, OutcomeUnknown as the act itself does; an unfinished form is no fault.
        """
        must_be_object(data)
        with step(), self.parts.database.read() as connection:
            task, case = task_and_case(connection, task_id)
            must_act(self.parts, connection, actor, task, case)
            definition = self.parts.definition(connection, case)
            veil = Veil(connection, actor, case, definition)
            if not papers_ahead(definition, definition.elements[task["element"]], veil):
                return ()
            admit(definition)
            ready = _Rehearsal(self.parts.scene_of(connection, case, self.parts.now()))
            with suppress(*_NOT_YET):
                _play(connection, definition, task, case, actor, ready, data, outcome)
        return tuple(_draft(name, content) for name, content in ready.papers)


def _draft(name: str, content: bytes) -> DraftPaper:
    marked = as_draft(content, MARK.text("zh"))
    return DraftPaper(name, marked, pieces(content))


def _play(
    connection: Connection, definition: Definition, task: TaskRow, case: CaseRow, actor: Actor, ready: _Rehearsal,
    data: Mapping[str, Any], outcome: str,
) -> None:  # fmt: skip
    element = definition.elements[task["element"]]
    chosen = outcome_of(element, outcome)
    said = {"outcome": chosen.id, "opinion": "", **only(data, BESIDE)} if chosen else {}
    by = {"by": {"login": actor.login, "name": actor.name}, "at": utc_text(ready.scene.now)}
    submission = {**_filled(definition, element, seen_at(connection, case, task), data, ready.scene), **by, **said}
    acts = PresentAct(frozenset({actor.user_id}), element.id, outcome or None, task["instances"])
    played(definition, case, task["number"], acts, submission, ready)


def _filled(
    definition: Definition, element: Element, variables: Mapping[str, Any], data: Mapping[str, Any], scene: Scene
) -> dict[str, Any]:
    """The form as it stands, with every derived value and without asking whether it is complete."""
    form = definition.form_of(element.id)
    if form is None:
        return {}
    filling = filling_of(definition, form, variables, scene)
    found = form.check(
        fields_of(data),
        initial=standing(variables, element),
        context=filling.context,
        environment=filling.environment,
        complete=False,
    )
    return dict(found.data)


@dataclass(slots=True)
class _Rehearsal:
    """Answers the operations of a run, and holds the papers that it makes in memory."""

    scene: Scene
    papers: list[tuple[str, bytes]] = field(default_factory=list)
    _contents: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scene = replace(self.scene, keep=self._hold)

    def _hold(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self._contents[digest] = content
        return digest

    def __call__(self, name: str, parameters: Mapping[str, Any]) -> Any:
        known = REGISTRY.get(name)
        if known is not None and not (known.read_only or known.rehearsed):
            return {"result": None, "effects": {}}
        answer = ask(self.scene, name, parameters)
        if isinstance(answer, dict) and "effects" in answer:
            made = [MadeFile(**one) for one in answer["effects"].get("files", ())]
            self.papers += [(one.name, self._contents[one.digest]) for one in made]
        return answer
