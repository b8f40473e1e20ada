"""The vocabulary of our extension elements (``urn:gangwei:bpmn:1``) and the check against it. Reads none of them.

The vocabulary is one table: what is not in it is a problem, so that a typing error never passes in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from engine.diagram.columns import TYPES
from engine.diagram.notes import BPMN, FLOW_NODES, GW, Notes
from engine.diagram.public import KINDS
from engine.diagram.verbs import VALUES
from engine.files.xml import Node, split
from engine.words import listed, say


@dataclass(frozen=True, slots=True)
class _Word:
    """One extension element: where it may stand, its attributes, and the values that an attribute may take."""

    hosts: frozenset[str]
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    many: bool = False
    values: tuple[tuple[str, str], ...] = ()  # (attribute, pattern that the whole value must match)


def _word(hosts: str, required: str, optional: str = "", many: bool = False, **values: str) -> _Word:
    return _Word(
        frozenset(hosts.split()), frozenset(required.split()), frozenset(optional.split()), many, tuple(values.items())
    )


_ASSIGNMENT: Final = {"where": "same|ancestor|starter", "role": r"\S+"}
_BY_DATA: Final = {**_ASSIGNMENT, "where": "same|ancestor|starter|organisation|person|register", "register": r"\S+"}
_NODES: Final = " ".join(sorted(FLOW_NODES))
_CATCHING: Final = "intermediateCatchEvent intermediateThrowEvent boundaryEvent receiveTask"
_MESSAGES: Final = f"startEvent endEvent {_CATCHING} sendTask"
_WORDS: Final = {
    "case": _word("process", "number title", "summary"),
    "description": _word(f"process {_NODES}", "zh", "en"),
    "group": _word("process", "zh", "en order", order=r"[1-9]\d{0,3}"),
    "canceller": _word("process", "role where", "kinds", True, **_ASSIGNMENT),
    "concerns": _word("process", "register records", "exclusive fields", True, register=r"\S+", exclusive="true|false"),
    **dict.fromkeys(("personal", "released"), _word("process", "variables")),
    "seen": _word(f"process lane {_NODES}", "by", "fields", True),
    "confidential": _word("process startEvent userTask globalUserTask", "until", "for fields variables", True),
    "column": _word("process", "id name type value", "nameEn choices", True, type=TYPES, id=r"[A-Za-z]\w{0,39}"),
    "article": _word(f"process {_NODES}", "number", "", True, number=r"[1-9]\d{0,3}"),
    "assignment": _word("lane", "where", "role kinds when of register field", True, **_BY_DATA),
    "form": _word("startEvent userTask globalUserTask", "ref", "into", ref=r"\S+"),
    "outcome": _word(
        "startEvent userTask globalUserTask",
        "id name kind",
        "nameEn opinion targets final",
        True,
        final="true|false",
        kind="approve|return|refuse|submit",
        opinion="required|optional|none",
        id=r"[A-Za-z_]\w*",
    ),
    "ending": _word("endEvent", "status", status="completed|refused|withdrawn"),
    "deadline": _word(
        "userTask globalUserTask",
        "workingDays",
        "since warnDays extendDays suspendDays",
        warnDays=r"\d{1,3}",
        extendDays=r"\d{1,3}",
        suspendDays=r"\d{1,3}",
    ),
    **dict.fromkeys(("remind", "escalate"), _word("deadline", "role where", "kinds when", True, **_ASSIGNMENT)),
    "notActorOf": _word("userTask globalUserTask", "", "element outcome case person", True),
    "verb": _word("userTask globalUserTask", "name", "allowed to most perDay fields", True, **VALUES),
    "sealed": _word("userTask globalUserTask", "key until"),
    "share": _word("userTask globalUserTask", "kind", "with", kind="phrase|printed"),
    "unseal": _word("userTask globalUserTask", "key at"),
    "opening": _word("startEvent receiveTask", "organisation", "starter"),
    "forEach": _word(
        "startEvent",
        "result",
        "register kinds having when round missed",
        register=r"\S+",
        having=r"\S+",
        missed="skip|each",
    ),
    "public": _word("serviceTask", "id name title", "nameEn from until key address", id=r"[a-z]\w{0,39}"),
    "show": _word("public show", "value", "name nameEn kind json personal", True, kind=KINDS, personal="false"),
    "operation": _word("serviceTask sendTask", "name", "result"),
    "decision": _word("businessRuleTask globalBusinessRuleTask", "ref", "result"),
    "correlation": _word(_MESSAGES, "", "key payload result unheard", unheard="forget|incident"),
    "input": _word("callActivity", "name value", "", True),
    "output": _word("callActivity", "name value", "", True),
    "parameter": _word("operation decision", "name value", "", True),
}


def check_extensions(root: Node, notes: Notes) -> None:
    """Note every use of our namespace that is not in the vocabulary."""
    for node in root.iter():
        for name in node.attrib:
            namespace, own = split(name)
            if namespace == GW and (own != "nameEn" or split(node)[0] != BPMN):
                notes.add(
                    node, say("无法识别的扩展属性“{own}”。", own=own), say("环节上只有gw:nameEn；其余请写成扩展元素。")
                )
        namespace, tag = split(node)
        if namespace == GW:
            _check_word(node, tag, notes)


def _check_word(node: Node, tag: str, notes: Notes) -> None:
    word = _WORDS.get(tag)
    if word is None:
        close = get_close_matches(tag, _WORDS, 1)
        hint = (
            say("是不是“{close}”？", close=close[0])
            if close
            else say("可用的有：{known}。", known=listed(_WORDS, by=", "))
        )
        notes.add(node, say("无法识别的扩展元素“{tag}”。", tag=tag), hint)
        return
    host = _host(node)
    if host not in word.hosts:
        at = host or say("此处")
        allowed = ", ".join(sorted(word.hosts)) if len(word.hosts) < 5 else "flow nodes, process"
        notes.add(
            node,
            say("扩展元素“{tag}”不能放在“{host}”上，只能放在：{allowed}。", tag=tag, host=at, allowed=allowed),
            say("请移到{allowed}的extensionElements里。", allowed=allowed),
        )
    siblings = node.getparent()
    if siblings is not None and not word.many and node is not siblings.find(str(node.tag)):
        notes.add(node, say("扩展元素“{tag}”只能出现一次。", tag=tag), say("请只留一个。"))
    _check_attributes(node, tag, word, notes)


def _check_attributes(node: Node, tag: str, word: _Word, notes: Notes) -> None:
    for name in sorted(word.required):
        if not (node.get(name) or "").strip():
            notes.add(
                node, say("扩展元素“{tag}”缺少属性“{name}”。", tag=tag, name=name), say("请补上属性{name}。", name=name)
            )
    for name in map(str, node.attrib):
        if not name.startswith("{") and name not in word.required | word.optional:
            notes.add(node, say("扩展元素“{tag}”没有属性“{name}”。", tag=tag, name=name), say("请检查拼写，或删去。"))
    for name, pattern in word.values:
        value = (node.get(name) or "").strip()
        if value and not re.fullmatch(pattern, value):
            choices = pattern.replace("|", ", ") if "|" in pattern else ""
            notes.add(
                node,
                say("扩展元素“{tag}”的属性“{name}”取值“{value}”无效。", tag=tag, name=name, value=value),
                say("可用取值：{choices}。", choices=choices) if choices else "",
            )


def _host(node: Node) -> str:
    """The tag that an extension element hangs on; ours may only stand inside ``extensionElements`` or each other."""
    parent = node.getparent()
    if parent is None:
        return ""
    namespace, tag = split(parent)
    if namespace == GW:
        return tag
    holder = parent.getparent()
    return split(holder)[1] if namespace == BPMN and tag == "extensionElements" and holder is not None else ""
