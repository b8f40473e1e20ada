"""The check of our extension elements (``urn:gangwei:bpmn:1``) against the vocabulary. Reads none of them.

The vocabulary is one schema (``engine.diagram.schema``): what is not in it is a problem, so that a typing error never
passes in silence.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from engine.diagram.notes import BPMN, GW, Notes
from engine.diagram.schema import Attribute, Word, words
from engine.files.xml import Node, split
from engine.words import Listed, listed, say


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
    word = words().get(tag)
    if word is None:
        close = get_close_matches(tag, words(), 1)
        hint = (
            say("是不是“{close}”？", close=close[0])
            if close
            else say("可用的有：{known}。", known=listed(words(), by=", "))
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


def _check_attributes(node: Node, tag: str, word: Word, notes: Notes) -> None:
    for one in word.attributes:
        if one.required and not (node.get(one.name) or "").strip():
            notes.add(
                node,
                say("扩展元素“{tag}”缺少属性“{name}”。", tag=tag, name=one.name),
                say("请补上属性{name}（{label}）。", name=one.name, label=one.label),
            )
    for name in map(str, node.attrib):
        if not name.startswith("{") and name not in word.names:
            notes.add(node, say("扩展元素“{tag}”没有属性“{name}”。", tag=tag, name=name), say("请检查拼写，或删去。"))
    for one in word.attributes:
        value = (node.get(one.name) or "").strip()
        if one.pattern and value and not re.fullmatch(one.pattern, value):
            what = say("扩展元素“{tag}”的属性“{name}”取值“{value}”无效。", tag=tag, name=one.name, value=value)
            notes.add(node, what, say("可用取值：{choices}。", choices=_choices(one)) if "|" in one.pattern else "")


def _choices(attribute: Attribute) -> Listed:
    named = [say("{value}（{label}）", value=value, label=label) for value, label in attribute.choices.items()]
    return listed(named or attribute.pattern.split("|"), by=", ")


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
