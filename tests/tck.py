"""The public conformance suite of DMN against our engine: ``python -m tests.tck DIR [-v] [NAME...]``.

Prints passed and failed per folder. The suite itself is not part of this project; DIR is where somebody keeps it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.decisions import decisions_of
from engine.dmn.graph import Evaluation
from engine.dmn.reader import Reader
from engine.dmn.reading import attribute, child, children
from engine.errors import Refusal
from engine.feel import Environment
from engine.feel.calls import invoke
from engine.feel.operators import comparable, order_key
from engine.feel.texts import parse_date, parse_duration, parse_moment, parse_time
from engine.feel.values import number
from engine.xmldoor import Node, parse

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
READERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "boolean": lambda text: text == "true",
    "decimal": number,
    "double": number,
    "integer": number,
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_moment,
    "duration": parse_duration,
    "dayTimeDuration": parse_duration,
    "yearMonthDuration": parse_duration,
}


def read_value(node: Node) -> Any:
    """The value written inside of an element: ``value``, ``list`` or ``component``s."""
    components = children(node, "component")
    if components:
        return {attribute(part, "name"): read_value(part) for part in components}
    found = child(node, "list")
    if found is not None:
        return [read_value(item) for item in children(found, "item")]
    found = child(node, "value")
    if found is None or found.get(NIL) == "true":
        return None
    kind = (found.get(TYPE) or "string").rpartition(":")[2]
    text = found.text or ""
    return READERS[kind](text if kind == "string" else text.strip())


def agree(expected: Any, got: Any) -> bool:
    """Equal as the suite means it: numbers within 1e-8, contexts key by key."""
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return abs(expected - got) <= Decimal("1e-8") * max(Decimal(1), abs(expected))
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(agree, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(agree(expected[key], got[key]) for key in expected)
    if comparable(expected, got):
        return bool(order_key(expected) == order_key(got))
    return type(expected) is type(got) and expected == got


class Model:
    """A model's decisions, services and functions by name. What is wrong in it makes its decision null."""

    def __init__(self, path: Path) -> None:
        reader = Reader(path.name, path.read_bytes())
        self.graph = reader.read()
        self.decisions = {decision.name[0]: decision for decision in decisions_of(reader, self.graph).values()}

    def answer(self, case: Node, name: str, inputs: dict[str, Any], env: Environment) -> tuple[Any, str]:
        """What a decision, or the service or function that the case names, comes to; and why it came to nothing."""
        try:
            if attribute(case, "type") in ("decisionService", "bkm"):
                return self._invoke(attribute(case, "invocableName"), inputs, env), ""
            return self.decisions[name].evaluate(inputs, env).value, ""
        except KeyError:
            return "?", "no such decision"
        except Refusal as error:
            return None, error.message("en")

    def _invoke(self, name: str, inputs: dict[str, Any], env: Environment) -> Any:
        element_id = next(key for key, element in self.graph.elements.items() if element.name == name)
        function = Evaluation(self.graph, {}, env).value(element_id)
        return invoke(function, list(inputs.values()), list(inputs), env)


def cases(path: Path) -> Iterator[tuple[str, bool, str]]:
    """(test and result, passed, what happened) of one file of cases."""
    root = parse(path.read_bytes(), what=path.name)
    model = child(root, "modelName")
    loaded = Model(path.parent / ((model.text or "") if model is not None else ""))
    for case in children(root, "testCase"):
        inputs = {attribute(node, "name"): read_value(node) for node in children(case, "inputNode")}
        for result in children(case, "resultNode"):
            name = attribute(result, "name")
            wanted = child(result, "expected")
            expected = None if wanted is None else read_value(wanted)
            environment = Environment(datetime.now(UTC))
            got, why = loaded.answer(case, name, inputs, environment)
            note = f"expected {expected!r}, got {got!r} {why} {list(environment.warnings)}"
            yield f"{attribute(case, 'id')} {name}", agree(expected, got), note


def main(arguments: list[str]) -> int:
    """Run the suite under the first argument; further ones pick folders by part of their name."""
    names = [argument for argument in arguments if not argument.startswith("-")]
    verbose = "-v" in arguments
    total = [0, 0]
    started = time.perf_counter()
    for path in sorted(Path(names[0]).rglob("*-test-*.xml")):
        if len(names) > 1 and not any(part in str(path) for part in names[1:]):
            continue
        results = list(cases(path))
        failed = [result for result in results if not result[1]]
        total[0] += len(results) - len(failed)
        total[1] += len(failed)
        print(f"{path.parent.name:45} {len(results) - len(failed):4} passed {len(failed):4} failed")
        for name, _, note in failed if verbose else ():
            print(f"    {name}: {note}")
    print(f"{total[0]} passed, {total[1]} failed in {time.perf_counter() - started:.1f} s")
    return 1 if total[1] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
