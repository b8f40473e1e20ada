"""Definitions that were proposed and those in force: which, what they are; putting one in force, and withdrawing one.

Both follow the commit, by a job.
"""

from __future__ import annotations

from typing import Any, Final

from engine.calendar.days import LEGAL_ZONE
from engine.errors import BadInput, NotFound
from engine.operations.registry import Parameter, Scene, operation
from engine.words import say
from storage import accounts, definitions, proposals

PUBLISH: Final = "definition.publish"
MOST: Final = 50
"""Proposals that are offered."""
PROPOSAL: Final = "proposal"
_PROPOSAL = Parameter(PROPOSAL, "number", say("提请发布的编号"))


@operation("definition.proposals", say("列出提请发布的设计稿"), read_only=True)
def _proposals(scene: Scene) -> list[dict[str, Any]]:
    """What the starter has proposed and never came in force, the newest first, each ready to be an option."""
    found = proposals.waiting(scene.connection, scene.starter_id, MOST)
    return [{"value": str(row["id"]), "label": f"{row['title']} {_at(row)}", "key": row["key"]} for row in found]


def _at(row: proposals.ProposalLine) -> str:
    return row["proposed_at"].astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M")


@operation("definition.proposal", say("查明提请发布的内容"), _PROPOSAL, read_only=True)
def _proposal(scene: Scene, proposal: float) -> dict[str, Any]:
    """What was proposed: its process, its digest, the logins of who proposed and who edited it, what is in force.

    ``running``: cases of the version in force, which they keep. Raises NotFound.
    """
    row = proposals.get(scene.connection, int(proposal))
    if row is None:
        raise NotFound(what=say("提请发布的设计稿"))
    names = accounts.names_of(scene.connection, [row["proposed_by"], *row["editors"]])
    now = definitions.version(scene.connection, row["key"], None)
    return {
        "key": row["key"], "title": row["title"], "digest": row["digest"],
        "proposer": names[row["proposed_by"]][1],
        "editors": [names[one][1] for one in row["editors"] if one in names],
        "version": now["version"] if now else None, "running": now["running"] if now else 0,
    }  # fmt: skip


@operation(
    PUBLISH,
    say("施行提请发布的版本"),
    _PROPOSAL,
    Parameter("decided", "text", say("作出决定的环节")),
    Parameter("reply", "text", say("告知结果的消息")),
)
def _publish(scene: Scene, proposal: float, decided: str, reply: str) -> dict[str, Any]:
    """Put in force what was proposed, as it was then; new cases go by it, old ones go on by their own version.

    ``decided``: the step of this case at which it was decided: whoever completed it must neither have proposed it nor
    ever edited what it was made of. All checks of publishing are made again. ``reply``: the name of the message by
    which this case hears, by its own number as key, ``{done, version, reason}``. Raises NotFound, BadInput.
    """
    if proposals.get(scene.connection, int(proposal)) is None:
        raise NotFound(what=say("提请发布的设计稿"))
    if not decided or not reply:
        raise BadInput(field=say("施行提请发布的版本"), reason=say("应写明作出决定的环节和告知结果的消息"))
    asked = {"proposal": int(proposal), "decided": decided, "reply": reply}
    return {"result": None, "effects": {"publications": [asked]}}


@operation(
    "definition.in_force",
    say("列出现行的流程"),
    Parameter("key", "text", say("流程的代号"), required=False),
    read_only=True,
)
def _in_force(scene: Scene, key: str | None = None) -> list[dict[str, Any]]:
    """What is in force, by key, each ready to be an option; ``key``: only that one.

    ``running``: cases of all its versions, 1,000 at most.
    """
    found = [row for row in definitions.current(scene.connection) if not row["key"].startswith("_")]
    found = [row for row in found if key in (None, row["key"])]
    return [
        {"value": row["key"], "label": row["name_zh"], "version": row["version"], "running": row["running"]}
        for row in found
    ]


@operation(
    "definition.withdraw",
    say("停用现行的流程"),
    Parameter("key", "text", say("流程的代号")),
    Parameter("decided", "text", say("作出决定的环节")),
    Parameter("reply", "text", say("告知结果的消息")),
)
def _withdraw(scene: Scene, key: str, decided: str, reply: str) -> dict[str, Any]:
    """Let no case begin by a definition; old ones go on by their own version, and publishing again brings it back.

    ``decided``: the step of this case at which somebody else than its starter has decided it. ``reply``: the name of
    the message by which this case hears, by its own number as key, ``{done, version, reason}``. Not done: others in
    force begin cases by it, or this case runs by it. Raises NotFound, BadInput.
    """
    if key.startswith("_") or definitions.version(scene.connection, key, None) is None:
        raise NotFound(what=say("这个流程定义"))
    if not decided or not reply:
        raise BadInput(field=say("停用现行的流程"), reason=say("应写明作出决定的环节和告知结果的消息"))
    asked = {"proposal": 0, "decided": decided, "reply": reply, "withdraws": key}
    return {"result": None, "effects": {"publications": [asked]}}
