"""The one door for XML from outside: parse under caps, without DTD, entities or network. Knows no BPMN and no DMN.

Every upload passes here, so the limits are in one place. A document type is refused before the parser sees it:
entities in attributes are expanded even by a parser that was told not to resolve them.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from engine.errors import Refusal

Node = etree._Element
"""An element, for the annotations of those who walk the tree; nobody else imports lxml."""

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ELEMENTS: Final = 40_000
MAX_DEPTH: Final = 64
MAX_TEXT: Final = 64 * 1024  # characters of one text or one attribute value
MAX_ATTRIBUTES: Final = 64  # on one element

_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_UNICODE: Final = frozenset({"utf-8", "utf8", "utf-16"})


class XmlRefused(Refusal):
    """文件“{what}”无法读取（第{line}行）：{reason} | The file “{what}” cannot be read (line {line}): {reason}"""


def parse(data: bytes, *, what: str) -> Node:
    """The root element of ``data``; comments and processing instructions are left out.

    ``what`` names the file in messages. Raises XmlRefused for anything that is not small, plain, well-formed XML.
    """
    if len(data) > MAX_BYTES:
        raise _refused(what, 1, f"文件超过{MAX_BYTES // 1024}KB。", f"it is larger than {MAX_BYTES // 1024} KB.")
    text = decoded(data, what)
    if "<!DOCTYPE" in text:
        line = text[: text.index("<!DOCTYPE")].count("\n") + 1
        raise _refused(what, line, "不允许使用文档类型声明（DOCTYPE）。", "a DOCTYPE is not allowed.")
    # Cheap bound before a tree is built: each element costs at least one "<", with its end tag and a comment three.
    if text.count("<") > 3 * MAX_ELEMENTS:
        raise _refused(what, 1, f"元素超过{MAX_ELEMENTS}个。", f"it has more than {MAX_ELEMENTS} elements.")
    root = _tree(text, what)
    _within_limits(root, what)
    return root


def split(name: str | bytes | bytearray | Node) -> tuple[str, str]:
    """(namespace, local name) of an element or of an attribute's name; the namespace is "" when there is none."""
    parts = etree.QName(name if isinstance(name, Node) else str(name))
    return parts.namespace or "", parts.localname


def line_of(node: Node) -> int:
    """The line on which the start tag of ``node`` stands, from 1."""
    line: Any = node.sourceline
    return line or 1


def decoded(data: bytes, what: str) -> str:
    """The text of an XML file in one of the encodings of Unicode. Raises XmlRefused for anything else."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refused(what, line, "文件编码不是UTF-8。", "it is not encoded in UTF-8.") from None
    declared = _DECLARED.match(text[:200])
    if declared and declared[1].lower() not in _UNICODE:
        raise _refused(
            what, 1, f"不支持编码{declared[1]}，请存为UTF-8。", f"encoding {declared[1]} is not read; save it as UTF-8."
        )
    return text


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
        raise _refused(what, line, f"XML格式不正确（{error}）。", f"it is not well-formed XML ({error}).") from None


def _within_limits(root: Node, what: str) -> None:
    """An explicit walk: recursion over somebody else's depth would be a limit of its own."""
    seen, waiting = 0, [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        line = line_of(node)
        if not isinstance(node.tag, str):
            raise _refused(what, line, "不允许使用实体引用。", "entity references are not allowed.")
        if seen > MAX_ELEMENTS:
            raise _refused(what, line, f"元素超过{MAX_ELEMENTS}个。", f"it has more than {MAX_ELEMENTS} elements.")
        if depth > MAX_DEPTH:
            raise _refused(what, line, f"嵌套超过{MAX_DEPTH}层。", f"it is nested deeper than {MAX_DEPTH} levels.")
        if len(node.attrib) > MAX_ATTRIBUTES:
            raise _refused(what, line, "一个元素的属性过多。", "an element has too many attributes.")
        if max(map(len, (node.text or "", node.tail or "", *map(str, node.attrib.values())))) > MAX_TEXT:
            raise _refused(what, line, f"单段文字超过{MAX_TEXT}字。", f"one text is longer than {MAX_TEXT} characters.")
        waiting.extend((child, depth + 1) for child in node)


def _refused(what: str, line: int, zh: str, en: str) -> XmlRefused:
    return XmlRefused(what=what, line=line, reason=(zh, en))
