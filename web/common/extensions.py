"""What an app keeps for all its requests, each by its type. Knows no request."""

from __future__ import annotations

from typing import Generic, TypeVar

from flask import Flask

Value = TypeVar("Value")


class Extension(Generic[Value]):
    """One thing that an app keeps, under a name of its own among Flask's extensions."""

    def __init__(self, name: str) -> None:
        self._name = name

    def put(self, app: Flask, value: Value) -> Value:
        """Keep it from now on."""
        app.extensions[self._name] = value
        return value

    def of(self, app: Flask) -> Value:
        """What the app keeps. Raises KeyError before it was put there."""
        found: Value = app.extensions[self._name]
        return found
