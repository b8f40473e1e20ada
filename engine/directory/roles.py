"""What a role is, and which roles one person may hold together. Knows no person, no row and no role by name."""

from __future__ import annotations

from dataclasses import dataclass

from engine.words import Text


@dataclass(frozen=True, slots=True)
class Role:
    """One role. The fields are explained at the head of ``roles.toml``."""

    id: str
    name: Text
    kinds: frozenset[str]
    business: bool
    acts: bool
    own: bool = False
    duty: str = ""
    may: frozenset[str] = frozenset()
    outside: bool = False  # held at outside organisations, and nowhere else (``Kind.outside``)

    def excludes(self, other: Role) -> bool:
        """Whether one person must not hold both. GB/T 22239-2019, 8.1.5: three administrators, three persons.

        Whoever is of an outside organisation is nothing inside.
        """
        return self.id != other.id and (bool(self.duty or other.duty) or self.outside != other.outside)
