"""A DMN file as a graph of decisions. Everything wrong with it is noted, with the element's id."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from engine.dmn.boxed import Boxed
from engine.dmn.graph import DecisionNode, Element, Graph, Import, InputData, Knowledge, Service, targets
from engine.dmn.items import read_types
from engine.dmn.reading import Reading, attribute, child, children, local, nothing, text_of, walk
from engine.feel.types import ANY, FeelType
from engine.files.xml import Node, parse, split
from engine.words import say

VERSIONS: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2, read alike
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)
MOST_ELEMENTS: Final = 2_000  # decisions, inputs, functions and services of a file
MOST_NAMES: Final = 1_000  # data and functions that a file does not define itself
_WORD = re.compile(r"\w+")
_MEMBERS = frozenset({"itemDefinition", "itemComponent", "column", "output", "import"})
_OWN = frozenset({"variable", "formalParameter", "parameter"})
GW = "urn:gangwei:bpmn:1"


def _long(names: Iterable[str]) -> frozenset[str]:
    """Those that are more than one word."""
    return frozenset(name for name in names if name and not _WORD.fullmatch(name))


class Library:
    """Files that another one may import, by the namespace of their elements. Reads them once they are asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """``files``: the data of each by its name."""
        self._files = files
        self._known: dict[str, tuple[str, Node]] | None = None
        self._readers: dict[str, Reader] = {}
        self._open: set[str] = set()

    def reader(self, namespace: str) -> Reader | None:
        """That file, read; None if there is none or it imports itself. Raises XmlRefused."""
        if self._known is None:
            roots = ((file, parse(data, what=file)) for file, data in self._files.items())
            self._known = {attribute(root, "namespace"): (file, root) for file, root in roots}
        if namespace in self._open or namespace not in self._known:
            return None
        if namespace not in self._readers:
            self._open.add(namespace)
            self._readers[namespace] = Reader(*self._known[namespace], self)
            self._readers[namespace].read()
            self._open.discard(namespace)
        return self._readers[namespace]


