"""In production the security administrator puts a directory in force, knowingly, and never for himself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.definition import digest_of
from engine.desks.directory import DirectoryDesk
from engine.directory.contents import DIRECTORY, read_directory
from engine.directory.delays import TooManyAttempts
from engine.directory.duties import POWERS
from engine.directory.signin import PasswordTemporary, SignIn, SignInRefused
from engine.errors import NotAllowed
from engine.publishing.directory import DirectoryGuarded, Offer, directory_in
from tests.directory import changed
from tests.engine.directory.people_house import PASSWORD
from tests.engine.publishing.test_directory import events_of
from tests.house import CHEAP, House, build_house


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path / "house")
    yield made
    made.application.database.close()


@pytest.fixture
def desk(house: House) -> DirectoryDesk:
    """The desk as it is in production."""
    return DirectoryDesk(house.application.database, house.clock, guarded=True)


def test_the_changes_are_told_before_anything_is_done(desk: DirectoryDesk, house: House) -> None:
    files = changed(
        ("roles.toml", 'acts = false\nmay = ["designs"]', 'acts = false\nmay = ["designs", "calendars"]'), add=True
    )
    _, changes = desk.read(files)
    assert [(one.how, one.place, one.gains) for one in changes] == [
        ("changed", "roles.toml/designer", ("calendars",)),
        ("added", "roles.toml/clerk", ("acts", "business")),
        ("added", "kinds.toml/camp", ()),
        ("added", "figures.toml/rooms", ()),
    ]
    assert len(events_of(house)) == 1


def test_only_the_security_administrator_puts_it_in_force_and_the_log_names_him(
    desk: DirectoryDesk, house: House
) -> None:
    offer, _ = desk.read(changed(add=True))
    with pytest.raises(DirectoryGuarded):
        desk.publish(None, offer)
    for login in ("designer", "operator", "auditor", "changan", "province"):
        with pytest.raises(NotAllowed, match="publish roles and kinds"):
            desk.publish(house.actor(login), offer)
    assert len(events_of(house)) == 1
    keeper = house.actor("administrator")
    assert desk.publish(keeper, offer) == 2
    assert "clerk" in desk.in_force().roles
    event = events_of(house)[-1]
    assert (event["actor_id"], event["facts"]["after"]) == (keeper.user_id, offer.digest)
    assert desk.publish(keeper, offer) == 0 and len(events_of(house)) == 2


def test_the_first_directory_of_a_new_installation_needs_nobody(house: House) -> None:
    """Nobody holds anything yet; the house was furnished by this very desk."""
    first = events_of(house)[0]
    assert first["actor_id"] is None and first["facts"]["before"] is None


def test_nobody_gives_his_own_role_more_than_it_has(desk: DirectoryDesk, house: House) -> None:
    """The checks would refuse most of these, too: so they come past them, as what they had overlooked."""
    held = ("roles.toml", 'may = ["accounts", "invitations"]')
    for power in POWERS.keys() - desk.in_force().roles["administrator"].may:
        files = directory_in(changed((*held, f'may = ["accounts", "invitations", "{power}"]')))
        offer = Offer(digest_of(DIRECTORY, files), files, read_directory(files))
        with pytest.raises(NotAllowed, match=rf"your own role “Security administrator” could do more \({power}\)"):
            desk.publish(house.actor("administrator"), offer)
    less, _ = desk.read(changed((*held, 'may = ["accounts"]')))
    assert desk.publish(house.actor("administrator"), less) == 2
    back, _ = desk.read(changed())
    with pytest.raises(NotAllowed, match=r"\(invitations\)"):  # which the checks allow
        desk.publish(house.actor("administrator"), back)
    assert len(events_of(house)) == 2


def test_what_somebody_holds_is_asked_when_he_acts(desk: DirectoryDesk, house: House) -> None:
    offer, _ = desk.read(changed(add=True))
    keeper = house.actor("administrator")
    house.application.accounts.revoke(None, keeper.user_id, "administrator", "130000")
    with pytest.raises(NotAllowed):
        desk.publish(keeper, offer)


def test_a_password_confirms_who_acts_and_failures_count_as_at_the_door(house: House) -> None:
    people = house.application.accounts
    door = SignIn(house.application.database, house.clock, CHEAP)
    with house.application.database.write() as connection:
        people.add(connection, None, "keeper", "钥匙", people.hashed(PASSWORD, "keeper"), must_change=False)
        people.add(connection, None, "fresh", "新来", people.hashed(PASSWORD, "fresh"), must_change=True)
    assert door.confirm(" Keeper ", PASSWORD).login == "keeper"
    with pytest.raises(PasswordTemporary):
        door.confirm("fresh", PASSWORD)
    with pytest.raises(SignInRefused):
        door.confirm("nobody", PASSWORD)
    for _ in range(CHEAP.limits.failures):
        with pytest.raises(SignInRefused):
            door.confirm("keeper", "wrong password")
    with pytest.raises(TooManyAttempts):
        door.confirm("keeper", PASSWORD)
    assert people.by_login(None, "keeper").waits_until is not None
