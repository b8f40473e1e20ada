"""All that the commands of ``gangwei`` import: for the process from which ``tests.console`` has them forked."""

from importlib import import_module

from web.console.main import COMMANDS

for file, _ in COMMANDS.values():
    import_module(f"web.console.{file}")
import_module("web.app")
