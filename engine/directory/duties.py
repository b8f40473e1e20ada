"""What a role may besides business, and the three administrators: fixed here, whatever an installation calls its roles.

Knows no role and no page. GB/T 22239-2019, 8.1.5: system, audit and security management are three persons' work.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from engine.errors import NotAllowed
from engine.words import Words, say

SYSTEM, SECURITY, AUDITING = "system", "security", "audit"
DUTIES: Mapping[str, Words] = MappingProxyType(
    {
        SYSTEM: say("系统管理员"),
        SECURITY: say("安全管理员"),
        AUDITING: say("审计管理员"),
    }
)

ACCOUNTS = "accounts"
ORGANISATIONS = "organisations"
DESIGNS = "designs"
OPERATIONS = "operations"
AUDIT = "audit"
CALENDARS = "calendars"
SUBSTITUTES = "substitutes"
WORKLOAD = "workload"
INVITATIONS = "invitations"
POWERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ACCOUNTS: (SECURITY,),
        OPERATIONS: (SYSTEM,),
        AUDIT: (AUDITING,),
        ORGANISATIONS: (SYSTEM, ""),
        CALENDARS: (SYSTEM, ""),
        DESIGNS: ("",),
        SUBSTITUTES: ("",),
        WORKLOAD: ("",),
        INVITATIONS: (SECURITY, ""),
    }
)
"""The words of ``may``, and the duties of a role that may have each of them; an empty one: a role without a duty."""


class May(Protocol):
    """Somebody who may do this or that."""

    def may(self, what: str) -> bool: ...


def require(actor: May, power: str, act: Words) -> None:
    """Raises NotAllowed unless one of his roles opens it."""
    if not actor.may(power):
        raise NotAllowed(act=act, reason=say("您没有这项权限"))
