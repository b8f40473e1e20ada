"""A state with its pieces in it again: for comparing one with another, whichever of them is stored in pieces."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict, cast

from engine.spiff.families import COMING, CROWD, DONE, RUNS
from engine.spiff.marks import APART, ITEM, ROOT
from engine.spiff.pieces import VARIABLE, Kept, read, read_row
from engine.spiff.stored import dumps, loads
from engine.spiff.tokens import filled


class Content(TypedDict):
    """What a state holds, under short names."""

    f: int  # the format
    n: int  # the next number
    v: dict[str, Any]  # the variables of the case
    m: list[Any] | None  # the scope of the process itself
    s: dict[str, str]  # all others, asleep, by number
    b: NotRequired[list[str]]  # in format 4: the variables that are pieces


def joined(content: Content, beside: Kept) -> Content:
    """The content without pieces, as a program before them would have written it, all but the order of outputs."""
    scopes: dict[str, list[Any]] = {number: loads(text) for number, text in content["s"].items()}
    scopes |= {} if content["m"] is None else {str(ROOT): content["m"]}
    families: dict[str, list[list[Any]]] = {}
    variables: dict[str, object] = dict(content["v"])
    for (place, item), text in sorted(beside.all().items()):
        if place.startswith(VARIABLE):
            variables[place.removeprefix(VARIABLE)] = read(text)
        elif item:
            families.setdefault(place, []).append(read_row(text))
    running = [piece[1:] for pieces in families.values() for piece in pieces if piece[0] == RUNS]
    for _, _, _, inside in running:
        scopes |= {number: loads(text) for number, text in inside.items()}
    for scope, number, token, _ in running:
        tokens: dict[str, str] = scopes[str(scope)][2]
        tokens[str(number)] = token
    for row in scopes.values():
        texts: dict[str, str] = row[2]
        row[2] = {number: _told(text, families.get(number, [])) for number, text in texts.items()}
    main = scopes.pop(str(ROOT), None)
    asleep = {number: dumps(row).decode() for number, row in scopes.items()}
    return cast(Content, {"f": 3, "n": content["n"], "v": variables, "m": main, "s": asleep})


def _told(text: str, pieces: list[list[Any]]) -> str:
    """A token of a multi-instance of many, or of one instance of it, as it was stored with all else; others as is."""
    *row, internal = filled(text)
    if not internal or not (internal.get("n", 0) > CROWD or ITEM in internal):
        return text
    kept: dict[str, object] = {key: value for key, value in internal.items() if key not in (APART, ITEM, "out", "left")}
    outputs = [piece[1] for piece in pieces if piece[0] == DONE] or internal.get("out")
    if outputs:
        kept["out"] = sorted(outputs, key=lambda one: one[0])
    left = [piece[1] for piece in pieces if piece[0] == COMING] or internal.get("left")
    if left:
        kept["left"] = left
    row = [*row, kept]
    while row[-1] is None:
        row.pop()
    return dumps(row).decode()
