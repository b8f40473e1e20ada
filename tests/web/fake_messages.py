"""A box with one message in it."""

from __future__ import annotations

from engine.directory.actors import Actor
from engine.messages.kinds import DECIDED
from engine.views import Message, MessageFilters, Messages
from tests.web.fake_registers import NOW


class FakeMessages:
    """One message, not yet read."""

    def __init__(self) -> None:
        self.read_up_to: list[str | None] = []

    def page(self, actor: Actor, asked: MessageFilters | None = None) -> Messages:
        return Messages((self.open(actor, "1"),), 1, None, 1)

    def unread(self, actor: Actor) -> int:
        return 1

    def open(self, actor: Actor, message_id: str) -> Message:
        told = ("您的申请已批准", "Approved"), ("GW2026-00011", "GW2026-00011")
        return Message("1", NOW, DECIDED.label, *told, "41", None, "GW2026-00011")

    def read(self, actor: Actor, case_id: str | None = None, up_to: str | None = None) -> None:
        self.read_up_to.append(up_to)
