"""Which paths of a process lead to what is personal, and which of them a FEEL text reads. Judges nothing.

A path counts as personal that a form or the process declares so, that leads to such a one or comes from it, or that
ends like one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from engine.checks.feel_trees import tree, walk
from engine.checks.report import Folder, Page
from engine.feel import FeelError
from engine.feel import nodes as n
from engine.forms.model import Field

Steps = tuple[str, ...]


def declared(page: Page, folder: Folder) -> Iterator[Steps]:
    """The paths of what the process and its forms declare to be about a person."""
    for name in page.process.personal:
        yield tuple(name.split("."))
    for element in page.process.elements.values():
        form = folder.forms.get(element.form) if element.form else None
        if form is not None:
            yield from _of_fields(form.fields, (element.into or element.id,))


def _of_fields(fields: Iterable[Field], above: Steps) -> Iterator[Steps]:
    for item in fields:
        if item.personal:
            yield (*above, *item.path)
        yield from _of_fields(item.children, (*above, *item.path))


def read_in(text: str, personal: Collection[Steps]) -> set[Steps]:
    """The paths in a FEEL text that come to one of these."""
    try:
        return met_in(tree(text), personal)
    except FeelError:  # told where every text is
        return set()


def met_in(node: n.Node, personal: Collection[Steps]) -> set[Steps]:
    """The same of a part of a text."""
    heads = {one[0] for one in personal}
    return {path for path in paths_of(node) for one in personal if meets(path, one, heads)}


def meets(path: Steps, one: Steps, heads: set[str]) -> bool:
    """Whether a path comes to a personal one, or holds it; of an unknown beginning, whether it ends as that does."""
    if path[0] in heads:
        shorter = min(len(path), len(one))
        return path[:shorter] == one[:shorter]
    return len(path) > 1 and len(one) > 1 and path[-1] == one[-1]


def paths_of(node: n.Node) -> Iterator[Steps]:
    """Every longest path of names in a text; of what else has members, the members alone, behind ``…``."""
    inner = {id(part.base) for part in walk(node) if isinstance(part, n.Path)}
    for part in walk(node):
        if isinstance(part, n.Path | n.Name) and id(part) not in inner:
            yield _steps(part)


def _steps(node: n.Node) -> Steps:
    if isinstance(node, n.Name):
        return (node.name,)
    if isinstance(node, n.Path):
        return (*_steps(node.base), node.name)
    return _steps(node.base) if isinstance(node, n.Filter) else ("…",)
