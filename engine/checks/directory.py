"""Checks of an installation's directory before it is published: what its files say by themselves. Knows no entry.

What may be combined in a role is fixed in ``engine.directory.duties``: whoever writes these files cannot loosen it.
What is still in use when an entry goes is another matter (``engine.publishing.in_use``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from engine.checks.entries import Entry, Shape, read_tables
from engine.checks.report import Report
from engine.directory.columns import NAMES, plain, spoken
from engine.directory.contents import FIGURES, KINDS, ROLES
from engine.directory.duties import ACCOUNTS, AUDIT, DUTIES, OPERATIONS, POWERS
from engine.directory.kinds import TAKEN
from engine.errors import Problem
from engine.words import Words, listed, say

_NAMED: Final = {"id": str, "zh": str, "en": str}
_SHAPES: Final = {
    ROLES: Shape(
        "role",
        needed={**_NAMED, "kinds": list, "business": bool, "acts": bool},
        other={"own": bool, "duty": str, "may": list},
    ),
    KINDS: Shape("kind", needed={**_NAMED, "parents": list}, other={"aliases": list, "outside": bool}),
    FIGURES: Shape(
        "figure",
        needed=_NAMED,
        other={"unit_zh": str, "kinds": list, "aliases": list},
        inner=("choices", Shape("choice", needed=_NAMED, other={"aliases": list})),
    ),
}
_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST: Final = {ROLES: 40, KINDS: 30, FIGURES: 60}  # characters of an id: as many as the database keeps
_KEEP: Final = say("请改用另一个词。")


def check_directory(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Everything wrong with the files of a directory; none: it can be read. Never raises for what they hold."""
    report = Report()
    tables = read_tables(files, _SHAPES, report)
    if report.errors:  # what follows looks from one entry to another, and a broken one would be told twice
        return report.problems
    for name, entries in tables.items():
        _check_ids(report, entries, _LONGEST[name])
    roles, kinds, figures = (tables[name] for name in _SHAPES)
    known = {kind.id for kind in kinds}
    outside = {kind.id for kind in kinds if kind.flag("outside")}
    for role in roles:
        _check_role(report, role, known)
        _check_outside(report, role, outside)
    for kind in kinds:
        _check_outside_kind(report, kind, outside)
    _check_keepers(report, roles)
    _check_tree(report, kinds, known)
    _check_words(report, KINDS, kinds, {})
    for figure in figures:
        _check_figure(report, figure, known)
    taken = {name: column for column, names in NAMES.items() for name in spoken((column, *names))}
    _check_words(report, FIGURES, figures, taken)
    return report.problems


def _check_ids(report: Report, entries: Iterable[Entry], longest: int) -> None:
    seen: set[str] = set()
    for entry in entries:
        if not _ID.fullmatch(entry.id) or len(entry.id) > longest:
            entry.error(
                report,
                say(
                    "标识“{id}”应以小写字母开头，只用小写字母、数字和下划线，最多{longest}个字符。",
                    id=entry.id,
                    longest=longest,
                ),
                say("请改标识，例如county_office。"),
            )
        if entry.id in seen:
            entry.error(report, say("标识“{id}”重复。", id=entry.id), _KEEP)
        seen.add(entry.id)


def _check_role(report: Report, role: Entry, kinds: set[str]) -> None:
    if not role.texts("kinds"):
        role.error(
            report,
            say("没有写明哪几类单位可以设这个角色，谁也不能担任。"),
            say("请在kinds里至少写一类。"),
        )
    _check_known(report, role, "kinds", kinds, say("请写{kinds}里有的单位类型", kinds=KINDS))
    duty, may = role.text("duty"), role.texts("may")
    if duty and duty not in DUTIES:
        role.error(
            report,
            say("没有“{duty}”这种职责。", duty=duty),
            say("可用：{duties}；也可以不写。", duties=listed(DUTIES)),
        )
    else:
        for word in may:
            _check_power(report, role, word, duty)
    flags = [name for name in ("business", "acts", "own") if role.flag(name)]
    if duty and flags:
        role.error(
            report,
            say("三员不得兼任业务角色：有职责（duty）的角色不能有{flags}。", flags=listed(flags)),
            say("请分成两个角色。"),
        )
    elif role.flag("business") and role.flag("own"):
        role.error(
            report,
            say("business和own不能并用：看本单位及下级单位的全部，或者只看自己的。"),
            say("请去掉一个。"),
        )


