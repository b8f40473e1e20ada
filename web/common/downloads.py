"""A file that somebody else has written, handed out to be saved and never to be run. Knows no page."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, make_response


def to_save(name: str, content: bytes, media_type: str) -> Response:
    """The file under its name."""
    answer = make_response(content)
    answer.content_type = media_type
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
