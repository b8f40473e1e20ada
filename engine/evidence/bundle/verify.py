"""Verify the evidence bundle in whose folder or ZIP file this script lies: python3 verify.py [bundle.zip]

Only Python's standard library is used; read it before you trust it. It says what it has checked and what it has not.
"""

import base64
import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
OLD = ("previous", "case_id", "seq", "name", "at", "actor_id", "actor_name", "actor_role", "text")
LINK = ("format", "semantics", "previous", "case_id", "seq", "name", "at", "commitment")
UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
MOST = 2**31  # bytes that a ZIP file may unfold to; of a larger one verify the folder in which it was unpacked
NOT_CHECKED = (
    "that what people wrote is true, or that the person at an account was who he says",
    "that the rules gave this result: the product does so (gangwei evidence verify)",
    "the clock: moments are those of the house's own machine",
    "hidden fields: only that they are those which were committed to",
    "whose key it is: compare its short code with the printed register",
)


# Ed25519 (RFC 8032), verification only: points as (X, Y, Z, T) on the twisted Edwards curve.
def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return (x * y % P, z * t % P, y * z % P, x * t % P)


def times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
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


def signed(key, message, signature):
    """Whether an Ed25519 key has signed a message; all in bytes."""
    try:
        a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    if len(signature) != 64 or len(key) != 32 or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same(times(s, BASE), add(r, times(h, a)))


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sha(data):
    return hashlib.sha256(data).hexdigest()


def plain(text: object) -> str:
    """A text that no terminal takes for a command or for a line of its own."""
    return "".join(one if one.isprintable() else "?" for one in str(text))


def short(digest):
    code = base64.b32encode(bytes.fromhex(digest)).decode()[:20]
    return "-".join(code[i : i + 4] for i in range(0, 20, 4))


def under(leaf, index, size, way, root):
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