def _check_outside(report: Report, role: Entry, outside: set[str]) -> None:
    """Who is outside is so in all that he is, and has nothing to say about the installation."""
    held = set(role.texts("kinds"))
    if held & outside and held - outside:
        role.error(
            report,
            say("这个角色既设在外部单位，又设在工会内部，无法限定它能看到什么。"),
            say("请分成两个角色。"),
        )
    elif held & outside and (role.text("duty") or role.texts("may")):
        role.error(report, say("外部单位的角色不能有duty和may。"), say("请删去。"))


def _check_outside_kind(report: Report, kind: Entry, outside: set[str]) -> None:
    """What stands below an outside organisation is outside, too, and it is under somebody who looks after it."""
    above = set(kind.texts("parents"))
    if kind.id in outside and not above:
        kind.error(report, say("外部单位不能是最上级。"), say("请在parents里写由哪类单位联系它。"))
    elif kind.id not in outside and above & outside:
        kind.error(report, say("工会内部的单位不能隶属于外部单位。"), say("请检查parents，或写outside = true。"))


def _check_power(report: Report, role: Entry, word: str, duty: str) -> None:
    if word not in POWERS:
        role.error(
            report,
            say("没有“{word}”这种权限。", word=word),
            say("可用：{powers}。", powers=listed(POWERS)),
        )
    elif duty not in POWERS[word]:
        holders, none = POWERS[word], say("没有职责（duty）的角色")
        named = (say('duty = "{duty}"的角色（{name}）', duty=one, name=DUTIES[one]) if one else none for one in holders)
        role.error(
            report,
            say("这个角色不能有权限“{word}”。", word=word),
            say("这项权限只能给{roles}。", roles=listed(named, by=say("或"))),
        )


def _check_keepers(report: Report, roles: list[Entry]) -> None:
    """Somebody must be able to keep accounts, to operate and to audit, or there is no way back."""
    opened = {word for role in roles for word in role.texts("may")}
    for word in (ACCOUNTS, OPERATIONS, AUDIT):
        if word not in opened:
            duty = POWERS[word][0]
            report.error(
                ROLES,
                "may",
                say("没有一个角色有权限“{word}”，{duty}就没有人担任。", word=word, duty=DUTIES[duty]),
                say('请保留一个duty = "{duty}"的角色。', duty=duty),
            )


def _check_tree(report: Report, kinds: list[Entry], known: set[str]) -> None:
    """Every kind hangs on a root: else no organisation of it could ever be entered."""
    reached: set[str] = set()
    while (
        more := {kind.id for kind in kinds if not kind.texts("parents") or reached & set(kind.texts("parents"))}
        - reached
    ):
        reached |= more
    for kind in kinds:
        before = report.errors
        _check_known(report, kind, "parents", known, say("请写本文件里有的单位类型"))
        if kind.id not in reached and report.errors == before:
            kind.error(
                report,
                say("沿着上级类型到不了最上级，这类单位无法录入。"),
                say("请检查parents；最上级写[]。"),
            )


def _check_figure(report: Report, figure: Entry, kinds: set[str]) -> None:
    if figure.id in TAKEN or figure.id in NAMES:
        figure.error(report, say("标识“{id}”另有含义。", id=figure.id), _KEEP)
    _check_known(report, figure, "kinds", kinds, say("请写{kinds}里有的单位类型", kinds=KINDS))
    choices = [Entry(FIGURES, f"{figure.id}.choices {n}", row) for n, row in enumerate(figure.rows("choices"), 1)]
    _check_ids(report, choices, _LONGEST[FIGURES])
    _check_words(report, FIGURES, choices, {})


def _check_words(report: Report, file: str, entries: Iterable[Entry], taken: Mapping[str, str]) -> None:
    """No two entries answer to one name, or an import could not tell them apart."""
    owner: dict[str, str] = dict(taken)
    for entry in entries:
        for name in (entry.id, entry.text("zh"), entry.text("en"), *entry.texts("aliases")):
            other = owner.setdefault(plain(name), entry.place)
            if other != entry.place:
                entry.error(
                    report,
                    say("名称“{name}”与“{other}”的相同，导入时无法区分。", name=name, other=other),
                    _KEEP,
                )


def _check_known(report: Report, entry: Entry, field: str, known: set[str], advice: Words) -> None:
    for word in entry.texts(field):
        if word not in known:
            hint = say("{what}：{known}。", what=advice, known=listed(sorted(known)))
            entry.error(report, say("没有“{word}”这类单位。", word=word), hint)
