"""The token game, played through on the drawing alone: can a case get stuck, run double, or never come to an element?

Every way out of a gateway counts as possible unless FEEL proves otherwise; an activity is one step, its inside a game
of its own (an instance of a multi-instance never meets another). Shows the shortest way to what it finds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from engine.checks.game import Game, Played
from engine.checks.graph import scopes
from engine.checks.net import Excluded, Inside, Labels, Net
from engine.checks.report import Page, named
from engine.checks.throws import Throws, boundaries_of, catches
from engine.diagram import Element
from engine.diagram.notes import SUB_PROCESSES
from engine.words import Listed, Said, listed, say

MAX_MARKINGS: Final = 5000
"""Situations looked at in one scope; a wider diagram is told to be too wide to be sure of."""
MOST_MARKINGS: Final = 10_000
"""Situations looked at in all scopes of a definition."""
_SHOWN: Final = 40  # elements of a path; of a longer one the beginning and the end


def check_tokens(pages: Collection[Page], excluded: Mapping[str, Excluded]) -> None:
    """Play every process and sub-process; ``excluded``, by process, are flows that are never taken together."""
    _Play(pages, excluded).play()


class _Play:
    """All games of a definition, inner ones first."""

    def __init__(self, pages: Collection[Page], excluded: Mapping[str, Excluded]) -> None:
        self._pages = {page.process.id: page for page in pages}
        self._excluded = excluded
        self._throws = Throws()
        self._games: dict[tuple[str, str | None], Played] = {}
        self._left = MOST_MARKINGS

    def play(self) -> None:
        for page in self._pages.values():
            inner = scopes(page)
            for scope in inner:
                self._game(page, scope)
            for scope, elements in inner.items():
                played = self._games[page.process.id, scope]
                found = played.stuck or played.swells or played.double
                _tell(page, elements, played, self._way_to(page, scope) if found else ())

    def _game(self, page: Page, scope: str | None) -> Played:
        key = (page.process.id, scope)
        if key not in self._games:
            self._games[key] = Played(completes=True, sure=False)  # a ring of calls is told elsewhere
            if scope is not None and page.process.elements[scope].ad_hoc is not None:
                return self._games[key]  # people decide what is done there
            played = Game(self._net(page, scope), min(MAX_MARKINGS, self._left)).play()
            self._left -= played.looked
            aside = [own for own in page.process.elements.values() if own.parent == scope and own.event_triggered]
            played.completes |= any(self._game(page, own.id).completes for own in aside)
            self._games[key] = played
        return self._games[key]

    def _inside(self, page: Page, element: Element) -> Inside:
        inner_page = page.inside(element)[0]
        called = element.tag == "callActivity" and element.called in self._pages
        played = called or element.tag in SUB_PROCESSES
        if not played and element.loop is None:
            return Inside()
        completes = element.loop is not None or self._game(inner_page, None if called else element.id).completes
        events = boundaries_of(page, element)
        lost = (one for one in self._throws.inside(page, element) if one.kind == "error")
        return Inside(completes, any(not any(catches(event, one) for event in events) for one in lost))

    def _way_to(self, page: Page, scope: str | None) -> Labels:
        """The shortest way to the inside of a sub-process, played once more with an eye on it."""
        if scope is None:
            return ()
        own = page.process.elements[scope]
        game = Game(self._net(page, own.parent, keep=scope), MAX_MARKINGS)
        game.play()
        return (*self._way_to(page, own.parent), *game.way_to(scope), own)

    def _net(self, page: Page, scope: str | None, keep: str | None = None) -> Net:
        elements = [element for element in page.process.elements.values() if element.parent == scope]
        excluded = self._excluded.get(page.process.id, frozenset())
        return Net(page, elements, lambda element: self._inside(page, element), excluded, keep)


def _tell(page: Page, elements: list[Element], played: Played, before: Labels) -> None:
    """Put the outcome of a game into words; ``before``: the way to where it is played."""
    if played.stuck is not None:
        _tell_stuck(page, played.stuck[0], (*before, *played.stuck[1]))
    elif played.swells is not None:
        _tell_swelling(page, played.swells[0], (*before, *played.swells[1]))
    else:
        if played.double is not None:
            _tell_double(page, played.double[0], (*before, *played.double[1]))
        if played.bounded:
            _tell_bound(page, played)
        elif played.sure:
            _tell_dead(page, elements, played)


def _tell_stuck(page: Page, join: Element, way: Labels) -> None:
    page.error(
        join,
        say("“{name}”可能永远等不齐所有分支，事项会停住。最短路径：{way}。", name=named(join), way=_path(way)),
        say("请让合并网关与前面的分支网关类型一致。"),
        way,
    )


def _tell_swelling(page: Page, element: Element, way: Labels) -> None:
    page.error(
        element,
        say(
            "每转一圈，到达“{name}”的分支就多一个，没有尽头。最短路径：{way}。",
            name=named(element),
            way=_path(way),
        ),
        say("请先合并所有分支，再回到前面。"),
        way,
    )


def _tell_double(page: Page, element: Element, way: Labels) -> None:
    page.warn(
        element,
        say(
            "两个并行分支没有合并就到达“{name}”，它和后面的环节会办理两次。最短路径：{way}。",
            name=named(element),
            way=_path(way),
        ),
        say("如果只需办理一次，请先用并行网关合并。"),
        way,
    )


def _tell_bound(page: Page, played: Played) -> None:
    page.warn(
        page.process,
        say("并行分支太多：逐一推演到{looked}种情形没有发现停住，但不能保证其余情形也不会。", looked=played.looked),
        say("请减少同时进行的分支，或把一部分放进子流程。"),
    )


def _tell_dead(page: Page, elements: list[Element], played: Played) -> None:
    """Elements that no token comes to; of several in a row the first."""
    alive = played.passed | played.arrived
    for element in elements:
        if element.id not in alive and any(flow.source in alive for flow in page.into(element)):
            page.warn(
                element,
                say("无论怎样办理，流程都走不到“{name}”。", name=named(element)),
                say("请检查它前面的环节能不能正常结束。"),
            )


def _path(path: Labels) -> Listed:
    """A path in words: in Chinese with names, in English with ids."""
    words: list[Said] = [named(element) for element in path]
    if len(path) > _SHOWN:
        words = [*words[: _SHOWN // 2], "…", *words[-_SHOWN // 2 :]]
    return listed(words, by=" → ")
