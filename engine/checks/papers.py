"""Papers: every place of a Word template is filled by the step that makes the paper, and by its right name.

Judges only what stands in the diagram as it is: a constant template, and values written as one context.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from engine.checks.feel_trees import constant, entries_of
from engine.checks.reading import spelling
from engine.checks.report import Folder, Page, named
from engine.diagram import Element
from engine.documents import WORD, templates
from engine.errors import Refusal
from engine.feel import FeelError
from engine.words import Listed, listed, say

_MAKES: Final = "document.render"


def check_papers(page: Page, folder: Folder) -> None:
    """Every step of a process that makes a paper."""
    files = {PurePosixPath(name).name: data for name, data in folder.files.items() if name.endswith(WORD)}
    for element in page.process.elements.values():
        if element.operation is not None and element.operation.name == _MAKES:
            _check(page, element, dict(element.operation.parameters), files)


def _check(page: Page, element: Element, given: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    template = _constant(given.get("template", ""))
    if template is None:
        return
    if template not in files:
        what = say("“{name}”用的模板“{template}”不在文件夹里。", name=named(element), template=template)
        page.error(
            element, what, say("可用的有：{known}。", known=_known(files)) if files else spelling(template, files)
        )
        return
    places, values = places_of(files[template]), _names(given.get("values", ""))
    if places is None or values is None:
        return
    for name in sorted(places - values):
        what = say(
            "模板“{template}”要填“{name}”，“{step}”没有给出。", template=template, name=name, step=named(element)
        )
        page.error(element, what, spelling(name, values - places))
    for name in sorted(values - places):
        what = say("模板“{template}”里没有可填“{name}”的位置。", template=template, name=name)
        page.warn(element, what, spelling(name, places - values))


def _constant(text: str) -> str | None:
    try:
        found = constant(text)
    except (FeelError, LookupError):
        return None
    return found if isinstance(found, str) else None


def _names(text: str) -> frozenset[str] | None:
    """What is filled in; None when it is not written as a context."""
    try:
        found = entries_of(text)
    except FeelError:
        return None
    return None if found is None else frozenset(found)


def places_of(template: bytes) -> frozenset[str] | None:
    """The places of a Word template; None when it cannot be read."""
    try:
        return templates.places(template)
    except Refusal:
        return None  # told with the file


def _known(files: Mapping[str, bytes]) -> Listed:
    return listed(sorted(files), by=", ")
