"""Telling people something. Delivery follows the commit (``engine.jobs.worker``)."""

from __future__ import annotations

from typing import Any

from engine.errors import BadInput
from engine.operations.registry import Parameter, Scene, operation
from engine.words import say
from storage import accounts

_TITLE = Parameter("title", "text", say("标题"))
_TEXT = Parameter("text", "text", say("内容"))


@operation("notify", say("通知"), Parameter("to", "text", say("通知对象")), _TITLE, _TEXT)
def _notify(scene: Scene, to: str, title: str, text: str) -> dict[str, Any]:
    """Tell a person of the case: ``starter`` is who opened it."""
    if to != "starter":
        raise BadInput(field=say("通知对象"), reason=say("不认识“{to}”", to=to))
    message = {"to": scene.starter_id, "title": title, "text": text}
    return {"result": None, "effects": {"messages": [message]}}


@operation(
    "notify.people",
    say("通知本人"),
    Parameter("logins", "list", say("账号")),
    _TITLE,
    _TEXT,
    Parameter("shows_case", "any", say("可以查看事项"), required=False),
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
