"""``gangwei evidence``: the house anchored and proved. Knows no rule of a proof."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from engine.evidence.bundle import judging
from engine.evidence.bundle import verify as script
from web.common.context import application
from web.common.words import say
from web.console.commands import existing, language, languages, tell

evidence = AppGroup("evidence")
LATE = 3


@evidence.command("anchor")
@click.option("--go-on", is_flag=True, help="Even where the last anchor differs · 与上次锚定不符时仍继续")
def anchor(go_on: bool) -> None:
    """Anchor all that is new now and sign it; each night does so, too · 立即锚定"""
    made = application().anchors.anchor(go_on)
    tell(say("第 {number} 次锚定，共 {size} 项，短码 {code}", number=made.number, size=made.size, code=made.code))
    tell(say("锚定簿：{folder}", folder=str(application().anchors.house.book.folder)))


@evidence.command("verify", with_appcontext=False)
@click.argument("file", type=existing(dir_okay=False))
def verify(file: Path) -> None:
    """Verify an evidence bundle, and play its case again from what is in it · 核验证据包"""
    try:
        found = judging.judge(file)
    except script.UNREADABLE as error:
        told = say("不是证据包：{error}", error=script.plain(error))
        raise click.ClickException(told.text(language())) from error
    for one in [f"WRONG: {one}" for one in found.wrong] or found.said:
        click.echo(script.plain(one))
    tell(found.replayed or say("已由流转记录重做，结果一致") if not found.wrong else say("证据包核验不符"))
    click.echo("WRONG" if found.wrong else "RIGHT")
    if found.wrong:
        raise click.exceptions.Exit(1)


@evidence.command("prove")
@click.option("--quick", is_flag=True, help="Play no case again · 不重做事项")
def prove(quick: bool) -> None:
    """Prove the whole house against the last anchor; writes nothing · 按最近一次锚定核验全部证据"""
    desk = application().anchors
    proof = desk.prove(None, replays=not quick)
    for one in proof.survey.findings:
        for each in languages():
            click.echo(f"✗ {one.told.text(each)}", err=True)
    last, key = proof.last, desk.standing(None).key
    if last is None:
        tell(say("还没有锚定"))
    else:
        facts = {"number": last.number, "at": last.at, "code": last.code, "key": key}
        tell(say("最近一次锚定：第 {number} 次，{at}，短码 {code}，密钥 {key}", **facts))
    counts = {"proved": sum(proof.survey.proved.values()), "young": sum(proof.survey.young.values())}
    tell(
        say("与锚定相符 {proved} 项，尚未锚定 {young} 项，不符 {wrong} 处", **counts, wrong=len(proof.survey.findings))
    )
    if proof.late:
        tell(say("另有 {late} 个未能在时限内核验", late=proof.late))
    if proof.survey.findings or proof.late:
        raise click.exceptions.Exit(1 if proof.survey.findings else LATE)
