"""What a start tells of open deadlines that an older calendar computed. Knows no rule of counting."""

from __future__ import annotations

import logging

from web.common.context import application

logger = logging.getLogger(__name__)


def warn_of_old_deadlines() -> None:
    """Tell the log when this program counts days otherwise than the one that has computed the open deadlines."""
    try:
        count = len(application().calendar.outdated())
    except Exception:  # whatever is wrong with a deadline, it keeps no server from starting
        logger.exception("whether open deadlines must be computed again could not be found out")
        return
    if count:
        logger.warning(
            "日历数据或计算规则有更新，%d 项期限尚未重新计算，请执行 gangwei calendar recount"
            " · the calendar is newer than %d open deadlines: run gangwei calendar recount",
            count,
            count,
        )
