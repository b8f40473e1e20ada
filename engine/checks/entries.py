"""Tables of TOML whose entries have a fixed shape: read into entries, and told where they differ. Knows no meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.checks.folder import oversize, parse_toml
from engine.checks.report import Report
from engine.words import Said, Words, listed, say, term

_WORDS: Final = {
    str: term("entry", "文字"),
    bool: say("true或false"),
    int: say("整数"),
    list: say("文字的列表"),
}
_LONGEST: Final = 100  # characters of a text: names stand on pages
_NAMES: Final = {"zh": say("中文名称"), "en": say("英文名称")}


@dataclass(frozen=True, slots=True)
class Shape:
    """What an entry of ``[[table]]`` must and may say, each with its type; ``inner``: a field of entries of a shape."""

    table: str
    needed: Mapping[str, type]
    other: Mapping[str, type]
    inner: tuple[str, Shape] | None = None

    @property
    def words(self) -> dict[str, type]:
        """Every word with its type."""
        return {**self.needed, **self.other}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that has its shape. ``place``: where messages say that it is."""

    file: str
    place: str
    row: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its own word for itself."""
        return self.text("id")

    def text(self, name: str) -> str:
        """A text; empty when it is absent."""
        return str(self.row.get(name, ""))

    def flag(self, name: str) -> bool:
        """Whether it is said to be so."""
        return self.row.get(name) is True

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty when it is absent."""
        return list(self.row.get(name, ()))

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """The inner entries."""
        return list(self.row.get(name, ()))

    def error(self, report: Report, what: Words, hint: Said = "") -> None:
        """Something wrong with this entry."""
        report.error(self.file, self.place, what, hint)


def read_tables(files: Mapping[str, bytes], shapes: Mapping[str, Shape], report: Report) -> dict[str, list[Entry]]:
    """The entries of every file that can be read; what has not its shape is noted and left out."""
    for problem in oversize(files):
        report.add(problem)
    if report.errors:
        return {}
    for name in sorted(files.keys() - shapes.keys()):
        hint = say("这里只放：{expected}。", expected=listed(shapes))
        report.error(name, "file", say("这个文件不属于这里。"), hint)
    found = {}
    for name, shape in shapes.items():
        if name in files:
            found[name] = _entries(name, files[name], shape, report)
        else:
            report.error(name, "file", say("缺少这个文件。"), say("请补上这个文件。"))
    return found


def _entries(name: str, data: bytes, shape: Shape, report: Report) -> list[Entry]:
    table = parse_toml(report, name, data)
    if table is None:
        return []
    for word in sorted(table.keys() - {shape.table}):
        report.error(
            name,
            word[:_LONGEST],
            say("这个文件里只能有[[{table}]]。", table=shape.table),
            say("请删去其他内容，或移到它自己的文件。"),
        )
    rows = table.get(shape.table, [])
    if not isinstance(rows, list):
        rows = [rows]
    return [
        Entry(name, row["id"], row) for number, row in enumerate(rows, 1) if _fits(name, number, row, shape, report)
    ]


def _fits(name: str, number: int, row: Any, shape: Shape, report: Report, above: str = "") -> bool:
    before = report.errors
    own = row.get("id") if isinstance(row, dict) else None
    place = f"{above}[[{shape.table}]] {number}" + (f"（{own[:_LONGEST]}）" if isinstance(own, str) else "")
    if not isinstance(row, dict):
        report.error(name, place, say("应为一个条目。"), say("请写成[[…]]加若干“词 = 值”。"))
        return False
    inner = {shape.inner[0]} if shape.inner else set()
    for word in sorted(row.keys() - shape.words.keys() - inner):
        words = [*shape.words, *inner]
        hint = say("可用：{words}。", words=listed(words))
        report.error(name, place, say("无法识别的词“{word}”。", word=word), hint)
    for word in (word for word in shape.needed if word not in row):
        what = _NAMES.get(word, (f"“{word}”", f"“{word}”"))
        report.error(name, place, say("缺少{what}。", what=what), say("请写上{word}。", word=word))
    for word, kind in shape.words.items():
        if word in row and not _is(row[word], kind):
            what = _WORDS[kind]
            report.error(
                name,
                place,
                say("“{word}”应为{what}，不能为空，每段最多{most}字。", word=word, what=what, most=_LONGEST),
                say("请改正这个值。"),
            )
    if shape.inner and shape.inner[0] in row:
        rows = row[shape.inner[0]]
        for index, one in enumerate(rows if isinstance(rows, list) else [rows], 1):
            _fits(name, index, one, shape.inner[1], report, f"{place}.")
    return report.errors == before


def _is(value: Any, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(_is(one, str) for one in value)
    if kind is str:
        return isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST and value.isprintable()
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
