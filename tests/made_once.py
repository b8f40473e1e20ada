"""What every application of a process would make again, although it comes to the same: compiled templates and routes.

Each test has an application of its own; most of what one takes went into these.
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """The templates as this process has compiled them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja asks for a template's code."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja has compiled it."""
        self._known[bucket.key, bucket.checksum] = bucket.code


class Route(Rule):
    """A rule whose functions that write addresses are compiled once for all of the same text.

    Werkzeug has no public place for them. Were this one to go, each application would compile its own again.
    """

    _known: ClassVar[dict[Any, Any]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, append_unknown, tuple(self._trace), repr(self.defaults))
        if key not in self._known:
            self._known[key] = super()._compile_builder(append_unknown)
        return self._known[key]


def share() -> None:
    """From here on, in this process."""
    Flask.jinja_options = {"bytecode_cache": Templates()}
    Flask.url_rule_class = Route
