"""Files of a case: which are taken, under which name, and that they come back unchanged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadInput, NotFound
from engine.files.store import FileStore
from engine.files.uploads import MAX_BYTES, MOST_FILES, Upload, accept, accept_all, safe_name
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


TAKEN = [
    ("带BOM.pdf", b"\xef\xbb\xbf" + PDF),
    ("扫描件.pdf", b"\r\n\r\njunk of a scanner\n" + PDF),
    ("函.doc", b"{\\rtf1\\ansi ...}"),
    ("名册.csv", "编码,名称".encode("utf-16")),
    ("长" * 300 + ".pdf", PDF),
    ("奇\u202e怪:名<字>?.pdf", PDF),
]


@pytest.mark.parametrize(("name", "content"), TAKEN, ids=lambda part: ascii(part)[:20])
def test_what_scanners_and_office_programs_write_is_taken(name: str, content: bytes) -> None:
    taken, _ = accept(name, content)
    assert taken.endswith(Path(name).suffix) and len(taken) <= 140 and taken.isprintable()


NAMED = [
    ("扫描件", PDF, "“扫描件”没有扩展名，请改名为“扫描件.pdf”"),
    ("说明", b"text", "请在文件名末尾加上"),
    ("函.doc", b"PK\x03\x04......word/document.xml", "“函.doc”的内容是.docx，请把扩展名改为.docx"),
    ("照片.png", b"\xff\xd8\xff\xe0", "改为.jpg"),
    ("程序.pdf", b"MZ" + PDF, "“程序.pdf”的内容与扩展名不符"),
    ("页面.doc", b"<html>", "另存"),
    ("空.pdf", b"", "“空.pdf”是空的"),
    ("程序.exe", b"MZ", "不接收“程序.exe”"),
]


@pytest.mark.parametrize(("name", "content", "said"), NAMED, ids=lambda part: ascii(part)[:20])
def test_a_refusal_names_the_file_and_what_to_do(name: str, content: bytes, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        accept(name, content)
    assert said in refused.value.message("zh") and refused.value.message("en")


def test_several_files_are_one_transaction_and_all_or_none(tmp_path: Path) -> None:
    house = build_house(tmp_path, APPROVAL)
    acting, case_id, officer = house.application.cases.acting, begun(house), house.actor("changan")
    wrong = [Upload("一.txt", b"1"), Upload("二.exe", b"MZ"), Upload("三.pdf", b"no"), Upload("四.txt", b"1")]
    with pytest.raises(BadInput) as refused:
        acting.attach_all(officer, case_id, wrong)
    said = refused.value.message("zh")
    assert all(word in said for word in ("二.exe", "三.pdf", "“四.txt”与“一.txt”内容相同", "一个文件也没有保存"))
    assert not house.application.cases.reading.case(officer, case_id).attachments and not list(
        (tmp_path / "files").glob("*/*")
    )
    added = acting.attach_all(officer, case_id, [Upload(f"{number}.txt", b"%d" % number) for number in range(3)])
    assert [one.filename for one in added] == ["0.txt", "1.txt", "2.txt"]
    assert len(house.application.cases.reading.case(officer, case_id).attachments) == 3 and house.proof(case_id) == []


def test_a_folder_is_waited_for_once_however_many_files_come(tmp_path: Path, monkeypatch: Any) -> None:
    flushed: list[str] = []
    monkeypatch.setattr(
        "engine.files.store.os.fsync", lambda handle: flushed.append(os.readlink(f"/proc/self/fd/{handle}"))
    )
    root, contents = tmp_path / "files", [b"%d" % number for number in range(40)]
    digests = FileStore(root).put_all(contents)
    folders = {str(root / digest[:2]) for digest in digests}
    assert len(flushed) == len(contents) + len(folders) + 1 and flushed[-1] == str(root)
    assert [FileStore(root).get(digest) for digest in digests] == contents


def test_so_many_files_as_no_case_takes_are_refused_before_anything_is_looked_at() -> None:
    with pytest.raises(BadInput) as refused:
        accept_all([Upload("a", b"")] * (MOST_FILES + 1))
    assert "分次上传" in refused.value.message("zh")
