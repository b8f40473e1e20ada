"""The statuses of HTTP: which a refusal has, and what a page says of each. Knows no request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask_babel import lazy_gettext

from engine.designing.checking import Overtaken
from engine.designing.keeping import HeldByAnother, TakenOver
from engine.directory.delays import TooManyAttempts
from engine.directory.in_force import DirectoryUnreadable
from engine.directory.looks import LookNotWritten
from engine.directory.queue import Busy
from engine.errors import (
    CaseNotOpen,
    Conflict,
    DataUnreadable,
    NotAllowed,
    NotFound,
    RecordRefused,
    Refusal,
    Resting,
    Suspended,
    TaskNotOpen,
    UnderWay,
)

STATUSES: Mapping[type[Refusal], int] = {
    NotFound: 404,
    NotAllowed: 403,
    TaskNotOpen: 409,
    CaseNotOpen: 409,
    Conflict: 409,
    RecordRefused: 409,
    UnderWay: 409,
    HeldByAnother: 409,
    TakenOver: 409,
    Overtaken: 409,
    TooManyAttempts: 429,
    Busy: 503,
    LookNotWritten: 503,
    DataUnreadable: 409,
    DirectoryUnreadable: 503,
    Suspended: 503,
}
WHAT_NOW = {
    400: lazy_gettext("请返回上一页，刷新后再试一次。"),
    401: lazy_gettext("请重新登录后再试。"),
    403: lazy_gettext("如果您认为应当有此权限，请联系安全管理员；否则请回到待办继续办理。"),
    404: lazy_gettext("请核对网址，或从待办、台账中重新查找。"),
    405: lazy_gettext("请从页面上的按钮进入，不要直接输入网址。"),
    409: lazy_gettext("请刷新页面查看最新情况，再决定下一步。您刚才的操作没有生效。"),
    413: lazy_gettext("请压缩附件或分次上传。"),
    422: lazy_gettext("请返回上一页，按提示改正后重新提交。"),
    429: lazy_gettext("请稍候再试。"),
    503: lazy_gettext("请稍候再试；您刚才的操作没有生效。"),
    500: lazy_gettext("您的操作没有生效，数据没有改变。请稍后再试；如果反复出现，请把下面的编号告诉系统管理员。"),
}
TITLES = {
    400: lazy_gettext("请求无法识别"),
    401: lazy_gettext("需要登录"),
    403: lazy_gettext("没有权限"),
    404: lazy_gettext("没有找到"),
    405: lazy_gettext("不能这样访问"),
    409: lazy_gettext("情况已经变化"),
    413: lazy_gettext("内容太大"),
    422: lazy_gettext("内容需要改正"),
    429: lazy_gettext("操作太频繁"),
    500: lazy_gettext("系统出现错误"),
    503: lazy_gettext("系统正忙"),
}


def set_retry_after(answer: Response, refusal: Refusal) -> None:
    """Say in seconds when the same may be tried again, if the refusal says so (RFC 9110, 10.2.3)."""
    if isinstance(refusal, TooManyAttempts | Busy | Resting):
        answer.headers["Retry-After"] = str(refusal.seconds)


OF_CODES = {
    "Unavailable": (
        lazy_gettext("暂时不能办理"),
        lazy_gettext("您填写的内容没有丢失：稍候再试一次即可，不会重复办理；看到的页面也可以返回继续填写。"),
    ),
    "DataUnreadable": (
        lazy_gettext("数据无法读取"),
        lazy_gettext("请先办理其他事项，待系统管理员修复后再办这一件。联系时请提供下面的编号。"),
    ),
}
"""Title and next step of refusals of which their status says too little."""


def words_for(status: int) -> tuple[Any, Any]:
    """Title and next step by a status alone."""
    near = 400 if status < 500 else 500
    return TITLES.get(status, TITLES[near]), WHAT_NOW.get(status, WHAT_NOW[near])


def status_of(refusal: Refusal) -> int:
    """The status of a refusal by its nearest class in the table; 422 for what the table does not name."""
    return next((STATUSES[cls] for cls in type(refusal).__mro__ if cls in STATUSES), 422)
