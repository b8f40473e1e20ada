"""How a value reads on a public page. Knows no page and no database."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from flask_babel import gettext, pgettext

from engine.feel.formats import plain_text
from web.common.i18n import LEGAL_ZONE, day, moment


def told(kind: str, value: object) -> str:
    """A value by the kind that the diagram gives it; a value that is not of its kind stands as it is."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return str(gettext("、")).join(told(kind, one) for one in value)
    if isinstance(value, bool):
        return str(pgettext("answer", "是") if value else pgettext("answer", "否"))
    text = plain_text(value)
    if kind == "money":
        return _money(text)
    if kind == "moment":
        return _moment(text)
    return text


def last_moment(until: datetime) -> str:
    """Until when: of a period that ends with a day, that day."""
    at = until.astimezone(LEGAL_ZONE)
    return day(until - timedelta(microseconds=1)) if at.time() == time() else moment(until)


def _money(text: str) -> str:
    try:
        return str(gettext("%(amount)s 元", amount=f"{Decimal(text):,.2f}"))
    except InvalidOperation:
        return text


def _moment(text: str) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment(found) if found.tzinfo else text
