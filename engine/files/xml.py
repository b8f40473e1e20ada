"""The one door for XML from outside: parse under caps, without DTD, entities or network. Knows no BPMN and no DMN.

Every upload passes here, so the limits are in one place. A document type is refused before the parser sees it:
entities in attributes are expanded even by a parser that was told not to resolve them. It can stand before the
root only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from engine.errors import Refusal
from engine.words import Words, say

Node = etree._Element
"""An element, for the annotations of those who walk the tree; nobody else imports lxml."""

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 40_000
MAX_DEPTH: Final = 64
MAX_TEXT: Final = 64 * 1024  # characters of one text or one attribute value
MAX_ATTRIBUTES: Final = 64  # on one element

_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENCODINGS: Final = {
    # whose declaration can be read although it says UTF-16 was written by a program that wrote UTF-8
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii", "utf-16"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "cp936", "windows-936"), "gb18030"),  # each holds the one before it
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1"), "latin-1"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
    "iso-8859-15": "iso-8859-15",
    "big5": "big5hkscs",
}
"""The encodings that a file may declare, and by which of ours each is read."""
_PROLOG: Final = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
"""What may stand before a document type or the root; the words in a comment are words."""


class XmlRefused(Refusal):
    """An XML file that is damaged, too large or asks for what is not allowed."""

    sentence = say("文件“{what}”无法读取（第{line}行）：{reason}")


def parse(data: bytes, *, what: str) -> Node:
    """The root element of ``data``; comments and processing instructions are left out.

    ``what`` names the file in messages. Raises XmlRefused for anything that is not small, plain, well-formed XML.
    """
    if len(data) > MAX_BYTES:
        raise _refused(what, 1, say("文件超过{most}KB。", most=MAX_BYTES // 1024))
    text = decoded(data, what)
    before = _PROLOG.match(text)
    if before and text.startswith("<!DOCTYPE", before.end()):
        raise _refused(what, before[0].count("\n") + 1, say("不允许使用文档类型声明（DOCTYPE），请删去这一行。"))
    # Cheap bound before a tree is built: each element costs at least one "<", with its end tag and a comment three.
    if text.count("<") > 3 * MAX_ELEMENTS:
        raise _refused(what, 1, say("元素超过{most}个。", most=MAX_ELEMENTS))
    root = _tree(text, what)
    _within_limits(root, what)
    return root


def split(name: str | bytes | bytearray | Node) -> tuple[str, str]:
    """(namespace, local name) of an element or of an attribute's name; the namespace is "" when there is none."""
    return _parts(name.tag if isinstance(name, Node) else str(name))


@lru_cache(maxsize=1024)
def _parts(name: str) -> tuple[str, str]:
    parts = etree.QName(name)
    return parts.namespace or "", parts.localname


def line_of(node: Node) -> int:
    """The line on which the start tag of ``node`` stands, from 1."""
    line: Any = node.sourceline
    return line or 1


def decoded(data: bytes, what: str) -> str:
    """The text of an XML file in the encoding that its first bytes or its declaration say, else in UTF-8.

    Raises XmlRefused for an encoding that is not on the list, and for bytes that are not in it.
    """
    marked = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    found = _DECLARED.match(data[:200].decode("latin-1"))
    declared = found[1].lower() if found and not marked else "utf-8"
    if declared not in _ENCODINGS:
        raise _refused(what, 1, say("不支持编码{declared}，请存为UTF-8。", declared=declared))
    encoding = marked or _ENCODINGS[declared]
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = say("内容不是所声明的编码{declared}，请存为UTF-8。", declared=declared) if declared != "utf-8" else None
        raise _refused(what, line, wrong or say("文件编码不是UTF-8。")) from None


def in_utf8(data: bytes, what: str) -> bytes:
    """An XML file as UTF-8 that says so, for a reader who knows no other encoding. Raises XmlRefused."""
    return _DECLARED.sub('<?xml version="1.0" encoding="UTF-8"', decoded(data, what), count=1).encode()


def _tree(text: str, what: str) -> Node:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise _refused(what, line, say("XML格式不正确（{error}）。", error=error)) from None


def _within_limits(root: Node, what: str) -> None:
    """An explicit walk: recursion over somebody else's depth would be a limit of its own."""
    seen, waiting = 0, [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        line = line_of(node)
        if not isinstance(node.tag, str):
            raise _refused(what, line, say("不允许使用实体引用。"))
        if seen > MAX_ELEMENTS:
            raise _refused(what, line, say("元素超过{most}个。", most=MAX_ELEMENTS))
        if depth > MAX_DEPTH:
            raise _refused(what, line, say("嵌套超过{most}层。", most=MAX_DEPTH))
        if len(node.attrib) > MAX_ATTRIBUTES:
            raise _refused(what, line, say("一个元素的属性过多。"))
        if max(map(len, (node.text or "", node.tail or "", *map(str, node.attrib.values())))) > MAX_TEXT:
            raise _refused(what, line, say("单段文字超过{most}字。", most=MAX_TEXT))
        waiting.extend((child, depth + 1) for child in node)


def _refused(what: str, line: int, reason: Words) -> XmlRefused:
    return XmlRefused(what=what, line=line, reason=reason)
