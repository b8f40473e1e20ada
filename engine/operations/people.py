"""Telling people something. Delivery follows the commit (``engine.jobs.worker``)."""

from __future__ import annotations

from typing import Any

from engine.errors import BadInput
from engine.operations.registry import Parameter, Scene, operation
from storage import accounts

_TITLE = Parameter("title", "text", ("标题", "Title"))
_TEXT = Parameter("text", "text", ("内容", "Text"))


@operation("notify", ("通知", "Tell somebody"), Parameter("to", "text", ("通知对象", "Whom")), _TITLE, _TEXT)
def _notify(scene: Scene, to: str, title: str, text: str) -> dict[str, Any]:
    """Tell a person of the case: ``starter`` is who opened it."""
    if to != "starter":
        raise BadInput(field=("通知对象", "whom"), reason=(f"不认识“{to}”", f"“{to}” is not known"))
    message = {"to": scene.starter_id, "title": title, "text": text}
    return {"result": None, "effects": {"messages": [message]}}


@operation(
    "notify.people",
    ("通知本人", "Tell people by their logins"),
    Parameter("logins", "list", ("账号", "Logins")),
    _TITLE,
    _TEXT,
    Parameter("shows_case", "any", ("可以查看事项", "May read the case"), required=False),
)
def _people(scene: Scene, logins: list[str], title: str, text: str, shows_case: bool | None = None) -> dict[str, Any]:
    """Tell each of them once. The answer: who has an account and was told.

    Whoever was told of a case may read it, unless ``shows_case`` is false: then the message stands alone, as when one
    case is about many people and each may know of himself only.
    """
    found = [accounts.user_by_login(scene.connection, login) for login in dict.fromkeys(filter(None, logins))]
    told = [row for row in found if row is not None and row["active"]]
    shown = {} if shows_case in (None, True) else {"shows_case": False}
    messages = [{"to": row["id"], "title": title, "text": text, **shown} for row in told]
    return {"result": [row["login"] for row in told], "effects": {"messages": messages}}
