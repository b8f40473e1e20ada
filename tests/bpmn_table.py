"""``python -m tests.bpmn_table`` writes docs/bpmn.md: what of BPMN 2.0.2 runs and what is refused, from the walks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.engine.bpmn.walks import GROUPS, Construct, constructs

TABLE = Path(__file__).resolve().parent.parent / "docs" / "bpmn.md"

TITLES = {
    "start": "开始事件 Start events",
    "activity": "活动 Activities",
    "gateway": "网关 Gateways",
    "intermediate": "中间事件 Intermediate events",
    "message": "消息 Messages",
    "boundary": "边界事件 Boundary events",
    "event sub-process": "事件子流程 Event sub-processes",
    "end": "结束事件 End events",
    "sub-process": "子流程 Sub-processes",
    "loop": "循环与多实例 Loops and multi-instance",
    "compensation": "补偿与事务 Compensation and transactions",
    "data": "数据 Data",
    "structure": "结构 Structure",
}

HEAD = """# BPMN 2.0：支持与拒绝 · supported and refused

每一行是一个文件夹：一个很小的流程，加上标准要求的走法（`walk.toml`）；测试逐步核对。
Each row is a folder: a tiny process and the walk that the standard demands; `tests/engine/bpmn` plays it step by step.
Clauses are those of BPMN 2.0.2 (formal/2013-12-09). 由 `python -m tests.bpmn_table` 生成，请勿手改 · generated, do not edit.
"""


def table() -> str:
    """The whole page."""
    found = list(constructs())
    runs = sum(not construct.refused for construct in found)
    parts = [HEAD, f"支持 {runs} 种，拒绝 {len(found) - runs} 种 · {runs} supported, {len(found) - runs} refused.\n"]
    for group in GROUPS:
        parts.append("\n".join(_section(group, [c for c in found if c.facts["group"] == group])))
    return "\n".join(parts)


def _section(group: str, found: list[Construct]) -> Iterator[str]:
    yield f"## {TITLES[group]}\n"
    yield "| 构造 Construct | 条款 Clause | | 标准要求 What the standard says |"
    yield "|---|---|---|---|"
    for construct in sorted(found, key=lambda c: bool(c.refused)):
        facts = construct.facts
        state = "拒绝 refused" if construct.refused else "支持 supported"
        name = f"[{facts['construct']}](../tests/data/bpmn/{construct.folder.name}) {facts['construct_en']}"
        yield f"| {name} | {facts['clause']} | {state} | {facts['says']} {facts['says_en']} |"
    yield ""


if __name__ == "__main__":
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table(), encoding="utf-8")
