"""What a process declares for lists (``gw:column``): few, each named once, and nothing that is about a person.

A list is sorted, searched and exported by everybody who sees it: what is personal stands nowhere in it.
"""

from __future__ import annotations

from engine.checks.personal_paths import declared, read_in
from engine.checks.report import Folder, Page
from engine.diagram.columns import MOST, Column
from engine.words import say


def check_columns(page: Page, folder: Folder) -> None:
    """Everything of the columns of one process."""
    process = page.process
    if len(process.columns) > MOST:
        page.error(process, say("列表列有{count}个，最多{most}个。", count=len(process.columns), most=MOST),
                   say("请删去不常用来筛选、排序的gw:column。"))  # fmt: skip
    if sum(column.board for column in process.columns) > 1:
        page.error(process, say("看板只能按一个列表列分栏。"), say("请只在一个gw:column上写board=“true”。"))
    seen: set[str] = set()
    personal = frozenset(declared(page, folder))
    for column in process.columns:
        if column.id in seen:
            page.error(process, say("列表列“{name}”重复。", name=column.id), say("每个gw:column的id只用一次。"))
        seen.add(column.id)
        _check_choices(page, column)
        for path in sorted(read_in(column.value, personal)):
            page.error(
                process,
                say("列表列“{name}”用到个人信息“{path}”。", name=column.id, path=".".join(path)),
                say("列表人人可以排序、导出，请改用不涉及个人的数据，或删去这一列。"),
            )


def _check_choices(page: Page, column: Column) -> None:
    if column.type == "choice" and not column.choices:
        page.error(page.process, say("列表列“{name}”没有可选值。", name=column.id),
                   say("请在choices里写出全部取值，用竖线隔开。"))  # fmt: skip
    if column.type != "choice" and column.choices:
        page.error(page.process, say("列表列“{name}”不是choice类型，不能有choices。", name=column.id),
                   say("请把type改成choice，或删去choices。"))  # fmt: skip
    if column.choices_en and len(column.choices_en) != len(column.choices):
        page.error(page.process, say("列表列“{name}”的英文可选值与可选值个数不同。", name=column.id),
                   say("请在choicesEn里按choices的次序逐个写出，用竖线隔开，或删去choicesEn。"))  # fmt: skip
    if column.board and column.type != "choice":
        page.error(page.process, say("列表列“{name}”不是choice类型，不能作看板。", name=column.id),
                   say("请把type改成choice并写出choices，每个取值是看板的一栏；或者删去board。"))  # fmt: skip
