"""How long files and functions are, in lines. A function is counted from its first statement after the docstring."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Sequence
from pathlib import Path

from scripts.figures.rooms import python_files


def files(root: Path) -> dict[str, int]:
    """The lines of every file."""
    return {
        path.relative_to(root).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files(root)
    }


def functions(root: Path) -> list[int]:
    """The lines of every function, methods and inner ones included."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in python_files(root))
    return [length(node) for tree in trees for node in ast.walk(tree) if isinstance(node, FUNCTION)]


FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's body."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def median(numbers: Sequence[int]) -> float:
    return statistics.median(numbers) if numbers else 0


def share(numbers: Sequence[int], part: float) -> int:
    """The smallest of the numbers that so great a part of them does not exceed (nearest rank)."""
    ordered = sorted(numbers)
    return ordered[max(0, -int(-part * len(ordered) // 1) - 1)] if ordered else 0
