"""What an expression may read where it stands: the variables at each element of a folder, with their types.

For whoever draws: the folder may be half done, and what of it cannot be read says nothing. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypedDict

from engine.checks.feel_trees import entries_of
from engine.checks.folder import read_files
from engine.checks.papers import places_of
from engine.checks.report import Folder, Page, Report
from engine.checks.variables import Variables
from engine.diagram import Element
from engine.documents import WORD
from engine.feel import FeelError
from engine.forms.model import Field

ANY: Final = "any"
_TYPES: Final = {
    "checkbox": "boolean", "checklist": "list", "dynamiclist": "list", "filepicker": "list", "group": "context",
    "number": "number", "radio": "text", "select": "text", "table": "list", "taglist": "list", "textarea": "text",
    "textfield": "text",
}  # fmt: skip
_MOMENTS: Final = {"date": "date", "time": "time", "datetime": "date and time"}
_CASE: Final = ("number", "key", "name", "opened_at", "started_by")
_OWN: Final = ("login", "name", "role")
_PLACE: Final = ("code", "name", "short_name", "kind", "level", "parent", "province", "city")


class InScope(TypedDict):
    """A name that can be read. ``type``: as FEEL calls it, or any; ``of``: ids of the elements that write it.

    ``label``: how people call it, if it has a name; ``entries``: what is in a context, or in each item of a list.
    """

    name: str
    type: str
    label: str
    of: list[str]
    entries: list[InScope]


class Scope(TypedDict):
    """``variables`` by name; ``seen``: the names at each element, and at a process as a whole by its id.

    ``papers``: the places of each Word template by the path of its file.
    """

    variables: dict[str, InScope]
    seen: dict[str, list[str]]
    papers: dict[str, list[str]]


def scope_of(files: Mapping[str, bytes]) -> Scope:
    """The scope of a folder (path in the folder to content). Never raises for what a file holds."""
    folder = Folder(files, (), (), {}, Report())
    read_files(folder)
    pages = list(folder.pages())
    known = Variables(pages)
    seen: dict[str, list[str]] = {}
    for page in pages:
        seen[page.process.id] = sorted(known.seen_by(page, None))
        for element in page.process.elements.values():
            seen[element.id] = sorted(known.seen_by(page, element))
    written = {name: _variable(name, makers, folder) for name, makers in _makers(pages).items()}
    papers = {name: sorted(places_of(data) or ()) for name, data in files.items() if name.endswith(WORD)}
    return {"variables": {**written, "case": _case()}, "seen": seen, "papers": papers}


def _makers(pages: Iterable[Page]) -> dict[str, list[Element]]:
    """Which elements make each name that is read as it was written."""
    found: dict[str, list[Element]] = {}
    for page in pages:
        for element in page.process.elements.values():
            for name in _names(element):
                found.setdefault(name, []).append(element)
    return found


def _names(element: Element) -> Iterator[str]:
    if element.form:
        yield element.into
    for call in (element.operation, element.decision, element.correlation):
        if call is not None and call.result:
            yield call.result
    if element.script is not None:
        yield from _entries(element.script.text)


def _entries(text: str) -> tuple[str, ...]:
    try:
        return tuple(entries_of(text) or ())
    except FeelError:
        return ()


def _variable(name: str, makers: list[Element], folder: Folder) -> InScope:
    """What its first maker says of it: a form has fields, all else is any value."""
    of = [one.id for one in makers]
    forms = (folder.forms.get(one.form) for one in makers if one.form and one.into == name)
    form = next((one for one in forms if one is not None), None)
    if form is None:
        return {"name": name, "type": ANY, "label": "", "of": of, "entries": []}
    return {"name": name, "type": "context", "label": "", "of": of, "entries": list(_fields(form.fields))}


def _fields(fields: Iterable[Field]) -> Iterator[InScope]:
    """The fields of a form as entries; groups without a path lend theirs to what is around them."""
    for one in fields:
        if one.path:
            inner = [*_fields(one.children)]
            for name in reversed(one.path[1:]):
                inner = [_entry(name, _type(one), one.label[0], inner)]
            kind = _type(one) if len(one.path) == 1 else "context"
            yield _entry(one.path[0], kind, one.label[0] if len(one.path) == 1 else "", inner)
        else:
            yield from _fields(one.children)


def _type(field: Field) -> str:
    if field.type == "number" and field.as_text:
        return "text"
    return _MOMENTS.get(field.subtype, "") or _TYPES.get(field.type, ANY)


def _entry(name: str, kind: str, label: str = "", entries: Iterable[InScope] = ()) -> InScope:
    return {"name": name, "type": kind, "label": label, "of": [], "entries": list(entries)}


def _case() -> InScope:
    """The case itself, as ``engine.cases.filling`` begins it."""
    starter = _entry("starter", "context", "", [_entry(name, "text") for name in _OWN])
    organisation = _entry("organisation", "context", "", [_entry(name, "text") for name in _PLACE])
    return _entry("case", "context", "", [*(_entry(name, "text") for name in _CASE), starter, organisation])