class Bundle:
    """The members of a bundle, and what is wrong with them."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = members
        self.wrong: list[str] = []
        self.manifest: dict = {}
        self.young = 0

    def must(self, holds, what):
        if not holds:
            self.wrong.append(plain(what))
        return holds

    def read(self, name):
        return json.loads(self.members[name])

    def verify(self) -> list[str]:
        try:
            self.check()
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
            self.wrong.append(plain(f"cannot be read: {type(error).__name__} {error}"))
        return self.wrong

    def check(self):
        if not self.must(
            "manifest.json" in self.members and "manifest.sig" in self.members, "manifest.json, manifest.sig"
        ):
            return
        self.manifest = self.read("manifest.json")
        key = bytes.fromhex(self.manifest["key"])
        signature = bytes.fromhex(self.members["manifest.sig"].decode("ascii"))
        self.must(signature.hex().encode() == self.members["manifest.sig"], "manifest.sig: not as it was written")
        self.must(signed(key, self.members["manifest.json"], signature), "manifest.json: its signature does not hold")
        told = self.manifest["members"]
        for name in sorted(told.keys() | self.members.keys()):
            if name not in ("manifest.json", "manifest.sig"):
                self.must(
                    name in self.members and sha(self.members[name]) == told.get(name),
                    f"{name}: changed, missing or added",
                )
        events = [json.loads(line) for line in self.members["events.jsonl"].splitlines()]
        self.chain(events)
        self.definition(events)
        self.files(events)
        self.anchor(events, key)

    def chain(self, events):
        """Every event follows the one before, and what is shown of it is what it commits to."""
        previous = "0" * 64
        for number, event in enumerate(events, start=1):
            name = f"events.jsonl, event {number}"
            self.must(event["seq"] == number and event["case_id"] == self.manifest["case_id"], f"{name}: not in order")
            self.must(event["previous"] == previous, f"{name}: does not follow the one before")
            if event["format"] == 1:
                parts = [event[one] for one in OLD]
            else:
                self.must(self.committed(event["fields"]) == event["commitment"], f"{name}: its fields were changed")
                parts = [event[one] for one in LINK]
            self.must(sha(compact(parts)) == event["hash"], f"{name}: its hash does not hold")
            previous = event["hash"]

    def committed(self, fields):
        """The commitment to fields: [path, salt, value as JSON], or [path, null, commitment] of a hidden one."""
        digests = [
            bytes.fromhex(value) if salt is None else hashlib.sha256(bytes.fromhex(salt) + value.encode()).digest()
            for _, salt, value in fields
        ]
        paths = [path for path, _, _ in fields]
        self.must(paths == sorted(paths), "events.jsonl: fields not in order")
        return sha(compact(paths) + b"".join(digests))

    def definition(self, events):
        """The process is the one that the case began with."""
        prefix = "definition/"
        found = {name[len(prefix) :]: data for name, data in self.members.items() if name.startswith(prefix)}
        key = self.manifest["process"]
        total = hashlib.sha256(f"{len(key)}:{key}\n".encode())
        for name, data in sorted(found.items()):
            total.update(f"{len(name)}:{name}:{sha(data)}\n".encode())
        self.must(total.hexdigest() == self.manifest["definition"], "definition: not the files of its digest")
        if events and events[0]["format"] != 1:
            said = {path: value for path, salt, value in events[0]["fields"] if salt is not None}
            self.must(
                json.loads(said.get("/data/definition", "null")) == total.hexdigest(),
                "definition: the case began with another",
            )

    def files(self, events):
        """Every file is the one of its name, which is the hash of its bytes."""
        for name, data in self.members.items():
            if name.startswith("files/"):
                self.must(sha(data) == name.partition("/")[2].partition(".")[0], f"{name}: not the bytes of its name")

    def anchor(self, events, key):
        """The case is under the root that was signed: up to the event that was anchored last."""
        anchor = self.manifest.get("anchor")
        if anchor is None:
            self.young = len(events)
            return
        leaf, line = anchor["leaf"], dict(anchor["line"])
        signature = bytes.fromhex(line.pop("signature"))
        message = json.dumps(line, sort_keys=True, separators=(",", ":")).encode()
        self.must(bytes.fromhex(line["key"]) == key, "anchor: signed with another key than the bundle")
        self.must(signed(bytes.fromhex(line["key"]), message, signature), "anchor: its signature does not hold")
        content = [leaf["kind"], leaf["subject"], leaf["upto"], leaf["hash"]]
        self.must(content[:2] == ["cases", f"[{self.manifest['case_id']}]"], "anchor: of another case")
        self.must(
            0 < leaf["upto"] <= len(events) and events[leaf["upto"] - 1]["hash"] == leaf["hash"],
            "anchor: the event that was anchored is another",
        )
        hashed = hashlib.sha256(b"\x00" + compact(content)).digest()
        way = [bytes.fromhex(one) for one in anchor["path"]]
        self.must(
            under(hashed, anchor["position"], line["size"], way, bytes.fromhex(line["root"])),
            "anchor: the path does not lead to its root",
        )
        self.young = len(events) - leaf["upto"]

    def report(self) -> None:
        print(f"case {plain(self.manifest.get('number'))}, {len(self.members)} members")
        anchor = self.manifest.get("anchor")
        if anchor is None:
            print("not yet anchored: nothing but its own signature says when it was made")
        else:
            line = anchor["line"]
            print(plain(f"anchor {line.get('number')} of {line.get('at')}: {short(line['root'])}"))
            print(f"not yet anchored: {self.young} events")
        print(f"key: {short(self.manifest['key'])}")
        print("checked: every byte against the signed list; the chain of the events; every shown field against its")
        print("  commitment; the definition; the files; the path to the anchor; the Ed25519 signatures")
        for one in NOT_CHECKED:
            print(f"not checked: {one}")


def members_of(place: Path) -> dict[str, bytes]:
    """The members of a ZIP file, or of a folder in which one was unpacked."""
    if place.is_dir():
        return {
            str(one.relative_to(place)).replace("\\", "/"): one.read_bytes()
            for one in place.rglob("*")
            if one.is_file()
        }
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
    except UNREADABLE as error:
        print(plain(f"WRONG: {place}: {error}"))
        return 1
    wrong = bundle.verify()
    if not wrong:
        bundle.report()
    for one in wrong:
        print(f"WRONG: {one}")
    print("WRONG" if wrong else "RIGHT")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
