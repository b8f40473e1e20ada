"""``python -m tests.checks_page`` writes docs/checks.md: what the check says, why, and what to do, from the tests.

The messages are those of the rules themselves, file by file, with the reason that the file gives; the table of tools is
made of the rows in tests/data/tools, which tests/engine/checks/test_tools.py holds the check to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from engine.words import Words
from tests.engine.checks.tools import Row, rows

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "checks.md"
ROOMS = ("engine/diagram", "engine/checks")
TELLERS = frozenset({"error", "warn", "add", "_error", "_warn", "_say", "_tell", "no", "_no"})
VERDICTS = {"published": "发布 published", "warning": "提醒 warning", "refused": "拒绝 refused"}

HEAD = """# 发布前的检查 · What is checked before publishing

每条信息都写明在哪里、错在哪里、接下来做什么；错误拒绝发布，提醒不影响发布。全部错误都计数，各列出前500条。
Each message says where, what is wrong and what to do next. Errors refuse publishing, warnings do not. All of them
count; the first 500 of each are listed. 由 `python -m tests.checks_page` 生成，请勿手改 · generated, do not edit.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_tools(), "", *_messages()]) + "\n"


def _tools() -> Iterator[str]:
    found = list(rows())
    yield "## 其他工具画的图 · What other tools draw\n"
    yield f"{len(found)} 行，每行一个功能，由测试核对 · {len(found)} rows, one feature each, held to by tests.\n"
    yield "| 工具 Tool | 功能 Feature | 结论 Verdict | 信息与下一步 Message and next step |"
    yield "|---|---|---|---|"
    yield from map(_row, found)


def _row(row: Row) -> str:
    problems = row.problems()
    decide = [problem for problem in problems if problem.severity == "error"] or list(problems)
    told = "<br>".join(
        _cell(problem.text(language).split(": ", 1)[1]) for problem in decide for language in ("zh", "en")
    )
    feature = f"{row.facts['feature']} {row.facts['feature_en']}"
    return f"| {row.tool} | {_cell(feature)} | {VERDICTS[row.verdict]} | {told or '—'} |"


def _messages() -> Iterator[str]:
    yield "## 全部信息 · All messages\n"
    for room in ROOMS:
        for file in sorted((ROOT / room).glob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            found = dict.fromkeys(_told(tree))
            if found:
                yield f"### `{file.relative_to(ROOT)}`\n"
                yield (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ") + "\n"
                yield "| 信息 Message | 接下来 What to do |"
                yield "|---|---|"
                yield from (f"| {_both(what)} | {_both(hint) if hint else '—'} |" for what, hint in found)
                yield ""


def _told(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(sentence, next step) of every message that a file tells; names are looked up where they were last set."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in TELLERS:
                said = [found for part in call.args if (found := _sentences(part, names))]
                if said:
                    yield from ((what, said[1][0] if len(said) > 1 else "") for what in said[0])
            elif isinstance(call, ast.Yield) and isinstance(call.value, ast.Tuple):
                said = [found for part in call.value.elts if (found := _sentences(part, names))]
                if said:
                    yield from ((what, said[-1][0] if len(said) > 1 else "") for what in said[0])


def _sentences(node: ast.AST, names: dict[str, ast.expr]) -> list[str]:
    """The sentences of a part of a call, outermost first; those that are only facts of another are left out."""
    if isinstance(node, ast.Name):
        return _sentences(names[node.id], {}) if node.id in names else []
    if isinstance(node, ast.IfExp):
        return [*_sentences(node.body, names), *_sentences(node.orelse, names)]
    if isinstance(node, ast.BoolOp):
        return [found for part in node.values for found in _sentences(part, names)]
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id == "say" and isinstance(node.args[0], ast.Constant):
            return [str(node.args[0].value)]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "about":
            return _sentences(node.func.value, names)
    return []


def _both(sentence: str) -> str:
    words = Words(sentence)
    zh, en = sentence, _pattern(words)
    return f"{_cell(zh)}<br>{_cell(en)}".replace("{{", "{").replace("}}", "}")


def _pattern(words: Words) -> str:
    from engine.words import _english

    return _english(words.package).gettext(words.id)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
