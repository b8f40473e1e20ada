"""One task of many that a person handles in one go: by the door through which it would go alone, with the same checks.

A form is handed in as it stands when it is opened. Where that does not do, each must be filled in by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from engine.cases.acting.claims import Claims
from engine.cases.acting.steps import Acting
from engine.cases.acting.submissions import AtStep, Submission, as_opened
from engine.cases.acting.verbs import Verbs
from engine.cases.allowing import NAMES, must_be_allowed
from engine.cases.base import task_id
from engine.cases.filling import BESIDE
from engine.cases.verb_types import FORWARD
from engine.directory.actors import Actor
from engine.errors import BadInput, InvalidForm, NotAllowed
from engine.forms.for_all import fields_for_all, read
from engine.views import Receipt
from engine.views.bulks import Picked, Wanted
from engine.words import Words, listed, say
from storage import cases as rows

COMPLETE, CLAIM, RELEASE, URGE = "complete", "claim", "release", "urge"
VERBS: Final = (COMPLETE, CLAIM, RELEASE, FORWARD, URGE)
TOLD: Final = 3
"""Faults of a form that a result names."""
_ACT = NAMES["bulk"]


@dataclass(frozen=True, slots=True)
class Many:
    """What may be done with each of many tasks, by its verb."""

    acting: Acting
    claims: Claims
    verbs: Verbs

    def act(self, verb: str, actor: Actor, picked: Picked, wanted: Wanted) -> Words:
        """Do it with one task; what came of it. Raises what the act itself raises for one task alone."""
        doing: dict[str, Callable[[Actor, Picked, Wanted], Words]] = {
            COMPLETE: self._complete, CLAIM: self._claim, RELEASE: self._release, FORWARD: self._forward,
            URGE: self._urge,
        }  # fmt: skip
        if verb not in doing:
            raise BadInput(field=say("操作"), reason=say("不认识“{name}”", name=verb))
        return doing[verb](actor, picked, wanted)

    def _complete(self, actor: Actor, picked: Picked, wanted: Wanted) -> Words:
        beside = {"opinion": wanted.words, **({"return_to": wanted.return_to} if wanted.return_to else {})}
        make = partial(_handed_in, actor, wanted)
        try:
            receipt = self.acting.complete_as(actor, picked.task_id, beside, wanted.outcome, picked.revision, make)
        except InvalidForm as refused:
            raise NotAllowed(act=_ACT, reason=_why(refused)) from refused
        return _came_of(receipt)

    def _claim(self, actor: Actor, picked: Picked, wanted: Wanted) -> Words:
        self.claims.claim(actor, picked.task_id)
        return say("已签收")

    def _release(self, actor: Actor, picked: Picked, wanted: Wanted) -> Words:
        self.claims.release(actor, picked.task_id)
        return say("已取消签收")

    def _forward(self, actor: Actor, picked: Picked, wanted: Wanted) -> Words:
        self.verbs.involve(actor, picked.task_id, FORWARD, wanted.people, wanted.words)
        return say("已转办")

    def _urge(self, actor: Actor, picked: Picked, wanted: Wanted) -> Words:
        return say("提醒：{who}", who=listed(self.verbs.urge(actor, picked.task_id, wanted.words)))


def _handed_in(actor: Actor, wanted: Wanted, at: AtStep) -> Submission:
    """The form of a task as it is opened, with what was filled in for all. Raises NotAllowed, InvalidForm."""
    bulk = must_be_allowed(at.definition, at.task, "bulk")
    if rows.draft(at.connection, actor.user_id, f"task:{task_id(at.task)}") is not None:
        raise NotAllowed(act=_ACT, reason=say("这件您保存了草稿，请打开后单独办理"))
    return as_opened(actor, lambda form: read(fields_for_all(form, bulk.fields), wanted.data), at)


def _why(refused: InvalidForm) -> Words:
    beside = [text for path, text in refused.errors.items() if path in BESIDE]
    if beside:
        return say("{what}", what=listed(beside, say("；")))
    faults = listed(islice(refused.errors.values(), TOLD), say("；"))
    return say("表单需要逐件填写（{what}）", what=faults)


def _came_of(receipt: Receipt) -> Words:
    steps = [say("{step}（{who}）", step=one.name, who=one.waits_for) for one in receipt.opened]
    if steps:
        return say("下一步：{steps}", steps=listed(steps))
    if receipt.status != "running":
        return say("事项办结")
    return say("已提交，等待其他人员或其他环节")
