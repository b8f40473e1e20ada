"""The sentences that the script of a sheet says, in the reader's language. Knows no case."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext

_TEXTS: Final = {
    "add": lazy_gettext("增加一行"),
    "addAbove": lazy_gettext("在上方插入"),
    "remove": lazy_gettext("删除所选行"),
    "undo": lazy_gettext("撤消"),
    "redo": lazy_gettext("恢复"),
    "onlyWrong": lazy_gettext("只看有问题的行"),
    "filter": lazy_gettext("筛选“{column}”"),
    "number": lazy_gettext("序号"),
    "notes": lazy_gettext("提示"),
    "count": lazy_gettext("{shown} / {all} 行"),
    "wrong": lazy_gettext("{rows} 行有问题"),
    "help": lazy_gettext(
        "方向键移动，直接输入或按回车、F2 编辑，Ctrl+C、Ctrl+V 与 Excel 互相粘贴，Ctrl+Z 撤销，Esc 离开表格"
    ),
    "sheet": lazy_gettext("{name}，共 {all} 行"),
    "empty": lazy_gettext("还没有内容"),
    "noMatch": lazy_gettext("没有符合筛选的行"),
    "readonly": lazy_gettext("这一格不能填写"),
    "notNumber": lazy_gettext("“{text}”不是数字"),
    "notDate": lazy_gettext("“{text}”不是日期，请写成 2026-03-01"),
    "notTime": lazy_gettext("“{text}”不是时间，请写成 09:30"),
    "notMoment": lazy_gettext("“{text}”不是日期和时间，请写成 2026-03-01 09:30"),
    "notOffered": lazy_gettext("“{text}”不在可选范围内"),
    "notBefore": lazy_gettext("不得早于 {day}"),
    "notAfter": lazy_gettext("不得晚于 {day}"),
    "notYesNo": lazy_gettext("“{text}”应为是或否"),
    "yes": lazy_gettext("是"),
    "no": lazy_gettext("否"),
    "pasted": lazy_gettext("已粘贴 {cells} 格"),
    "notPasted": lazy_gettext("{cells} 格不能填写，没有粘贴"),
    "tooMany": lazy_gettext("最多 {most} 行，多出的 {rows} 行没有粘贴"),
    "noRoom": lazy_gettext("行数不能增减，多出的 {rows} 行没有粘贴"),
    "copied": lazy_gettext("已复制 {cells} 格"),
    "others": lazy_gettext("{people}刚修改了 {rows} 行，已更新到表中"),
    "othersFirst": lazy_gettext("其他人刚修改了表中的内容，已更新。请看过后再提交。"),
    "conflict": lazy_gettext("第 {row} 行您和{by}同时作了修改，请选择保留哪一个"),
    "conflictRow": lazy_gettext("第 {row} 行：您和{by}（{at}）同时作了修改"),
    "conflictGone": lazy_gettext("（已删除这一行）"),
    "mine": lazy_gettext("保留我的"),
    "theirs": lazy_gettext("采用对方的"),
    "column": lazy_gettext("栏目"),
    "myValue": lazy_gettext("我填写的"),
    "theirValue": lazy_gettext("{by}填写的"),
    "row": lazy_gettext("第 {row} 行"),
    "more": lazy_gettext("显示更多"),
    "search": lazy_gettext("在表中查找"),
    "removeRow": lazy_gettext("删除这一行"),
    "cellName": lazy_gettext("第 {row} 行 {column}"),
    "download": lazy_gettext("下载 Excel"),
    "upload": lazy_gettext("从 Excel 读入"),
    "reading": lazy_gettext("正在读取文件…"),
    "bookFailed": lazy_gettext("文件没有处理成功，请检查网络后再试"),
    "wouldChange": lazy_gettext("将修改 {rows} 行、{cells} 格，请核对后确认"),
    "noChange": lazy_gettext("文件中的内容与表中一致，没有要修改的"),
    "bookWrong": lazy_gettext("文件有 {count} 处问题，没有读入。请改正后重新读入"),
    "moreChanges": lazy_gettext("另有 {count} 处修改没有列出"),
    "takeIn": lazy_gettext("确认读入"),
    "takenIn": lazy_gettext("已读入 {cells} 格，可以撤消"),
    "close": lazy_gettext("关闭"),
    "before": lazy_gettext("修改前"),
    "after": lazy_gettext("修改后"),
    "newRow": lazy_gettext("新增"),
    "where": lazy_gettext("位置"),
    "value": lazy_gettext("内容"),
    "what": lazy_gettext("问题"),
    "moreWrong": lazy_gettext("“{name}”还有 {count} 处问题，见表中红色的格"),
    "notSaved": lazy_gettext("表中有内容没有保存，请检查网络后再提交。"),
}


def sheet_texts() -> dict[str, str]:
    """By the name that the script uses; what stands in braces it fills in."""
    return {name: str(text) for name, text in _TEXTS.items()}
