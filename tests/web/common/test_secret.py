"""The key that signs sessions: made once, for its owner only, and refused where others know it."""

from __future__ import annotations

import base64
import random
import stat

import pytest

from engine.errors import BadInput
from web.common.secret import secret_key, weakness


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    file = tmp_path / "new" / "secret.key"
    key = secret_key(file, make=True)
    assert len(key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert secret_key(file, make=False) == key


def test_a_key_that_is_not_to_be_made_must_be_there(tmp_path):
    with pytest.raises(BadInput, match="GANGWEI_SECRET_KEY_FILE"):
        secret_key(tmp_path / "secret.key", make=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "key",
    [
        b"short",
        b"k" * 32,
        bytes(range(32)),
        bytes(range(90, 10, -1)),
        b"change-me-before-you-go-live-2026-please",
        b"0123456789abcdef" * 2,
        b"this-is-a-SECRET-key-of-many-letters!",
        b"django-insecure-0#8s&v1k)w2m4x6z!q9r7t5y",
        b"-" * 20 + b"example" + b"-" * 20,
    ],
)
def test_a_short_or_well_known_key_is_refused(tmp_path, key):
    file = tmp_path / "secret.key"
    file.write_bytes(key)
    with pytest.raises(BadInput, match="GANGWEI_SECRET_KEY_FILE"):
        secret_key(file, make=False)


def test_no_random_key_is_taken_for_a_known_one(tmp_path):
    file, dice = tmp_path / "secret.key", random.Random(59)
    for _ in range(100):
        key = dice.randbytes(32)
        for text in (key, key.hex().encode(), base64.b64encode(key) + b"\n"):
            file.write_bytes(text)
            assert weakness(file) is None, text
