"""What an event of the log of accounts says besides, in words. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext

from web.common.i18n import moment
from web.directory.words import role_name

FACTS = {
    "role": lazy_gettext("角色"),
    "organisation_name": lazy_gettext("单位"),
    "organisation": lazy_gettext("单位编码"),
    "name": lazy_gettext("姓名"),
    "login": lazy_gettext("用户名"),
    "until": lazy_gettext("至"),
    "failures": lazy_gettext("这个网络地址的失败次数"),
    "sessions": lazy_gettext("退出的登录数"),
    "file": lazy_gettext("文件"),
    "sha256": lazy_gettext("内容的 SHA-256"),
    "proposal": lazy_gettext("日历变更的编号"),
    "year": lazy_gettext("年份"),
    "title": lazy_gettext("文号或事由"),
    "replaces": lazy_gettext("取代的变更"),
    "definitions": lazy_gettext("流程版本"),
    "version": lazy_gettext("版本"),
    "before": lazy_gettext("原内容的 SHA-256"),
    "after": lazy_gettext("新内容的 SHA-256"),
    "added": lazy_gettext("新增"),
    "changed": lazy_gettext("更改"),
    "removed": lazy_gettext("删除"),
    "moved": lazy_gettext("调整隶属"),
    "incident": lazy_gettext("故障"),
    "act": lazy_gettext("操作"),
    "code": lazy_gettext("错误代码"),
    "case": lazy_gettext("事项"),
    "successor_name": lazy_gettext("接替单位"),
    "successor": lazy_gettext("接替单位编码"),
    "cases": lazy_gettext("移交的事项数"),
    "job": lazy_gettext("后台任务"),
    "move": lazy_gettext("时钟调整"),
    "from": lazy_gettext("原来的时间"),
    "to": lazy_gettext("调整后的时间"),
    "reason": lazy_gettext("原因"),
    "backup": lazy_gettext("备份清单的 SHA-256"),
    "made_at": lazy_gettext("备份时点"),
    "bytes": lazy_gettext("字节数"),
    "files": lazy_gettext("附件文件数"),
    "ahead": lazy_gettext("编号至少跳过"),
    "sequences": lazy_gettext("跳过的编号序列数"),
    "program": lazy_gettext("程序版本"),
    "migrations": lazy_gettext("数据库升级"),
    "restore": lazy_gettext("恢复的序号"),
    "jobs": lazy_gettext("后台任务数"),
    "due": lazy_gettext("已到期的"),
    "number": lazy_gettext("次数"),
    "entries": lazy_gettext("已锚定的项数"),
    "anchor": lazy_gettext("锚定短码"),
    "case_id": lazy_gettext("事项的序号"),
    "channel": lazy_gettext("推送渠道"),
    "address": lazy_gettext("推送地址"),
}


def told_facts(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an event says besides, as (label, value); what a newer engine says is named as it is."""
    known = {name: facts.get(name) for name in FACTS if name in facts}
    told = {**known, **facts}.items()  # what is known comes first
    return [(str(FACTS.get(name, name)), _value(name, value)) for name, value in told if value is not None]


def _value(name: str, value: Any) -> str:
    if name == "role":
        return role_name(str(value))
    if name == "until":
        return moment(datetime.fromisoformat(value))
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
