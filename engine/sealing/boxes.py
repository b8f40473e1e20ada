"""A box: bytes that nobody reads but the holder of a private key. Knows no share and no content.

X25519 with a key pair made for this box alone (RFC 7748), HKDF with SHA-256 (RFC 5869), ChaCha20-Poly1305 (RFC 8439).
What a box is bound to is not in it: who opens it must say the same again.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC: Final = b"GWBOX\x01"
"""How a box of this version begins."""
KEY: Final = 32
"""Bytes of a key, public or private."""
_ONCE: Final = bytes(12)  # the nonce of a key that is used once
_TAG: Final = 16


class NotReadable(ValueError):
    """A box that was changed, is cut, or is not for this key or not bound to this."""


def new_pair() -> tuple[bytes, bytes]:
    """A private key and its public one."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public key that belongs to a private one."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def closed(public: bytes, plain: bytes, bound: bytes) -> bytes:
    """A box with ``plain`` in it for whoever has the private key. Two boxes of the same are never alike."""
    passing = X25519PrivateKey.generate()
    own = passing.public_key().public_bytes_raw()
    key = _key(passing.exchange(X25519PublicKey.from_public_bytes(public)), own, public)
    return MAGIC + own + ChaCha20Poly1305(key).encrypt(_ONCE, plain, MAGIC + bound)


def opened(private: bytes, box: bytes, bound: bytes) -> bytes:
    """What is in a box. Raises NotReadable."""
    start = len(MAGIC) + KEY
    if not box.startswith(MAGIC) or len(box) < start + _TAG:
        raise NotReadable
    other = box[len(MAGIC) : start]
    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(other))
        return ChaCha20Poly1305(_key(shared, other, public_of(private))).decrypt(_ONCE, box[start:], MAGIC + bound)
    except (InvalidTag, ValueError) as error:
        raise NotReadable from error


def derived(secret: bytes, purpose: bytes) -> bytes:
    """A key from a secret that is no less random than it, for one purpose."""
    return HKDF(SHA256(), KEY, salt=None, info=purpose).derive(secret)


def _key(shared: bytes, own: bytes, other: bytes) -> bytes:
    return derived(shared, MAGIC + own + other)
