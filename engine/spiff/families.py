"""The instances of a large multi-instance, each stored as a piece of its own beside the state.

A *family* is what belongs to one instance: its token, the scopes that it has opened, and all in them. It is laid
into the instance of the process when something of it is asked for, and put away when the run is over: an act on one
item costs what that item holds, however many there are. Before an instance begins, its piece holds its item; when it is
completed, its output.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

import orjson

from engine.spiff.marks import APART, ITEM, OF
from engine.spiff.pieces import Pieces, place_of, read_row
from engine.spiff.specs import ScopeSpec
from engine.spiff.stored import dumps
from engine.spiff.tokens import Scope, Token

CROWD: Final = 32
"""Instances up to which a multi-instance is stored with all else."""
COMING: Final = "coming"
"""A piece: [this, the item of an instance that has not begun]."""
RUNS: Final = "runs"
"""A piece: [this, number of the scope, number of the token, the token, {number: scope} of the scopes inside]."""
DONE: Final = "done"
"""A piece: [this, [number, output]] of an instance that is completed."""


class Scopes(Protocol):
    """What is asked of the instance of the process."""

    called: Mapping[str, ScopeSpec]
    scopes: dict[int, Scope]
    asleep: dict[str, str]

    def scope(self, number: int) -> Scope:
        """The scope of that number, awake."""


@dataclass(frozen=True, slots=True)
class _Family:
    """As it was laid, or is put away."""

    scope: int
    token: int
    text: str
    numbers: frozenset[int]  # of its token, and of all scopes and tokens inside


class Families:
    """The families of one instance of a process."""

    def __init__(self, holder: Scopes) -> None:
        self._holder = holder
        self._laid: dict[tuple[str, int], _Family] = {}
        self.pieces = Pieces()
        self.apart = False  # whether there may be any

    # -- the activity ------------------------------------------------------------------------------------------

    def begin(self, whole: Token) -> None:
        """Store the instances of this activity apart from now on."""
        whole.internal_data[APART] = True
        self.apart = True

    def adopt(self, whole: Token, last: Token, counter: str) -> None:
        """The same for one whose instances a program before format 4 began, of which ``last`` is just completed."""
        inside = whole.internal_data
        for instance in [*whole.workflow.belonging(OF, whole.id), last]:
            instance.internal_data[ITEM] = instance.data[counter]
        self.begin(whole)
        for output in inside.pop("out", None) or ():
            self._put(whole, output[0], [DONE, output])
        self.coming(whole, inside.pop("left", None) or [], inside["begun"])

    def coming(self, whole: Token, items: list[Any], begun: int = 0) -> None:
        """Keep the items of instances that are begun later, one after the other."""
        for number, item in enumerate(items, begun + 1):
            self._put(whole, number, [COMING, item])

    def next(self, whole: Token, number: int) -> Any:
        """The item of the instance of that number, which is begun now."""
        text = self.pieces.get(str(whole.id), number)
        self.pieces.put(str(whole.id), number, None)
        return None if text is None else read_row(text)[1]

    def done(self, whole: Token, instance: Token, output: list[Any] | None) -> None:
        """An instance is completed: keep [number, output] if there is one."""
        item: int = instance.internal_data[ITEM]
        self._forget((str(whole.id), item))
        self._put(whole, item, None if output is None else [DONE, output])

    def outputs(self, whole: Token) -> list[list[Any]]:
        """[number, output] of every instance that was completed."""
        pieces = map(read_row, self.pieces.under(str(whole.id)).values())
        return [piece[1] for piece in pieces if piece[0] == DONE]

    def forget(self, whole: Token) -> None:
        """The activity is over: nothing of it is stored any more."""
        for item in self.pieces.under(str(whole.id)):
            if item:
                self._forget((str(whole.id), item))
                self._put(whole, item, None)

    def _put(self, whole: Token, item: int, content: list[Any] | None) -> None:
        self.pieces.put(str(whole.id), item, None if content is None else dumps(content).decode())

    def _forget(self, key: tuple[str, int]) -> None:
        family = self._laid.pop(key, None)
        for number in family.numbers if family else ():
            self.pieces.put(str(number), 0, None)

    # -- laying ------------------------------------------------------------------------------------------------

    def lay(self, number: int) -> bool:
        """Lay the family to which the token or scope of that number belongs; whether there was one asleep."""
        place = place_of(self.pieces, number) if self.apart else None
        return place is not None and self._lay(place, self.pieces.get(*place))

    def lay_all(self, whole: int) -> None:
        """Lay every instance of the activity of that number."""
        for item, text in self.pieces.under(str(whole)).items():
            self._lay((str(whole), item), text)

    def lay_in(self, scope: Scope, names: frozenset[str] | None) -> None:
        """Lay every instance in a scope, or those at the nodes of these names."""
        for number, name, _ in list(scope.standing()):
            inner = scope.spec.task_specs[name].inner
            if inner and (names is None or inner in names):
                self.lay_all(number)

    def lay_everything(self) -> None:
        """Lay every family."""
        for (place, item), text in self.pieces.all().items() if self.apart else ():
            self._lay((place, item), text)

    def _lay(self, key: tuple[str, int], text: str | None) -> bool:
        if not key[1] or key in self._laid or text is None:
            return False
        piece = read_row(text)
        if piece[0] != RUNS:
            return False
        _, place, number, token, scopes = piece
        self._laid[key] = _Family(place, number, text, members(number, scopes))
        scope = self._holder.scope(place)
        scope.lay({str(number): token})
        self._holder.asleep |= scopes
        return True

    # -- putting away ------------------------------------------------------------------------------------------

    def put_away(self) -> None:
        """Take every family out of the instance and write those that a run has changed."""
        families = {key: (family.scope, family.token) for key, family in self._laid.items()}
        for scope in self._holder.scopes.values():
            for token in scope.tasks.values():
                if ITEM in token.internal_data:
                    key = (str(token.internal_data[OF]), token.internal_data[ITEM])
                    families[key] = (scope.number, token.id)
        inside = self._by_place() if families else {}
        for key, place in sorted(families.items(), key=lambda one: -one[1][0]):  # the inner before those around them
            self._put_away(key, self._taken(*place, inside))

    def _put_away(self, key: tuple[str, int], family: _Family | None) -> None:
        before = self._laid.pop(key, None)
        had = before.numbers if before else frozenset()
        has = family.numbers if family else frozenset()
        if (family.text if family else None) != (before.text if before else None):
            self.pieces.put(*key, family.text if family else None)
        for number in sorted(had - has):
            self.pieces.put(str(number), 0, None)
        for number in sorted(has - had):
            self.pieces.put(str(number), 0, f"{key[0]}.{key[1]}")

    def _taken(self, place: int, number: int, inside: Mapping[tuple[int, int], list[int]]) -> _Family | None:
        """A family, out of the instance; None when its token is there no longer."""
        scope = self._holder.scopes.get(place)
        token = scope.take(number) if scope is not None else None
        if token is None:
            return None
        scopes: dict[str, str] = {}
        owners = [(place, number)]
        while owners:
            for inner in inside.get(owners.pop(), ()):
                text = self._scope_taken(inner)
                scopes[str(inner)] = text
                owners += [(inner, int(one)) for one in _tokens(text)]
        text = dumps([RUNS, place, number, token, scopes]).decode()
        return _Family(place, number, text, members(number, scopes))

    def _scope_taken(self, number: int) -> str:
        scope = self._holder.scopes.pop(number, None)
        return self._holder.asleep.pop(str(number)) if scope is None else dumps(scope.row()).decode()

    def _by_place(self) -> Mapping[tuple[int, int], list[int]]:
        """(number of the scope around, of the token) to the scopes that the token has opened."""
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, scope in self._holder.scopes.items():
            if scope.place is not None:
                found[scope.place].append(number)
        for own, text in self._holder.asleep.items():
            row: list[Any] = orjson.loads(text)
            around, token = row[0]
            found[around, token].append(int(own))
        return found


def of(token: Token) -> Families:
    """The families of the instance to which a token belongs."""
    return cast(Families, token.workflow.instance.families)


def members(number: int, scopes: Mapping[str, str]) -> frozenset[int]:
    """The numbers of a token, of scopes as they are stored, and of the tokens in those."""
    inner = [int(token) for text in scopes.values() for token in _tokens(text)]
    return frozenset([number, *map(int, scopes), *inner])


def _tokens(text: str) -> Iterable[str]:
    """The numbers of the tokens in a scope as it is stored."""
    row: list[Any] = orjson.loads(text)
    tokens: dict[str, str] = row[2]
    return tokens
