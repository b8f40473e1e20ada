"""What a service task shows to everybody (``gw:public``): nothing personal, a shape that JSON can have, a page once.

What is made from something personal by a script, a decision or an operation counts as personal, too, and so does who
has opened a case or acted in it, unless the designer says of the field that it is not (``personal="false"``): a count
of people, say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from engine.checks.feel_trees import tree
from engine.checks.personal import looks_personal
from engine.checks.personal_paths import Steps, declared, met_in, paths_of, read_in
from engine.checks.report import Folder, Page
from engine.checks.variables import written_by
from engine.diagram import Element
from engine.diagram.public import Public, PublicValue
from engine.feel import FeelError
from engine.feel import nodes as n
from engine.words import say

STEP: Final = re.compile(r"[A-Za-z_@][\w:@-]{0,59}|\d{1,2}")
"""One step of a path in JSON: a name, or a place in a list."""
_STARTER: Final = {("case", "starter"), ("case", "started_by")}
_BY: Final = "by"
"""Under which name a submission says who handed it in, and a sealed one that was opened, too."""


def check_public(page: Page, folder: Folder) -> None:
    """Every page that a process shows to everybody."""
    shows = [(element, element.public) for element in page.process.elements.values() if element.public is not None]
    if not shows:
        return
    personal = frozenset(declared(page, folder))
    made = _made_from(page, personal)
    for element, public in shows:
        if element.operation is not None:
            page.error(element, say("服务任务不能既执行操作，又公开页面。"), say("请画成两个服务任务。"))
        _check_fields(page, element, public)
        _check_paths(page, element, public.shown, list(public.address))
        _check_personal(page, element, public, personal, made)


def _check_fields(page: Page, element: Element, public: Public) -> None:
    if not any(one.name[0] for one in public.shown):
        page.error(element, say("公开页面没有写明公开哪些内容。"),
                   say("请在gw:public里加上<gw:show name=“…” nameEn=“…” value=“=…”/>。"))  # fmt: skip
    for one in public.fields():
        if not one.name[0] and not one.path:
            page.error(element, say("公开的内容 {text} 既没有名称，也不在 JSON 里。", text=one.value),
                       say("请写上name，或者json。"))  # fmt: skip
        if any(column.columns for column in one.columns):
            page.error(element, say("公开的表格“{name}”里不能再有表格。", name=one.name[0]), say("请另加一个gw:show。"))


def _check_paths(page: Page, element: Element, shown: Iterable[PublicValue], own: list[str]) -> None:
    """Every path can be written, and none stands where another goes on."""
    taken = {tuple(own)} if own else set()
    for one in shown:
        if one.columns:
            _check_paths(page, element, one.columns, [])
        if not one.path:
            continue
        text = "/".join(one.path)
        if not all(STEP.fullmatch(step) for step in one.path) or one.path[0].isdecimal():
            page.error(element, say("json“{path}”不是可用的路径。", path=text),
                       say("请用斜线隔开，例如releases/0/tender/title。"))  # fmt: skip
        elif any(_crosses(one.path, other) for other in taken):
            page.error(element, say("json“{path}”与另一项重叠。", path=text), say("每项内容在 JSON 里各有自己的位置。"))
        taken.add(one.path)


def _crosses(one: Steps, other: Steps) -> bool:
    """Whether both stand at one place, one inside the other, or a list here is an object there."""
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            return mine.isdecimal() != theirs.isdecimal()
    return True


def _check_personal(
    page: Page, element: Element, public: Public, personal: Collection[Steps], made: Collection[Steps]
) -> None:
    for text in public.texts():
        found = read_in(text, [*personal, *made]) | {path for path in _named(text) if _tells_who(path)}
        _refuse(page, element, public.title if text == public.title else text, found)
    for one in public.fields():
        found = {path for path in read_in(one.value, personal) if not (one.columns and _only_holds(path, personal))}
        if not one.impersonal:
            found |= {path for path in read_in(one.value, made) if not (one.columns and _only_holds(path, made))}
            found |= {path for path in _named(one.value) if looks_personal(path[-1]) or _tells_who(path)}
            if looks_personal("", one.name[0]):
                page.error(element, say("公开的“{name}”像是个人信息。", name=one.name[0]),
                           say("不是的，请在gw:show上写personal=“false”；是的，请删去。"))  # fmt: skip
        _refuse(page, element, one.name[0] or one.value, found)


def _refuse(page: Page, element: Element, name: str, found: Collection[Steps]) -> None:
    for path in sorted(found):
        page.error(
            element,
            say("公开的“{name}”用到个人信息“{path}”。", name=name, path=".".join(path)),
            say("人人都能看到公开的页面，请删去。由个人信息算出、已不涉及个人的，请在gw:show上写personal=“false”。"),
        )


def _only_holds(path: Steps, personal: Collection[Steps]) -> bool:
    """Whether a path is none of these but holds one: its columns say what of it is shown."""
    return all(path != one[: len(path)] or len(path) < len(one) for one in personal)


def _named(text: str) -> list[Steps]:
    """Every path of names in a text."""
    try:
        return list(paths_of(tree(text)))
    except FeelError:  # told where every text is
        return []


def _tells_who(path: Steps) -> bool:
    """Whether a path leads to who has opened the case, or has acted in it."""
    return path[:2] in _STARTER or _BY in path[1:]


def _made_from(page: Page, personal: Collection[Steps]) -> frozenset[Steps]:
    """The variables that are worked out from what is personal."""
    made: set[Steps] = set()
    while True:
        fresh = {name for element in page.process.elements.values() for name in _written(element, [*personal, *made])}
        if fresh <= made:
            return frozenset(made)
        made |= fresh


def _written(element: Element, personal: Collection[Steps]) -> Iterator[Steps]:
    """What an element writes from it: of a script each variable by its own text."""
    if element.script is not None:
        try:
            node = tree(element.script.text)
        except FeelError:
            return
        for name, part in node.entries if isinstance(node, n.ContextNode) else ():
            if met_in(part, personal) or any(map(_tells_who, paths_of(part))):
                yield (name,)
        return
    calls = [call for call in (element.operation, element.decision) if call is not None]
    if any(read_in(text, personal) for call in calls for _, text in call.parameters):
        yield from ((name,) for name in written_by(element))
