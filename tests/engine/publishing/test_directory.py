"""A directory comes in force: with the definitions, recorded, never under those who still use what goes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine import upgrading
from engine.application import open_application
from engine.definition import digest_of
from engine.directory import actors, organisation_import
from engine.directory import in_force as module
from engine.directory.contents import DIRECTORY
from engine.directory.in_force import NoDirectory, in_force
from engine.errors import Conflict, DefinitionInvalid
from engine.publishing import catalog, quarantine
from engine.publishing.directory import PUBLISHED, DirectoryGuarded
from engine.publishing.folder import FolderFiles
from storage import definitions
from storage.account_events import account_events
from tests.directory import ADDED, FILES, changed, without
from tests.engine.cases.test_acts import APPROVAL, begun
from tests.house import START, Folder, House, TestClock, build_house


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path / "house", APPROVAL)
    yield made
    made.application.database.close()


def publish(house: House, files: Mapping[str, bytes | str]) -> list[tuple[str, int, bool]]:
    return house.application.catalog.publish(files, house.clock.now())


def refusals(house: House, files: Mapping[str, bytes | str]) -> list[str]:
    with pytest.raises(DefinitionInvalid) as refused:
        publish(house, files)
    return [problem.text("en") for problem in refused.value.problems]


def with_another_role(key: str, old: str) -> dict[str, bytes]:
    """The process of the tests under a key, with the clerk in the place of a role."""
    files = {path: data for path, data in FolderFiles(APPROVAL).items() if path.startswith("approval/")}
    assert f'role="{old}"'.encode() in files["approval/process.bpmn"]
    new = {path: data.replace(f'role="{old}"'.encode(), b'role="clerk"') for path, data in files.items()}
    return {path.replace("approval", key, 1): data for path, data in new.items()}


def events_of(house: House) -> list[Any]:
    with house.application.database.read() as connection:
        found = connection.execute(account_events.select().order_by(account_events.c.sequence)).mappings()
        return [row for row in found if row["kind"] == PUBLISHED]


def test_the_key_is_the_same_word_for_statements_and_for_folders() -> None:
    assert definitions.DIRECTORY == DIRECTORY


def test_what_is_published_is_a_version_with_digest_and_time_and_is_told_to_the_log_of_accounts(house: House) -> None:
    house.clock.move(hours=1)
    files = changed(add=True)
    assert publish(house, files) == [(DIRECTORY, 2, True)]
    assert publish(house, files) == [(DIRECTORY, 0, False)]
    new = {name: data + ADDED[name].encode() for name, data in FILES.items()}
    before, after = digest_of(DIRECTORY, FILES), digest_of(DIRECTORY, new)
    with house.application.database.read() as connection:
        assert {"clerk", "camp", "rooms"} <= {
            name for part in ("roles", "kinds", "figures") for name in getattr(in_force(connection), part)
        }
        row = next(one for one in definitions.listed(connection, DIRECTORY) if one["current"])
        assert (row["digest"], row["version"], row["published_at"]) == (after, 2, house.clock.now())
    first, second = (event["facts"] for event in events_of(house))
    assert first["before"] is None and first["after"] == second["before"] == before
    assert second == {
        "version": 2,
        "before": before,
        "after": after,
        "added": ["roles.toml/clerk", "kinds.toml/camp", "figures.toml/rooms"],
    }
    assert house.application.audit.chain(house.actor("auditor"), prove=True).broken == ()


def test_a_definition_may_use_what_the_directory_beside_it_has_just_brought(house: House) -> None:
    process = with_another_role("news", "county_officer")
    assert any("role “clerk” does not exist" in one for one in refusals(house, process))
    assert publish(house, {**changed(add=True), **process}) == [(DIRECTORY, 2, True), ("news", 1, True)]


def test_a_broken_directory_publishes_nothing(house: House) -> None:
    (found,) = refusals(
        house, changed(("roles.toml", 'acts = false\nmay = ["designs"]', 'acts = false\nmay = ["everything"]'))
    )
    assert found.startswith("_directory/roles.toml: designer: there is no power “everything”")
    assert len(events_of(house)) == 1


def test_without_any_directory_nothing_is_published_and_nothing_imported(tmp_path: Path) -> None:
    where = Folder(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}")
    upgrading.upgrade(where.database_url)
    opened = open_application(where, TestClock())
    with pytest.raises(NoDirectory, match="gangwei workflows publish"):
        opened.catalog.publish(FolderFiles(APPROVAL), START)
    with pytest.raises(NoDirectory):
        organisation_import.load(opened.database, "x.csv", b"code\n1\n", START)
    opened.database.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without("roles.toml", "observer"), "roles.toml: observer: somebody still holds this role. Revoke it first"),
        (without("roles.toml", "city_reviewer"), "roles.toml: city_reviewer: approval v1 still uses it. Publish the process"),
        (without("kinds.toml", "service_centre"), "kinds.toml: service_centre: there still are organisations of this kind"),
        (("kinds.toml", 'parents = ["county", "direct_city"]', 'parents = ["county"]'), "kinds.toml: township: organisations of this kind still stand under a City directly under the province"),
        (without("figures.toml", "workers"), "figures.toml: workers: a Township or street still has this figure. Clear it by an import"),
        (("figures.toml", 'id = "standard"', 'id = "plain"'), "figures.toml: centre_level: a Workers' service centre still has this figure"),
        (("roles.toml", 'kinds = ["county", "direct_city"]', 'kinds = ["county"]'), "roles.toml: county_officer: somebody still holds this role at a City directly under the province"),
    ],
)  # fmt: skip
def test_what_is_still_in_use_keeps_a_directory_from_coming_in_force(
    house: House, change: tuple[str, str, str], words: str
) -> None:
    changes = [change]
    if "service_centre" in change[1]:
        changes += [("figures.toml", '\nkinds = ["service_centre"]', ""), ("roles.toml", ', "service_centre"]', "]")]
    found = refusals(house, changed(*changes))
    assert any(f"_directory/{words}" in one for one in found), found
    assert len(events_of(house)) == 1


def test_people_who_would_be_two_administrators_at_once_keep_a_duty_from_being_given_to_a_role(house: House) -> None:
    people, admin = house.application.accounts, house.actor("administrator")
    person = people.by_login(admin, "designer").user_id
    people.grant(admin, person, "observer", "130000")
    change = (
        "roles.toml",
        'business = true\nacts = false\n\n[[role]]\nid = "designer"',
        'business = false\nacts = false\nduty = "audit"\nmay = ["audit"]\n\n[[role]]\nid = "designer"',
    )
    found = refusals(house, changed(change))
    assert any("designer also is “Workflow designer”, and an administrator holds nothing else" in one for one in found)


def test_a_running_case_keeps_the_roles_of_its_own_version(house: House) -> None:
    begun(house)
    directory = changed(without("roles.toml", "city_reviewer"), add=True)
    found = refusals(house, {**directory, **with_another_role("approval", "city_reviewer")})
    assert any("roles.toml: city_reviewer: approval v1 still uses it" in one for one in found), found


def test_in_production_a_changed_directory_is_not_for_who_publishes_processes(house: House) -> None:
    guarded = catalog.Catalog(house.application.database, guarded=True)
    assert guarded.publish(changed(), START) == [(DIRECTORY, 0, False)]
    with pytest.raises(DirectoryGuarded, match="gangwei directory publish --by"):
        guarded.publish(changed(add=True), START)
    assert len(events_of(house)) == 1


def test_who_publishes_while_another_directory_comes_in_force_is_told_to_look_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspect, other = quarantine.inspect, changed(add=True)

    def meanwhile(*asked: Any) -> Any:
        monkeypatch.undo()
        publish(house, other)
        return inspect(*asked)

    monkeypatch.setattr(catalog, "inspect", meanwhile)
    with pytest.raises(Conflict):
        publish(house, FolderFiles(APPROVAL))


def test_another_process_follows_at_its_next_act(house: House) -> None:
    """Two applications on one database share nothing but the database: as two processes do."""
    other = open_application(house.folder, house.clock)
    assert "clerk" not in other.directory.in_force().roles
    publish(house, changed(add=True))
    assert "clerk" in other.directory.in_force().roles
    with other.database.read() as connection:
        assert "clerk" in actors.actor(connection, house.actor("auditor").user_id, START).directory.roles
    other.database.close()


def test_many_threads_read_one_directory(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_known", {})
    together, found = threading.Barrier(8), []

    def look() -> None:
        together.wait()
        with house.application.database.read() as connection:
            found.append(in_force(connection))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len({id(one) for one in found}) == 1


def test_an_account_is_read_with_its_directory_in_one_statement(house: House) -> None:
    """Who acts is asked at every request: the directory in force must cost it no statement of its own."""
    said: list[str] = []
    engine = house.application.database.engine
    house.actor("changan")
    event.listen(engine, "before_cursor_execute", lambda _c, _k, text, *_: said.append(text))
    house.actor("changan")
    assert len(said) == 3  # by login, by number, his roles
