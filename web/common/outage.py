"""What a person is told while nothing can be saved or read for reasons that pass by; what he typed is not lost.

Knows the database's reasons by their names, and no page.
"""

from __future__ import annotations

from flask import request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from engine.database import AWAY, BUSY, FULL, READ_ONLY, Unavailable, reason_of
from web.common.context import application

RETRY_AFTER = 5  # seconds
SECRET = ("password", "old", "new", "again", "secret", "repeated")
"""Fields with what nobody may read on a page; of numbered ones the names without the number."""
CODE = "Unavailable"


def outage_of(error: Exception) -> tuple[str, dict[str, object]] | None:
    """What to say of a failure for such a reason, and with which facts; None for any other.

    What was handed in is among them. The log hears of the first failure alone.
    """
    reason = reason_of(error)
    if reason is None:
        return None
    if not isinstance(error, Unavailable):  # the database has told of its own
        application().note_outage(reason, error)
    return _words(reason), {"reason": reason, **handed_in()}


def handed_in() -> dict[str, object]:
    """What the page of a refusal that passes by hands in again: ``again``, the fields of the form; ``files``, whether
    files were among them. Nothing where something secret was typed, nor for a program."""
    try:
        form, files = request.form, request.files
    except (OSError, HTTPException):  # there was not even room to take it in
        return {}
    if request.method != "POST" or request.is_json or any(map(_is_secret, form)):
        return {}
    return {"again": list(form.items(multi=True)), "files": any(file.filename for file in files.values())}


def _is_secret(name: str) -> bool:
    return name.rstrip("0123456789").rstrip("_") in SECRET


def _words(reason: str) -> str:
    words: dict[str, str] = {
        BUSY: gettext("系统正在写入其他数据，等待时间过长，您这次的操作没有保存。"),
        AWAY: gettext("数据库暂时无法连接，您这次的操作没有保存。恢复后可以继续办理。"),
        FULL: gettext("服务器的磁盘已满或发生故障，暂时不能保存，请通知系统管理员清理磁盘。"),
        READ_ONLY: gettext("数据库或所在文件夹是只读的，暂时不能保存，请通知系统管理员检查权限。"),
    }
    return words[reason]
