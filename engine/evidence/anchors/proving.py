"""The proof over the whole house: the book, the tree, every row beside its entry, every file, every case played again.

Whatever one part holds, it is named and the next is proved. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from engine.definition import digest_of
from engine.errors import NotFound
from engine.evidence import replay
from engine.evidence.anchors.anchoring import MADE, leaf_of, roots
from engine.evidence.anchors.book import Anchor, Book
from engine.evidence.anchors.mismatch import Mismatch, Survey, readable
from engine.evidence.anchors.rows import CASE
from engine.evidence.anchors.survey import survey
from engine.evidence.differences import Difference, Late
from engine.files.store import FileStore
from engine.publishing.catalog import Catalog
from engine.words import Words, say
from storage import account_events, anchor_entries, cases, chains, definitions, holdings
from storage.database import Connection, Database, Unreachable

BOOK, TREE, FILES = "anchors", "anchor_entries", "files"


@dataclass(slots=True)
class HouseProof:
    """What the proof over the house comes to. ``last``: the newest anchor; ``late``: cases not proved in time."""

    anchors: list[Anchor] = field(default_factory=list)
    key: str = ""
    survey: Survey = field(default_factory=Survey)
    late: int = 0

    @property
    def last(self) -> Anchor | None:
        """The newest anchor."""
        return self.anchors[-1] if self.anchors else None

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.survey.findings


@dataclass(frozen=True, slots=True)
class House:
    """Of what house."""

    database: Database
    log: Database
    catalog: Catalog
    files: FileStore
    book: Book


def prove(parts: House, replays: bool = True, told: Callable[[int], None] = lambda _: None) -> HouseProof:
    """Prove the house. ``replays``: play every case again, instead of following its chain alone.

    ``told`` hears how many were played, now and then.

    Raises what the database raises when it is out of reach.
    """
    proof = HouseProof(key=parts.book.public())
    with parts.database.snapshot():
        _book(parts, proof)
        with parts.database.read() as connection:
            proof.survey.merge(survey(connection, parts.log))
            _files(parts.files, connection, proof.survey)
            _definitions(connection, proof.survey)
            if not replays:  # a replay proves the chain of its case, too
                _links(connection, proof.survey)
    if replays:
        _replays(parts, proof, told)
    return proof


def _book(parts: House, proof: HouseProof) -> None:
    """Whether every line of the book is signed and follows, and the database begins with the tree of each."""
    found = proof.survey.findings
    try:
        proof.anchors, broken = parts.book.anchors()
    except OSError as error:
        found.append(Mismatch(BOOK, "", say("锚定簿无法读取：{why}", why=str(error))))
        return
    found += [Mismatch(BOOK, str(one), say("锚定簿第 {number} 行被改动、缺失或签名不符", number=one)) for one in broken]
    found += [
        Mismatch(BOOK, str(one.number), say("第 {number} 次锚定由另一把密钥签名", number=one.number))
        for one in proof.anchors
        if proof.key and one.key != proof.key
    ]
    last = proof.last
    if last is None:
        with parts.database.read() as connection:
            # entries without the event of an anchor: the first anchoring was broken off before its line was signed
            if anchor_entries.count(connection) and account_events.has(connection, MADE):
                found.append(Mismatch(BOOK, "", say("数据库记有锚定，锚定簿却是空的")))
        return
    held = roots(parts.database, _line_of(proof.anchors, last))
    wrong = [one for one in _line_of(proof.anchors, last) if not held.get(one.number)]
    if wrong:  # after a restoring, too: the next anchor goes on from there, and somebody must know why
        _where(parts, proof, wrong)


def _line_of(anchors: list[Anchor], last: Anchor) -> list[Anchor]:
    """The anchors that each continue the one before, oldest first, without those that a restoring has left."""
    by_number, one, found = {each.number: each for each in anchors}, last, [last]
    while one.after and one.after in by_number and one.after < one.number:
        one = by_number[one.after]
        found.append(one)
    return found[::-1]


def _where(parts: House, proof: HouseProof, wrong: list[Anchor]) -> None:
    """Name what of the tree is not as it was signed: entry by entry where the book still has the leaves."""
    found, last = proof.survey.findings, wrong[-1]
    kept = parts.book.leaves(proof.anchors, last)
    with parts.database.read() as connection:
        size = anchor_entries.count(connection)
        if size < last.size:
            first = next(one for one in wrong if one.size > size)
            told = say(
                "数据库止于第 {number} 次锚定（{at}）之前：末尾被截去，或换成了旧的备份",
                number=first.number,
                at=first.at,
            )
            found.append(Mismatch(BOOK, str(first.number), told))
        if kept is None:
            told = say("自第 {number} 次锚定（{at}）起，锚定过的内容被改动", number=wrong[0].number, at=wrong[0].at)
            found.append(Mismatch(BOOK, str(wrong[0].number), told))
            return
        found += _other_leaves(connection, kept)


def _other_leaves(connection: Connection, kept: list[bytes]) -> Iterator[Mismatch]:
    """The entries that are not the leaves which the book has kept, and those that are missing."""
    expected = 0
    for entry in islice(anchor_entries.all_of(connection), len(kept)):
        position = entry["position"]
        if position >= len(kept):
            break
        yield from (
            Mismatch(TREE, str(gone), say("锚定过的第 {position} 项缺失", position=gone))
            for gone in range(expected, position)
        )
        expected = position + 1
        if leaf_of(entry) != kept[position]:
            subject = f"{entry['kind']} {_subject(entry['subject'])}"
            told = say("锚定过的第 {position} 项（{subject}）被改动", position=position, subject=subject)
            case_id = _subject(entry["subject"]) if entry["kind"] == CASE else ""
            yield Mismatch(TREE, str(position), told, int(case_id) if case_id.isdigit() else None)


def _subject(text: str) -> str:
    try:
        return readable(text)
    except ValueError:
        return text


def _files(store: FileStore, connection: Connection, found: Survey) -> None:
    """Whether every file that a row names is there, byte for byte."""
    for held in holdings.files(connection):
        try:
            store.get(held["digest"])
            found.count(found.proved, FILES)
        except (NotFound, OSError, ValueError):
            told = say("附件“{name}”的内容缺失或被改动", name=held["name"])
            found.findings.append(Mismatch(FILES, held["digest"], told, held["case_id"], held["event_seq"]))


def _definitions(connection: Connection, found: Survey) -> None:
    """Whether the files of every definition are those that its digest names."""
    for digest in holdings.definition_digests(connection):
        if not _is_whole(connection, digest):
            told = say("流程定义 {digest} 的文件与其摘要不符", digest=digest[:12])
            found.findings.append(Mismatch("definitions", digest, told))


def _is_whole(connection: Connection, digest: str) -> bool:
    try:
        kept = definitions.get(connection, digest)
        return kept is not None and digest_of(kept.key, kept.files) == digest
    except Unreachable:
        raise
    except Exception:  # files that cannot be read
        return False


def _links(connection: Connection, found: Survey) -> None:
    """Whether every event of every case is what its hash stands for, and follows the one before."""
    for case_id, seq in chains.broken(connection):
        told = say("事项流转记录第 {event} 条与哈希链不符", event=seq)
        found.findings.append(Mismatch("cases", str(case_id), told, case_id, seq))


def _replays(parts: House, proof: HouseProof, told: Callable[[int], None]) -> None:
    """Every case played again, each in a reading of its own."""
    with parts.database.read() as connection:
        ids = cases.case_ids(connection)
    for done, number in enumerate(ids, start=1):
        for finding in case_findings(parts, number):
            if finding is None:
                proof.late += 1
            else:
                proof.survey.findings.append(finding)
        told(done)


def case_findings(parts: House, case_id: int) -> Iterator[Mismatch | None]:
    """In what a case is not what its events make of it; None: it was not proved in time."""
    with parts.database.read() as connection:
        try:
            found = replay.differences(connection, parts.catalog, case_id)
        except NotFound:
            return
    for one in found:
        yield None if isinstance(one, Late) else Mismatch("cases", str(case_id), _worded(one), case_id)


def _worded(one: Difference) -> Words:
    return one.told if isinstance(one.told, Words) else say("事项与流转记录不一致")
