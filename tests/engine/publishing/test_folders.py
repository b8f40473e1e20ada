"""What is to be published is taken within limits, from a folder or from files by path, whatever is in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from engine import definition
from engine.checks.folder import MAX_FILE, MAX_FILES, MAX_TOTAL
from engine.definition import definitions_in, digest_of
from engine.errors import DefinitionInvalid
from engine.publishing.catalog import problems_in
from engine.publishing.folder import FolderFiles
from tests.directory import SHIPPED

Given = Callable[[dict[str, bytes]], Mapping[str, bytes]]


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def told(files: Mapping[str, bytes | str]) -> str:
    return "\n".join(problem.text("en") for problem in problems_in(files, beside=SHIPPED))


def refusal(files: Mapping[str, bytes | str]) -> str:
    """Why the files are not even taken."""
    with pytest.raises(DefinitionInvalid) as refused:
        definitions_in(files)
    (problem,) = refused.value.problems
    assert problem.what and problem.hint
    return problem.text("en")


@pytest.fixture(params=["folder", "files by path"])
def given(request: pytest.FixtureRequest, tmp_path: Path) -> Given:
    """Gives files both ways: lying in a folder, and by path."""
    if request.param == "folder":
        return lambda files: FolderFiles(written(tmp_path, files))
    return lambda files: files


def test_shared_files_are_in_each_definition_and_walks_in_none(given: Given) -> None:
    files = {"a/process.bpmn": b"a", "a/scenarios/walk.toml": b"w", "_shared/rate.dmn": b"r", "b/x.md": b""}
    read = definitions_in(given({**files, "_registers/y.schema.json": b"{}"}))
    assert read == {
        "_registers": {"y.schema.json": b"{}"},
        "a": {"process.bpmn": b"a", "_shared/rate.dmn": b"r"},
        "b": {"x.md": b"", "_shared/rate.dmn": b"r"},
    }
    assert next(iter(read)) == "_registers"


def test_no_more_is_taken_than_a_refusal_needs(given: Given) -> None:
    large = given({"a/process.bpmn": bytes(10 * MAX_FILE)})
    assert len(definitions_in(large)["a"]["process.bpmn"]) == MAX_FILE + 1
    assert "larger than" in told(large)
    many = given({f"b/{number}.md": b"" for number in range(MAX_FILES + 50)})
    assert len(definitions_in(many)["b"]) == MAX_FILES + 1
    assert f"more than {MAX_FILES} files" in told(many)
    registers = given({f"_registers/{number}.schema.json": b"" for number in range(MAX_FILES + 50)})
    assert f"_registers/.: files: there are more than {MAX_FILES} files" in told(registers)
    heavy = given({f"c/{number}.md": b" " * MAX_FILE for number in range(15)})
    assert MAX_TOTAL < sum(map(len, definitions_in(heavy)["c"].values())) <= MAX_TOTAL + MAX_FILE
    assert "together the files exceed" in told(heavy)


def test_more_than_can_be_tried_together_is_refused(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definition, "MAX_ALL", 100)
    why = refusal(given({"a/x.md": b" " * 30, "b/x.md": b" " * 30, "_shared/y.md": b" " * 30}))
    assert why.startswith("b: files: ") and "several folders" in why


@pytest.mark.parametrize("key", ["a b", "x" * 101, "a..b", "-a"])
def test_a_folder_whose_name_is_no_key_is_refused(given: Given, key: str) -> None:
    assert "the folder's name is no key" in told(given({f"{key}/process.bpmn": b""}))


@pytest.mark.parametrize("path", ["process.bpmn", "a/", "_other/x.md", ""])
def test_a_file_that_lies_in_no_folder_of_a_definition_is_refused(path: str) -> None:
    assert "must be in the folder of a process" in refusal({"a/process.bpmn": b"", path: b""})


@pytest.mark.parametrize("path", ["/etc/passwd", "../a/x.bpmn", "./x.bpmn"])
def test_a_path_that_leads_elsewhere_has_no_key(path: str) -> None:
    assert "the folder's name is no key" in told({path: b""})


@pytest.mark.parametrize("path", ["a/../../x.bpmn", "a//x.bpmn", "a/b\\c.bpmn", "a/x\0.bpmn", "a/\udcff.bpmn"])
def test_a_name_that_is_not_safe_is_refused(path: str) -> None:
    assert "file: the file name is not safe" in told({path: b""})


def test_text_is_taken_as_utf_8_and_text_that_no_file_can_hold_is_refused() -> None:
    assert definitions_in({"a/x.md": "事项"}) == {"a": {"x.md": "事项".encode()}}
    assert "no file can hold" in refusal({"a/x.md": "\ud800"})


def test_what_a_folder_hides_and_what_lies_beside_its_definitions_is_not_read(tmp_path: Path) -> None:
    files = {"a/x.md": b"", ".git/x": b"", "_other/x.md": b"", "README.md": b""}
    assert list(FolderFiles(written(tmp_path, files))) == ["a/x.md"]


def test_the_folder_of_a_process_without_files_is_named(tmp_path: Path) -> None:
    written(tmp_path, {"a/x.md": b"", "b/scenarios/walk.toml": b""})
    with pytest.raises(DefinitionInvalid) as refused:
        FolderFiles(tmp_path)
    assert refused.value.problems[0].text("en").startswith("b: files: there is no file in the folder.")


def test_of_a_large_file_no_more_is_read_than_its_refusal_needs(tmp_path: Path) -> None:
    with (written(tmp_path, {"a/process.bpmn": b""}) / "a/process.bpmn").open("r+b") as file:
        file.truncate(100 * MAX_FILE)
    assert len(FolderFiles(tmp_path)["a/process.bpmn"]) == MAX_FILE + 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_out_of_the_folder_is_refused_and_one_inside_is_followed(tmp_path: Path) -> None:
    written(tmp_path, {"secret": b"s", "w/_shared/x.md": b"x", "w/a/y.md": b"y"})
    (tmp_path / "w/a/x.md").symlink_to("../_shared/x.md")
    assert definitions_in(FolderFiles(tmp_path / "w"))["a"]["x.md"] == b"x"
    (tmp_path / "w/a/z.md").symlink_to(tmp_path / "secret")
    why = refusal(FolderFiles(tmp_path / "w"))
    assert why.startswith("a/z.md: ") and "link" in why


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only names that are text")
def test_names_that_are_no_text_are_refused_and_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in (b"a/\xff.bpmn", b"\xfe/x"):
        path = os.fsencode(tmp_path) + b"/" + name
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb"):
            pass
    said = told(FolderFiles(tmp_path))
    assert (
        said.encode() and "a/?.bpmn: file: the file name is not safe" in said and "?/.: key: the folder's name" in said
    )


def test_two_kinds_made_of_the_same_files_are_two() -> None:
    assert digest_of("a", {"x": b"1"}) != digest_of("b", {"x": b"1"}) != digest_of("b", {"x": b"2"})
