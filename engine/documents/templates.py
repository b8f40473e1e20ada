"""Word templates: places ``{{ name }}`` in the text are filled in, the designer's own formatting stays. Knows no case.

What a place may say, and rows that grow: ``places``.

docxtpl fills them: wherever text stands in the body, in tables and boxes, at the head and foot of pages, also where
Word has cut a place into pieces. A paragraph that is nothing but one place becomes as many paragraphs as the value has
lines, so that a long text keeps the indent of its template. The same template, values and moment give the same bytes.

A template comes from outside, so of Jinja's language it may use the places alone. All else is refused by its text
before docxtpl reads it, and once more by its syntax tree. No program is ever made of it: the tree is only walked.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateSyntaxError, nodes
from markupsafe import Markup, escape

from engine.documents.places import PLACE, WRITTEN, Laid, Slot, found, refused, trial
from engine.documents.word import packed, printable
from engine.errors import BadInput
from engine.feel.formats import plain_text
from engine.words import listed, say

LARGEST = 20 * 1024 * 1024
"""Bytes of a template when unpacked."""
LONGEST = 1024 * 1024
"""Characters of XML in the body, heads and feet: docxtpl reads them more than a dozen times."""
MOST = 500
"""Places in a template."""

_MARK = re.compile(r"\{[{%#].{0,40}", re.DOTALL)  # what Jinja takes as its own
_IN_TAG = re.compile(r"<[^<>]*?(\{[{%#][^<>]{0,40})")
_TAG = re.compile(r"<[^>]*>")
_PARAGRAPH_END = "</w:p>"
_PARAGRAPHS = "paragraphs"


@dataclass(frozen=True, slots=True)
class _Tree:
    """A template as Jinja reads it, filled by walking it: Jinja itself would make a program of it and run that."""

    body: list[nodes.Node]

    def render(self, context: Mapping[str, Markup]) -> str:
        """The text with every name filled. Raises TemplateSyntaxError for whatever is more than text and names."""
        return "".join(piece for output in self.body for piece in self._pieces(output, context))

    def _pieces(self, output: nodes.Node, context: Mapping[str, Markup]) -> Iterator[str]:
        if not isinstance(output, nodes.Output):
            raise TemplateSyntaxError(type(output).__name__, output.lineno)
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                yield node.data
            elif isinstance(node, nodes.Name):
                yield context[node.name]
            elif isinstance(node, nodes.Filter) and node.name == _PARAGRAPHS and isinstance(node.node, nodes.Name):
                yield context[node.node.name].replace("\n", "\a")  # docxtpl's sign for a new paragraph
            else:
                raise TemplateSyntaxError(type(node).__name__, node.lineno)


class _Grammar(Environment):
    """Jinja's grammar without its compiler."""

    def from_string(self, source: Any, *_: Any, **__: Any) -> Any:
        """A template, which docxtpl renders."""
        return _Tree(self.parse(source).body)


_GRAMMAR = _Grammar(autoescape=True)


class _Template(DocxTemplate):  # type: ignore[misc]
    """A template of plain places. ``values``: what is to fill it."""

    values: Mapping[str, Any]

    def texts(self) -> Iterator[str]:
        """The XML of everything that is filled: the body, the heads and the feet."""
        yield self.get_xml()
        for kind in (self.HEADER_URI, self.FOOTER_URI):
            for _, part in self.get_headers_footers(kind):
                yield self.get_part_xml(part)

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        laid = Laid(self.values)
        xml = laid.out(src_xml)
        _require_names(xml)
        filled = {name: _text(value) for name, value in laid.context.items()}
        made: str = super().render_xml_part(_with_paragraphs(xml), part, filled, _GRAMMAR)
        return made

    def fix_tables(self, xml: str) -> Any:
        """Without loops no table needs mending; docxtpl's own reading would also mend broken XML in silence."""
        return parse_xml(xml)

    def fix_docpr_ids(self, tree: Any) -> None:
        """Nor is any picture there twice."""

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """The author and title of the file are no places."""

    def render_footnotes(self, context: Any, jinja_env: Any = None) -> None:
        """Nor are footnotes."""


def check(template: bytes) -> None:
    """Fill a template for trial. Raises BadInput as ``fill`` does, for every fault that lies in the template."""
    fill(template, trial(_places(_opened(template))), datetime(2026, 1, 5, tzinfo=UTC))


