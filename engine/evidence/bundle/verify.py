"""Verify the evidence bundle in whose folder or ZIP file this script lies: python3 verify.py [bundle.zip]

Only Python's standard library is used; read it before you trust it. It says what it has checked and what it has not.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

Kind = TypeVar("Kind")
Point = tuple[int, int, int, int]
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
OLD = ("previous", "case_id", "seq", "name", "at", "actor_id", "actor_name", "actor_role", "text")
LINK = ("format", "semantics", "previous", "case_id", "seq", "name", "at", "commitment")
UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, OverflowError, zipfile.BadZipFile, zlib.error)
MOST = 2**31  # bytes that a ZIP file may unfold to; of a larger one verify the folder in which it was unpacked
CHECKED = (
    "checked: every byte against the signed list; the chain of the events; every shown field against its",
    "  commitment; the definition; the files; the path to the anchor; the Ed25519 signatures",
    "not checked: that what people wrote is true, or that the person at an account was who he says",
    "not checked: that the rules gave this result: the product does so (gangwei evidence verify)",
    "not checked: the clock: moments are those of the house's own machine",
    "not checked: hidden fields: only that they are those which were committed to",
    "not checked: whose key it is: compare its short code with the printed register",
)


def add(a: Point, b: Point) -> Point:
    """Ed25519 (RFC 8032), verification only: points as (X, Y, Z, T) on the twisted Edwards curve."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return (x * y % P, z * t % P, y * z % P, x * t % P)


