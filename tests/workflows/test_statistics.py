"""What our own folder counts, after an appeal that changed a result: worked out by hand."""

from __future__ import annotations

from tests.workflows import player
from tests.workflows.test_scenarios import READ, founded
from tests.workflows.world import copied

NAME = "evaluation_appeal-county_result_changed"


def test_an_appeal_that_changed_a_result_counts_with_its_days_its_grade_and_its_deadlines(tmp_path):
    """长安's one result of 2025 was changed from 基本合格 to 合格: none of one is 优秀, under 30 %.

    The appeal was filed in the morning of 2026-03-02 and answered 1 + 2 days later, before each day that was due.
    """
    world = copied(founded(None), tmp_path, None)
    stage = player.play(world, "evaluation_appeal", READ[NAME]).stage
    told, office = world.application.cases.statistics, stage.actor("province_approver@130000")
    found = {one.id: one for one in told.of(office, 2026).statistics}
    appeals = {row.name[0]: (row.cells[0].count, row.days) for row in found["appeals"].rows}
    assert {name: row for name, row in appeals.items() if row[0]} == {"变更": (1, 3.0), "合计": (1, 3.0)}
    kept = {row.name[0]: [one.count for one in row.cells] for row in found["deadlines"].rows}
    assert kept["石家庄市"] == [0, 1]
    results = next(one for one in told.of(office, 2025).statistics if one.id == "evaluation_results")
    row = next(one for one in results.rows if one.name[0] == "石家庄市")
    assert [name[0] for name in results.series] == ["优秀", "合格", "基本合格", "不合格", "合计"]
    assert [one.count for one in row.cells] == [0, 1, 0, 0, 1]
    assert (str(row.share), row.over, results.limit) == ("0.0", False, 30)
    assert [one.count for one in found["replacements"].rows[-1].cells] == [0]
    world.application.database.close()