class Reader:
    """Reads one file into ``graph``; ``reading.problems`` says what is wrong."""

    def __init__(self, file: str, root: Node, library: Library) -> None:
        self.reading = Reading(file)
        self.root = root
        self.library = library
        self.graph = Graph(types=self.reading.types)
        self.english: dict[str, str] = {}
        self._taken: set[str] = set()  # names of elements
        self._named: dict[str, tuple[str, str]] = {}  # by id: the name of an element and that of its variable
        self.boxed = Boxed(self.reading)
        self.namespace = attribute(self.root, "namespace")

    def read(self) -> Graph:
        """The whole file."""
        namespace, name = split(self.root)
        if namespace not in VERSIONS or name != "definitions":
            hint = say("请用 DMN 1.3 至 1.5 的编辑器另存。")
            self.reading.wrong(name, say("不是 DMN 1.3 至 1.5 的决策文件"), hint)
            return self.graph
        self.reading.names = _long(attribute(node, "name") for node in walk(self.root) if local(node) in _MEMBERS)
        for imported in children(self.root, "import"):
            self._import(imported)
        read_types(self.root, self.reading)
        everywhere = self.reading.names
        for node in self.root:
            name = attribute(node, "name")
            self._named[attribute(node, "id") or name] = (name, self._variable(node))
        for node in self.root:
            self.reading.names = everywhere | self._names(node)
            self._element(node)
        self.reading.names = everywhere
        self._check_references()
        self._check_names()
        self._check_circles()
        self._check_size()
        return self.graph

    def _names(self, element: Node) -> frozenset[str]:
        """The long names in the scope of an element (clause 10.3.1.5): its own, and those of what it requires.

        The parser cannot find their end by itself. Members of contexts are known everywhere.
        """
        inside = list(walk(element))
        found = [attribute(element, "name"), *(attribute(node, "iteratorVariable") for node in inside)]
        found += [attribute(node, "name") for node in inside if local(node) in _OWN]
        logic = child(element, "encapsulatedLogic")
        found += [label for label, _ in self._formal_parameters(logic)] if logic is not None else []
        for node in inside:
            if local(node).startswith("required"):
                found += self._named.get(self._target(node), ())
        return _long(found)

    def _import(self, node: Node) -> None:
        """Elements, types and names of another file (clause 6.3.3); other kinds of file than DMN mean nothing here."""
        namespace, name = attribute(node, "namespace"), attribute(node, "name")
        reader = self.library.reader(namespace)
        if attribute(node, "importType") not in VERSIONS or reader is None:
            problem = say("没有可引入的决策文件“{namespace}”", namespace=namespace)
            self.reading.wrong(name or namespace, problem)
            return
        if reader.reading.problems:
            found = say("引入的决策文件有误")
            self.reading.wrong(name or namespace, found)
        self.graph.imports[namespace] = Import(name, reader.graph)
        self.reading.names |= reader.reading.names | _long(one.name for one in reader.graph.elements.values())
        for one, kind in reader.reading.types.items():
            self.reading.types.setdefault(f"{name}.{one}" if name else one, kind)

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
            self.reading.wrong(element_id or local(node), say("缺少名称"))
        elif element_id in self.graph.elements:
            self.reading.wrong(element_id, say("id 重复"))
        elif (known := self._variable(node) or name) in self._taken:
            self.reading.wrong(element_id, say("名称“{name}”重复", name=name))
        else:
            self._taken.add(known)
            self.graph.elements[element_id] = reader(node, element_id, known)
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
        asked = self.reading.asked()
        requires = self._required(node, "requiredDecision", "requiredInput", "requiredKnowledge")
        calls = frozenset(self.reading.called - self.reading.local)
        return DecisionNode(element_id, name, self._kind(node, element_id), run, requires, asked, calls)

    def _knowledge(self, node: Node, element_id: str, name: str) -> Knowledge:
        self.reading.enter(element_id)
        logic = child(node, "encapsulatedLogic")
        parameters: list[tuple[str, FeelType]] = []
        if logic is None or attribute(logic, "kind") not in ("", "FEEL"):
            self.reading.wrong(element_id, say("没有可用的决策逻辑"))
            return Knowledge(name, parameters, nothing, (), self._kind(node, element_id), frozenset())
        for label, ref in self._formal_parameters(logic):
            parameters.append((label, self.reading.type(ref, element_id)))
        body = self.boxed.inside(logic, element_id)
        requires = self._required(node, "requiredKnowledge")
        calls = frozenset(self.reading.called)
        return Knowledge(name, parameters, body, requires, self._result(node, element_id), calls)

    def _formal_parameters(self, logic: Node) -> list[tuple[str, str]]:
        """Names and types; a table without parameters takes its input expressions (clause 10.2.1.7)."""
        formal = children(logic, "formalParameter")
        table = child(logic, "decisionTable")
        if formal or table is None:
            return [(attribute(one, "name"), attribute(one, "typeRef")) for one in formal]
        inputs = [child(one, "inputExpression") for one in children(table, "input")]
        return list({text_of(one): attribute(one, "typeRef") for one in inputs}.items())

    def _result(self, node: Node, element_id: str) -> FeelType:
        """What a function answers: the type of its variable is that of the function, or by habit of the answer."""
        kind = self._kind(node, element_id)
        return kind.element or ANY if kind.name == "function" else kind

    def _service(self, node: Node, element_id: str, name: str) -> Service:
        outputs = tuple(self._target(one) for one in children(node, "outputDecision"))
        inputs = (*children(node, "inputData"), *children(node, "inputDecision"))
        return Service(name, outputs, tuple(self._target(one) for one in inputs), self._result(node, element_id))

    def _required(self, node: Node, *kinds: str) -> tuple[str, ...]:
        found = (one for outer in node for one in outer if local(outer).endswith("Requirement") and local(one) in kinds)
        return tuple(self._target(one) for one in found)

    def _target(self, node: Node) -> str:
        href = attribute(node, "href")
        namespace, _, target = href.rpartition("#")
        return target if namespace in ("", self.namespace) else href

    def _check_references(self) -> None:
        for element_id, element in self.graph.elements.items():
            for target in targets(element):
                if self.graph.find(target) is None:
                    problem = say("引用的“{target}”不存在", target=target)
                    self.reading.wrong(element_id, problem)

    def _check_names(self) -> None:
        """Logic knows what its element requires, nothing else of the file (clause 10.3.2.11).

        A name that the file does not define is asked of whoever asks, unless the file declares its inputs.
        """
        elements = self.graph.elements.values()
        closed = any(isinstance(one, InputData) for one in elements)
        own = {self.graph.name(one) for one in self.graph.elements} | {one.name for one in self.graph.imports.values()}
        for node in elements:
            if not isinstance(node, DecisionNode):
                continue
            known = {self.graph.name(target) for target in node.requires}
            unknown = {name: sure for name, sure in node.asks.items() if name not in known}
            node.asks = {} if closed else {name: sure for name, sure in unknown.items() if name not in own}
            for name in (name for name, sure in unknown.items() if sure and name not in node.asks):
                hint = say("请画出信息需求连线。")
                problem = say("用到了“{name}”，但没有与它相连", name=name)
                self.reading.wrong(node.id, problem, hint)

    def _check_size(self) -> None:
        """What every decision needs is listed for each: so many of them must not need so much."""
        asked: set[str] = set()
        for element in self.graph.elements.values():
            if isinstance(element, DecisionNode | Knowledge):
                asked |= element.calls | (element.asks.keys() if isinstance(element, DecisionNode) else set())
        for count, most, what in (
            (len(self.graph.elements), MOST_ELEMENTS, say("决策元素")),
            (len(asked), MOST_NAMES, say("外来的名称")),
        ):
            if count > most:
                self.reading.wrong(self.reading.file, say("{what}超过 {most} 个", what=what, most=most))

    def _check_circles(self) -> None:
        """Decisions may not wait for each other; functions may call each other."""
        opened: set[str] = set()
        done: set[str] = set()
        todo = [(element_id, False) for element_id in self.graph.elements]
        while todo:
            element_id, leaving = todo.pop()
            if leaving:
                done.add(element_id)
            elif element_id in opened and element_id not in done:
                if isinstance(self.graph.elements[element_id], DecisionNode):
                    problem = say("决策之间相互依赖，成了环")
                    self.reading.wrong(element_id, problem)
            elif element_id not in done and element_id in self.graph.elements:
                opened.add(element_id)
                todo.append((element_id, True))
                todo += [(target, False) for target in targets(self.graph.elements[element_id])]
