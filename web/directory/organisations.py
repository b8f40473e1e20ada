"""Pages of the tree of organisations: what the reader may see of it, and one organisation. Knows no kind by name."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from engine.desks.organisations import visible
from engine.directory.actors import Actor
from engine.directory.duties import ORGANISATIONS
from engine.directory.organisations import Organisation
from web.common.context import actor, application
from web.common.i18n import language, pick
from web.directory.visitor import current_actor

organisation_pages = Blueprint("organisation_pages", __name__)

LONGEST_SEARCH = 100


@organisation_pages.app_template_filter("kind_name")
def kind_name(kind: str) -> str:
    """The name of a kind of organisation in the reader's language."""
    return pick(actor().directory.kind_name(kind))


@organisation_pages.app_template_global("sees_tree")
def sees_tree(actor: Actor) -> bool:
    """Whether the tree has anything to show to this person: then the navigation leads there."""
    return bool(visible(actor))


@organisation_pages.get("/organisations")
def organisations() -> str:
    """The subtrees that the reader may see; with a search, a flat list."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    desk, actor = application().organisations, current_actor()
    found = desk.search(actor, words) if words else ()
    tree = () if words else desk.tree(actor)
    return render_template("people/organisations.html", q=words, found=found, tree=tree)


@organisation_pages.get("/organisations/<code>")
def organisation(code: str) -> str:
    """One organisation: figures, what stands above and below, who works there."""
    page = application().organisations.page(current_actor(), code)
    return render_template(
        "people/organisation.html",
        page=page,
        figures=shown_figures(page.organisation),
        visible=visible(current_actor()),
        may_change=current_actor().may(ORGANISATIONS),
    )


def shown_figures(one: Organisation) -> list[tuple[str, str]]:
    """The figures that it has, as (name, value with its unit)."""
    shown = []
    for figure in actor().directory.figures.values():
        value = one.figures.get(figure.id)
        if value is None:
            continue
        choice = next((each for each in figure.choices if each.id == value), None)
        if choice:
            text = pick(choice.name)
        else:
            unit = f" {figure.unit_zh}" if language() == "zh" and figure.unit_zh else ""
            text = f"{value:,}{unit}"
        shown.append((pick(figure.name), text))
    return shown
