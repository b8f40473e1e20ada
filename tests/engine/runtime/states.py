"""Reads a stored state from outside, for tests: the one place in them that knows its form."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

READY = 16


def open_tasks(state: bytes) -> Iterator[tuple[str, int]]:
    """(element, number) of every token that waits for a person, in the order of the numbers."""
    content = orjson.loads(state)
    scopes = [content["m"], *map(orjson.loads, content["s"].values())]
    found = [
        (int(number), row)
        for scope in scopes
        if scope is not None
        for number, text in scope[2].items()
        if (row := orjson.loads(text))[1] == READY
    ]
    for number, row in sorted(found):
        yield row[0].removesuffix("[]"), number
