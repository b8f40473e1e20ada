"""What pages call the states and purposes of what is told outside. Knows no page."""

from __future__ import annotations

from flask_babel import lazy_gettext

from engine.notifying.routing import CODE, LIST, MESSAGES, TEST

STATES = {
    "waiting": ("", lazy_gettext("等待发送")),
    "retrying": ("amber", lazy_gettext("等待重发")),
    "sent": ("green", lazy_gettext("已发送")),
    "failed": ("red", lazy_gettext("没有发出")),
    "dropped": ("", lazy_gettext("不必发送")),
}
"""The colour and the name of each."""
PURPOSES = {
    MESSAGES: lazy_gettext("消息"),
    LIST: lazy_gettext("汇总"),
    CODE: lazy_gettext("验证码"),
    TEST: lazy_gettext("测试消息"),
}
