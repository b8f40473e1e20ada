"""What is personal hidden in a page that nobody can be written down to have seen. Knows no page.

Whoever finds that out (``web/common/looks.py``) has the page made again, hiding.
"""

from __future__ import annotations

from typing import Final, TypeVar

from flask import Flask, Response, current_app, g, make_response, request

T = TypeVar("T")
HIDDEN: Final = "＊＊＊"


def hides() -> bool:
    """Whether the page that is being made hides what is personal."""
    return bool(g.get("hides", False))


def hid(value: T, personal: bool = True) -> T | str:
    """The value, or that it is hidden."""
    return HIDDEN if personal and hides() else value


def made_again() -> Response:
    """The page of this request without what is personal."""
    g.hides = True
    view = current_app.view_functions[request.endpoint or ""]
    return make_response(current_app.ensure_sync(view)(**(request.view_args or {})))


def init_hiding(app: Flask) -> None:
    """Let templates hide."""
    app.jinja_env.globals.update(hid=hid, hides=hides)
