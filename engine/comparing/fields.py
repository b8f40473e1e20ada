"""Things with fields, by their ids: which came, which went, and what of the others has changed. Knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.comparing.texts import out_of_order, pieces
from engine.comparing.views import Change, Kind, ValueChange
from engine.words import Said, both, say


@dataclass(frozen=True, slots=True)
class Property:
    """What one field says. ``feel``: an expression."""

    label: Said
    text: str
    feel: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """An element, a field of a form, an entry. ``sort``: what it is, of which it never becomes another in silence."""

    label: Said
    sort: str
    fields: Mapping[str, Property] = field(default_factory=dict)


_NONE: Final = Property("", "")
_SORT: Final = say("类型")


def values(before: Mapping[str, Property], after: Mapping[str, Property]) -> list[ValueChange]:
    """The fields that differ, those of the later ones first."""
    found: list[ValueChange] = []
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if (old and old.text) != (new and new.text):
            kind: Kind = "changed" if old and new else "added" if new else "removed"
            one, other = old or _NONE, new or _NONE
            label = (new or one).label
            found.append(
                {"kind": kind, "label": both(label), "pieces": pieces(one.text, other.text, one.feel or other.feel)}
            )
    return found


def changes(
    before: Mapping[str, Thing], after: Mapping[str, Thing], moved: Iterable[str] | None = None
) -> list[Change]:
    """What differs, in the order of the later ones and then what went. ``moved``: ids; None: what changed its order."""
    places = frozenset(out_of_order(list(before), list(after)) if moved is None else moved)
    found: list[Change] = []
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        shown = new or old
        if shown is None:
            continue
        own = values(_with_sort(old, new), _with_sort(new, old))
        if old is None or new is None:
            kind: Kind = "added" if old is None else "removed"
        elif own:
            kind = "changed"
        elif name in places:
            kind = "moved"
        else:
            continue
        moves = name in places and old is not None and new is not None
        found.append({
            "id": name, "kind": kind, "label": both(shown.label), "sort": shown.sort, "moved": moves, "values": own,
        })  # fmt: skip
    return found


def _with_sort(one: Thing | None, other: Thing | None) -> Mapping[str, Property]:
    """Its fields, and what it is if the other is something else."""
    if one is None:
        return {}
    return one.fields if other is None or one.sort == other.sort else {"": Property(_SORT, one.sort), **one.fields}
