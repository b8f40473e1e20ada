"""The desks beside business, and where a person begins. Knows no role, only what one may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask_babel import lazy_gettext

from engine.directory.actors import Actor
from engine.directory.duties import ACCOUNTS, AUDIT, DESIGNS, INVITATIONS, OPERATIONS, ORGANISATIONS
from web.common.context import application


@dataclass(frozen=True, slots=True)
class Desk:
    """An entry of the navigation. ``power``: what opens it; ``inside``: how the names of its pages begin."""

    power: str
    page: str
    icon: str
    label: Any
    inside: tuple[str, ...]

    @property
    def here(self) -> bool:
        """Whether the page that is being shown belongs to it."""
        return (request.endpoint or "").startswith(self.inside)


_ACCOUNT_PAGES = ("people_pages.user", "people_pages.create_user", "people_pages.change_user")
_OPERATION_PAGES = ("operation_pages.", "outgoing_pages.")
DESKS = (
    Desk(ACCOUNTS, "people_pages.users", "users", lazy_gettext("用户和权限"), _ACCOUNT_PAGES),
    Desk(INVITATIONS, "invitation_pages.invitations", "send", lazy_gettext("邀请外部人员"), ("invitation_pages.",)),
    Desk(OPERATIONS, "operation_pages.desk", "activity", lazy_gettext("运行情况"), _OPERATION_PAGES),
    Desk(ORGANISATIONS, "import_pages.organisations", "upload", lazy_gettext("导入单位"), ("import_pages.",)),
    Desk(
        AUDIT,
        "audit_pages.accounts",
        "shield-check",
        lazy_gettext("审计"),
        ("audit_pages.", "look_pages.", "anchor_pages.", "playback_pages."),
    ),
    Desk(DESIGNS, "definition_pages.definitions", "sitemap", lazy_gettext("流程定义"), ("definition_pages.",)),
    Desk(
        DESIGNS,
        "workshop_pages.designs",
        "edit",
        lazy_gettext("设计流程"),
        ("workshop_pages.", "editor_pages.", "trial_pages.", "trial_form_pages.", "compare_pages."),
    ),
)


def desks(actor: Actor) -> list[Desk]:
    """The desks that his roles open."""
    return [desk for desk in DESKS if actor.may(desk.power)]


def may_start(actor: Actor) -> bool:
    """Whether there is a kind of case that he may start, asked once a request: the others are not led there."""
    if "may_start" not in g:
        g.may_start = application().cases.starts.any_for(actor)
    return bool(g.may_start)


def first_page(actor: Actor) -> str:
    """The address of his first page. Whoever has no business has no inbox to open."""
    if actor.in_business:
        return url_for("overview_pages.home")
    return url_for(next((desk.page for desk in desks(actor)), "profile_pages.profile"))
