"""Random well-structured processes: as BPMN, and as a tiny calculus that says by itself what must be open.

The calculus is the oracle: ``first`` gives the tasks that are open, ``after`` what is left when one of them is done. It
shares no code with the engine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Task:
    name: str = ""


@dataclass(frozen=True)
class Seq:
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Par:
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Choice:
    """A task whose answer ``pick`` says which branch is taken (``inclusive``: ``picks``, which branches are)."""

    ask: Task
    parts: tuple[Any, ...]
    inclusive: bool = False


@dataclass(frozen=True)
class Loop:
    """A body, then a task whose answer ``again`` says whether it is done once more."""

    body: Any
    ask: Task


@dataclass(frozen=True)
class Sub:
    """An embedded sub-process."""

    body: Any


DONE = Seq(())
LANE = """<bpmn:extensionElements><gw:case number="R{{seq:06}}" title="=&quot;随机&quot;"/></bpmn:extensionElements>
<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="县级工会"><bpmn:extensionElements>
<gw:assignment role="county_officer" where="same"/></bpmn:extensionElements>{refs}</bpmn:lane></bpmn:laneSet>"""
CHOICES = [{"value": str(n), "label": str(n)} for n in range(3)]
FORMS = {
    "plain": {"type": "textfield", "id": "plain_field", "key": "note", "label": "备注"},
    "pick": {"type": "number", "id": "pick_field", "key": "pick", "label": "选择"},
    "again": {"type": "checkbox", "id": "again_field", "key": "again", "label": "再来"},
    "picks": {"type": "checklist", "id": "picks_field", "key": "picks", "label": "选择", "values": CHOICES},
}


def first(node: Any) -> set[str]:
    """The names of the tasks that are open."""
    if isinstance(node, Task):
        return {node.name}
    if isinstance(node, Seq):
        return first(node.parts[0]) if node.parts else set()
    if isinstance(node, Par):
        return set().union(*map(first, node.parts)) if node.parts else set()
    if isinstance(node, Choice):
        return {node.ask.name}
    return first(node.body)


def after(node: Any, name: str, answer: dict[str, Any]) -> Any:
    """What is left once the open task ``name`` was done with ``answer``."""
    if isinstance(node, Task):
        return DONE
    if isinstance(node, Seq):
        return tidy(Seq((after(node.parts[0], name, answer), *node.parts[1:])))
    if isinstance(node, Par):
        return tidy(Par(tuple(after(p, name, answer) if name in first(p) else p for p in node.parts)))
    if isinstance(node, Choice):
        if node.inclusive:
            return tidy(Par(tuple(node.parts[int(i)] for i in answer["picks"])))
        return tidy(node.parts[answer["pick"]])
    if isinstance(node, Loop):
        return tidy(Seq((after(node.body, name, answer), Again(node))))
    return tidy(Sub(after(node.body, name, answer)))


@dataclass(frozen=True)
class Again:
    """The end of a loop's round: its question is open."""

    loop: Loop


def tidy(node: Any) -> Any:
    """Drop what is done."""
    if isinstance(node, Seq):
        parts = tuple(p for p in map(tidy, node.parts) if p != DONE)
        return parts[0] if len(parts) == 1 else Seq(parts)
    if isinstance(node, Par):
        parts = tuple(p for p in map(tidy, node.parts) if p != DONE)
        return DONE if not parts else parts[0] if len(parts) == 1 else Par(parts)
    if isinstance(node, Sub):
        return DONE if tidy(node.body) == DONE else Sub(tidy(node.body))
    return node


def open_now(node: Any) -> set[str]:
    """``first``, with the question at the end of a loop."""
    if isinstance(node, Again):
        return {node.loop.ask.name}
    if isinstance(node, Seq):
        return open_now(node.parts[0]) if node.parts else set()
    if isinstance(node, Par):
        return set().union(*map(open_now, node.parts)) if node.parts else set()
    if isinstance(node, Sub):
        return open_now(node.body)
    return first(node)


def step(node: Any, name: str, answer: dict[str, Any]) -> Any:
    """``after``, with the question at the end of a loop."""
    if isinstance(node, Again):
        return tidy(node.loop) if answer["again"] else DONE
    if isinstance(node, Seq):
        return tidy(Seq((step(node.parts[0], name, answer), *node.parts[1:])))
    if isinstance(node, Par):
        return tidy(Par(tuple(step(p, name, answer) if name in open_now(p) else p for p in node.parts)))
    if isinstance(node, Sub):
        return tidy(Sub(step(node.body, name, answer)))
    if isinstance(node, Loop):
        return tidy(Seq((step(node.body, name, answer), Again(node))))
    return after(node, name, answer)


def questions(node: Any) -> dict[str, Any]:
    """Task name to the node whose question it answers."""
    found: dict[str, Any] = {}
    if isinstance(node, (Choice, Loop)):
        found[node.ask.name] = node
    for part in getattr(node, "parts", ()) or ([node.body] if hasattr(node, "body") else []):
        found |= questions(part)
    return found


def models(leaves: int = 8) -> st.SearchStrategy[Any]:
    """Random models with tasks named t1, t2 …"""
    node: st.SearchStrategy[Any] = st.recursive(
        st.builds(Task),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda p: Seq(tuple(p))),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: Par(tuple(p))),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: Choice(Task(), tuple(p))),
            st.lists(inner, min_size=2, max_size=3).map(lambda p: Choice(Task(), tuple(p), True)),
            st.builds(Loop, inner, st.builds(Task)),
            st.builds(Sub, inner),
        ),
        max_leaves=leaves,
    )
    return node.map(lambda model: _named(model, count(1)))


