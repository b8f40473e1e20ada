"""Registers as they are put in force: their schemas read, and the keys of the records that stand computed again.

Knows what a register asks to stand once; who writes records is told nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.definition import REGISTERS
from engine.errors import DefinitionInvalid, Problem
from engine.registers import Register, load_register
from engine.words import listed, say
from storage import record_keys, records
from storage.database import Connection
from storage.record_keys import RecordKeyRow

MOST_TOLD = 20
"""Problems that are told of one register."""


def registers_in(files: Mapping[str, bytes], digest: str) -> dict[str, Register]:
    """The registers of a folder by name; ``digest``: under which they are published. Raises DefinitionInvalid."""
    loaded = (load_register(name, data) for name, data in sorted(files.items()))
    return {one.name: replace(one, digest=digest) for one in loaded}


def keep_keys(connection: Connection, registers: Mapping[str, Register]) -> None:
    """Put the keys of all records in force where the registers' rules of uniqueness need them.

    Raises DefinitionInvalid that names records of which only one may stand: they are corrected first.
    """
    found: dict[tuple[str, str, str], RecordKeyRow] = {}
    problems: list[Problem] = []
    for register in registers.values():
        for key, row in _keys(connection, register):
            other = found.setdefault(key, row)
            if other is not row and len(problems) < MOST_TOLD:
                what = say(
                    "记录{one}和{other}的{fields}相同，不能都保留。",
                    one=other["number"], other=row["number"],
                    fields=listed(register.label(name) for name in row["rule"].split("+")),
                )  # fmt: skip
                hint = say("请先用一个事项更正其中一条，再发布台账。")
                problems.append(Problem(f"{REGISTERS}/{register.name}", row["rule"], what, hint))
    if problems:
        raise DefinitionInvalid(tuple(problems))
    record_keys.replace_all(connection, found.values())


def _keys(connection: Connection, register: Register) -> Iterator[tuple[tuple[str, str, str], RecordKeyRow]]:
    for row in records.in_force(connection, register.name) if register.unique else ():
        for rule, key in register.keys(row["data"]).items():
            kept: RecordKeyRow = {"register": register.name, "rule": rule, "key": key, "number": row["number"]}
            yield (register.name, rule, key), kept