def times(number: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point(data: bytes) -> Point:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P or len(data) != 32:
        raise ValueError("no point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 key has signed a message; all in bytes."""
    try:
        r, a, s = point(signature[:32]), point(key), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    if len(signature) != 64 or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same(times(s, BASE), add(r, times(h, a)))


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def plain(text: object) -> str:
    """A text that no terminal takes for a command or for a line of its own."""
    return "".join(one if one.isprintable() else "?" for one in str(text))


def short(digest: bytes) -> str:
    code = base64.b32encode(digest).decode()[:20]
    return "-".join(code[i : i + 4] for i in range(0, 20, 4))


def under(leaf: bytes, index: int, size: int, way: Iterable[bytes], root: bytes) -> bool:
    """Whether a leaf is under the root of a Merkle tree (RFC 9162, 2.1.3.2)."""
    one, place, last = leaf, index, size - 1
    if not 0 <= index < size:
        return False
    for beside in way:
        if last == 0:
            return False
        if place & 1 or place == last:
            one = hashlib.sha256(b"\x01" + beside + one).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            one = hashlib.sha256(b"\x01" + one + beside).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and one == root


class Malformed(ValueError):
    """What stands at a place of the bundle is not what a bundle holds there."""


class Stated:
    """An object of JSON, asked for its values by kind. What is missing or of another kind is Malformed."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise Malformed(f"{place}: missing, or no object of JSON")
        self.values: dict[str, object] = value
        self.place = place

    def of(self, kind: type[Kind], name: str) -> Kind:
        found = self.values.get(name)
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is int):
            raise Malformed(f"{self.place}: {name}: missing, or not of its kind")
        return found

    def binary(self, name: str) -> bytes:
        return unhex(self.of(str, name), f"{self.place}: {name}")


def unhex(text: object, place: str) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError as error:
        raise Malformed(f"{place}: not in hexadecimal") from error


def parsed(data: bytes, place: str) -> Stated:
    try:
        return Stated(json.loads(data), place)
    except (UnicodeError, json.JSONDecodeError, RecursionError) as error:
        raise Malformed(f"{place}: missing, or no JSON") from error


def fields(event: Stated) -> Iterator[tuple[str, str | None, bytes]]:
    """What an event says: path, value as JSON (None: it is hidden), and what is committed to."""
    for one in event.of(list, "fields"):
        kinds = [type(part) for part in one] if isinstance(one, list) else []
        if kinds not in ([str, str, str], [str, type(None), str]):
            raise Malformed(f"{event.place}: no field")
        path, salt, value = one
        if salt is None:
            yield path, None, unhex(value, event.place)
        else:
            yield path, value, hashlib.sha256(unhex(salt, event.place) + value.encode()).digest()


class Bundle:
    """The members of a bundle, what is wrong with them, and what is said of them when nothing is."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = members
        self.wrong: list[str] = []
        self.said: list[str] = []

    def must(self, holds: object, what: str) -> None:
        if not holds:
            self.wrong.append(plain(what))

    def verify(self) -> list[str]:
        try:
            self.check(parsed(self.members.get("manifest.json", b""), "manifest.json"))
        except (ValueError, RecursionError) as error:  # Malformed, half a character, lists in lists in lists
            self.wrong.append(plain(error))
        return self.wrong

    def check(self, manifest: Stated) -> None:
        key, written = manifest.binary("key"), self.members.get("manifest.sig", b"")
        signature = unhex(written.decode("ascii", "replace"), "manifest.sig")
        self.must(signature.hex().encode() == written, "manifest.sig: not as it was written")
        self.must(signed(key, self.members["manifest.json"], signature), "manifest.json: its signature does not hold")
        told = Stated(manifest.values.get("members"), "manifest.json: members").values
        for name in sorted((told.keys() | self.members.keys()) - {"manifest.json", "manifest.sig"}):
            holds = name in self.members and sha(self.members[name]) == told.get(name)
            self.must(holds, f"{name}: changed, missing or added")
        for name, data in self.members.items():
            if name.startswith("files/"):
                self.must(sha(data) == name[6:].partition(".")[0], f"{name}: not the bytes of its name")
        lines = self.members.get("events.jsonl", b"").splitlines()
        events = [parsed(line, f"events.jsonl, event {number}") for number, line in enumerate(lines, start=1)]
        self.must(events, "events.jsonl: no event")
        self.chain(events, manifest.of(int, "case_id"))
        self.definition(events, manifest)
        case = f"case {manifest.values.get('number')}, {len(self.members)} members"
        self.said = [case, *self.anchor(events, manifest, key), f"key: {short(key)}"]

    def chain(self, events: list[Stated], case_id: int) -> None:
        """Every event follows the one before, and what is shown of it is what it commits to."""
        previous = "0" * 64
        for number, event in enumerate(events, start=1):
            self.must(event.of(int, "seq") == number, f"{event.place}: not in order")
            self.must(event.of(int, "case_id") == case_id, f"{event.place}: of another case")
            self.must(event.of(str, "previous") == previous, f"{event.place}: does not follow the one before")
            old, previous = event.of(int, "format") == 1, event.of(str, "hash")
            if not old:
                self.must(self.committed(event), f"{event.place}: its fields were changed")
            parts = [event.of(object, name) for name in (OLD if old else LINK)]
            self.must(sha(compact(parts)) == previous, f"{event.place}: its hash does not hold")

    def committed(self, event: Stated) -> bool:
        said = list(fields(event))
        paths = [path for path, _, _ in said]
        found = sha(compact(paths) + b"".join(digest for _, _, digest in said))
        return paths == sorted(paths) and found == event.of(str, "commitment")

    def definition(self, events: list[Stated], manifest: Stated) -> None:
        """The process is the one that the case began with."""
        key, prefix = manifest.of(str, "process"), "definition/"
        found = {name[len(prefix) :]: data for name, data in self.members.items() if name.startswith(prefix)}
        total = hashlib.sha256(f"{len(key)}:{key}\n".encode())
        for name, data in sorted(found.items()):
            total.update(f"{len(name)}:{name}:{sha(data)}\n".encode())
        digest = total.hexdigest()
        self.must(digest == manifest.of(str, "definition"), "definition: not the files of its digest")
        if events and events[0].of(int, "format") != 1:
            began = [value for path, value, _ in fields(events[0]) if path == "/data/definition"]
            self.must(began == [f'"{digest}"'], "definition: the case began with another")

    def anchor(self, events: list[Stated], manifest: Stated, key: bytes) -> list[str]:
        """The case is under the root that was signed, up to the event that was anchored last. Returns what to say."""
        if manifest.values.get("anchor") is None:
            return ["not yet anchored: nothing but its own signature says when it was made"]
        anchor = Stated(manifest.values["anchor"], "anchor")
        leaf, line = (Stated(anchor.values.get(one), f"anchor: {one}") for one in ("leaf", "line"))
        unsigned = {name: value for name, value in line.values.items() if name != "signature"}
        message = json.dumps(unsigned, sort_keys=True, separators=(",", ":")).encode()
        self.must(line.binary("key") == key, "anchor: signed with another key than the bundle")
        self.must(signed(key, message, line.binary("signature")), "anchor: its signature does not hold")
        upto, digest = leaf.of(int, "upto"), leaf.of(str, "hash")
        content = [leaf.of(str, "kind"), leaf.of(str, "subject"), upto, digest]
        self.must(content[:2] == ["cases", f"[{manifest.of(int, 'case_id')}]"], "anchor: of another case")
        same_event = 0 < upto <= len(events) and events[upto - 1].of(str, "hash") == digest
        self.must(same_event, "anchor: the event that was anchored is another")
        hashed = hashlib.sha256(b"\x00" + compact(content)).digest()
        way = [unhex(one, "anchor: path") for one in anchor.of(list, "path")]
        holds = under(hashed, anchor.of(int, "position"), line.of(int, "size"), way, line.binary("root"))
        self.must(holds, "anchor: the path does not lead to its root")
        at = f"anchor {line.values.get('number')} of {line.values.get('at')}: {short(line.binary('root'))}"
        return [at, f"not yet anchored: {len(events) - upto} events"]


def members_of(place: Path) -> dict[str, bytes]:
    """The members of a ZIP file, or of a folder in which one was unpacked."""
    if place.is_dir():
        return {one.relative_to(place).as_posix(): one.read_bytes() for one in place.rglob("*") if one.is_file()}
    with zipfile.ZipFile(place) as packed:
        parts = packed.infolist()
        if len(parts) != len({one.filename for one in parts}):
            raise ValueError("a name stands twice")
        if sum(one.file_size for one in parts) > MOST or any(one.compress_type not in (0, 8) for one in parts):
            raise ValueError("too large, or packed in another way than a bundle")
        return {one.filename: packed.read(one) for one in parts}


def main(arguments: list[str]) -> int:
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        bundle = Bundle(members_of(place))
        wrong, said = bundle.verify(), bundle.said
    except UNREADABLE as error:
        wrong, said = [f"{place}: {error}"], []
    code = sys.stdout.encoding or "ascii"  # which may know no Chinese
    for line in [*(f"WRONG: {one}" for one in wrong), "WRONG"] if wrong else [*said, *CHECKED, "RIGHT"]:
        print(plain(line).encode(code, "replace").decode(code))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
