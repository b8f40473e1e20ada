"""Questions about the tree of organisations."""

from __future__ import annotations

from typing import Any

from engine.directory import organisations
from engine.directory.in_force import in_force
from engine.directory.organisations import Organisation
from engine.errors import BadInput
from engine.operations.registers import counted
from engine.operations.registry import Parameter, Scene, operation
from engine.words import say


def facts(organisation: Organisation) -> dict[str, Any]:
    """What FEEL sees of an organisation: its names, kind and figures, side by side."""
    names = {"code": organisation.code, "name": organisation.name, "short_name": organisation.short_name}
    place = {"kind": organisation.kind, "parent": organisation.parent_code, "level": organisation.level}
    return {**dict(organisation.figures), **names, **place}


@operation(
    "organisation.get",
    say("查询单位"),
    Parameter("organisation", "text", say("单位编码")),
    read_only=True,
)
def _organisation(scene: Scene, organisation: str) -> dict[str, Any]:
    return facts(organisations.get(scene.connection, organisation))


@operation(
    "organisation.places",
    say("列出设岗地点"),
    Parameter("organisation", "text", say("单位编码")),
    Parameter("kinds", "list", say("地点类型"), required=False),
    Parameter("count", "text", say("计数的台账"), required=False),
    Parameter("count_field", "text", say("计数的字段"), required=False),
    Parameter("count_equals", "context", say("计数条件"), required=False),
    read_only=True,
)
def _places(
    scene: Scene,
    organisation: str,
    kinds: list[str] | None = None,
    count: str | None = None,
    count_field: str | None = None,
    count_equals: dict[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The organisation itself and what stands directly under it, each with figures, ready to be options of a select."""
    own = organisations.get(scene.connection, organisation)
    if not own.path.startswith(scene.organisation.path):
        raise BadInput(field=say("单位"), reason=say("不在本单位范围内"))
    below = organisations.children(scene.connection, organisation)
    found = [one for one in (own, *below) if not kinds or one.kind in kinds]
    numbers: dict[str, int] = {}
    if count is not None and count_field is not None:
        numbers = counted(scene, count, own.path, count_field, count_equals)
    return [{**facts(one), "value": one.code, "label": one.name, "existing": numbers.get(one.code, 0)} for one in found]


@operation(
    "organisation.list",
    say("列出各级工会"),
    Parameter("kinds", "list", say("单位类型")),
    read_only=True,
)
def _unions(scene: Scene, kinds: list[str]) -> list[dict[str, Any]]:
    """The unions of some kinds in the whole tree, ready to be options: code, name, kind and parent, and no figures.

    For whoever must say to which union he turns, also from outside; outside organisations are never among them.
    """
    outside = {kind.id for kind in in_force(scene.connection).kinds.values() if kind.outside}
    wanted = set(kinds) - outside
    root = "/" + scene.organisation.path.strip("/").split("/")[0] + "/"
    found = (one for one in organisations.subtree(scene.connection, root) if one.kind in wanted)
    return [
        {
            "value": one.code,
            "label": one.name,
            "code": one.code,
            "name": one.name,
            "kind": one.kind,
            "parent": one.parent_code,
        }
        for one in found
    ]


@operation(
    "organisation.outside",
    say("列出外部单位"),
    Parameter("kinds", "list", say("单位类型")),
    read_only=True,
)
def _outside(scene: Scene, kinds: list[str]) -> list[dict[str, Any]]:
    """The outside organisations of some kinds, ready to be options: code and name.

    For a union that says with whom it deals. One outside organisation learns nothing of the others: raises BadInput.
    """
    known = in_force(scene.connection).kinds
    if known[scene.organisation.kind].outside:
        raise BadInput(field=say("单位"), reason=say("不在本单位范围内"))
    wanted = {kind.id for kind in known.values() if kind.outside and kind.id in kinds}
    root = "/" + scene.organisation.path.strip("/").split("/")[0] + "/"
    found = (one for one in organisations.subtree(scene.connection, root) if one.kind in wanted)
    return [{"value": one.code, "label": one.name, "code": one.code, "name": one.name} for one in found]
