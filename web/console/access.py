"""``gangwei access``: the log of looks, proved. Knows no rule of a proof."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from web.common.context import application
from web.common.words import say
from web.console.commands import tell

access = AppGroup("access")


@access.command("prove")
def prove() -> None:
    """Read every row of the log and compare it with its chain; writes nothing · 核验查看记录"""
    chain = application().look_desk.chain(None, prove=True)
    for number in chain.broken or ():
        click.echo(f"✗ #{number}", err=True)
    facts = {"looks": chain.looks, "batches": chain.batches, "wrong": len(chain.broken or ())}
    tell(say("查看记录 {looks} 条、{batches} 批，{wrong} 批与记录链不符", **facts))
    tell(say("末批的 SHA-256：{head}", head=chain.head))
    if chain.broken:
        raise click.exceptions.Exit(1)
