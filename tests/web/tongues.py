"""Reads a page as a screen reader does: which of its texts are in which language. Knows no page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}
SILENT = {"script", "style"}
READ_OUT = ("title", "aria-label", "placeholder", "alt")


class Reading(HTMLParser):
    """``wrong``: Chinese text, or an attribute that is read out, in an element whose language is not Chinese."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.spoilt: list[str] = []  # attributes that hold mark-up
        self._open: list[tuple[str, bool]] = []  # (tag, whether its language is Chinese)
        self.unworded = "Words(" in page or "Listed(" in page  # what nobody has put into a language
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        chinese = given["lang"].startswith("zh") if "lang" in given else self._chinese
        for name, value in given.items():
            if name in READ_OUT and CHINESE.search(value) and not chinese:
                self.wrong.append(f'<{tag} {name}="{value}">')
            if "<" in value or "&lt;" in value:
                self.spoilt.append(f"<{tag} {name}>: {value}")
        if tag == "a" and "href" in given and "download" not in given:
            self.links.append(given["href"])
        if tag not in VOID:
            self._open.append((tag, chinese))

    def handle_endtag(self, tag: str) -> None:
        while tag in [name for name, _ in self._open] and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not CHINESE.search(data) or self._chinese or self._tag in SILENT:
            return
        self.wrong.append(f"<{self._tag}>{' '.join(data.split())}")

    @property
    def _chinese(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    @property
    def _tag(self) -> str:
        return self._open[-1][0] if self._open else ""
