"""Sealed submissions (``gw:sealed``, ``gw:share``, ``gw:unseal``): whole, and read by nobody before they are opened.

What was sealed is not in the case, so an expression that reads it would give null and a wrong way would be taken in
silence. Whoever writes an opinion beside it would tell of it in clear.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from engine.checks.feel_trees import walk
from engine.checks.report import Page, named
from engine.diagram import Element
from engine.feel import nodes as n
from engine.words import listed, say

TOLD: Final = frozenset({"sealed", "by", "at", "outcome", "opinion", "return_to"})
"""What a sealed submission is known by before it is opened."""
OTHERS: Final = 2  # shares beside the one that makes the key


def check_sealing(page: Page) -> None:
    """Everything of them in one process."""
    for element in page.of("userTask"):
        found = [one for one in (element.sealing.sealed, element.sealing.share, element.sealing.unseal) if one]
        if len(found) > 1:
            page.error(element, say("“{name}”不能同时密封提交、设密钥份额或者开启。", name=named(element)),
                       say("请分成几个环节。"))  # fmt: skip
        if element.sealing.sealed is not None:
            _check_sealed(page, element)
        if element.sealing.share is not None:
            _check_share(page, element)


def _check_sealed(page: Page, element: Element) -> None:
    if not element.form:
        page.error(element, say("“{name}”密封提交，却没有表单。", name=named(element)), say("请加上gw:form。"))
    for outcome in element.outcomes:
        if outcome.opinion != "none":
            page.error(
                element,
                say("“{name}”密封提交，办理结果“{id}”的意见会以明文保存。", name=named(element), id=outcome.id),
                say("请给这个gw:outcome写opinion=\"none\"。"),
            )  # fmt: skip
    for other in page.process.elements.values():
        if other is not element and other.form == element.form and other.form and not other.sealing.sealed:
            what = say(
                "“{name}”与密封的“{sealed}”用同一张表单，填写的会以明文保存。", name=named(other), sealed=named(element)
            )
            page.error(other, what, say("请给其中一个另做一张表单。"))


def _check_share(page: Page, element: Element) -> None:
    share = element.sealing.share
    assert share is not None
    if share.kind == "phrase" and share.others:
        page.error(element, say("“{name}”设口令，不能由它合成密钥。", name=named(element)),
                   say("请把with写在打印恢复码（kind=\"printed\"）的环节上。"))  # fmt: skip
    if share.kind == "printed":
        phrases = {one.into for one in page.of("userTask") if one.sealing.share and one.sealing.share.kind == "phrase"}
        wrong = [name for name in share.others if name not in phrases]
        if len(set(share.others)) != OTHERS or wrong:
            page.error(
                element, say("“{name}”合成密钥，with应为两个设口令环节的变量。", name=named(element)),
                say("可用的有：{names}。", names=listed(sorted(phrases), by=", ")),
            )  # fmt: skip


def read_too_early(node: n.Node, sealed: Collection[str]) -> Iterator[str]:
    """The sealed submissions of which a text reads something, or which it passes on whole."""
    parts = list(walk(node))
    fine: set[int] = set()
    for part in parts:
        if isinstance(part, n.Path) and part.name in TOLD:
            fine.add(id(part.base))
        if isinstance(part, n.Comparison) and any(_is_null(one) for one in (part.left, part.right)):
            fine |= {id(part.left), id(part.right)}
    yield from dict.fromkeys(
        part.name for part in parts if isinstance(part, n.Name) and part.name in sealed and id(part) not in fine
    )


def _is_null(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and node.value is None
