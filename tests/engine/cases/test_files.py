"""Files of a case: which are taken, under which name, and that they come back unchanged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadInput, NotFound
from engine.files.store import MAX_BYTES, FileStore, accept, safe_name
from tests.engine.cases.test_acts import APPROVAL, begun
from tests.house import build_house

PDF = b"%PDF-1.7 ..."


def test_a_file_comes_back_as_it_was_to_who_may_see_the_case(tmp_path: Path) -> None:
    house = build_house(tmp_path, APPROVAL)
    cases, case_id = house.application.cases, begun(house)
    added = cases.acting.attach(house.actor("changan"), case_id, "../../情况说明.pdf", PDF)
    assert (added.filename, added.media_type, added.size) == ("情况说明.pdf", "application/pdf", len(PDF))
    shown, content = cases.attachments.attachment(house.actor("shijiazhuang"), case_id, added.id)
    assert content == PDF and shown.by == "长安区经办员"
    with pytest.raises(NotFound):
        cases.attachments.attachment(house.actor("tangshan"), case_id, added.id)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("程序.exe", b"MZ"),
        ("程序.pdf", b"MZ"),
        ("空.pdf", b""),
        ("无后缀", PDF),
        ("页面.html", b"<script>"),
        ("图.svg", b"<svg/>"),
        ("文字.txt", b"a\0b"),
        ("大.pdf", PDF + b"0" * MAX_BYTES),
    ],
)
def test_what_is_not_a_plain_document_is_refused_with_the_reason(name: str, content: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        accept(name, content)
    assert "附件" in refused.value.message("zh")


@given(st.text())
def test_any_name_becomes_a_safe_one(name: str) -> None:
    safe = safe_name(name)
    assert safe and len(safe) <= 140
    assert not set(safe) & set('\\/:*?"<>|\0\r\n')
    assert Path(safe).name == safe


def test_a_file_changed_on_disk_is_not_given_out(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest: Any = store.put(PDF)
    (tmp_path / digest[:2] / digest).write_bytes(b"%PDF-other")
    with pytest.raises(NotFound):
        store.get(digest)


def test_a_file_and_its_name_are_on_disk_before_it_is_spoken_of(tmp_path: Path, monkeypatch: Any) -> None:
    flushed = []
    monkeypatch.setattr(
        "engine.files.store.os.fsync", lambda handle: flushed.append(os.readlink(f"/proc/self/fd/{handle}"))
    )
    digest = FileStore(tmp_path / "files").put(PDF)
    assert flushed[-2:] == [str(tmp_path / "files" / digest[:2]), str(tmp_path / "files")]
