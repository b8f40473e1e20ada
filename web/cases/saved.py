"""What people keep to look for again on a list (常用筛选): kept from its page, used by its links. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.desks.saved_filters import LONGEST, SavedFilter
from engine.errors import BadInput
from web.cases import filters, visible_query
from web.common.context import actor, application
from web.common.i18n import language

pages = Blueprint("saved_filter_pages", __name__)
LISTS: Final = {"inbox": "inbox_pages.inbox", "cases": "case_list_pages.cases"}
LARGEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Saved:
    """The filters of a list as its page shows them: ``asked`` is what the page was asked for, as an address."""

    list: str
    asked: str
    rows: tuple[SavedFilter, ...]

    @property
    def current(self) -> SavedFilter | None:
        """The one that is in use."""
        words = dict(parse_qsl(self.asked))
        return next((one for one in self.rows if one.asked == words), None)

    def address(self, one: SavedFilter) -> str:
        """Where the list is as the filter asks."""
        return _address(self.list, one.asked)


def saved(name: str, asked: Mapping[str, str]) -> Saved:
    """The filters of a person for a list that is asked for something."""
    words = {key: value for key, value in asked.items() if key != "after"}
    return Saved(name, urlencode(words), application().saved_filters.of_reader(actor(), name))


def opened_with(name: str) -> ResponseReturnValue | None:
    """Where a list leads that is asked for nothing, and that opens with a filter of his; None: nowhere else."""
    if request.args or request.headers.get("HX-Request") == "true":
        return None
    first = application().saved_filters.first(actor(), name)
    return None if first is None else redirect(_address(name, first))


@pages.post("/lists/<any(inbox,cases):name>/filters")
def save(name: str) -> ResponseReturnValue:
    """Keep what the list shows now."""
    asked, form = _asked(name), request.form
    try:
        application().saved_filters.save(
            actor(), name, form.get("called", ""), asked, first="first" in form, code=form.get("unit", "")[:20]
        )
    except BadInput as refused:
        flash(refused.message(language()), "danger")
    else:
        flash(gettext("已存为常用筛选。"), "success")
    return redirect(_address(name, asked), code=303)


@pages.post(f"/lists/<any(inbox,cases):name>/filters/<int(max={LARGEST}):number>/<any(remove,open,close):act>")
def change(name: str, number: int, act: str) -> ResponseReturnValue:
    """Forget one, or let the list open with it or no longer."""
    desk = application().saved_filters
    if act == "remove":
        desk.remove(actor(), number)
        flash(gettext("常用筛选已删除。"), "success")
    else:
        desk.open_with(actor(), number, first=act == "open")
    return redirect(_address(name, _asked(name)), code=303)


def _address(name: str, asked: Mapping[str, str]) -> str:
    return f"{url_for(LISTS[name])}?{urlencode(sorted(asked.items()))}"


def _asked(name: str) -> dict[str, str]:
    """What the list of the page was asked for, read as its address is read: nothing else is kept."""
    words = dict(parse_qsl(request.form.get("asked", "")[: 4 * LONGEST]))
    if name == "inbox":
        return filters.read_query(words).query(after="")
    return visible_query.words_of(visible_query.read_query({**words, "after": ""})) or {"sort": "-opened"}
