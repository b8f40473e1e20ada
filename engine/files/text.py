"""The text in a file from outside, in whichever of the encodings that are met here. Knows no table and no article."""

from __future__ import annotations

from typing import Final

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(data: bytes) -> str | None:
    """The text in UTF-8, UTF-16 or GB 18030, with which Excel and Notepad in China write; None for what is no text."""
    marked = next((name for bom, name in _BOMS if data.startswith(bom)), "")
    guessed = ("utf-16-le" if data[1:2] == b"\0" else "utf-16-be") if b"\0" in data[:2] else ""
    for encoding in [marked] if marked else [guessed] if guessed else ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None
