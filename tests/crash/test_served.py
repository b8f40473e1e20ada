"""The real server, killed over and over while people use it, keeps every promise; and the harness sees one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import cases, events
from tests.crash import served
from tests.crash.callers import KEY, PLACE, content

HITS = 3


@pytest.fixture(scope="module")
def born() -> Iterator[served.Born]:
    with served.nursery() as made:
        yield made


@pytest.mark.slow
def test_a_server_killed_at_work_has_kept_all_that_it_answered_and_nothing_half(
    tmp_path: Path, born: served.Born
) -> None:
    house = served.build(tmp_path)
    found = served.run(house, HITS, born)
    house.application.database.close()
    assert found.broken == []
    assert found.hits == HITS and found.repeated and found.messages


@pytest.mark.slow
def test_a_server_that_does_not_keep_its_promises_is_found_out(tmp_path: Path, born: served.Born) -> None:
    house = served.build(tmp_path)
    found = served.run(house, HITS, born, flaws="answer-first file-after-row forget-key")
    house.application.database.close()
    assert found.broken != []


@pytest.mark.parametrize(
    "harm",
    [lambda file: file.unlink(), lambda file: file.write_text(content("w")[:-1000])],
    ids=["gone", "half"],
)
def test_a_row_without_its_whole_file_is_found(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    house = served.build(tmp_path)
    case_id = house.start("changan", KEY, PLACE, {"note": "w"}).case_id
    house.application.cases.acting.attach(house.actor("changan"), case_id, "w.txt", content("w").encode())
    with house.application.database.read() as connection:
        logs = {int(case_id): events.of_case(connection, int(case_id))}
        (row,) = cases.attachments_of(connection, int(case_id))
    whole, harmed = served.Found(), served.Found()
    served.check_files(house, whole, logs)
    (file,) = (one for one in (tmp_path / "files").rglob(row["digest"]) if one.is_file())
    file.parent.chmod(0o700)
    file.chmod(0o600)
    harm(file)
    served.check_files(house, harmed, logs)
    house.application.database.close()
    assert whole.broken == [] and [line.startswith("the file w.txt") for line in harmed.broken] == [True]
