"""The files of a directory by themselves: what is wrong is told with file, entry and the next step."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checks.directory import check_directory
from engine.directory.contents import read_directory
from engine.directory.duties import DUTIES, POWERS
from engine.directory.kinds import TAKEN
from engine.directory.organisations import Organisation
from engine.operations.tree import facts
from tests.directory import ADDED, FILES, OURS

CLERK = ADDED["roles.toml"]
LAST = len(OURS.roles) + 1  # the place of what is added


def with_more(more=None, **changes):
    """The project's own files, with these texts at the end of them."""
    added = {**(more or {}), **{f"{name}.toml": text for name, text in changes.items()}}
    return {name: data + added.get(name, "").encode() for name, data in FILES.items()}


def told(files):
    return [problem.text("en") for problem in check_directory(files)]


def test_the_directory_of_the_project_has_no_fault():
    assert told(FILES) == []


def test_a_new_role_kind_and_figure_are_new_tables_of_the_files():
    files = with_more(ADDED)
    assert told(files) == []
    read = read_directory(files)
    assert read.roles["clerk"].business and not read.roles["clerk"].may
    assert read.kinds["camp"].parents == ("county",) and read.figures["rooms"].name == ("房间数", "Rooms")
    assert read.roles["clerk"].excludes(next(role for role in read.roles.values() if role.duty))
    assert list(read.roles)[:-1] == list(OURS.roles)


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [
        ("roles.toml", 'zh = "文员"', "", f"[[role]] {LAST}（clerk）", "the Chinese name is missing. Say zh."),
        ("roles.toml", 'en = "Clerk"', "", f"[[role]] {LAST}（clerk）", "the English name is missing. Say en."),
        ("roles.toml", 'en = "Clerk"', 'en = " "', f"[[role]] {LAST}（clerk）", "“en” should be a text, not empty"),
        ("roles.toml", "acts = true", 'acts = "yes"', f"[[role]] {LAST}（clerk）", "“acts” should be true or false"),
        ("roles.toml", 'id = "clerk"', "", f"[[role]] {LAST}", "the “id” is missing"),
        ("roles.toml", "acts = true", "acts = true\nking = true", f"[[role]] {LAST}（clerk）", "the word “king” is not known. Use id,"),
        ("roles.toml", "[[role]]", "[[king]]", "king", "only [[role]] stands in this file"),
        ("roles.toml", 'id = "clerk"', 'id = "Clerk"', "Clerk", "is no id"),
        ("roles.toml", 'id = "clerk"', 'id = "a@b"', "a@b", "is no id"),
        ("roles.toml", 'id = "clerk"', f'id = "{"c" * 41}"', "c" * 41, "at most 40"),
        ("roles.toml", 'id = "clerk"', 'id = "observer"', "observer", "is given twice"),
        ("roles.toml", '["city"]', "[]", "clerk", "nobody could hold it. Name one in kinds"),
        ("roles.toml", '["city"]', '["moon"]', "clerk", "no kind of organisation “moon”. Use a kind of kinds.toml: camp, city,"),
        ("roles.toml", "acts = true", 'acts = true\nmay = ["everything"]', "clerk", "no power “everything”. Use accounts,"),
        ("roles.toml", "acts = true", 'acts = true\nduty = "king"', "clerk", "no duty “king”. Use system,"),
        ("roles.toml", "acts = true", "acts = true\nown = true", "clerk", "business and own exclude each other"),
        ("roles.toml", "acts = true", 'acts = true\nduty = "audit"', "clerk", "takes no part in business: no business, acts beside"),
        ("kinds.toml", '["county"]', '["moon"]', "camp", "no kind of organisation “moon”"),
        ("kinds.toml", '["county"]', '["camp"]', "camp", "lead to no root"),
        ("kinds.toml", 'en = "Camp"', 'en = "City"', "camp", "the name “City” is one of “city”, too"),
        ("kinds.toml", "parents", 'aliases = ["乡"]\nparents', "camp", "the name “乡” is one of “township”, too"),
        ("figures.toml", 'id = "rooms"', 'id = "kind"', "kind", "means something else already"),
        ("figures.toml", 'id = "rooms"', 'id = "remark"', "remark", "means something else already"),
        ("figures.toml", 'zh = "房间数"', 'zh = "简称"', "rooms", "the name “简称” is one of “short_name”, too"),
        ("figures.toml", 'zh = "房间数"', 'zh = "职工数（人）"', "rooms", "is one of “workers”, too"),
        ("figures.toml", 'en = "Rooms"', 'en = "Rooms"\nkinds = ["moon"]', "rooms", "no kind of organisation “moon”"),
        ("figures.toml", 'en = "Rooms"', 'en = "Rooms"\nchoices = [{id = "x", zh = "一"}]', "[[figure]] 8（rooms）.[[choice]] 1（x）", "the English name is missing"),
        ("figures.toml", 'en = "Rooms"', 'en = "Rooms"\nchoices = [{id = "x", zh = "一", en = "X"}, {id = "y", zh = "一", en = "Y"}]', "rooms.choices 2", "one of “rooms.choices 1”, too"),
        ("figures.toml", 'en = "Rooms"', 'en = "Rooms"\nchoices = 3', "[[figure]] 8（rooms）.[[choice]] 1", "it should be an entry"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_its_entry_and_the_next_step(file, old, new, place, words):
    assert old in ADDED[file]
    found = told(with_more({**ADDED, file: ADDED[file].replace(old, new)}))
    assert any(one.startswith(f"{file}: {place}: ") and words in one for one in found), found


@pytest.mark.parametrize("word", sorted(POWERS))
@pytest.mark.parametrize("duty", ["", *DUTIES])
def test_only_the_program_says_which_administrator_may_have_which_power(word, duty):
    said = f'duty = "{duty}"\n' if duty else ""
    role = CLERK.replace("business = true\nacts = true", "business = false\nacts = false") + said
    found = told(with_more(roles=f'{role}may = ["{word}"]\n'))
    assert (found == []) == (duty in POWERS[word]), found
    if found:
        assert f"must not have the power “{word}”. Only a role with" in found[0]


def test_a_designer_cannot_be_made_an_administrator_in_his_own_role():
    for word in ("accounts", "audit", "operations"):
        roles = (
            FILES["roles.toml"]
            .decode()
            .replace('acts = false\nmay = ["designs"]', f'acts = false\nmay = ["designs", "{word}"]')
        )
        assert [f"the power “{word}”" in one for one in told({**FILES, "roles.toml": roles.encode()})] == [True]


@pytest.mark.parametrize("duty", sorted(DUTIES))
def test_somebody_must_be_able_to_keep_accounts_to_operate_and_to_audit(duty):
    tables = FILES["roles.toml"].decode().split("[[role]]")
    kept = "[[role]]".join(table for table in tables if f'duty = "{duty}"' not in table)
    (found,) = told({**FILES, "roles.toml": kept.encode()})
    assert f"nobody could be the {DUTIES[duty].text('en')}. Keep a role" in found


def test_a_missing_an_unknown_and_an_unreadable_file_are_named():
    assert told({**FILES, "people.toml": b""}) == [
        "people.toml: file: this file does not belong here. Only these stand here: roles.toml, kinds.toml, figures.toml."
    ]
    assert told({n: d for n, d in FILES.items() if n != "figures.toml"}) == [
        "figures.toml: file: this file is missing. Add this file."
    ]
    (found,) = told({**FILES, "kinds.toml": b"[[kind"})
    assert found.startswith("kinds.toml: file: it is not valid TOML")
    assert "exceed" in told({**FILES, "kinds.toml": b"#" * 600_000})[0]
    assert told({}) != []


def test_no_figure_can_hide_what_expressions_know_of_an_organisation():
    known = facts(Organisation("1", "一", "一", next(iter(OURS.kinds)), None, "/1/", 1))
    assert set(known) <= set(TAKEN)


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(FILES)))
def test_damaged_files_never_crash_the_check_and_what_passes_can_be_read(seed, name):
    chance = random.Random(seed)
    data = bytearray(with_more(ADDED)[name])
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        data[at : at + chance.randint(0, 3)] = chance.choice([b"", b'"', b"[", b"]", b"=", b"\n", b"x", b"true", b"3"])
    files = {**with_more(ADDED), name: bytes(data)}
    problems = check_directory(files)
    assert all(problem.text("zh") and problem.text("en") for problem in problems)
    if not problems:
        read_directory(files)


