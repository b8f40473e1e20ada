"""A folder from outside is read within limits, whatever lies in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine import definition
from engine.checks.folder import MAX_FILE, MAX_FILES, MAX_TOTAL
from engine.definition import digest_of, read_folder
from engine.errors import DefinitionInvalid
from engine.publishing.catalog import check_folder


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def told(folder: Path) -> str:
    return "\n".join(problem.text("en") for problem in check_folder(folder))


def test_shared_files_are_in_each_definition_and_walks_in_none(tmp_path: Path) -> None:
    files = {
        "a/process.bpmn": b"a",
        "a/scenarios/walk.toml": b"w",
        "_shared/rate.dmn": b"r",
        ".git/x": b"",
        "b/x.md": b"",
    }
    read = read_folder(written(tmp_path, files))
    assert read == {"a": {"process.bpmn": b"a", "_shared/rate.dmn": b"r"}, "b": {"x.md": b"", "_shared/rate.dmn": b"r"}}


def test_no_more_of_a_folder_is_read_than_its_refusal_needs(tmp_path: Path) -> None:
    with (written(tmp_path, {"a/process.bpmn": b""}) / "a/process.bpmn").open("r+b") as file:
        file.truncate(100 * MAX_FILE)
    assert len(read_folder(tmp_path)["a"]["process.bpmn"]) == MAX_FILE + 1
    assert "larger than" in told(tmp_path)
    written(tmp_path, {f"b/{number}.md": b"" for number in range(MAX_FILES + 50)})
    assert len(read_folder(tmp_path)["b"]) == MAX_FILES + 1
    assert f"more than {MAX_FILES} files" in told(tmp_path)
    written(tmp_path, {f"_registers/{number}.schema.json": b"" for number in range(MAX_FILES + 50)})
    assert f"_registers/.: files: there are more than {MAX_FILES} files" in told(tmp_path)
    written(tmp_path, {f"c/{number}.md": b" " * MAX_FILE for number in range(15)})
    assert MAX_TOTAL < sum(map(len, read_folder(tmp_path)["c"].values())) <= MAX_TOTAL + MAX_FILE
    assert "together the files exceed" in told(tmp_path)


def test_more_than_can_be_tried_together_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definition, "MAX_ALL", 100)
    with pytest.raises(DefinitionInvalid) as refused:
        read_folder(written(tmp_path, {"a/x.md": b" " * 30, "b/x.md": b" " * 30, "_shared/y.md": b" " * 30}))
    assert refused.value.problems[0].file == "b" and "several folders" in refused.value.problems[0].hint_en


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_out_of_the_folder_is_refused_and_one_inside_is_followed(tmp_path: Path) -> None:
    written(tmp_path, {"secret": b"s", "w/_shared/x.md": b"x", "w/a/y.md": b"y"})
    (tmp_path / "w/a/x.md").symlink_to("../_shared/x.md")
    assert read_folder(tmp_path / "w")["a"]["x.md"] == b"x"
    (tmp_path / "w/a/z.md").symlink_to(tmp_path / "secret")
    with pytest.raises(DefinitionInvalid) as refused:
        read_folder(tmp_path / "w")
    assert refused.value.problems[0].file == "a/z.md" and "link" in refused.value.problems[0].en


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only names that are text")
def test_names_that_are_no_text_are_refused_and_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in (b"a/\xff.bpmn", b"\xfe/x"):
        path = os.fsencode(tmp_path) + b"/" + name
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb"):
            pass
    said = told(tmp_path)
    assert (
        said.encode() and "a/?.bpmn: file: the file name is not safe" in said and "?/.: key: the folder's name" in said
    )


@pytest.mark.parametrize("key", ["a b", "x" * 101, "a..b", "-a"])
def test_a_folder_whose_name_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    assert "the folder's name is no key" in told(written(tmp_path, {f"{key}/process.bpmn": b""}))


def test_two_kinds_made_of_the_same_files_are_two() -> None:
    assert digest_of("a", {"x": b"1"}) != digest_of("b", {"x": b"1"}) != digest_of("b", {"x": b"2"})
