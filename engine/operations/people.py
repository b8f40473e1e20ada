"""Telling people something. Delivery follows the commit (``engine.worker``)."""

from __future__ import annotations

from typing import Any

from engine.errors import BadInput
from engine.services import Parameter, Scene, operation
from storage import accounts


@operation(
    "notify",
    ("通知", "Tell somebody"),
    Parameter("to", "text", ("通知对象", "Whom")),
    Parameter("title", "text", ("标题", "Title")),
    Parameter("text", "text", ("内容", "Text")),
)
def _notify(scene: Scene, to: str, title: str, text: str) -> dict[str, Any]:
    """Tell a person of the case: ``starter`` is who opened it, else a login. Who was told of a case may read it."""
    row = None if to == "starter" else accounts.user_by_login(scene.connection, to)
    if row is None and to != "starter":
        raise BadInput(field=("通知对象", "whom"), reason=(f"不认识“{to}”", f"“{to}” is not known"))
    message = {"to": row["id"] if row else scene.starter_id, "title": title, "text": text}
    return {"result": None, "effects": {"messages": [message]}}
