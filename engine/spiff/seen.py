"""What a task of a stored state sees, without an instance of its process."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from typing import Any

from engine.picking import only
from engine.spiff.marks import EVERYWHERE, ROOT
from engine.spiff.pieces import NOTHING, Kept, Pieces, place_of, read
from engine.spiff.state import IN_PIECES, read_state, variables_of
from engine.spiff.stored import loads
from engine.spiff.tokens import filled


class Stored:
    """The variables of a stored state as its tokens see them, without waking the instance."""

    def __init__(self, state: bytes, beside: Kept = NOTHING) -> None:
        content = read_state(state)
        self._pieces = Pieces(beside, content["n"])
        self._apart = content["f"] == IN_PIECES
        self.variables: MutableMapping[str, Any] = variables_of(content, self._pieces)
        self._main = content["m"]
        self._asleep = content["s"]
        self._scopes: dict[int, list[Any]] = {}
        self._places: dict[str, int] = {}

    def seen(self, number: int) -> Mapping[str, Any]:
        """What the token of that number sees: its own variables, those of the scopes around it, those of the case."""
        if not self._scopes:
            self._read()
        if self._apart and str(number) not in self._places:
            self._lay(number)
        layers: list[dict[str, Any]] = []
        scope = self._places.get(str(number))
        while scope is not None:
            row = self._scopes[scope]
            tokens: dict[str, str] = row[2]
            extras = row[3] if len(row) > 3 else {}
            layers += [one for one in (filled(tokens[str(number)])[3], extras.get("data")) if one]
            if extras.get("shut"):
                return ChainMap(*layers, only(self.variables, EVERYWHERE))
            scope, number = row[0] or (None, 0)
        return ChainMap(*layers, self.variables) if layers else self.variables

    def _read(self) -> None:
        if self._main is not None:
            self._scopes[ROOT] = self._main
        self._scopes |= {int(number): loads(text) for number, text in self._asleep.items()}
        self._places = {token: number for number, row in self._scopes.items() for token in row[2]}

    def _lay(self, number: int) -> None:
        """Lay the family with that number, and those around it."""
        place = place_of(self._pieces, number)
        if place is None:
            return
        _, around, token, text, scopes = read(self._pieces.get(*place) or "[]")
        rows: dict[int, list[Any]] = {int(inner): loads(row) for inner, row in scopes.items()}
        self._scopes |= rows
        self._places |= {inner: own for own, row in rows.items() for inner in row[2]}
        if around not in self._scopes:
            self._lay(around)
        tokens: dict[str, str] = self._scopes[around][2]
        tokens[str(token)] = text
        self._places[str(token)] = around
