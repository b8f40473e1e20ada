"""One register with one record of two versions."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.directory.actors import Actor
from engine.views import (
    Change,
    Column,
    OrganisationName,
    RecordRow,
    RecordVersion,
    RecordView,
    RegisterFilters,
    RegisterHead,
    RegisterPage,
)

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PLACE = OrganisationName("130102", "长安区总工会")
GRADES = {"1": ("一级岗", "Grade one"), "4": ("初级岗", "Entry grade")}
POSTS = RegisterHead("post", ("岗位台账", "Posts"), ("经省总工会核定的岗位。", "Posts approved."), 1)
COLUMNS = (Column("place", ("所在单位", "Unit")), Column("grade", ("等级", "Grade"), "choice", GRADES))


class FakeRegisters:
    """One register with one record of two versions."""

    def all(self, actor: Actor) -> tuple[RegisterHead, ...]:
        return (POSTS,)

    def search(self, actor: Actor, name: str, filters: RegisterFilters) -> RegisterPage:
        found = RecordRow("130102-001", PLACE, {"place": "=建北街道总工会", "grade": "4"}, NOW)
        return RegisterPage(POSTS, COLUMNS, (found,) if filters.q != "无" else (), 1, None)

    def record(self, actor: Actor, name: str, number: str, at: datetime | None = None) -> RecordView:
        change = Change(("等级", "Grade"), "一级岗", "初级岗")
        new = RecordVersion(
            2, NOW, None, {"place": "建北街道总工会", "grade": "4"}, (change,), "省级核定员", "41", "GW2026-00012", 7
        )
        old = RecordVersion(
            1, NOW, NOW, {"place": "建北街道总工会", "grade": "1"}, (), "省级核定员", None, "GW2026-00002", 5
        )
        return RecordView(POSTS, number, PLACE, COLUMNS, (new, old), at, new, new.values, {}, frozenset(), ())
