"""What a process declares for lists (``gw:column``): few, each named once, and nothing that is about a person.

A list is sorted, searched and exported by everybody who sees it: what is personal stands nowhere in it. A path counts
as personal that a form or the process declares so, that leads to such a one or comes from it, or that ends like one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.checks.feel_trees import tree, walk
from engine.checks.report import Folder, Page
from engine.diagram.columns import MOST, Column
from engine.feel import FeelError
from engine.feel import nodes as n
from engine.forms.model import Field
from engine.words import say

Steps = tuple[str, ...]


def check_columns(page: Page, folder: Folder) -> None:
    """Everything of the columns of one process."""
    process = page.process
    if len(process.columns) > MOST:
        page.error(process, say("列表列有{count}个，最多{most}个。", count=len(process.columns), most=MOST),
                   say("请删去不常用来筛选、排序的gw:column。"))  # fmt: skip
    seen: set[str] = set()
    personal = frozenset(_personal(page, folder))
    for column in process.columns:
        if column.id in seen:
            page.error(process, say("列表列“{name}”重复。", name=column.id), say("每个gw:column的id只用一次。"))
        seen.add(column.id)
        _check_choices(page, column)
        for path in sorted(_personal_in(column, personal)):
            page.error(
                process,
                say("列表列“{name}”用到个人信息“{path}”。", name=column.id, path=".".join(path)),
                say("列表人人可以排序、导出，请改用不涉及个人的数据，或删去这一列。"),
            )


def _check_choices(page: Page, column: Column) -> None:
    if column.type == "choice" and not column.choices:
        page.error(page.process, say("列表列“{name}”没有可选值。", name=column.id),
                   say("请在choices里写出全部取值，用竖线隔开。"))  # fmt: skip
    if column.type != "choice" and column.choices:
        page.error(page.process, say("列表列“{name}”不是choice类型，不能有choices。", name=column.id),
                   say("请把type改成choice，或删去choices。"))  # fmt: skip


def _personal(page: Page, folder: Folder) -> Iterator[Steps]:
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


def _personal_in(column: Column, personal: frozenset[Steps]) -> set[Steps]:
    try:
        paths = set(_paths(tree(column.value)))
    except FeelError:  # told where every text is
        return set()
    heads = {one[0] for one in personal}
    return {path for path in paths for one in personal if _meets(path, one, heads)}


def _meets(path: Steps, one: Steps, heads: set[str]) -> bool:
    """Whether a path comes to a personal one, or holds it; of an unknown beginning, whether it ends as that does."""
    if path[0] in heads:
        shorter = min(len(path), len(one))
        return path[:shorter] == one[:shorter]
    return len(path) > 1 and len(one) > 1 and path[-1] == one[-1]


def _paths(node: n.Node) -> Iterator[Steps]:
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
