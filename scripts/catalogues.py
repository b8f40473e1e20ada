"""The English catalogues of the packages: renewed from what the code says, and compiled. Knows no sentence.

``make words`` puts in what the code has begun to say, takes out what nobody says any more, and names what still wants
its English. It needs the virtual environment, for Babel reads Python and templates.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, dict[str, Any]] = {
    "engine": {"say": None, "term": ((1, "c"), 2)},
    "web": {
        "say": None,
        "_": None,
        "gettext": None,
        "lazy_gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
    },
}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
WIDTH = 120


@dataclass(frozen=True)
class Package:
    """A package that says something, with its catalogue."""

    name: str

    @property
    def text(self) -> Path:
        """The catalogue that people write."""
        return ROOT / self.name / "translations" / "en" / "LC_MESSAGES" / "messages.po"

    def said(self) -> Iterator[tuple[Any, str | None]]:
        """What its code says: (sentence, or singular and plural; context)."""
        own = extract_from_dir(ROOT / self.name, METHODS, {}, KEYWORDS[self.name], directory_filter=_ours)
        for _file, _line, message, _comments, context in own:
            yield message, context

    def catalogue(self) -> Catalog:
        """What stands in the catalogue now."""
        with self.text.open("rb") as file:
            return read_po(file, locale="en")

    def renew(self) -> list[str]:
        """Write the catalogue again; the sentences that still have no English."""
        known, fresh = self.catalogue(), Catalog(locale="en")
        for message, context in self.said():
            old = known.get(message if isinstance(message, str) else message[0], context)
            fresh.add(message, old.string if old else "", context=context)
        head, _, _ = self.text.read_bytes().partition(b"\n\n")
        with self.text.open("wb") as file:
            file.write(head + b"\n\n")
            write_po(file, fresh, width=WIDTH, sort_output=True, omit_header=True)
        return [str(message.id) for message in fresh if message.id and not _translated(message.string)]

    def compile(self) -> None:
        """The catalogue as the program loads it, unless it is newer than the text."""
        made = self.text.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime_ns >= self.text.stat().st_mtime_ns:
            return
        fresh = made.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, self.catalogue())
        fresh.replace(made)


PACKAGES = tuple(map(Package, KEYWORDS))


def _ours(folder: str) -> bool:
    return Path(folder).name not in {"node_modules", "static", "frontend"}


def _translated(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def compile_all() -> None:
    """Compile every catalogue whose text is newer than what the program loads."""
    for package in PACKAGES:
        package.compile()


def main() -> None:
    """``compile`` only, or renew first."""
    missing = [] if sys.argv[1:] == ["compile"] else [text for package in PACKAGES for text in package.renew()]
    compile_all()
    for text in missing:
        print(f"没有英文 · without English: {text}")
    sys.exit(bool(missing))


if __name__ == "__main__":
    main()
