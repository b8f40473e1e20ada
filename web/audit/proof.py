"""The proofs of the log of accounts and of every case, as a table. Knows no request."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from engine.desks.audit_views import CaseLine, Chain
from engine.evidence.differences import ProofResult
from engine.words import listed, worded
from web.common.i18n import moment
from web.common.words import say

HEAD = (
    say("对象"), say("编号"), say("结论"), say("不一致之处"), say("记录条数"), say("末条的 SHA-256"),
    say("核验时间（北京时间）"),
)  # fmt: skip
RESULTS = {
    ProofResult.HOLDS: say("一致"),
    ProofResult.DIFFERS: say("不一致"),
    ProofResult.LATE: say("未能在时限内核验"),
}


def proof_table(
    chain: Chain, lines: Iterable[tuple[CaseLine, datetime]], language: str, now: datetime
) -> Iterator[str]:
    """Line by line, as CSV: the log of accounts, then each case; ``now``: when the log was proved."""
    row = partial(_row, language)
    yield "\ufeff" + row(HEAD)  # the mark by which Excel knows UTF-8
    broken = " ".join(map(str, chain.broken or ()))
    yield row(
        (
            say("账号记录"),
            "",
            RESULTS[ProofResult.DIFFERS if broken else ProofResult.HOLDS],
            broken,
            chain.count,
            chain.head,
            moment(now),
        )
    )
    for line, at in lines:
        wrong = listed(line.differences or (), by="; ")
        told = (line.number, RESULTS[line.verdict] if line.verdict else "", wrong, line.events, line.head, moment(at))
        yield row((say("事项"), *told))


def _row(language: str, cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(worded(cell, language) for cell in cells)
    return out.getvalue()
