"""A sealing key: public for whoever seals; its private half is nowhere, but any two of three shares give it back.

Each holder has a key pair of his own: two keep its private half under a pass phrase (Argon2id, RFC 9106, and an AEAD),
one on paper. For each pair of holders the private half is the sum of two halves, each in a box for one of them: one
alone is as good as nothing. Knows no case and no row.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NotRequired, TypedDict

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from engine.errors import Refusal
from engine.sealing import boxes
from engine.sealing.codes import CodeWrong, secret_of
from engine.words import say

VERSION: Final = 1
PHRASE, PRINTED = "phrase", "printed"
KINDS: Final = (PHRASE, PHRASE, PRINTED)
"""What kinds the three shares are of."""
NEEDED: Final = 2
LONGEST: Final = 200
"""Characters of a pass phrase."""
_PRINTED: Final = b"gangwei printed share 1"
_NONCE: Final = bytes(12)  # of a key that wraps once: its salt is its own


@dataclass(frozen=True, slots=True)
class Cost:
    """What trying one pass phrase takes: rounds, memory in KiB, lanes."""

    rounds: int = 3  # RFC 9106's second recommended option
    memory: int = 64 * 1024
    lanes: int = 4


class Wrapped(TypedDict):
    """A private key under a pass phrase: base64, and what was asked of Argon2id."""

    salt: str
    rounds: int
    memory: int
    lanes: int
    box: str


class KeyShare(TypedDict):
    """What is kept of one holder. ``public``: base64; ``wrapped``: of a pass phrase alone."""

    version: int
    kind: str  # phrase | printed
    login: str
    name: str
    public: str
    wrapped: NotRequired[Wrapped]


class KeyPair(TypedDict):
    """Two holders, and a box for each with half of what opens."""

    holders: list[int]
    boxes: list[str]


class SealingKey(TypedDict):
    """All that is kept of a key; nobody can open with it alone. ``id``: of the public half."""

    version: int
    id: str
    public: str
    shares: list[KeyShare]
    pairs: list[KeyPair]


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who holds a share."""

    login: str
    name: str


class SecretWrong(Refusal):
    """A pass phrase or a recovery code that is not the holder's. ``holder``: which of the three."""

    sentence = say("{name}的口令或者恢复码不对，没有开启。")

    def __init__(self, holder: int, name: str) -> None:
        self.holder = holder
        super().__init__(name=name)


def share_under(phrase: str, holder: KeyHolder, cost: Cost) -> KeyShare:
    """A share that its holder alone unwraps, by his pass phrase."""
    private, public = boxes.new_pair()
    salt = secrets.token_bytes(16)
    box = ChaCha20Poly1305(_stretched(phrase, salt, cost)).encrypt(_NONCE, private, public)
    wrapped: Wrapped = {
        "salt": _text(salt), "rounds": cost.rounds, "memory": cost.memory, "lanes": cost.lanes, "box": _text(box),
    }  # fmt: skip
    return {**_share(PHRASE, holder, public), "wrapped": wrapped}


def share_printed(code: str, holder: KeyHolder) -> KeyShare:
    """The share of a recovery code, of which nothing but its public key is kept. Raises CodeWrong."""
    return _share(PRINTED, holder, boxes.public_of(_of_code(code)))


def new_key(shares: Sequence[KeyShare]) -> SealingKey:
    """A key of which any two of these holders open, and none alone. The private half is forgotten at once.

    Raises ValueError unless there are two pass phrases and a printed one, of three people.
    """
    if tuple(one["kind"] for one in shares) != KINDS or len({one["login"] for one in shares}) != len(KINDS):
        raise ValueError("a key needs two pass phrases and a printed share, of three people")
    private, public = boxes.new_pair()
    own = hashlib.sha256(public).hexdigest()[:32]
    pairs: list[KeyPair] = []
    for pair in combinations(range(len(shares)), NEEDED):
        first = secrets.token_bytes(boxes.KEY)
        halves = zip(pair, (first, _sum(first, private)), strict=True)
        held = [_text(boxes.closed(_bytes(shares[at]["public"]), half, _bound(own, pair))) for at, half in halves]
        pairs.append({"holders": list(pair), "boxes": held})
    return {"version": VERSION, "id": own, "public": _text(public), "shares": list(shares), "pairs": pairs}


def private_of(key: SealingKey, given: Mapping[int, str]) -> bytes:
    """The private half, by what two holders know: the place of each share and his pass phrase or code.

    Raises SecretWrong, ValueError when they are not two.
    """
    pair = tuple(sorted(given))
    found = next((one for one in key["pairs"] if tuple(one["holders"]) == pair), None)
    if found is None:
        raise ValueError("two holders open")
    halves = []
    for at, box in zip(pair, found["boxes"], strict=True):
        own = _unwrapped(key["shares"][at], at, given[at])
        try:
            halves.append(boxes.opened(own, _bytes(box), _bound(key["id"], pair)))
        except boxes.NotReadable as error:
            raise SecretWrong(at, key["shares"][at]["name"]) from error
    return _sum(*halves)


def public_key(key: SealingKey) -> bytes:
    """To which is sealed."""
    return _bytes(key["public"])


def _unwrapped(share: KeyShare, at: int, secret: str) -> bytes:
    """The private key of a holder. Raises SecretWrong."""
    try:
        if "wrapped" not in share:
            return _of_code(secret)
        kept = share["wrapped"]
        cost = Cost(kept["rounds"], kept["memory"], kept["lanes"])
        key = ChaCha20Poly1305(_stretched(secret, _bytes(kept["salt"]), cost))
        return key.decrypt(_NONCE, _bytes(kept["box"]), _bytes(share["public"]))
    except (InvalidTag, CodeWrong) as error:
        raise SecretWrong(at, share["name"]) from error


def _share(kind: str, holder: KeyHolder, public: bytes) -> KeyShare:
    return {"version": VERSION, "kind": kind, "login": holder.login, "name": holder.name, "public": _text(public)}


def _of_code(code: str) -> bytes:
    return boxes.derived(secret_of(code), _PRINTED)


def _stretched(phrase: str, salt: bytes, cost: Cost) -> bytes:
    typed = unicodedata.normalize("NFC", phrase)[:LONGEST].encode()  # two keyboards may write a letter in two ways
    return hash_secret_raw(typed, salt, cost.rounds, cost.memory, cost.lanes, boxes.KEY, Type.ID)


def _bound(own: str, pair: Sequence[int]) -> bytes:
    return f"{own} {'+'.join(map(str, pair))}".encode()


def _sum(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)
