"""Where designs come from: a published version, an empty process, files from outside. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine import letters
from engine.database import writing
from engine.designing.folder import blank, is_shared, must_be_key
from engine.designing.keeping import ACT, advance
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.errors import BadInput, NotFound
from engine.model import Clock
from engine.words import say
from storage import definitions as published
from storage import designs as rows
from storage.database import Database

MOST_OF_ONE: Final = 50
LONGEST_TITLE: Final = 100
_TITLE = say("名称")


class Beginning:
    """Every act is one transaction and gives the number of a new design."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def copy(self, actor: Actor, key: str, version: int) -> int:
        """Begin one with a published version. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            row = None if key.startswith("_") else published.version(connection, key, version)
            stored = published.get(connection, row["digest"]) if row else None
        if row is None or stored is None:
            raise NotFound(what=say("这个流程定义"))
        return self._begin(actor, key, row["name_zh"], stored.files, row["digest"])

    def blank(self, actor: Actor, key: str, title: str) -> int:
        """Begin one with an empty process. Raises BadInput."""
        require(actor, DESIGNS, ACT)
        named = _titled(title)
        return self._begin(actor, key, named, blank(key, named) | self._shared())

    def upload(self, actor: Actor, key: str, title: str, files: Mapping[str, bytes]) -> int:
        """Begin one with files from outside (``engine.designing.unpacking``). Raises BadInput."""
        require(actor, DESIGNS, ACT)
        shared = {} if any(map(is_shared, files)) else self._shared()
        return self._begin(actor, must_be_key(key), _titled(title or key), {**files, **shared})

    def _begin(
        self, actor: Actor, key: str, title: str, files: Mapping[str, bytes], based_on: str | None = None
    ) -> int:
        now, me = self._clock.now(), actor.user_id
        row: rows.NewDesign = {
            "key": key, "title": title[:LONGEST_TITLE], "based_on": based_on, "revision": 0, "created_by": me,
            "created_at": now, "saved_by": me, "saved_at": now, "editor_id": None, "session": "", "heard_at": None,
            "editors": [me],
        }  # fmt: skip
        with writing(self._database) as connection:
            if rows.count_of(connection, me) >= MOST_OF_ONE:
                raise BadInput(field=say("设计稿"), reason=say("每人最多{most}份，请先删去不用的", most=MOST_OF_ONE))
            number = rows.add(connection, row)
            advance(connection, actor, self._clock.now(), {**row, "id": number}, files)
        return number

    def _shared(self) -> dict[str, bytes]:
        """What all processes share, as it was published with any of them."""
        with self._database.read() as connection:
            for key, digest in sorted(published.current_digests(connection).items()):
                stored = published.get(connection, digest) if not key.startswith("_") else None
                if stored is not None:
                    return {name: data for name, data in stored.files.items() if is_shared(name)}
        return {}


def _titled(title: str) -> str:
    words = letters.tidy(title)
    if not 0 < len(words) <= LONGEST_TITLE:
        raise BadInput(field=_TITLE, reason=say("请填写1至{most}个字", most=LONGEST_TITLE))
    return words
