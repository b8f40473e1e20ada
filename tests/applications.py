"""Filled-in applications for posts, as the demo's county officer would write them."""

from __future__ import annotations

from typing import Any


def post(place: str = "130102903", **more: Any) -> dict[str, Any]:
    """One line of the application: open posts at a place."""
    line = {"action": "open", "place": place, "number": 1, "grade": "primary", "duties": ["organising"]}
    return line | {"reason": "辖区企业增多，需要专人"} | more


def filled_application(*posts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The whole form; one post at one street unless told otherwise."""
    words: dict[str, Any] = {
        "need": "辖区法人单位增加较快，现有在编人员已充分使用，仍需设岗。",
        "funding": "本级承担部分已列入年度预算。",
        "established_staff": 6,
        "current_staff": 5,
        "contact": "长安区经办员",
        "phone": "0311-80000000",
        "posts": list(posts) or [post()],
    }
    return words | more
