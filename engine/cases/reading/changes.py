"""What differs between two submissions, as people read them: field by field, lists row by row. Knows no event.

Rows are matched before they are compared: by what is the same in both, by the fields that the form says identify a
row, by likeness. So a row taken out of the middle of a list is one change, not one in every row after it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.views import Change, FieldView

MOST_PAIRS: Final = 10_000
"""Pairs of rows that are looked at for likeness; of longer lists the rest is matched by place."""

Fields = Sequence[FieldView]
Cells = Mapping[str, str]
Pair = tuple[int | None, int | None]
"""Places of one row before and after; None: it was not there."""


def changes_between(read: Callable[[str], tuple[Fields, Fields]]) -> tuple[Change, ...]:
    """The changes in the order of the form. ``read``: before and after in a language; values stay in Chinese."""
    old, new = read("zh")
    english = _english(read("zh"), read("en"))
    return tuple(
        Change((change.label[0], english(change.label[0])), change.before, change.after, change.computed)
        for change in _changes(_by_label(old), _by_label(new))
    )


def _changes(
    old: Mapping[tuple[str, str, int], FieldView], new: Mapping[tuple[str, str, int], FieldView]
) -> list[Change]:
    found: list[Change] = []
    for place in dict.fromkeys([*new, *old]):
        before, after = old.get(place), new.get(place)
        if place[0] == "table":
            found += _rows_changed(before or FieldView("table", place[1]), after or FieldView("table", place[1]))
            continue
        was, now = before.value if before else "", after.value if after else ""
        if was != now:
            computed = bool((after or before or FieldView("field", "")).computed)
            found.append(Change((place[1], ""), was, now, computed))
    return found


def _by_label(fields: Fields) -> dict[tuple[str, str, int], FieldView]:
    """Fields and tables by kind and label, several of one label by their place."""
    found: dict[tuple[str, str, int], FieldView] = {}
    for one in fields:
        if one.kind in ("field", "table"):
            number = 0
            while (one.kind, one.label, number) in found:
                number += 1
            found[one.kind, one.label, number] = one
    return found


def _rows_changed(old: FieldView, new: FieldView) -> Iterator[Change]:
    before, after = _Rows(old), _Rows(new)
    for was, now in matched(before, after):
        name = f"{new.label or old.label} {(now if now is not None else was or 0) + 1}"
        if was is None and now is not None:
            yield Change((name, ""), "", after.told(now))
        elif now is None and was is not None:
            yield Change((name, ""), before.told(was), "")
        elif was is not None and now is not None:
            for column in dict.fromkeys([*after.columns, *before.columns]):
                cells = before.all[was].get(column, ""), after.all[now].get(column, "")
                if cells[0] != cells[1]:
                    computed = column in after.computed or column in before.computed
                    yield Change((f"{name} · {column}", ""), *cells, computed)


@dataclass(slots=True)
class _Rows:
    """The rows of a table by the names of its columns."""

    table: FieldView

    @property
    def columns(self) -> tuple[str, ...]:
        return self.table.columns

    @property
    def computed(self) -> frozenset[str]:
        """Columns that nobody fills in."""
        return frozenset(self.columns[number] for number in self.table.computed_columns)

    @property
    def all(self) -> list[dict[str, str]]:
        return [dict(zip(self.columns, cells, strict=True)) for cells in self.table.rows]

    @property
    def own(self) -> list[dict[str, str]]:
        """What people filled in."""
        computed = self.computed
        return [{name: cell for name, cell in row.items() if name not in computed and cell} for row in self.all]

    def key(self, row: Cells) -> tuple[str, ...]:
        """What identifies a row; empty where the form does not say or nothing stands there."""
        found = tuple(row.get(self.columns[number], "") for number in sorted(self.table.key_columns))
        return found if any(found) else ()

    def told(self, number: int) -> str:
        """A whole row in words."""
        return "、".join(self.own[number].values())


def matched(before: _Rows, after: _Rows) -> list[Pair]:
    """Which row became which, in the order of the rows after; those that are gone last."""
    old, new = before.own, after.own
    found: dict[int, int] = {}
    left = dict(enumerate(old))
    ways: tuple[Callable[[_Rows, Cells], tuple[object, ...]], ...] = (
        lambda _, row: tuple(sorted(row.items())),
        lambda rows, row: rows.key(row),
    )
    for way in ways:
        known: dict[tuple[object, ...], deque[int]] = defaultdict(deque)
        for number, row in left.items():
            known[way(before, row)].append(number)
        for number, row in enumerate(new):
            identity = way(after, row)
            if number not in found and identity and known.get(identity):
                found[number] = known[identity].popleft()
                del left[found[number]]
    rest = {number: row for number, row in enumerate(new) if number not in found}
    found |= _alike(left, rest)
    gone = set(range(len(old))) - set(found.values())
    return [(found.get(number), number) for number in range(len(new))] + [(number, None) for number in sorted(gone)]


def _alike(old: Mapping[int, Cells], new: Mapping[int, Cells]) -> dict[int, int]:
    """The pairs that have half of what stands in them in common, the most alike first."""
    if len(old) * len(new) > MOST_PAIRS:
        return dict(zip(new, old, strict=False))
    pairs = sorted(
        (
            (-_common(was, now), abs(there - here), here, there)
            for there, was in old.items()
            for here, now in new.items()
        ),
    )
    found: dict[int, int] = {}
    for common, _, here, there in pairs:
        enough = -2 * common >= max(len(old[there]), len(new[here]), 1)
        if enough and here not in found and there not in found.values():
            found[here] = there
    return found


def _common(one: Cells, other: Cells) -> int:
    return sum(other.get(name) == cell for name, cell in one.items())


def _english(chinese: Iterable[Fields], english: Iterable[Fields]) -> Callable[[str], str]:
    """A label of the record in English, part by part; what has none stays as it is."""
    words: dict[str, str] = {}
    for zh, en in zip(chinese, english, strict=True):
        for one, other in zip(zh, en, strict=False):
            words[one.label] = other.label
            words |= dict(zip(one.columns, other.columns, strict=False))

    def told(label: str) -> str:
        if label in words:
            return words[label]
        row, _, column = label.partition(" · ")
        name, _, number = row.rpartition(" ")
        return f"{words.get(name, name)} {number}" + (f" · {words.get(column, column)}" if column else "")

    return told
