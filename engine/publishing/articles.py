"""Which elements of the processes and which rows of the tables rest on which article, as a page of Markdown.

Made of what the diagrams and the tables cite; nobody writes it. Knows no article and no process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from engine.checks.citing import Citation, citations
from engine.checks.report import ARTICLES
from engine.definition import APART, articles_in, definitions_in
from engine.words import Text, Words, listed, say

_TITLE: Final = say("条文与流程元素对照")
_MADE: Final = say(
    "每个元素、每张决策表的每一行都写明依据；这里按条文列出，由 `{command}` 生成，请勿手改。",
    command="gangwei workflows articles",
)
_ARTICLE, _ROWS = say("第{number}条"), say("第{rows}行")
_HEADS: Final = (say("流程或决策表"), say("文件夹"), say("元素"))
_NOTHING: Final = say("还没有元素引用。")


def article_table(files: Mapping[str, bytes | str], numbers: Collection[str] = ()) -> str:
    """The page: of these articles, or of all that are in the catalogue; an article that nothing cites is said, too.

    Raises DefinitionInvalid for files that are no definitions.
    """
    folders = {key: own for key, own in definitions_in(files).items() if key not in APART}
    known = articles_in({name: data for own in folders.values() for name, data in own.items() if name == ARTICLES})
    by_article: dict[str, list[Citation]] = {}
    for one in citations(folders):
        by_article.setdefault(one.article, []).append(one)
    wanted = sorted((number for number in known if not numbers or number in numbers), key=_order)
    head = (f"# {_both(_TITLE)}\n", *(_MADE.text(language) for language in ("zh", "en")), "")
    return "\n".join([*head, *(line for one in wanted for line in _article(one, known[one], by_article.get(one, ())))])


def _order(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isdecimal() else (0, number)


def _both(said: Words) -> str:
    return f"{said.text('zh')} · {said.text('en')}"


def _article(number: str, said: Text, cited: Iterable[Citation]) -> Iterator[str]:
    yield f"## {_both(_ARTICLE.about(number=number))}\n"
    yield f"{said[0]}<br>{said[1]}\n"
    rows = list(_rows(cited))
    if not rows:
        yield f"{_both(_NOTHING)}\n"
        return
    yield f"| {' | '.join(map(_both, _HEADS))} |"
    yield "|---|---|---|"
    yield from rows
    yield ""


def _rows(cited: Iterable[Citation]) -> Iterator[str]:
    for (folder, what), found in groupby(cited, key=lambda one: (one.folder, one.what)):
        told = list(found)
        elements = [f"{_cell(one.name)} `{one.id}`" for one in told if not one.row]
        lines = [str(one.row) for one in told if one.row]
        if lines:
            elements.append(_both(_ROWS.about(rows=listed(lines, by=", "))))
        yield f"| {_cell(what)} | `{folder}` | {'<br>'.join(elements)} |"


def _cell(name: Text) -> str:
    told = name[0] if name[0] == name[1] or not name[1] else f"{name[0]} {name[1]}"
    return told.replace("|", "\\|")
