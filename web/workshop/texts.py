"""The sentences that the script of the drawing page says, in the reader's language. Knows no design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext

_TEXTS: Final[Mapping[str, object]] = {
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
    "mendTo": lazy_gettext("改为：{what}"),
    "mendDefault": lazy_gettext("设为默认连线"),
    "showWalk": lazy_gettext("在图上走一遍"),
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
    "types": {
        "text": lazy_gettext("文字"),
        "number": lazy_gettext("数字"),
        "boolean": lazy_gettext("是或否"),
        "date": lazy_gettext("日期"),
        "time": lazy_gettext("时间"),
        "date and time": lazy_gettext("日期和时间"),
        "list": lazy_gettext("列表"),
        "context": lazy_gettext("一组字段"),
        "any": lazy_gettext("未定类型"),
    },
    "fileGroups": {
        "diagrams": lazy_gettext("流程图"),
        "tables": lazy_gettext("决策表"),
        "forms": lazy_gettext("表单"),
        "papers": lazy_gettext("文书模板"),
        "others": lazy_gettext("其他"),
    },
    "newFiles": {
        "table": lazy_gettext("决策表（.dmn）"),
        "form": lazy_gettext("表单（.form.json）"),
        "paper": lazy_gettext("文书模板（.docx）"),
        "toml": lazy_gettext("数据（.toml）"),
        "note": lazy_gettext("说明（.md）"),
    },
    "badFileName": lazy_gettext("请用文字、数字、横线和下划线，不要空格"),
    "fileThere": lazy_gettext("已有同名的文件"),
    "requirements": lazy_gettext("需求图"),
    "formViews": {
        "draw": lazy_gettext("设计"),
        "rules": lazy_gettext("数据和规则"),
        "preview": lazy_gettext("预览"),
    },
    "formRules": lazy_gettext(
        "sources：打开时查询的数据；initial：预填的值；derive：由服务器计算的值；en：英文文字。写法见流程文件夹的说明。"
    ),
    "screen": lazy_gettext("屏幕宽度"),
    "width": lazy_gettext("{width} 像素"),
    "as": lazy_gettext("查看方式"),
    "fillsIn": lazy_gettext("填写的人"),
    "readsOnly": lazy_gettext("只能查看的人"),
    "take": lazy_gettext("采用"),
    "noEqual": lazy_gettext("没有对应的写法"),
    "downloadPaper": lazy_gettext("下载模板"),
    "replacePaper": lazy_gettext("换成新模板"),
    "places": lazy_gettext("要填写的位置"),
    "placesHelp": lazy_gettext("由制作文书的步骤填写；没有填写或多填的，见下面的检查结果。"),
}


def texts() -> dict[str, object]:
    """All of them by name."""
    return {name: _told(text) for name, text in _TEXTS.items()}


def _told(said: object) -> object:
    return {name: str(text) for name, text in said.items()} if isinstance(said, Mapping) else str(said)
