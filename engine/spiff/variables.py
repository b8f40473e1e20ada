"""The variables of a case of which the large ones are stored beside the state: read when named, written when set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any, Final

from engine.spiff.pieces import VARIABLE, Pieces, read
from engine.spiff.stored import dumps

HEAVY: Final = 1_000
"""Bytes from which a variable of a large state is stored beside it."""
_STAYS: Final = "case"
"""What the diagram knows of its case: small, and told again when somebody takes over."""


class CaseVariables(MutableMapping[str, Any]):
    """Names to values. ``here`` are those in the state itself."""

    def __init__(self, here: dict[str, object], beside: Iterable[str], pieces: Pieces) -> None:
        self.here = here
        self.beside = set(beside)
        self._pieces = pieces
        self._read: dict[str, object] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.beside:
            return self.here[name]
        if name not in self._read:
            text = self._pieces.get(VARIABLE + name)
            self._read[name] = None if text is None else read(text)
        return self._read[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._drop(name)
        self.here[name] = value

    def __delitem__(self, name: str) -> None:
        self.here.pop(name, None) if name in self.beside else self.here.pop(name)
        self._drop(name)

    def __contains__(self, name: object) -> bool:
        return name in self.here or name in self.beside

    def __iter__(self) -> Iterator[str]:
        return iter(sorted([*self.here, *self.beside]))

    def __len__(self) -> int:
        return len(self.here) + len(self.beside)

    def _drop(self, name: str) -> None:
        if name in self.beside:
            self.beside.discard(name)
            self._pieces.put(VARIABLE + name, 0, None)

    def lighten(self) -> None:
        """Store beside the state whatever of it is heavy."""
        for name, value in sorted(self.here.items()):
            text = dumps(value).decode() if name != _STAYS else ""
            if len(text) >= HEAVY:
                self._read[name] = self.here.pop(name)
                self.beside.add(name)
                self._pieces.put(VARIABLE + name, 0, text)