OUTSIDE = '\n[[kind]]\nid = "firm"\nzh = "外部机构"\nen = "Firm"\nparents = ["province"]\noutside = true\n'
AGENT = '\n[[role]]\nid = "agent"\nzh = "外部人员"\nen = "Agent"\nkinds = ["firm"]\nbusiness = true\nacts = true\n'


def test_who_is_outside_is_so_in_all_that_he_is():
    assert told(with_more(kinds=OUTSIDE, roles=AGENT)) == []
    both = AGENT.replace('["firm"]', '["firm", "county"]')
    assert any("Make two roles" in one for one in told(with_more(kinds=OUTSIDE, roles=both)))
    mighty = AGENT + 'may = ["calendars"]\n'
    assert any("no duty and no may" in one for one in told(with_more(kinds=OUTSIDE, roles=mighty)))
    root = OUTSIDE.replace('["province"]', "[]")
    assert any("cannot be a root" in one for one in told(with_more(kinds=root, roles=AGENT)))
    below = OUTSIDE + '\n[[kind]]\nid = "branch"\nzh = "分部"\nen = "Branch"\nparents = ["firm"]\n'
    assert any("cannot stand under" in one for one in told(with_more(kinds=below, roles=AGENT)))
    read = read_directory(with_more(kinds=OUTSIDE, roles=AGENT))
    assert read.roles["agent"].outside and read.roles["agent"].excludes(read.roles["observer"])
