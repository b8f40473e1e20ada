"""What a diagram may ask about sealed submissions: who has handed in, when it is too late to hand in. Opens nothing."""

from __future__ import annotations

from typing import TypedDict

from engine.operations.registry import Parameter, Scene, operation
from engine.words import say
from storage import sealed
from storage.database import utc_text


class ListedEntry(TypedDict):
    """A sealed submission that counts."""

    case: str
    organisation: str
    organisation_name: str
    received_at: str
    digest: str


@operation("sealed.list", say("列出密封提交"), Parameter("key", "text", say("密封密钥")), read_only=True)
def _list(scene: Scene, key: str) -> list[ListedEntry]:
    """What was sealed to a key and counts, the earliest first; nothing of what may still be handed in or replaced.

    Whoever would know before who takes part, or how many, learns nothing here.
    """
    return [
        {
            "case": one["case_number"], "organisation": one["organisation_code"],
            "organisation_name": one["organisation_name"], "received_at": utc_text(one["received_at"]),
            "digest": one["digest"],
        }
        for one in sealed.counted(scene.connection, key)
        if one["closes_at"] < scene.now
    ]  # fmt: skip
