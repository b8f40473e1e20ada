"""The public conformance suite of DMN against our engine: ``python -m tests.tck DIR [NAME...]``.

Prints passed and failed per folder, and every miss with its reason. Fails below 95 %. The suite itself is not part of
this project; DIR is where somebody keeps it.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.dmn.decisions import decisions_of
from engine.dmn.evaluation import Evaluation
from engine.dmn.graph import Graph, Service
from engine.dmn.reader import Library, Reader
from engine.dmn.reading import attribute, child, children
from engine.errors import Refusal
from engine.feel import Environment
from engine.feel.calls import invoke
from engine.feel.operators import comparable, order_key
from engine.feel.texts import parse_date, parse_duration, parse_moment, parse_time
from engine.feel.values import number
from engine.files.xml import Node, parse

ENOUGH = 95
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # no result of the suite hangs on the day
EXTERNAL = re.compile(r"kind=.(?:Java|PMML)")
BACK_REFERENCE = re.compile(r"matches\([^)]*\([^)]*\)\\\d")
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
    if found is not None and found.get(NIL) != "true":
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
        others = {other.name: other.read_bytes() for other in path.parent.glob("*.dmn") if other != path}
        reader = Reader(path.name, parse(path.read_bytes(), what=path.name), Library(others))
        self.graph = reader.read()
        self.decisions = {decision.name[0]: decision for decision in decisions_of(reader, self.graph).values()}

    def answer(self, case: Node, name: str, inputs: dict[str, Any], env: Environment) -> tuple[Any, str]:
        """What a decision, or the service or function that the case names, comes to; and why it came to nothing."""
        try:
            if attribute(case, "type") in ("decisionService", "bkm"):
                return self._invoke(attribute(case, "invocableName"), name, inputs, env), ""
            return self.decisions[name].evaluate(inputs, env).value, ""
        except KeyError:
            return "?", "no such decision"
        except Refusal as error:
            return None, error.message("en")

    def _invoke(self, called: str, name: str, inputs: dict[str, Any], env: Environment) -> Any:
        """The answer of a function; of a service with several outputs, the one of that name."""
        elements = self.graph.elements
        element_id = next(key for key, element in elements.items() if element.name == called)
        service = elements[element_id]
        function = Evaluation(self.graph, {}, env).value(element_id)
        given = {name: value for name, value in inputs.items() if name in function.parameters}
        answer = invoke(function, list(given.values()), list(given), env)
        several = isinstance(service, Service) and len(service.outputs) > 1 and isinstance(answer, dict)
        return answer[name] if several and name in answer else answer


def nested(inputs: dict[str, Any], graph: Graph) -> dict[str, Any]:
    """Inputs of imported files, named ``import.input``, as contexts of the name of the import."""
    made = dict(inputs)
    for imported in graph.imports.values():
        prefix = f"{imported.name}."
        theirs = {name.removeprefix(prefix): made.pop(name) for name in inputs if name.startswith(prefix)}
        if theirs:
            made[imported.name] = nested(theirs, imported.graph)
    return made


def cases(path: Path) -> Iterator[tuple[str, bool, str]]:
    """(test and result, passed, what happened) of one file of cases."""
    root = parse(path.read_bytes(), what=path.name)
    model = child(root, "modelName")
    loaded = Model(path.parent / ((model.text or "") if model is not None else ""))
    for case in children(root, "testCase"):
        given = {attribute(node, "name"): read_value(node) for node in children(case, "inputNode")}
        inputs = nested(given, loaded.graph)
        for result in children(case, "resultNode"):
            name = attribute(result, "name")
            wanted = child(result, "expected")
            expected = None if wanted is None else read_value(wanted)
            environment = Environment(NOW, strict=False)
            got, why = loaded.answer(case, name, inputs, environment)
            note = f"expected {expected!r}, got {got!r} {why} {list(environment.warnings)}"
            yield f"{attribute(case, 'id')} {name}", agree(expected, got), note


@dataclass
class Tally:
    """What was counted, and every miss: folder, test, reason."""

    passed: int = 0
    misses: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Per cent of the results that agree; of none, none."""
        return 100 * self.passed / max(1, self.passed + len(self.misses))


def folders(suite: Path, names: Sequence[str] = ()) -> Iterator[tuple[Path, list[Path]]]:
    """The folders that hold tests, with their files of cases; ``names`` pick some by part of their path."""
    found: dict[Path, list[Path]] = {}
    for path in sorted(suite.rglob("*-test-*.xml")):
        if not names or any(part in str(path) for part in names):
            found.setdefault(path.parent, []).append(path)
    yield from found.items()


def results(path: Path) -> list[tuple[str, bool, str]]:
    """``cases`` of one file; a file or model that cannot be read at all is one miss with its reason."""
    try:
        return list(cases(path))
    except (Refusal, KeyError, ValueError, OSError) as error:
        reason = error.message("en") if isinstance(error, Refusal) else repr(error)
        return [(path.name, False, f"could not be run: {reason}")]


def refused_on_purpose(folder: Path, note: str) -> str:
    """Why we do not want to pass this one; empty when we would."""
    text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("*.dmn"))
    missing = "没有名为" in note or "不支持外部函数" in note
    if missing and ("external" in text or EXTERNAL.search(text)):
        return "refused on purpose: it calls an external (Java) function, and no expression reaches code. "
    if "模式写法有误" in note and BACK_REFERENCE.search(text):
        return "refused on purpose: its pattern has a back-reference, which no matcher can bound in time. "
    return ""


def run(suite: Path, names: Sequence[str] = ()) -> Tally:
    """All folders, a line each."""
    tally = Tally()
    for folder, files in folders(suite, names):
        found = [result for path in files for result in results(path)]
        failed = [(folder.name, name, note) for name, good, note in found if not good]
        tally.passed += len(found) - len(failed)
        tally.misses += [(place, name, refused_on_purpose(folder, note) + note) for place, name, note in failed]
        print(f"{folder.name:45} {len(found) - len(failed):4} passed {len(failed):4} failed")
    return tally


def main(arguments: list[str]) -> int:
    """Run the suite under the first argument; further ones pick folders by part of their name. 1 below 95 %."""
    if not arguments or not Path(arguments[0]).is_dir():
        print("请给出符合性测试集的文件夹：make tck TCK=文件夹")
        print("Say where the conformance suite is: make tck TCK=FOLDER (folders with *.dmn and *-test-*.xml)")
        return 2
    started = time.perf_counter()
    tally = run(Path(arguments[0]), arguments[1:])
    for place, name, reason in tally.misses:
        print(f"✗ {place} · {name}: {reason}")
    seconds = time.perf_counter() - started
    print(f"{tally.passed} passed, {len(tally.misses)} failed, {tally.share:.1f} % in {seconds:.1f} s", end="; ")
    print(f"at least {ENOUGH} % is wanted")
    return 0 if tally.share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
