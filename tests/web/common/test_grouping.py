"""Kinds and registers stand in the groups that designers have given them, and are found by what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.views.groups import NO_GROUP, Group
from engine.words import Text
from web.common.grouping import grouped

POSTS, WORKERS = ("岗位", "Posts"), ("社工", "Workers")


@dataclass(frozen=True)
class Thing:
    """As a kind or a register is."""

    name: Text
    group: Group = NO_GROUP
    description: Text = ("", "")


ENTRY = Thing(("登记", "Entry"), Group(WORKERS, 41))
APPROVAL = Thing(("审批", "Approval"), Group(POSTS, 12), ("新增、取消岗位（Ａ类）", "New posts"))
LATE = Thing(("调整", "Adjustment"), Group(("岗位", "Another name")))
FIRST = Thing(("比例", "Ratio"), Group(POSTS, 11))
ALONE = Thing(("其他一种", "Something else"))
ALL = [(one.name, one) for one in (ALONE, ENTRY, LATE, APPROVAL, FIRST)]


def names(words: str = "") -> list[tuple[str, list[str]]]:
    return [(group.name[1], [one.name[0] for one in group.things]) for group in grouped(ALL, words)]


def test_groups_and_what_is_in_them_stand_where_their_designers_say_and_what_is_in_none_is_last() -> None:
    assert names() == [("Posts", ["比例", "审批", "调整"]), ("Workers", ["登记"]), ("", ["其他一种"])]


def test_every_word_that_is_looked_for_stands_in_a_name_a_group_or_a_description_in_either_language() -> None:
    assert names("社工") == [("Workers", ["登记"])]
    assert names("a类 新增") == [("Posts", ["审批"])]
    assert names("ADJUST") == [("Another name", ["调整"])]
    assert names("审批 登记") == []
