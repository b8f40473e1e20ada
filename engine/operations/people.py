"""People: who may be chosen, and telling them something. Delivery follows the commit (``engine.jobs.worker``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.directory import organisations
from engine.errors import BadInput
from engine.operations.registry import Parameter, Scene, operation
from engine.words import say
from storage import accounts, people

_TITLE = Parameter("title", "text", say("标题"))
_TEXT = Parameter("text", "text", say("内容"))


MOST_PEOPLE: Final = 5_000
"""People that a form offers to choose from."""


@operation(
    "people.list",
    say("列出人员"),
    Parameter("organisation", "text", say("单位编码")),
    Parameter("roles", "list", say("角色"), required=False),
    read_only=True,
)
def _list(scene: Scene, organisation: str, roles: list[str] | None = None) -> list[dict[str, Any]]:
    """Active people with a role at an organisation or below, each once, ready to be an option: its value is the login.

    Only of the case's organisation or one below it. Raises BadInput, also when there are more than can be chosen from.
    """
    place = organisations.get(scene.connection, organisation)
    if not place.path.startswith(scene.organisation.path):
        raise BadInput(field=say("单位"), reason=say("不在本单位范围内"))
    found = {row["login"]: row for row in people.under(scene.connection, place.path, roles)}
    if len(found) > MOST_PEOPLE:
        reason = say("有{total}人，一次最多列出{most}人", total=len(found), most=MOST_PEOPLE)
        raise BadInput(field=say("人员"), reason=reason)
    return [
        {
            "value": row["login"], "label": f"{row['name']}（{row['login']}） {row['organisation_name']}",
            "login": row["login"], "name": row["name"], "organisation": row["organisation_code"],
        }
        for row in found.values()
    ]  # fmt: skip


@operation("notify", say("通知"), Parameter("to", "text", say("通知对象")), _TITLE, _TEXT)
def _notify(scene: Scene, to: str, title: str, text: str) -> dict[str, Any]:
    """Tell a person of the case: ``starter`` is who opened it."""
    if to != "starter":
        raise BadInput(field=say("通知对象"), reason=say("无法识别“{to}”", to=to))
    message = {"to": scene.starter_id, "title": title, "text": text}
    return {"result": None, "effects": {"messages": [message]}}


@operation(
    "notify.people",
    say("通知本人"),
    Parameter("logins", "list", say("账号")),
    _TITLE,
    _TEXT,
    Parameter("shows_case", "any", say("可以查看事项"), required=False),
)
def _people(scene: Scene, logins: list[str], title: str, text: str, shows_case: bool | None = None) -> dict[str, Any]:
    """Tell each of them once. The answer: who has an account and was told.

    Whoever was told of a case may read it, unless ``shows_case`` is false: then the message stands alone, as when one
    case is about many people and each may know of himself only.
    """
    found = [accounts.user_by_login(scene.connection, login) for login in dict.fromkeys(filter(None, logins))]
    told = [row for row in found if row is not None and row["active"]]
    shown = {} if shows_case in (None, True) else {"shows_case": False}
    messages = [{"to": row["id"], "title": title, "text": text, **shown} for row in told]
    return {"result": [row["login"] for row in told], "effects": {"messages": messages}}


@operation(
    "notify.each",
    say("分别通知本人"),
    Parameter("messages", "list", say("各人的消息")),
    Parameter("shows_case", "any", say("可以查看事项"), required=False),
)
def _each(scene: Scene, messages: list[Any], shows_case: bool | None = None) -> dict[str, Any]:
    """Tell several people, each a message of his own: ``{login, title, text}``. The answer: who was told.

    Who has no account is passed over. ``shows_case`` as of ``notify.people``. Raises BadInput.
    """
    wanted = [_message(one) for one in messages]
    found = {login: accounts.user_by_login(scene.connection, login) for login, _, _ in wanted if login}
    shown = {} if shows_case in (None, True) else {"shows_case": False}
    told = [(row, title, text) for login, title, text in wanted if (row := found.get(login)) and row["active"]]
    return {
        "result": list(dict.fromkeys(row["login"] for row, _, _ in told)),
        "effects": {
            "messages": [{"to": row["id"], "title": title, "text": text, **shown} for row, title, text in told]
        },
    }


def _message(said: Any) -> tuple[str, str, str]:
    """Login ("" for none), title and text of one message. Raises BadInput."""
    if isinstance(said, Mapping) and isinstance(title := said.get("title"), str):
        login, text = said.get("login"), said.get("text")
        if isinstance(text, str) and isinstance(login, str | None):
            return login or "", title, text
    raise BadInput(field=say("各人的消息"), reason=say("每项应有账号（login）、标题（title）和内容（text）"))
