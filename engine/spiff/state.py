"""The saved form of a running case: the one place where an instance is written and read back.

A state holds the variables of the case, its scopes and their tokens; never a spec, an object or finished history (that
is in the events). Everything has a small number, given in order of creation: the same acts give the same state. It says
its format; each that ever landed is read. Of a large case, most is stored beside the state, in pieces: what an act
writes is what it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, Final, cast

import orjson

from engine.errors import DataUnreadable
from engine.feel.jsonform import MARK, from_stored
from engine.spiff.families import Families
from engine.spiff.first_states import is_first, read_first, without_flows
from engine.spiff.instance import Instance
from engine.spiff.joined import Content, joined
from engine.spiff.marks import ROOT
from engine.spiff.pieces import NOTHING, Kept, Pieces
from engine.spiff.stored import dumps, is_marked
from engine.spiff.variables import CaseVariables
from engine.words import say

FORMAT: Final = 3
"""How a state is written now: a variable as what it is. In 2 a date was a text; 1 says no format, 0 has other parts."""
IN_PIECES: Final = 4
"""How a large one is written: as 3, but the families of large multi-instances and heavy variables are pieces."""
LARGE: Final = 8_000
"""Bytes from which the heavy variables of a state become pieces."""

_READ: Final = (1, 2, FORMAT, IN_PIECES)
_LIKE_A_MARK: Final = f'"{MARK}'.encode()
_PARTS: Final = frozenset("nvms")


def save(instance: Instance, variables: MutableMapping[str, Any]) -> bytes:
    """The instance and the variables of its case as bytes, and what of it is stored beside as ``changed`` pieces.

    The instance is used up: its families are put away.
    """
    if instance.families.apart:
        instance.families.put_away()
    rows = {str(number): scope.row() for number, scope in instance.scopes.items()}
    content: Content = {
        "f": FORMAT,
        "n": instance.next_number,
        "v": variables.here if isinstance(variables, CaseVariables) else cast(dict[str, Any], variables),
        "m": rows.pop(str(ROOT), None),
        "s": instance.asleep | {number: dumps(row).decode() for number, row in rows.items()},
    }
    if not instance.families.apart and not isinstance(variables, CaseVariables):
        state = dumps(content)
        if len(state) < LARGE:
            return state
    return _in_pieces(content, variables, instance.families)


def _in_pieces(content: Content, variables: MutableMapping[str, Any], families: Families) -> bytes:
    if not isinstance(variables, CaseVariables):
        variables = CaseVariables(dict(variables), (), families.pieces)  # the run still reads its own
    state = dumps(content)
    if len(state) >= LARGE:
        variables.lighten()
    if not families.apart and not variables.beside:
        return state
    return dumps({**content, "f": IN_PIECES, "v": variables.here, "b": sorted(variables.beside)})


def readable(state: bytes) -> bool:
    """Whether ``load`` can read a state."""
    try:
        read_state(state)
    except ValueError:
        return False
    return True


def same(one: bytes, other: bytes, beside_one: Kept = NOTHING, beside_other: Kept = NOTHING) -> bool:
    """Whether two states mean the same, each in its own format and with its pieces.

    What cannot be read means nothing.
    """
    try:
        parsed = [orjson.loads(state) for state in (one, other)]
        if one == other and IN_PIECES not in (state.get("f") for state in parsed):
            return True
        kept = ((one, beside_one), (other, beside_other))
        read = [_awake(joined(read_state(state), beside)) for state, beside in kept]
    except (AttributeError, LookupError, TypeError, ValueError):
        return False
    if any(map(is_first, parsed)):
        for content in read:
            content["m"] = without_flows(content["m"])
    return read[0] == read[1]


def numbered(state: bytes, beside: Kept, numbers: Mapping[int, int], after: int) -> bytes:
    """A state whose tokens have other numbers, and the next one is ``after``: as a program before gave them.

    What was stored in pieces stands in it.
    """
    content = joined(read_state(state), beside)
    main = content["m"]
    if main is not None:
        tokens = {str(numbers.get(int(number), int(number))): text for number, text in main[2].items()}
        main = [*main[:2], tokens, *main[3:]]
    return dumps({**content, "m": main, "n": after})


def going_on(state: bytes, after: bytes) -> bytes:
    """A state of before, in which the next number is that of another one: none is given twice."""
    return dumps({**read_state(state), "n": read_state(after)["n"]})


def retold(state: bytes, told: Mapping[str, Any]) -> bytes:
    """A state in which the diagram knows something else of its case: ``told`` takes the place of that in ``case``."""
    content = read_state(state)
    case = {**content["v"].get("case", {}), **told}
    return dumps({**content, "v": {**content["v"], "case": case}})


def load(instance: Instance, state: bytes, beside: Kept = NOTHING) -> MutableMapping[str, Any]:
    """Lay a stored state into a fresh instance, all but the process itself asleep; its variables."""
    content = read_state(state)
    instance.next_number, instance.asleep = content["n"], content["s"]
    families = instance.families
    families.pieces, families.apart = Pieces(beside, content["n"]), content["f"] == IN_PIECES
    if content["m"] is not None:
        instance.wake(ROOT, content["m"])
    return variables_of(content, families.pieces)


def variables_of(content: Content, pieces: Pieces) -> MutableMapping[str, Any]:
    """The variables of a state, the heavy ones read when they are named."""
    return CaseVariables(content["v"], content["b"], pieces) if content.get("b") else content["v"]


def read_state(state: bytes) -> Content:
    """A state of any format, as one of today's. Raises DataUnreadable, a ValueError, for what is none."""
    try:
        return _parsed(state)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise DataUnreadable(what=say("流程状态")) from error


def _parsed(state: bytes) -> Content:
    if not isinstance(state, bytes):
        raise ValueError("a state is bytes")  # whatever stands in a row that was tampered with
    parsed = orjson.loads(state)
    if is_first(parsed):
        parsed = read_first(parsed)
    if not isinstance(parsed, dict) or parsed.get("f", 1) not in _READ or not parsed.keys() >= _PARTS:
        raise ValueError("no state of a case that this program can read")
    if parsed.get("f") in (FORMAT, IN_PIECES):
        return from_stored(parsed) if is_marked(state) else cast(Content, parsed)
    content = cast(Content, {name: parsed[name] for name in sorted(_PARTS)} | {"f": FORMAT})
    return _kept(content) if _LIKE_A_MARK in state else content


def _kept(content: Content) -> Content:
    """A state before format 3, in which nothing was marked: a context of one name that looks so was just that."""
    rows: dict[str, list[Any]] = {number: orjson.loads(row) for number, row in content["s"].items()}
    for row in (content["m"], *rows.values()):
        if row is not None:
            tokens: dict[str, str] = row[2]
            row[2] = {number: dumps(orjson.loads(token)).decode() for number, token in tokens.items()}
    return {**content, "s": {number: dumps(row).decode() for number, row in rows.items()}}


def _awake(content: Content) -> Content:
    """The content with its scopes as values, for a comparison: their text may differ where they do not."""
    awake = {number: orjson.loads(text) for number, text in content["s"].items()}
    return cast(Content, {**content, "s": awake})
