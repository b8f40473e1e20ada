"""The duties beside business: which word of ``may`` in roles.toml opens which desk. Knows no role and no page."""

from __future__ import annotations

from engine.directory.actors import Actor
from engine.errors import NotAllowed

Text = tuple[str, str]
OPERATIONS = "operations"
AUDIT = "audit"
DESIGNS = "designs"
CALENDARS = "calendars"


def require(actor: Actor, duty: str, act: Text) -> None:
    """Raises NotAllowed unless one of his roles opens the duty."""
    if not actor.may(duty):
        raise NotAllowed(act=act, reason=("您没有这项权限", "your roles do not include it"))
