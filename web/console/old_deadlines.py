"""What a start tells of open deadlines that an older calendar computed. Knows no rule of counting."""

from __future__ import annotations

import logging
import threading

from flask import Flask

from web.common.context import application
from web.common.i18n import counted

logger = logging.getLogger(__name__)


def watch_old_deadlines(app: Flask) -> None:
    """After an update of the program look at all that runs, beside what is served; else nothing has to be read."""
    threading.Thread(target=_in_context, args=(app,), name="old deadlines", daemon=True).start()


def _in_context(app: Flask) -> None:
    with app.app_context():
        warn_of_old_deadlines()


def warn_of_old_deadlines() -> None:
    """Tell the log when this program counts days otherwise than the one that has computed the open deadlines."""
    desk = application().calendar
    try:
        count = 0 if desk.is_followed() else desk.outdated()
    except Exception:  # whatever is wrong with a deadline, it keeps no server from starting
        logger.exception("whether open deadlines must be computed again could not be found out")
        return
    if count:
        logger.warning(
            "日历数据或计算规则有更新，%s 项期限尚未重新计算，请执行 gangwei calendar recount"
            " · the calendar is newer than %s open deadlines: run gangwei calendar recount",
            counted(count),
            counted(count),
        )
