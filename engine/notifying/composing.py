"""The words of a notification: subject, a plain text, simple HTML. Knows no channel and no database.

What a message says may be personal: its title names people and steps, its text a case's title, an opinion. Unless the
settings let a kind say it, only what kind of message it is leaves, of which kind of case, and its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from engine.channels.settings import Channels
from engine.messages.kinds import KINDS, NOTICE
from engine.words import Text, Words, say
from storage.notifications import ToldOutside

MOST_LINES: Final = 50
MESSAGE_PAGE, BOX_PAGE, OWN_PAGE, TASKS_PAGE = "/messages/{id}", "/messages", "/notifications", "/tasks"
"""Where a link leads: a page of its own for each message, which asks who is not signed in to sign in and goes on."""
NEW_PART, LATE_PART, SOON_PART = say("新消息"), say("已逾期"), say("快到期")
_BRAND = say("岗位办")
_SUBJECT = say("【{brand}】{what}")
_COUNT = say("{count}条新消息")
_DIGEST = say("待办汇总：逾期{late}件，快到期{soon}件，新消息{new}条")
_MORE = say("另有{count}条，请登录查看")
_FOOT = say("本消息由系统自动发出，请勿回复。推送的内容和时间可在系统的“消息推送”中调整或停止：{page}")
_FOOT_ALONE = say("本消息由系统自动发出，请勿回复。推送的内容和时间可在系统的“消息推送”中调整或停止。")
_CODE = say("验证码：{code}")
_CODE_SUBJECT = say("验证您的推送地址")
_CODE_WORDS = say("{name}，您在岗位办登记了这个地址。请在一小时内填写验证码；不是您本人登记的，不必理会。")
_CODE_LINK = say("打开填写验证码的页面")
_TEST = say("测试消息")
_TEST_WORDS = say("这是系统管理员发出的测试消息。收到它，说明推送设置可以使用。")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list, and where it leads."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A list with its heading; an empty heading is none."""

    heading: str
    lines: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A notification in the language of its reader."""

    subject: str
    parts: tuple[Section, ...]
    foot: str
    language: str

    @property
    def text(self) -> str:
        """All of it, plain."""
        blocks = []
        for part in self.parts:
            lines = [f"{one.text}\n  {one.link}" if one.link else one.text for one in part.lines]
            blocks.append("\n".join([*([part.heading] if part.heading else []), *lines]))
        return "\n\n".join([self.subject, *blocks, self.foot]) + "\n"

    @property
    def html(self) -> str:
        """All of it as simple HTML, without anything that is fetched."""
        found = [f'<!doctype html><html lang="{self.language}"><body><p><strong>{escape(self.subject)}</strong></p>']
        for part in self.parts:
            heading = f"<p>{escape(part.heading)}</p>" if part.heading else ""
            found.append(f"{heading}<ul>{''.join(f'<li>{_linked(one)}</li>' for one in part.lines)}</ul>")
        return "".join([*found, f"<p>{escape(self.foot)}</p></body></html>"])


@dataclass(frozen=True, slots=True)
class TasksDue:
    """What a digest says beside new messages: some tasks that are late or due soon, and how many there are."""

    late: tuple[Item, ...] = ()
    soon: tuple[Item, ...] = ()
    late_count: int = 0
    soon_count: int = 0


class Composer:
    """Writes for one installation."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels

    def messages(self, told: Sequence[ToldOutside], language: str) -> Wording:
        """New messages, one or several."""
        what = self._said(told[0], language) if len(told) == 1 else _COUNT.about(count=len(told)).text(language)
        return self._written(what, (self._part("", told, language),), language)

    def digest(self, told: Sequence[ToldOutside], standing: TasksDue, language: str) -> Wording:
        """What is late, due soon and new."""
        what = _DIGEST.about(late=standing.late_count, soon=standing.soon_count, new=len(told)).text(language)
        lists = ((LATE_PART, standing.late, standing.late_count), (SOON_PART, standing.soon, standing.soon_count))
        parts = [_some(heading, lines, count, language) for heading, lines, count in lists if lines]
        if told:
            parts.append(self._part(NEW_PART.text(language), told, language))
        return self._written(what, parts, language)

    def code(self, name: str, code: str, address_id: int, language: str) -> Wording:
        """The code by which a person shows that an address is his."""
        page = self.link(f"{OWN_PAGE}?address={address_id}&code={code}")
        lines = [Item(_CODE_WORDS.about(name=name).text(language)), Item(_CODE.about(code=code).text(language))]
        lines += [Item(_CODE_LINK.text(language), page)] if page else []
        return self._written(_CODE_SUBJECT.text(language), (Section("", tuple(lines)),), language)

    def test(self, language: str) -> Wording:
        """What an operator sends to see whether it arrives."""
        return self._written(_TEST.text(language), (Section("", (Item(_TEST_WORDS.text(language)),)),), language)

    def task(self, process: Text, number: str, title: str, due: str, task_id: str | None, language: str) -> Item:
        """A task in a list; its case's title only where arrivals may say it."""
        shown = f"{_either(process, language)} {number}" + (f" {title}" if self._channels.may_say("arrived") else "")
        link = self.link(f"{TASKS_PAGE}/{task_id}" if task_id else TASKS_PAGE)
        return Item(f"{shown} · {due}" if due else shown, link)

    def link(self, path: str) -> str:
        """Where a page of ours is found from outside; empty when nobody has said where the installation is."""
        return f"{self._channels.url}{path}" if self._channels.url else ""

    def _part(self, heading: str, told: Sequence[ToldOutside], language: str) -> Section:
        lines = [Item(self._said(one, language), self.link(MESSAGE_PAGE.format(id=one["id"]))) for one in told]
        if len(lines) > MOST_LINES:
            more = _MORE.about(count=len(lines) - MOST_LINES).text(language)
            lines = [*lines[:MOST_LINES], Item(more, self.link(BOX_PAGE))]
        return Section(heading, tuple(lines))

    def _said(self, row: ToldOutside, language: str) -> str:
        if self._channels.may_say(row["kind"]):
            title, text = (
                _either((row["title"], row["title_en"]), language),
                _either((row["text"], row["text_en"]), language),
            )
            colon = ": " if language == "en" else "："
            return f"{title}{colon}{text}" if text else title
        label = KINDS.get(row["kind"], NOTICE).label.text(language)
        kind = _either((row["name_zh"] or "", row["name_en"] or ""), language)
        return " · ".join(filter(None, (label, " ".join(filter(None, (kind, row["case_number"]))))))

    def _written(self, what: str, parts: Iterable[Section], language: str) -> Wording:
        page = self.link(OWN_PAGE)
        foot = _FOOT.about(page=page) if page else _FOOT_ALONE
        subject = _SUBJECT.about(brand=_BRAND, what=what).text(language)
        return Wording(subject, tuple(parts), foot.text(language), language)


def _some(heading: Words, lines: Sequence[Item], count: int, language: str) -> Section:
    more = [Item(_MORE.about(count=count - len(lines)).text(language))] if count > len(lines) else []
    return Section(heading.text(language), (*lines, *more))


def _either(text: Text, language: str) -> str:
    return text[1] or text[0] if language == "en" else text[0]


def _linked(line: Item) -> str:
    text = escape(line.text)
    return f'<a href="{escape(line.link)}">{text}</a>' if line.link else text
