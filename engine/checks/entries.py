"""Tables of TOML whose entries have a fixed shape: read into entries, and told where they differ. Knows no meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.checks.folder import oversize, parse_toml
from engine.checks.report import NO_HINT, Report

_WORDS: Final = {
    str: ("文字", "a text"),
    bool: ("true或false", "true or false"),
    list: ("文字的列表", "a list of texts"),
}
_LONGEST: Final = 100  # characters of a text: names stand on pages
_NAMES: Final = {"zh": ("中文名称", "Chinese name"), "en": ("英文名称", "English name")}


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

    def error(self, report: Report, zh: str, en: str, hint: tuple[str, str] = NO_HINT) -> None:
        """Something wrong with this entry."""
        report.error(self.file, self.place, zh, en, hint)


def read_tables(files: Mapping[str, bytes], shapes: Mapping[str, Shape], report: Report) -> dict[str, list[Entry]]:
    """The entries of every file that can be read; what has not its shape is noted and left out."""
    for problem in oversize(files):
        report.add(problem)
    if report.problems:
        return {}
    expected = "、".join(shapes)
    for name in sorted(files.keys() - shapes.keys()):
        hint = (f"这里只放：{expected}。", f"Only these stand here: {', '.join(shapes)}.")
        report.error(name, "file", "这个文件不属于这里。", "this file does not belong here.", hint)
    found = {}
    for name, shape in shapes.items():
        if name in files:
            found[name] = _entries(name, files[name], shape, report)
        else:
            report.error(name, "file", "缺少这个文件。", "this file is missing.")
    return found


def _entries(name: str, data: bytes, shape: Shape, report: Report) -> list[Entry]:
    table = parse_toml(report, name, data)
    if table is None:
        return []
    for word in sorted(table.keys() - {shape.table}):
        report.error(
            name,
            word[:_LONGEST],
            f"这个文件里只能有[[{shape.table}]]。",
            f"only [[{shape.table}]] stands in this file.",
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
        report.error(name, place, "应为一个条目。", "it should be an entry.")
        return False
    inner = {shape.inner[0]} if shape.inner else set()
    for word in sorted(row.keys() - shape.words.keys() - inner):
        words = [*shape.words, *inner]
        hint = (f"可用：{'、'.join(words)}。", f"Use {', '.join(words)}.")
        report.error(name, place, f"不认识的词“{word}”。", f"the word “{word}” is not known.", hint)
    for word in (word for word in shape.needed if word not in row):
        zh, en = _NAMES.get(word, (f"“{word}”", f"“{word}”"))
        report.error(name, place, f"缺少{zh}。", f"the {en} is missing.", (f"请写上{word}。", f"Say {word}."))
    for word, kind in shape.words.items():
        if word in row and not _is(row[word], kind):
            zh, en = _WORDS[kind]
            report.error(
                name,
                place,
                f"“{word}”应为{zh}，不能为空，每段最多{_LONGEST}字。",
                f"“{word}” should be {en}, not empty, at most {_LONGEST} characters each.",
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
    return isinstance(value, kind)
