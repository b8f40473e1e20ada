"""Asking for a case of another kind. It is opened after the commit, through the outbox (``engine.jobs.worker``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.directory import organisations
from engine.operations.registry import Parameter, Scene, operation
from engine.words import say


@operation(
    "case.start",
    say("发起另一个事项"),
    Parameter("process", "text", say("流程")),
    Parameter("organisation", "text", say("单位编码")),
    Parameter("data", "context", say("填报内容"), required=False),
    Parameter("starter", "text", say("发起人的账号"), required=False),
    Parameter("reply", "text", say("告知编号的消息"), required=False),
)
def _start(
    scene: Scene,
    process: str,
    organisation: str,
    data: Mapping[str, Any] | None = None,
    starter: str | None = None,
    reply: str | None = None,
) -> dict[str, Any]:
    """Start a case of the kind ``process`` for an organisation, its start form filled in with ``data``.

    ``starter``: the login in whose name; without it, of whoever holds the role that may start it there the longest.
    ``reply``: the name of the message by which this case hears the number of the new one, by its own number as key;
    without it, it does not. Raises NotFound for no organisation.
    """
    code = organisations.get(scene.connection, organisation).code
    asked = {
        "process": process, "organisation": code, "starter": starter or "", "data": dict(data or {}),
        "reply": reply or "",
    }  # fmt: skip
    return {"result": None, "effects": {"starts": [asked]}}
