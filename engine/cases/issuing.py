"""What was handed in as a Word document: made once for what the case tells by then, and kept as it was issued."""

from __future__ import annotations

from dataclasses import dataclass

from engine.cases.access import seen
from engine.cases.acting.transaction import Transactions
from engine.cases.base import Parts
from engine.cases.event_types import PAYLOADS, QUIET
from engine.cases.reading.papers import Papers
from engine.cases.veil import Veil
from engine.database import writing
from engine.directory.actors import Actor
from storage import log, papers
from storage.log import Window
from storage.papers import PaperRow


@dataclass(frozen=True, slots=True)
class Issuing:
    """Papers of cases, as whoever asks for them gets them."""

    parts: Parts
    transactions: Transactions
    drawn: Papers

    def document(self, actor: Actor, case_id: str, sequence: int, language: str) -> tuple[str, bytes]:
        """A file name and the Word file of what was handed in by event ``sequence``, with the opinions on it.

        As long as nothing more is decided everybody gets the same bytes, whatever is renamed and whichever version of
        the program answers; what is decided later makes a further paper. Raises NotFound.
        """
        with self.parts.database.read() as connection:
            case = seen(connection, actor, case_id)
            veil = Veil(connection, actor, case, self.parts.definition(connection, case))
            loud, _ = log.window(connection, case["id"], Window(1, names=PAYLOADS.keys() - QUIET))
            upto = loud[0]["seq"] if loud else 0
            there = 0 < sequence <= case["revision"]
            kept = papers.get(connection, case["id"], sequence, language, upto) if there and veil.whole else None
        if kept is not None:
            return kept["name"], self.parts.files.get(kept["digest"])
        name, content = self.drawn.document(actor, case_id, sequence, language)
        if not veil.whole:  # a paper of its own, of what this reader sees
            return name, content
        row: PaperRow = {
            "case_id": case["id"], "sequence": sequence, "language": language, "upto": upto, "name": name,
            "digest": self.parts.files.put(content), "issued_at": self.parts.clock.now(),
        }  # fmt: skip
        with writing(self.transactions.database) as connection:
            first = papers.get(connection, case["id"], sequence, language, upto)
            if first is None:
                papers.issue(connection, row)
        return (name, content) if first is None else (first["name"], self.parts.files.get(first["digest"]))
