"""Effective tables: which version is in force on a day. What it answers is evaluated where it was asked for."""

from __future__ import annotations

from engine.calendar.days import LEGAL_ZONE
from engine.dmn.effective import IN_FORCE
from engine.errors import BadInput, NoTableInForce
from engine.model import TableVersion
from engine.operations.registry import Parameter, Scene, operation
from engine.operations.working_days import moment
from engine.words import dated, say


@operation(
    IN_FORCE,
    say("查明施行的决策表"),
    Parameter("table", "text", say("决策表")),
    Parameter("on", "text", say("日期"), required=False),
    read_only=True,
)
def _in_force(scene: Scene, table: str, on: str | None = None) -> TableVersion:
    """The version of a table in force on a day, by default the legal day of the step.

    Raises NoTableInForce, and BadInput for a day that is none or a table that was never published.
    """
    found = scene.find_table(table)
    if found is None:
        raise BadInput(field=say("决策表"), reason=say("没有按日期施行的决策表“{name}”", name=table))
    if on == "":
        raise BadInput(field=say("日期"), reason=say("查决策表“{name}”的日期（on）是空的", name=table))
    day = (scene.now if on is None else moment(on)).astimezone(LEGAL_ZONE).date()
    version = found.on(day)
    if version is None:
        raise NoTableInForce(table=table, day=dated(day))
    return {
        "table": table, "digest": found.digest, "version": found.version, "file": version.file,
        "since": version.since.isoformat(), "until": version.until.isoformat() if version.until else None,
        "on": day.isoformat(),
    }  # fmt: skip
