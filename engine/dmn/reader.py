"""A DMN file as a graph of decisions. Everything wrong with it is noted, with the element's id."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from engine.dmn.boxed import Boxed
from engine.dmn.graph import DecisionNode, Element, Graph, InputData, Knowledge, Service
from engine.dmn.items import read_types
from engine.dmn.reading import Reading, attribute, child, children, local, nothing, walk
from engine.feel.types import ANY, FeelType
from engine.xmldoor import Node, parse, split

VERSIONS: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2, read alike
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)
_WORD = re.compile(r"\w+")
GW = "urn:gangwei:bpmn:1"


class Reader:
    """Reads one file into ``graph``; ``reading.problems`` says what is wrong."""

    def __init__(self, file: str, data: bytes) -> None:
        self.reading = Reading(file)
        self.root = parse(data, what=file)
        self.graph = Graph()
        self.english: dict[str, str] = {}
        self.boxed = Boxed(self.reading)
        self.namespace = attribute(self.root, "namespace")

    def read(self) -> Graph:
        """The whole file."""
        namespace, name = split(self.root)
        if namespace not in VERSIONS or name != "definitions":
            hint = ("请用 DMN 1.3 至 1.5 的编辑器另存。", "Save it with an editor of DMN 1.3 to 1.5.")
            self.reading.wrong(
                name, ("不是 DMN 1.3 至 1.5 的决策文件", "this is no decision file of DMN 1.3 to 1.5"), hint
            )
            return self.graph
        for imported in children(self.root, "import"):
            self.reading.wrong(attribute(imported, "name"), ("不支持引入其他文件", "imports are not supported"))
        self.reading.names = self._names()
        read_types(self.root, self.reading)
        for node in self.root:
            self._element(node)
        self._check_references()
        self._check_circles()
        return self.graph

    def _names(self) -> frozenset[str]:
        """All names in the file that hold more than one word: the parser cannot find their end by itself."""
        named = ("variable", "itemComponent", "formalParameter", "inputData", "decision", "businessKnowledgeModel")
        found = {attribute(node, "name") for node in walk(self.root) if local(node) in (*named, "column", "parameter")}
        return frozenset(name for name in found if name and not _WORD.fullmatch(name))

    def _element(self, node: Node) -> None:
        readers: dict[str, Callable[[Node, str, str], Element]] = {
            "inputData": self._input,
            "decision": self._decision,
            "businessKnowledgeModel": self._knowledge,
            "decisionService": self._service,
        }
        reader = readers.get(local(node))
        if reader is None:
            return
        name = attribute(node, "name")
        element_id = attribute(node, "id") or name
        if not name:
            self.reading.wrong(element_id or local(node), ("缺少名称", "it lacks a name"))
        elif element_id in self.graph.elements:
            self.reading.wrong(element_id, ("id 重复", "the id is used twice"))
        elif any(other.name == name for other in self.graph.elements.values()):
            self.reading.wrong(element_id, (f"名称“{name}”重复", f"the name {name} is used twice"))
        else:
            self.graph.elements[element_id] = reader(node, element_id, self._variable(node) or name)
            self.english[element_id] = str(node.get(f"{{{GW}}}nameEn") or name)

    def _variable(self, node: Node) -> str:
        return attribute(child(node, "variable"), "name")

    def _kind(self, node: Node, element_id: str) -> FeelType:
        return self.reading.type(attribute(child(node, "variable"), "typeRef"), element_id)

    def _input(self, node: Node, element_id: str, name: str) -> InputData:
        return InputData(name, self._kind(node, element_id))

    def _decision(self, node: Node, element_id: str, name: str) -> DecisionNode:
        self.reading.enter(element_id)
        run = self.boxed.inside(node, element_id)
        asks = tuple(asked for asked in self.reading.used if asked not in self.reading.local)
        requires = self._required(node, "requiredDecision", "requiredInput", "requiredKnowledge")
        calls = frozenset(self.reading.called - self.reading.local)
        return DecisionNode(element_id, name, self._kind(node, element_id), run, requires, asks, calls)

    def _knowledge(self, node: Node, element_id: str, name: str) -> Knowledge:
        self.reading.enter(element_id)
        logic = child(node, "encapsulatedLogic")
        parameters: list[tuple[str, FeelType]] = []
        if logic is None or attribute(logic, "kind") not in ("", "FEEL"):
            self.reading.wrong(element_id, ("没有可用的决策逻辑", "there is no logic that can be used"))
            return Knowledge(name, parameters, nothing, (), self._kind(node, element_id), frozenset())
        for parameter in children(logic, "formalParameter"):
            label = attribute(parameter, "name")
            parameters.append((label, self.reading.type(attribute(parameter, "typeRef"), element_id)))
        body = self.boxed.inside(logic, element_id)
        requires = self._required(node, "requiredKnowledge")
        calls = frozenset(self.reading.called)
        return Knowledge(name, parameters, body, requires, self._kind(node, element_id), calls)

    def _service(self, node: Node, element_id: str, name: str) -> Service:
        outputs = tuple(self._target(one) for one in children(node, "outputDecision"))
        inputs = (*children(node, "inputDecision"), *children(node, "inputData"))
        kind = self._kind(node, element_id).element or ANY  # the variable's type is a function: its output's type
        return Service(name, outputs, tuple(self._target(one) for one in inputs), kind)

    def _required(self, node: Node, *kinds: str) -> tuple[str, ...]:
        found = (one for outer in node for one in outer if local(outer).endswith("Requirement") and local(one) in kinds)
        return tuple(self._target(one) for one in found)

    def _target(self, node: Node) -> str:
        href = attribute(node, "href")
        namespace, _, target = href.rpartition("#")
        return target if namespace in ("", self.namespace) else href

    def _check_references(self) -> None:
        for element_id, element in self.graph.elements.items():
            for target in _targets(element):
                if target not in self.graph.elements:
                    problem = (f"引用的“{target}”不存在", f"{target}, which it refers to, does not exist")
                    self.reading.wrong(element_id, problem)
            if isinstance(element, DecisionNode):
                known = {
                    self.graph.elements[target].name for target in element.requires if target in self.graph.elements
                }
                element.asks = tuple(asked for asked in element.asks if asked not in known)

    def _check_circles(self) -> None:
        done: set[str] = set()
        for start in self.graph.elements:
            self._walk(start, (), done)

    def _walk(self, element_id: str, path: tuple[str, ...], done: set[str]) -> None:
        if element_id in path:
            if isinstance(self.graph.elements[element_id], DecisionNode):
                self.reading.wrong(
                    element_id, ("决策之间相互依赖，成了环", "the decisions require each other in a circle")
                )
            return
        if element_id in done or element_id not in self.graph.elements:
            return
        for target in _targets(self.graph.elements[element_id]):
            self._walk(target, (*path, element_id), done)
        done.add(element_id)


def _targets(element: Element) -> tuple[str, ...]:
    if isinstance(element, DecisionNode | Knowledge):
        return element.requires
    return (*element.outputs, *element.inputs) if isinstance(element, Service) else ()
