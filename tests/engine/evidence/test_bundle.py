"""The evidence bundle: its own script in a bare Python and the product say the same, and every changed byte is found."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.evidence.bundle import judging, verify
from engine.files.apart import MEGABYTE, Limits
from tests.engine.evidence.test_rebuild import APPROVAL, PLACE, REQUEST
from tests.house import ROOT, House, build_house

HOSTILE: tuple[Any, ...] = (None, True, -1, "\ud800", [[{}]], {"x": []})
"""What stands where a text, a number, a list or an object is expected."""


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """One masked, one opened; the newest event is not yet anchored."""
    folder = tmp_path_factory.mktemp("bundle")
    house = build_house(folder / "house", APPROVAL)
    receipt = house.start("changan", "approval", PLACE, REQUEST)
    house.application.cases.acting.attach(house.actor("changan"), receipt.case_id, "清单.txt", "桌椅若干".encode())
    house.application.anchors.anchor()
    house.application.cases.acting.comment(house.actor("changan"), receipt.case_id, "请尽快办理")
    (masked := folder / "masked.zip").write_bytes(taken(house))
    house.application.playback.open(house.actor("auditor"), "127.0.0.1", "1", "信访核查")
    (opened := folder / "opened.zip").write_bytes(taken(house))
    yield masked, opened
    house.application.database.close()


def taken(house: House) -> bytes:
    made = io.BytesIO()
    house.application.playback.bundle(house.actor("auditor"), "1", "<p>报告</p>", made)
    return made.getvalue()


def packed(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def resigned(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """A bundle as a stranger could make it of ours: signed by his own key, and by no anchor."""
    key, told = Ed25519PrivateKey.generate(), orjson.loads(members["manifest.json"])
    told |= {"anchor": None, "key": key.public_key().public_bytes_raw().hex()}
    told["members"] = {
        name: hashlib.sha256(data).hexdigest() for name, data in members.items() if not name.startswith("manifest.")
    }
    manifest = orjson.dumps(told)
    return {**members, "manifest.json": manifest, "manifest.sig": key.sign(manifest).hex().encode()}


def test_a_bare_python_and_the_product_say_right(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    for file, replayed in zip(bundles, (False, True), strict=True):
        folder = tmp_path / file.stem
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder)
        command = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(file)]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        assert said.returncode == 0 and said.stdout.endswith("RIGHT\n"), said
        assert "not yet anchored: 1 events" in said.stdout and "not checked" in said.stdout
        verdict = judging.judge(file)
        assert verdict.wrong == () and (verdict.replayed is None) == replayed


def test_one_byte_changed_in_each_member_is_found_by_both(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    for file in bundles:
        members = verify.members_of(file)
        for name, data in members.items():
            at = len(data) // 2
            changed = {**members, name: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]}
            assert verify.Bundle(changed).verify(), name
        for name in members:
            assert verify.Bundle({one: data for one, data in members.items() if one != name}).verify(), name
        assert verify.Bundle({**members, "more.txt": b"x"}).verify()
        bad = tmp_path / "bad.zip"
        bad.write_bytes(packed({**members, "case.json": b"{}"}))
        assert judging.judge(bad).wrong and verify.main([str(bad)]) == 1


def test_the_replay_of_what_a_stranger_sends_has_no_more_memory_than_it_may(
    bundles: tuple[Path, Path], tmp_path: Path
) -> None:
    members, file = verify.members_of(bundles[1]), tmp_path / "large.zip"
    members["case.json"] += b" " * 30 * MEGABYTE
    file.write_bytes(packed(resigned(members)))
    verdict = judging.judge(file, Limits(seconds=60, memory=MEGABYTE, patience=60))
    assert verdict.wrong == () and verdict.replayed is not None
    assert verdict.replayed.text("en") == "The replay needed more than 1 MB of memory and was not finished"


def test_a_case_that_asked_effective_tables_is_played_again_from_its_bundle_alone(tmp_path: Path) -> None:
    house, file = build_house(tmp_path / "house", ROOT / "tests" / "data" / "effective"), tmp_path / "grant.zip"
    case_id = house.start("changan", "grant", "130102", {"step": 1}).case_id
    house.at(12, 2)
    house.complete("changan", case_id, "done", day="2026-06-01")
    house.application.playback.open(house.actor("auditor"), "127.0.0.1", case_id, "信访核查")
    file.write_bytes(taken(house))
    house.application.database.close()
    verdict = judging.judge(file)
    assert verdict.wrong == () and verdict.replayed is None
    members = verify.members_of(file)
    table = next(name for name in members if name.startswith("tables/") and name.endswith("2026-01-01.dmn"))
    members[table] += b" "
    file.write_bytes(packed(resigned(members)))
    assert judging.judge(file).wrong  # another table than the events name


def test_what_is_no_bundle_is_refused_whatever_it_holds(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    members, bomb, file = verify.members_of(bundles[1]), io.BytesIO(), tmp_path / "bad.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_BZIP2) as archive:  # unfolds before its size is looked at
        archive.writestr("manifest.json", b" " * 1000)
    for data in (bomb.getvalue(), packed(members)[:-30]):
        file.write_bytes(data)
        assert verify.main([str(file)]) == 1
        with pytest.raises(verify.UNREADABLE):
            judging.judge(file)
    file.write_bytes(packed({**members, "x\nRIGHT\x1b[2J": b""}))
    assert [one for one in judging.judge(file).wrong if not one.isprintable()] == []


def test_a_bundle_that_a_stranger_has_signed_may_lack_anything(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    members = verify.members_of(bundles[1])
    del members["case.json"]
    told = orjson.loads(members["manifest.json"])
    del told["number"]
    members["manifest.json"] = orjson.dumps(told)
    (file := tmp_path / "strange.zip").write_bytes(packed(resigned(members)))
    assert verify.main([str(file)]) == 0  # the script plays nothing again
    assert judging.judge(file).wrong == ("case.json: missing, or no JSON",)


def test_whatever_stands_in_a_bundle_ends_in_a_verdict_that_names_the_place(bundles: tuple[Path, Path]) -> None:
    members = verify.members_of(bundles[1]) | {"manifest.sig": b"00"}  # what follows the signatures is checked, too
    lines = members["events.jsonl"].splitlines()
    manifest, hostile = (
        orjson.loads(members["manifest.json"]),
        cycle(HOSTILE),
    )
    manifest["anchor"]["line"]["signature"] = "00"
    for kept, whole, rest in (("manifest.json", manifest, []), ("events.jsonl", orjson.loads(lines[0]), lines[1:])):
        for path, other in zip(places_of(whole), hostile, strict=False):
            data = b"\n".join([json.dumps(changed(whole, path, other)).encode(), *rest])
            wrong = verify.Bundle({**members, kept: data}).verify()
            assert wrong and not any("Error" in one or "object is not" in one for one in wrong), (path, other)
    for data in (b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"key": ' + b"9" * 5000 + b"}"):
        for name in members:
            assert verify.Bundle({**members, name: data}).verify(), (name, data[:9])
    assert verify.Bundle({}).verify() == ["manifest.json: missing, or no JSON"]


def places_of(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value in JSON."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places_of(one, (*path, key))


def changed(value: Any, path: tuple[str | int, ...], other: object) -> object:
    """The value with another one at the end of the way."""
    if not path:
        return other
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], other)
    return copy


def test_what_is_masked_says_nothing_of_a_person(bundles: tuple[Path, Path]) -> None:
    masked, opened = (b"".join(verify.members_of(file).values()) for file in bundles)
    people = orjson.loads(verify.members_of(bundles[1])["people.json"])
    assert people and all(one["name"].encode() in opened and one["name"].encode() not in masked for one in people)
    assert any(name.startswith("files/") for name in verify.members_of(bundles[1]))
    assert not any(name.startswith("files/") for name in verify.members_of(bundles[0]))


def test_signatures_are_those_of_the_standard() -> None:
    # RFC 8032, 7.1, test 2.
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify.signed(key, b"\x72", signature) and not verify.signed(key, b"\x73", signature)


def test_the_script_is_short_and_imports_only_what_python_brings() -> None:
    lines = Path(verify.__file__).read_text("utf-8").splitlines()
    brought = [line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))]
    assert len(lines) < 300 and set(brought) <= sys.stdlib_module_names
