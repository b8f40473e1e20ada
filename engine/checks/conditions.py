"""What FEEL lets be proved about the conditions out of one element: which can be true, and which of them together.

Each variable is tried with one value of every kind that the conditions can tell apart (below, at and between the
numbers that they name, each text that they name and another one, true, false, null, something else), in every mixture,
by FEEL itself. What cannot be taken apart so is a riddle of its own, which may come to anything. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Context, Decimal
from itertools import islice, pairwise, product
from typing import Any, Final

from engine.checks.feel_trees import tree, walk
from engine.feel import Environment, FeelError
from engine.feel import nodes as n
from engine.feel.compiler import Run, compile_node
from engine.feel.scope import Scope

MAX_TRIED: Final = 2000
"""How often conditions are evaluated; those that need more are not judged."""

Path = tuple[str, ...]
Verdict = bool | None  # what a condition comes to; null stops the act
_EXACT: Final = Context(prec=120)  # more digits than any number of FEEL has
_OTHER_TEXT: Final = "其他"
_RIDDLE: Final = "?"  # no name of FEEL, so no variable is called so


@dataclass(frozen=True, slots=True)
class TruthCase:
    """One mixture of values, and what each condition comes to."""

    values: Mapping[Path, Any]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class TruthTable:
    """All cases there can be. ``real``: each of them can indeed occur, as far as the variables are free."""

    cases: tuple[TruthCase, ...]
    real: bool

    def example(self, case: TruthCase) -> str:
        """The values of a case in words; empty when it may be impossible."""
        if not self.real:
            return ""
        return ", ".join(f"{'.'.join(path)} = {_shown(value)}" for path, value in case.values.items())


def decide(texts: Sequence[str], answers: Callable[[Path], Iterable[str | None] | None]) -> TruthTable | None:
    """The table of the conditions ``texts``; None when they cannot be judged.

    ``answers`` gives the only values that a variable can have, None when it may have any.
    """
    try:
        trees = [tree(text) for text in texts]
    except FeelError:
        return None  # told with the expressions
    apart = _Apart()
    readings = [apart.take(node) for node in trees]
    if any(one != other and one == other[: len(one)] for one in apart.values for other in apart.values):
        return None  # a variable and a member of it: their values are not free
    choices = {path: _kinds(found, answers(path)) for path, found in apart.values.items()}
    choices |= {(name,): [True, False, None] for name in apart.riddles.values()}
    mixtures = list(islice(product(*choices.values()), MAX_TRIED + 1))
    if len(mixtures) * len(texts) > MAX_TRIED:
        return None
    try:
        runs = [compile_node(node) for node in readings]
        cases = tuple(_case(runs, dict(zip(choices, mixture, strict=True))) for mixture in mixtures)
    except (FeelError, RecursionError):
        return None
    return TruthTable(cases, real=not apart.riddles and len(apart.values) <= 1)


def _case(runs: Sequence[Run], values: dict[Path, Any]) -> TruthCase:
    environment = Environment(now=datetime(2026, 1, 1, tzinfo=UTC))
    environment.enter()
    scope = Scope(environment, _nested(values), None)
    found = [run(scope) for run in runs]
    return TruthCase(values, tuple(value if isinstance(value, bool) else None for value in found))


class _Apart:
    """Takes conditions apart: into values compared with constants, and riddles."""

    def __init__(self) -> None:
        self.values: dict[Path, list[Any]] = {}  # what each variable is compared with
        self.riddles: dict[n.Node, str] = {}

    def take(self, node: n.Node) -> n.Node:
        """The condition with its riddles replaced by names."""
        if isinstance(node, n.Junction):
            return replace(node, operands=tuple(map(self.take, node.operands)))
        if isinstance(node, n.Call) and node.function == n.Name("not") and len(node.arguments) == 1:
            return replace(node, arguments=(self.take(node.arguments[0]),))
        if isinstance(node, n.Literal) and isinstance(node.value, bool):
            return node
        if self._compares(node):
            return node
        return n.Name(self.riddles.setdefault(node, f"{_RIDDLE}{len(self.riddles)}"))

    def _compares(self, node: n.Node) -> bool:
        """Whether the node compares one variable with constants; notes them."""
        path = _path(node)
        if path is not None:
            self.values.setdefault(path, []).append(True)
            return True
        sides = [_path(part) for part in _direct(node)]
        paths = [path for path in sides if path is not None]
        constants = list(_constants(node))
        if len(set(paths)) > 1 or not _is_simple(node) or any(not _fits(node, value) for value in constants):
            return False
        for path in paths:
            self.values.setdefault(path, []).extend(constants)
        return True


def _direct(node: n.Node) -> Iterator[n.Node]:
    """The operands of a comparison."""
    for item in fields(node):
        value = getattr(node, item.name)
        yield from (part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, n.Node))


def _is_simple(node: n.Node) -> bool:
    """Whether it is a comparison made of paths and constants only."""
    if not isinstance(node, n.Comparison | n.Between | n.In):
        return False
    if isinstance(node, n.In) and _path(node.value) is None:
        return False
    return all(_path(part) is not None or _is_constant(part) for part in _direct(node))


def _is_constant(node: n.Node) -> bool:
    if isinstance(node, n.Negation):
        return isinstance(node.operand, n.Literal) and isinstance(node.operand.value, Decimal)
    if isinstance(node, n.RangeNode | n.SignTest | n.ListNode):
        return all(map(_is_constant, _direct(node)))
    return isinstance(node, n.Literal)


def _constants(node: n.Node) -> Iterator[Any]:
    for part in walk(node):
        if isinstance(part, n.Negation) and isinstance(part.operand, n.Literal):
            yield -part.operand.value if isinstance(part.operand.value, Decimal) else part.operand.value
        elif isinstance(part, n.Literal):
            yield part.value


def _fits(node: n.Node, value: Any) -> bool:
    """Whether the kinds below tell apart what a comparison with this constant tells apart."""
    if isinstance(value, str):  # texts in order would need texts between
        signs = {part.sign for part in walk(node) if isinstance(part, n.Comparison | n.SignTest)}
        ranges = any(isinstance(part, n.RangeNode | n.Between) for part in walk(node))
        return signs <= {"=", "!="} and not ranges
    return value is None or isinstance(value, bool | Decimal)


def _path(node: n.Node) -> Path | None:
    if isinstance(node, n.Name):
        return (node.name,)
    if isinstance(node, n.Path):
        base = _path(node.base)
        return None if base is None else (*base, node.name)
    return None


def _kinds(found: Iterable[Any], answers: Iterable[str | None] | None) -> list[Any]:
    """One value of each kind that comparisons with the constants ``found`` can tell apart."""
    if answers is not None:
        return list(answers)
    numbers = sorted({value for value in found if isinstance(value, Decimal)})
    between = [_EXACT.divide(_EXACT.add(low, high), Decimal(2)) for low, high in pairwise(numbers)]
    around = [numbers[0] - 1, *numbers, *between, numbers[-1] + 1] if numbers else [Decimal(0)]
    texts = sorted({value for value in found if isinstance(value, str)})
    other = _OTHER_TEXT
    while other in texts:
        other += _OTHER_TEXT
    return [*texts, other, *around, True, False, None, {}]


def _nested(values: Mapping[Path, Any]) -> dict[str, Any]:
    """The values as variables: paths as contexts in contexts."""
    result: dict[str, Any] = {}
    for path, value in values.items():
        at = result
        for name in path[:-1]:
            at = at.setdefault(name, {})
        at[path[-1]] = value
    return result


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    return f'"{value}"' if isinstance(value, str) else str(value)
