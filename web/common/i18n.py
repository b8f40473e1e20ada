"""Two languages: Chinese first, English beside it. How times, days and designers' words are shown. Knows no page."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, g, has_request_context, redirect, request, session, url_for
from flask_babel import Babel, gettext, ngettext
from werkzeug.wrappers import Response

from engine.views.basic import MOST_COUNTED
from engine.words import Said, Sayable, worded

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}

pages = Blueprint("language_pages", __name__)


def language() -> str:
    """``zh`` or ``en``: what the person chose, else Chinese."""
    if not has_request_context():
        return "zh"
    if "language" not in g:
        chosen = session.get("language", "zh")
        g.language = chosen if chosen in LANGUAGES else "zh"
    return str(g.language)


def pick(said: Sayable | Said | None) -> str:
    """What the program or a designer says, in the reader's language."""
    return str(worded(said, language())) if said else ""


def moment(at: datetime | None) -> str:
    """``2026-11-22 19:05`` in legal time (Asia/Shanghai)."""
    return at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def day(at: datetime | None) -> str:
    """``2026-11-22`` in legal time (Asia/Shanghai)."""
    return at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d") if at else ""


def duration(seconds: int | None) -> str:
    """How long, in one or two units: ``3 天 4 小时``."""
    if seconds is None:
        return ""
    days, rest = divmod(max(seconds, 0), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes = rest // 60
    if days:
        return " ".join(filter(None, (ngettext("%(num)d 天", "%(num)d 天", days), (hours and _hours(hours)) or "")))
    if hours:
        return " ".join(filter(None, (_hours(hours), (minutes and _minutes(minutes)) or "")))
    return _minutes(minutes) if minutes else gettext("不到 1 分钟")


def _hours(number: int) -> str:
    return str(ngettext("%(num)d 小时", "%(num)d 小时", number))


def _minutes(number: int) -> str:
    return str(ngettext("%(num)d 分钟", "%(num)d 分钟", number))


def size(number: int) -> str:
    """Bytes for people: ``640 KB``."""
    if number < 1024:
        return f"{number} B"
    if number < 1024 * 1024:
        return f"{number / 1024:.0f} KB"
    return f"{number / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


def counted(number: int, most: int = MOST_COUNTED) -> str:
    """A number of rows that were counted only so far: ``1000+``."""
    return f"{most}+" if number > most else str(number)


@pages.post("/language")
def choose() -> Response:
    """Remember the language and go back to the page from where it was chosen; never to another host."""
    asked = request.form.get("language", "")
    if asked in LANGUAGES:
        session["language"] = asked
    return redirect(own_path(request.form.get("next", "")) or url_for("overview_pages.home"), code=303)


def own_path(address: str) -> str:
    """``address`` when it is a path of this site, else nothing: a browser reads ``//host`` and ``/\\host`` as hosts."""
    try:
        parts = urlsplit(address.replace("\\", "/"))
    except ValueError:  # «//[» and the like
        return ""
    fits = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if fits and address.isprintable() else ""


def init_i18n(app: Flask) -> None:
    """Register the catalogues, the filters of templates and the switch."""
    Babel(
        app,
        default_locale=LANGUAGES["zh"],
        default_translation_directories="translations",
        locale_selector=lambda: LANGUAGES[language()],
    )
    app.jinja_env.filters.update(t=pick, moment=moment, day=day, duration=duration, size=size)
    app.jinja_env.globals.update(language=language, counted=counted)
    app.register_blueprint(pages)