def places(template: bytes) -> frozenset[str]:
    """The names that a template wants filled, of rows that of their list. Raises BadInput as ``fill`` does."""
    return frozenset(place.name for place in _places(_opened(template)))


def fill(template: bytes, values: Mapping[str, Any], at: datetime) -> bytes:
    """The Word file made from a template; ``at`` (aware) becomes its date.

    Raises BadInput for a template that is no Word file, is too large or holds more than plain places, and for a place
    that no value fills: nothing is left open.
    """
    opened = _opened(template)
    if missing := sorted({place.name for place in _places(opened)} - values.keys()):
        raise refused(say("没有内容可填：{names}", names=listed(missing)))
    opened.values = values
    try:
        opened.render({})
    except BadInput:
        raise
    except Exception as error:  # whatever a library says of a broken file, it is no template
        raise _no_word_file() from error
    document = opened.docx
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    document.core_properties.created = document.core_properties.modified = moment
    return packed(document)


def _opened(template: bytes) -> _Template:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise ValueError("too large")
        opened = _Template(io.BytesIO(template))
        opened.render_init()
        texts = list(opened.texts())
    except Exception as error:  # the same
        raise _no_word_file() from error
    if sum(map(len, texts)) > LONGEST:
        size = LONGEST // 1024
        raise refused(say("文字部分超过{size}KB", size=size))
    return opened


def _places(opened: _Template) -> list[Slot]:
    """All places. Raises BadInput for what is no place and what cannot be one."""
    every = [place for text in opened.texts() for place in _places_in(text)]
    if len(every) > MOST:
        raise refused(say("可填的位置超过{most}处", most=MOST))
    return every


def _places_in(xml: str) -> Iterator[Slot]:
    if inside := _IN_TAG.search(xml):
        raise _no_place(inside[1])
    for paragraph in xml.split(_PARAGRAPH_END):
        text = _TAG.sub("", paragraph)
        if other := _MARK.search(PLACE.sub("", text)):
            raise _no_place(other[0])
        for place in found(text):
            if not all(_is_name(word) and word[0] != "_" for word in place.said.split(".")):
                raise _no_place(f"{{{{ {place.said} }}}}")
            if place.written and place.written not in WRITTEN:
                raise _no_place(f"{{{{ {place.said}|{place.written} }}}}")
            yield place


def _is_name(word: str) -> bool:
    """Whether Jinja takes a word for a name: a number is none, nor is a word of its language; ``self`` is its own."""
    try:
        seen = list(_GRAMMAR.parse(f"{{{{ {word} }}}}").find_all(nodes.Node))
    except TemplateSyntaxError:
        return False
    return [type(node) for node in seen] == [nodes.Output, nodes.Name] and word != "self"


def _require_names(xml: str) -> None:
    """Refuse whatever is more than text and names, of the very text that is about to be filled."""
    try:
        seen = list(_GRAMMAR.parse(xml).find_all(nodes.Node))
    except TemplateSyntaxError as error:
        raise _no_place(str(error.message)) from error
    for node in seen:
        if not isinstance(node, nodes.Output | nodes.TemplateData | nodes.Name):
            raise _no_place(type(node).__name__)


def _with_paragraphs(xml: str) -> str:
    """The same, with each place that is alone in its paragraph told to make paragraphs of its lines."""
    return _PARAGRAPH_END.join(map(_alone, xml.split(_PARAGRAPH_END)))


def _alone(piece: str) -> str:
    begin = max(piece.rfind("<w:p "), piece.rfind("<w:p>"))
    if begin < 0 or not PLACE.fullmatch(_TAG.sub("", piece[begin:]).strip()):
        return piece
    return piece[:begin] + PLACE.sub(r"{{ \1|paragraphs }}", piece[begin:])


def _text(value: Any) -> Markup:
    """A value as XML. Its underscores are written as numbers, for docxtpl would read ``{_{`` as a brace escaped."""
    text = "" if value is None else printable(plain_text(value)).strip()
    return Markup(str(escape(text)).replace("_", "&#95;"))  # noqa: S704 - escaped


def _no_place(what: str) -> BadInput:
    return refused(say("“{what}”不能填写，只能写成双花括号加名称，如 {{{{ name }}}}", what=what.strip()))


def _no_word_file() -> BadInput:
    return refused(say("不是Word文件（.docx）"))
