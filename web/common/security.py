"""Headers that keep a page to itself: what may run, load, frame or leak; and what no request may hold. Knows no page.

The policy has no exception: scripts and styles come from our own bundle only, nothing is inline. bpmn-js, form-js and
htmx set styles through the CSS object model, which the policy does not touch; htmx's own style sheet is switched off
(``includeIndicatorCSS:false`` in ``base.html``) because our style sheet has that rule.
``img-src data:`` is there for the small pictures inside the style sheets of Tabler and form-js.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response, abort, request
from werkzeug.datastructures import MultiDict

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-src 'self'",  # a case beside its list
        "frame-ancestors 'self'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TWO_YEARS = 63_072_000


def _words(fields: MultiDict[str, str]) -> Iterator[str]:
    for name, value in fields.items(multi=True):
        yield from (name, value)


def init_security(app: Flask) -> None:
    """Set the headers on every answer; pages of a person are kept in no cache. Refuse what no database can hold."""

    @app.before_request
    def refuse_nul() -> None:
        """No browser sends a NUL in an address or a field, and PostgreSQL takes none in a text."""
        told = [request.path, *_words(request.args), *_words(request.form)]
        if any("\0" in word for word in told):
            abort(400)

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
