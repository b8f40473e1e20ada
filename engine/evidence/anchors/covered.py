"""What is evidence, table by table and column by column: how each is proved, or why it is none. Plain data.

A test holds the list against the schema, so nothing is added without an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final

from engine.words import Words, say


class How(Enum):
    """By what something is proved."""

    CHAIN = "chain"
    REPLAY = "replay"
    ROWS = "rows"
    GROWS = "grows"
    BYTES = "bytes"
    SIGNED = "signed"


HOW_WORDS: Final[Mapping[How, Words]] = MappingProxyType(
    {
        How.CHAIN: say("哈希链，链尾已锚定"),
        How.REPLAY: say("由流转记录重做后逐项对照"),
        How.ROWS: say("逐行锚定"),
        How.GROWS: say("只增不减，数值已锚定"),
        How.BYTES: say("文件内容与其 SHA-256 对照"),
        How.SIGNED: say("每日签名"),
    }
)


@dataclass(frozen=True, slots=True)
class Covered:
    """How a table is proved; none: it is no evidence, and ``why``.

    ``free``: columns at which no proof looks, and why. ``elsewhere``: columns that are proved, but not with the row,
    as they may change. Rows of the tables of ``storage.told`` change, too: to what an account event says of them.
    """

    how: tuple[How, ...]
    why: Words | None = None
    free: Mapping[str, Words] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()

    @property
    def unhashed(self) -> tuple[str, ...]:
        """The columns that the hash of a row leaves out."""
        return (*self.free, *self.elsewhere)


_DERIVED = say("由已核验的数据生成，供列表和检索使用，可以重新生成")
_DRAFT = say("本人尚未提交的草稿")
_DESIGN = say("尚未发布的设计稿；发布后作为流程定义逐行锚定")
_WORK = say("程序自身的排队和运行情况；由此发生的事另有流转记录")
_HABIT = say("个人的使用习惯和联系方式，与事项无关")
_SHORT = say("短期凭据，到期清除；登录和失败记入账号记录")
_OUTSIDE = say("向系统外推送的情况，按期清除；消息本身逐行锚定")
_LOGGED = say("处理情况记入账号记录")
_MOMENT = say("随阅读变化")

_NONE = {
    "addresses": _HABIT,
    "bulk_items": _WORK,
    "bulks": _WORK,
    "calendar_followed": _WORK,
    "case_columns": _DERIVED,
    "choices": _HABIT,
    "clock_moves": say("只在演示系统中有；调整时钟记入账号记录"),
    "deliveries": _OUTSIDE,
    "design_contents": _DESIGN,
    "design_revisions": _DESIGN,
    "designs": _DESIGN,
    "drafts": _DRAFT,
    "fills": _WORK,
    "jobs": _WORK,
    "news": _WORK,
    "notifications": _OUTSIDE,
    "organisation_names": _DERIVED,
    "page_keys": _SHORT,
    "phrases": _HABIT,
    "record_keys": _DERIVED,
    "proposals": _DESIGN,
    "recusal_cases": _DERIVED,
    "rounds": _WORK,
    "row_drafts": _DRAFT,
    "saved_filters": _HABIT,
    "sessions": _SHORT,
    "sign_in_failures": _SHORT,
    "suspensions": _WORK,
    "task_columns": _DERIVED,
    "ticks": _WORK,
    "timed_starts": _WORK,
    "timetable": _WORK,
    "tours": _HABIT,
    "words": _DERIVED,
}
_REPLAYED = (
    "deadlines",
    "involvements",
    "recusals",
    "sealed_entries",
    "sealing_keys",
    "state_pieces",
    "tasks",
    "waits",
)
_ROW, _REPLAY = (How.ROWS,), (How.REPLAY,)
TABLES: Final[Mapping[str, Covered]] = MappingProxyType(
    {
        **{name: Covered((), why) for name, why in _NONE.items()},
        **{name: Covered(_REPLAY) for name in _REPLAYED},
        "access_batches": Covered((How.CHAIN,)),
        "access_looks": Covered((How.CHAIN,)),
        "account_events": Covered((How.CHAIN,)),
        "anchor_entries": Covered((How.SIGNED,)),
        "attachments": Covered((How.REPLAY, How.ROWS, How.BYTES)),
        "calendar_decisions": Covered(_ROW),
        "calendar_proposals": Covered(_ROW),
        "cases": Covered(_REPLAY, free={"listed_by": _DERIVED}),
        "concerns": Covered(_REPLAY, free={"version": _WORK}),
        "definitions": Covered(
            _ROW, free={"current": say("新事项用哪一版；每个事项记明自己所用的版本")}
        ),
        "event_payloads": Covered((How.CHAIN,)),
        "events": Covered((How.CHAIN,)),
        "incidents": Covered(_ROW, free=dict.fromkeys(("settled_at", "settled_by", "settlement"), _LOGGED)),
        "invitations": Covered(_ROW, free=dict.fromkeys(("used_at", "user_id", "revoked_at"), _LOGGED)),
        "memberships": Covered(_ROW),
        "messages": Covered(_ROW, free=dict.fromkeys(("read_at", "outgoing"), _MOMENT)),
        "organisations": Covered(_ROW),
        "papers": Covered((How.ROWS, How.BYTES)),
        "public_pages": Covered(_REPLAY, free={"id": say("只是页面地址中的编号")}),
        "records": Covered((How.REPLAY, How.ROWS), elsewhere=("organisation_path", "search", "valid_to")),
        "regulation_articles": Covered(_ROW),
        "restores": Covered(_ROW, free=dict.fromkeys(("released_at", "released_by"), _LOGGED)),
        "sequences": Covered((How.GROWS,)),
        "substitutions": Covered(_ROW),
        "users": Covered(_ROW),
    }
)  # fmt: skip

FILES: Final[Mapping[str, Covered]] = MappingProxyType(
    {
        "files": Covered((How.BYTES,)),
        "gangwei.db": Covered((How.CHAIN, How.REPLAY, How.ROWS)),
        "access.db": Covered((How.CHAIN,)),
        "anchors": Covered((How.SIGNED,)),
        "anchor.key": Covered((), say("签名的密钥：证据由它产生，它自己不是证据")),
        "secret.key": Covered((), _SHORT),
        "backup.lease": Covered((), _WORK),
        "proof.json": Covered((), _DERIVED),
        "proof.lock": Covered((), _WORK),
    }
)
"""What lies in the data folder, by name. What SQLite keeps beside a database while it works belongs to that."""
