"""What a browser says of itself, in the few words by which its owner knows it. Knows no session."""

from __future__ import annotations

from flask_babel import gettext

_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
"""The first that is named counts: most say that they are some others, too."""
_SYSTEMS = (
    ("Windows", "Windows"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def told(agent: str) -> str:
    """Browser and system of a header ``User-Agent``, as people call them; of what names neither that it is another."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or str(gettext("其他浏览器"))
