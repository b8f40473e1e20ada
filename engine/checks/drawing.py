"""The drawing of a diagram (BPMN DI): what a viewer needs of it, and whether everything that runs is in it."""

from __future__ import annotations

from typing import Final

from engine.checks.report import Report, named
from engine.diagram import Diagram, drawn_in
from engine.diagram.notes import place_of
from engine.files.xml import Node, line_of, split
from engine.words import listed, say

_NAMED: Final = 10  # elements without a shape that a message names


def check_drawing(diagram: Diagram, root: Node, report: Report) -> None:
    """Coordinates are numbers, for a viewer falls over one that is none; and what runs is drawn."""
    _check_coordinates(root, diagram.file, report)
    drawn = drawn_in(root)
    for process in diagram.to_run:
        missing = [own for own in process.elements.values() if own.id not in drawn]
        if missing and len(missing) == len(process.elements):
            what = say("流程没有图形（BPMNDI），页面上会按连线的次序自动排列。")
            report.warn(diagram.file, process.id, what, say("如需自己排版，请在建模工具里打开、摆好再保存。"))
        elif missing:
            names = listed(named(own) for own in missing[:_NAMED])
            what = say("有{count}个环节没有画在图上，页面上看不到：{names}。", count=len(missing), names=names)
            report.warn(diagram.file, missing[0].id, what, say("请在建模工具里把它们画出来。"))


def _check_coordinates(root: Node, file: str, report: Report) -> None:
    for node in root.iter():
        if split(node)[1] != "Bounds":
            continue
        for value in map(node.get, ("x", "y", "width", "height")):
            if not _is_coordinate(value):
                what = say("第{line}行：图形坐标“{value}”不是数字。", line=line_of(node), value=value)
                report.error(file, place_of(node), what, say("请在建模工具里重新摆放这个图形。"))


def _is_coordinate(value: str | None) -> bool:
    try:
        return value is None or abs(float(value)) < 1e7
    except ValueError:
        return False
