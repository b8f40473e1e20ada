"""``python -m tests.contract_table`` writes the table of our extension elements into workflows/README.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.diagram.schema import words

README = Path(__file__).resolve().parent.parent / "workflows" / "README.md"


ON = {"nodes": "各元素", "messages": "消息、信号事件"}


def contract_table() -> Iterator[str]:
    """The lines of the table."""
    yield "| 写在哪里 · on | 元素 · element | 含义 · meaning |"
    yield "|---|---|---|"
    for word in words().values():
        on = "、".join(ON.get(name, name) for name in word.on)
        element = " ".join([f"gw:{word.tag}", *(one.name for one in word.attributes)])
        yield f"| {on} | `{element}` | {word.meaning[0]} · {word.meaning[1]} |"


def page() -> str:
    """The contract with its table made again."""
    text = README.read_text(encoding="utf-8")
    lines = [*contract_table()]
    begin, rest = text.split(lines[0], 1)
    after = rest.split("\n\n", 1)[1]
    return begin + "\n".join(lines) + "\n\n" + after


if __name__ == "__main__":
    README.write_text(page(), encoding="utf-8")
