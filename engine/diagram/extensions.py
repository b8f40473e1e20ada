"""Our extension elements (``urn:gangwei:bpmn:1``) of one BPMN element, read into facts. Knows nothing else of BPMN."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.assignment import Assignment
from engine.diagram.attributes import get, number, pair, words
from engine.diagram.concerns import Concern
from engine.diagram.model import (
    Correlation,
    Deadline,
    DecisionCall,
    OperationCall,
    Outcome,
    Parameters,
)
from engine.diagram.notes import BPMN, GW
from engine.diagram.passing import Passing, read_passing
from engine.diagram.public import Public, read_public
from engine.diagram.sealing import Sealing, read_sealing
from engine.diagram.starts import ForEach, Opening, read_for_each, read_opening
from engine.diagram.verbs import Verb, read_verbs
from engine.files.xml import Node
from engine.views.groups import Group
from engine.words import Text


def name_of(node: Node) -> Text:
    """A BPMN element's Chinese name and its ``gw:nameEn``."""
    return pair(node.get("name"), node.get(f"{{{GW}}}nameEn"))


class Extensions:
    """The extension elements of one BPMN element, read into facts. Wrong ones were noted by ``check_extensions``."""

    def __init__(self, node: Node) -> None:
        self._holder = node.find(f"{{{BPMN}}}extensionElements")

    def each(self, tag: str) -> Iterator[Node]:
        return iter(()) if self._holder is None else self._holder.iterfind(f"{{{GW}}}{tag}")

    def _value(self, tag: str, attribute: str) -> str:
        return next((get(node, attribute) for node in self.each(tag)), "")

    def case(self) -> tuple[str, str, str]:
        """(number pattern, title, summary)."""
        return self._value("case", "number"), self._value("case", "title"), self._value("case", "summary")

    def description(self) -> Text:
        return pair(self._value("description", "zh"), self._value("description", "en"))

    def group(self) -> Group:
        """Where lists of kinds show the process."""
        found = (Group(pair(get(one, "zh"), get(one, "en")), number(one, "order", 0)) for one in self.each("group"))
        return next(found, Group())

    def assignments(self, tag: str = "assignment") -> tuple[Assignment, ...]:
        """The assignments of a lane, or with ``tag`` "canceller" those who may cancel a case."""
        return () if self._holder is None else _assignments(self._holder, tag)

    def concerns(self) -> tuple[Concern, ...]:
        """The records that a case of the process is about."""
        return tuple(
            Concern(get(one, "register"), get(one, "records"), get(one, "exclusive") == "true", words(one, "fields"))
            for one in self.each("concerns")
        )

    def personal(self) -> frozenset[str]:
        """Variables, or members of them, that say something of a person."""
        return frozenset(self._value("personal", "variables").split())

    def articles(self) -> tuple[str, ...]:
        return tuple(get(node, "number") for node in self.each("article"))

    def form(self) -> tuple[str | None, str]:
        """(name of the form, variable of the submission or "")."""
        return self._value("form", "ref") or None, self._value("form", "into")

    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(
            Outcome(
                id=get(node, "id"),
                name=pair(node.get("name"), node.get("nameEn")),
                kind=get(node, "kind"),
                opinion=get(node, "opinion") or "optional",
                targets=words(node, "targets"),
                final=get(node, "final") == "true",
            )
            for node in self.each("outcome")
        )

    def deadline(self) -> Deadline | None:
        for node in self.each("deadline"):
            return Deadline(
                get(node, "workingDays"),
                number(node, "warnDays", 3),
                remind=_assignments(node, "remind"),
                escalate=_assignments(node, "escalate"),
                extend_days=number(node, "extendDays", 0),
                suspend_days=number(node, "suspendDays", 0),
                since=get(node, "since"),
            )
        return None

    def ending(self) -> str:
        """How a case stands that ends here."""
        return next((get(node, "status") for node in self.each("ending")), "completed")

    def not_actor_of(self) -> tuple[str, ...]:
        """Elements of this case, whatever the outcome there."""
        named = (get(node, "element") for node in self.each("notActorOf") if not get(node, "outcome"))
        return tuple(filter(None, named))

    def stood_aside(self) -> tuple[tuple[str, str], ...]:
        """(element, outcome) of this case."""
        found = [node for node in self.each("notActorOf") if get(node, "outcome")]
        return tuple((get(node, "element"), get(node, "outcome")) for node in found)

    def not_actor_of_cases(self) -> tuple[str, ...]:
        """FEEL: the numbers of other cases."""
        return tuple(text for node in self.each("notActorOf") if (text := get(node, "case")))

    def not_people(self) -> tuple[str, ...]:
        """FEEL: logins of people, one or a list."""
        return tuple(text for node in self.each("notActorOf") if (text := get(node, "person")))

    def verbs(self) -> tuple[Verb, ...]:
        return read_verbs(self.each("verb"))

    def sealing(self) -> Sealing:
        return read_sealing(self.each)

    def correlation(self) -> Correlation:
        for node in self.each("correlation"):
            key, payload, result, unheard = (get(node, name) for name in ("key", "payload", "result", "unheard"))
            return Correlation(key, payload, result, forget=unheard == "forget")
        return Correlation()

    def passing(self) -> Passing | None:
        return read_passing(self.each("input"), self.each("output"))

    def begins(self) -> tuple[Opening | None, ForEach | None]:
        return read_opening(self.each("opening")), read_for_each(self.each("forEach"))

    def public(self) -> Public | None:
        return read_public(self.each("public"))

    def operation(self) -> OperationCall | None:
        for node in self.each("operation"):
            return OperationCall(get(node, "name"), _parameters(node), get(node, "result"))
        return None

    def decision(self) -> DecisionCall | None:
        for node in self.each("decision"):
            return DecisionCall(get(node, "ref"), _parameters(node), get(node, "result"))
        return None


def _parameters(node: Node) -> Parameters:
    return tuple((get(item, "name"), get(item, "value")) for item in node.iterfind(f"{{{GW}}}parameter"))


def _assignments(holder: Node, tag: str) -> tuple[Assignment, ...]:
    found = holder.iterfind(f"{{{GW}}}{tag}")
    return tuple(
        Assignment(
            get(node, "role"), get(node, "where"), words(node, "kinds"), get(node, "when"), get(node, "of"),
            get(node, "register"), get(node, "field"),
        )
        for node in found
    )  # fmt: skip
