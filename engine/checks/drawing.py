"""The drawing of a diagram (BPMN DI): what a viewer needs of it. Knows nothing of what is drawn."""

from __future__ import annotations

from engine.checks.report import Report
from engine.diagram.notes import place_of
from engine.files.xml import Node, line_of, split
from engine.words import say


def check_drawing(root: Node, file: str, report: Report) -> None:
    """Coordinates are numbers: a viewer falls over one that is none."""
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
