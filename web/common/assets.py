"""The front-end bundle: plain names to the hashed files of ``web/static/dist``. Knows no page."""

from __future__ import annotations

import json
import mimetypes
import os.path
from pathlib import Path
from typing import Final

from flask import Flask, Response, request, send_from_directory, url_for

from web.common.extensions import Extension

DIST = Path(__file__).resolve().parents[1] / "static" / "dist"
A_YEAR = 31_536_000


class Assets:
    """Reads ``manifest.json`` once, and again when the bundle was built again."""

    def __init__(self, dist: Path = DIST) -> None:
        self.dist = dist
        self._read_at = 0
        self._names: dict[str, str] = {}

    def missing(self) -> str:
        """Empty when every file of the manifest is there, else the name of what is not."""
        try:
            names = self._manifest()
        except (OSError, ValueError):
            return "manifest.json"
        return next((file for file in names.values() if not (self.dist / file).is_file()), "")

    def url(self, name: str) -> str:
        """The address of ``app.js``, ``icons.svg``...; a bundle that was never built gives an address that is 404."""
        try:
            file = self._manifest().get(name, name)
        except (OSError, ValueError):
            file = name
        return url_for("static", filename=f"dist/{file}")

    def _manifest(self) -> dict[str, str]:
        path = self.dist / "manifest.json"
        changed_at = path.stat().st_mtime_ns
        if changed_at != self._read_at:
            self._names = json.loads(path.read_text(encoding="utf-8"))
            self._read_at = changed_at
        return self._names


ASSETS: Final = Extension[Assets]("assets")


def init_assets(app: Flask) -> None:
    """Give templates ``asset(name)``; hand the files out packed, to be kept for a year (their names are hashes)."""
    assets = ASSETS.put(app, Assets())
    app.jinja_env.globals["asset"] = assets.url

    def static(filename: str) -> Response:
        folder, _, name = filename.partition("/")
        if folder != DIST.name:
            return app.send_static_file(filename)
        # os.path answers for any name, also one that is too long for a file.
        packed = request.accept_encodings["gzip"] > 0 and os.path.isfile(assets.dist / f"{name}.gz")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        answer = send_from_directory(assets.dist, f"{name}.gz" if packed else name, mimetype=kind, max_age=A_YEAR)
        if packed:
            answer.headers["Content-Encoding"] = "gzip"
        del answer.headers["Content-Disposition"]
        answer.vary.add("Accept-Encoding")
        answer.cache_control.immutable = True
        return answer

    app.view_functions["static"] = static
