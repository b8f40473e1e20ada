"""``gangwei organisations``: the tree of unions. Knows no rule of it."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from engine.demo import people as demo_people
from engine.directory import organisation_import
from web.common.context import application
from web.common.words import say
from web.console.commands import tell

organisations = AppGroup("organisations")


@organisations.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_organisations(file: Path | None) -> None:
    """Take a CSV or Excel FILE into the tree: all of it, or nothing and every mistake · 导入单位

    Without FILE: the official tree of Hebei that comes with the program.
    """
    opened = application()
    if file is None:
        done = demo_people.load_organisations(opened.database, opened.machine)
    else:
        done = organisation_import.load(opened.database, file.name, file.read_bytes(), opened.machine.now())
    tell(
        say(
            "新增 {added} 个，更改 {changed} 个，未变 {unchanged} 个，调整隶属 {count} 个",
            added=done.added,
            changed=done.changed,
            unchanged=done.unchanged,
            count=len(done.moved),
        ),
    )
