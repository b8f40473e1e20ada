"""The sentences that the script of the drawing page says, in the reader's language. Knows no design."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

_TEXTS: Final = {
    "ready": lazy_gettext("改动会自动保存"),
    "saved": lazy_gettext("已保存 {at}"),
    "saving": lazy_gettext("正在保存…"),
    "unsaved": lazy_gettext("有改动未保存"),
    "notSaved": lazy_gettext("没有保存：{why}"),
    "offline": lazy_gettext("连不上服务器，改动留在本页，连上后自动保存"),
    "reading": lazy_gettext("只读"),
    "checking": lazy_gettext("正在检查…"),
    "counts": lazy_gettext("{errors} 处错误，{warnings} 处提醒"),
    "clean": lazy_gettext("没有错误，也没有提醒"),
    "checkFailed": lazy_gettext("检查没有完成：{why}"),
    "error": lazy_gettext("错误"),
    "warning": lazy_gettext("提醒"),
    "notDrawn": lazy_gettext("这个文件画不出来：{why}"),
    "noDiagram": lazy_gettext("文件夹里没有流程图（.bpmn）。"),
    "name": lazy_gettext("名称"),
    "nameEn": lazy_gettext("英文名"),
    "id": lazy_gettext("标识"),
    "badId": lazy_gettext("标识应以字母或下划线开头，只含英文字母、数字、点、横线和下划线，并且不与其他元素重复"),
    "addWord": lazy_gettext("增加“{word}”"),
    "removeWord": lazy_gettext("删除“{word}”"),
    "none": lazy_gettext("（未选择）"),
    "unknown": lazy_gettext("{value}（不存在）"),
    "condition": lazy_gettext("条件（FEEL）"),
    "isDefault": lazy_gettext("默认路线：其他条件都不成立时走这里"),
    "script": lazy_gettext("脚本（FEEL 上下文）"),
    "timer": lazy_gettext("时间"),
    "timeDate": lazy_gettext("时刻"),
    "timeDuration": lazy_gettext("时长"),
    "timeCycle": lazy_gettext("周期"),
    "message": lazy_gettext("消息名称"),
    "signal": lazy_gettext("信号名称"),
    "called": lazy_gettext("调用的流程"),
    "variables": lazy_gettext("可用的变量"),
    "outside": lazy_gettext("全部外部单位"),
    "takenBy": lazy_gettext("{name}已接手或改动这份设计稿，本页不再保存。"),
}


def texts() -> dict[str, str]:
    """All of them by name."""
    return {name: str(text) for name, text in _TEXTS.items()}
