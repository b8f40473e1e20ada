"""Drawing a sample of records that nobody could choose and everybody can draw again. Knows no register by name."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from engine.directory import organisations
from engine.errors import BadInput
from engine.feel.formats import plain_text
from engine.operations.registers import held, known_field, register_named
from engine.operations.registry import Parameter, Scene, operation
from engine.words import say, term
from storage.record_lists import Asked, ListedRecord, RecordList

MOST: Final = 50_000
"""Records from which is drawn; of more the sample is refused, none is left out."""


@operation(
    "sample.draw",
    say("抽取样本"),
    Parameter("register", "text", say("台账")),
    Parameter("organisation", "text", say("单位编码")),
    Parameter("size", "number", say("抽取数")),
    Parameter("equals", "context", term("operation", "条件"), required=False),
    Parameter("by", "text", say("分层字段"), required=False),
    Parameter("seed", "text", say("种子"), required=False),
)
def _draw(
    scene: Scene, register: str, organisation: str, size: Any, equals: Mapping[str, Any] | None = None,
    by: str | None = None, seed: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """``{seed, of, drawn}``: by what, from how many, and the records drawn, in the order of their numbers.

    Without ``seed`` a new one is made, so that nobody chooses the sample by choosing it; it stands in the event with
    the result, and with it anybody draws the same again. Drawn are the records with the least SHA-256 of seed and
    number. ``by``: the sample has of each value of this field its share, by largest remainder. Raises BadInput.
    """
    if size != int(size) or size < 1:
        raise BadInput(field=say("抽取数"), reason=say("应为不小于1的整数"))
    schema = register_named(scene, register)
    path = organisations.get(scene.connection, organisation).path
    same = {name: held(schema, name, value) for name, value in (equals or {}).items()}
    wanted = RecordList(register, Asked([path], same=same))
    found = wanted.page(scene.connection, "", MOST)
    if len(found) > MOST:
        raise BadInput(field=schema.title, reason=say("最多从{most}条记录中抽取", most=MOST))
    drawn_by = secrets.token_hex(16) if seed is None else seed
    layer = None if by is None else known_field(schema, by)
    strata: dict[str, list[ListedRecord]] = {}
    for row in found:
        strata.setdefault("" if layer is None else plain_text(row["data"].get(layer)), []).append(row)
    shares = shared(min(int(size), len(found)), {name: len(rows) for name, rows in strata.items()})
    drawn = [row for name, rows in strata.items() for row in sorted(rows, key=_rank(drawn_by))[: shares[name]]]
    for row in drawn:
        scene.saw(register, row["number"], row["version"])
    told = [{**row["data"], "number": row["number"]} for row in sorted(drawn, key=lambda row: row["number"])]
    return {"seed": drawn_by, "of": len(found), "drawn": told}


def shared(size: int, strata: Mapping[str, int]) -> dict[str, int]:
    """How many of each stratum, together ``size``: by largest remainder, of equal ones first what comes first by name.

    ``size`` is no more than all strata have together.
    """
    total = sum(strata.values()) or 1
    shares = {name: size * count // total for name, count in strata.items()}
    left = size - sum(shares.values())
    for name in sorted(strata, key=lambda name: (-(size * strata[name] % total), name))[:left]:
        shares[name] += 1
    return shares


def _rank(seed: str) -> Any:
    return lambda row: sha256(f"{seed}\n{row['number']}".encode()).digest()