def _named(node: Any, numbers: Any) -> Any:
    if isinstance(node, Task):
        return Task(f"t{next(numbers)}")
    if isinstance(node, Choice):
        ask = _named(node.ask, numbers)
        return Choice(ask, tuple(_named(p, numbers) for p in node.parts), node.inclusive)
    if isinstance(node, Loop):
        return Loop(_named(node.body, numbers), _named(node.ask, numbers))
    if isinstance(node, Sub):
        return Sub(_named(node.body, numbers))
    return type(node)(tuple(_named(p, numbers) for p in node.parts))


@dataclass
class _Writer:
    """Writes a model as BPMN."""

    xml: list[str] = field(default_factory=list)
    ids: Any = field(default_factory=lambda: count(1))
    tasks: list[str] = field(default_factory=list)

    def element(self, tag: str, name: str = "", inside: str = "", **attributes: str) -> str:
        name = name or f"{tag}_{next(self.ids)}"
        more = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self.xml.append(f'<bpmn:{tag} id="{name}" name="{name}"{more}>{inside}</bpmn:{tag}>')
        return name

    def task(self, node: Task, form: str = "plain") -> str:
        """A user task; ``form`` asks for the answer of that name."""
        outcome = '<gw:outcome id="done" name="完成" kind="submit"/>'
        inside = f'<bpmn:extensionElements><gw:form ref="{form}"/>{outcome}</bpmn:extensionElements>'
        self.tasks.append(node.name)
        return self.element("userTask", node.name, inside)

    def flow(self, source: str, target: str, condition: str = "") -> str:
        name = f"flow_{next(self.ids)}"
        text = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
        self.xml.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{text}</bpmn:sequenceFlow>'
        )
        return name

    def block(self, node: Any) -> tuple[str, str]:
        """(entry, exit) element ids of a part."""
        if isinstance(node, Task):
            return (self.task(node),) * 2
        if isinstance(node, Seq):
            ends = [self.block(part) for part in node.parts]
            for before, behind in pairwise(ends):
                self.flow(before[1], behind[0])
            return ends[0][0], ends[-1][1]
        if isinstance(node, Par):
            split, join = self.element("parallelGateway"), self.element("parallelGateway")
            for entry, leave in map(self.block, node.parts):
                self.flow(split, entry)
                self.flow(leave, join)
            return split, join
        if isinstance(node, Choice):
            return self.choice(node)
        if isinstance(node, Loop):
            return self.loop(node)
        return self.sub(node)

    def choice(self, node: Choice) -> tuple[str, str]:
        tag = "inclusiveGateway" if node.inclusive else "exclusiveGateway"
        ask = self.task(node.ask, "picks" if node.inclusive else "pick")
        split, join = f"split_{ask}", self.element(tag)
        self.flow(ask, split)
        default = ""
        for index, (entry, leave) in enumerate(map(self.block, node.parts)):
            chosen = f'list contains({ask}.picks, "{index}")' if node.inclusive else f"{ask}.pick = {index}"
            last = index == len(node.parts) - 1 and not node.inclusive
            flow = self.flow(split, entry, "" if last else chosen)
            default = flow if last else default
            self.flow(leave, join)
        self.element(tag, split, **({"default": default} if default else {}))
        return ask, join

    def loop(self, node: Loop) -> tuple[str, str]:
        merge = self.element("exclusiveGateway")
        entry, leave = self.block(node.body)
        ask = self.task(node.ask, "again")
        decide = f"again_{ask}"
        self.flow(merge, entry)
        self.flow(leave, ask)
        self.flow(ask, decide)
        self.flow(decide, merge, f"{ask}.again")
        out = self.element("exclusiveGateway")
        default = self.flow(decide, out)
        self.element("exclusiveGateway", decide, default=default)
        return merge, out

    def sub(self, node: Sub) -> tuple[str, str]:
        inner = _Writer(ids=self.ids, tasks=self.tasks)
        start, end = inner.element("startEvent"), inner.element("endEvent")
        entry, leave = inner.block(node.body)
        inner.flow(start, entry)
        inner.flow(leave, end)
        return (self.element("subProcess", inside="".join(inner.xml)),) * 2


def bpmn(node: Any) -> bytes:
    """The model as an executable process that starts and ends plainly."""
    writer = _Writer()
    start, end = writer.element("startEvent"), writer.element("endEvent")
    entry, leave = writer.block(node)
    writer.flow(start, entry)
    writer.flow(leave, end)
    refs = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in (start, *writer.tasks))
    lane = LANE.format(refs=refs)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1">'
        '<bpmn:process id="random" name="随机" isExecutable="true">' + lane + "".join(writer.xml) + "</bpmn:process>"
        "</bpmn:definitions>"
    ).encode()


def files(node: Any) -> dict[str, bytes]:
    """A folder that can be published: the diagram and the forms of its questions."""
    forms = {
        f"forms/{name}.form.json": json.dumps(
            {"type": "default", "id": name, "schemaVersion": 18, "components": [field]}
        ).encode()
        for name, field in FORMS.items()
    }
    return {"process.bpmn": bpmn(node), **forms}
