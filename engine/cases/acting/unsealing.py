"""Making the shares of a key, and opening by two holders what was sealed to it. Knows no page.

Pass phrases and codes are in memory alone while the act lasts; no event, no draft and no message holds one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, Final, cast

from engine.cases.access import must_act
from engine.cases.acting.steps import Acting
from engine.cases.acting.submissions import AtStep, Submission, submission_of
from engine.cases.acting.transaction import Transactions, event_by
from engine.cases.base import Parts, not_before, task_and_case
from engine.cases.event_types import UNSEALING_FAILED
from engine.cases.recording.record import note
from engine.cases.sealed_types import OpenedEntry, OpenedFile, UnsealingFailed
from engine.cases.sealing import at_last, at_second, bound_to, key_named, key_of, moment_named
from engine.damage import note as note_damage
from engine.damage import of_case
from engine.definition import Definition
from engine.directory.actors import Actor
from engine.directory.delays import TooManyAttempts
from engine.directory.guessable import is_guessable
from engine.errors import BadInput, Conflict, NotAllowed, NotFound, Refusal
from engine.files.store import FileLost
from engine.sealing import boxes, codes
from engine.sealing.contents import Contents, unpacked
from engine.sealing.keys import (
    LONGEST,
    NEEDED,
    PHRASE,
    Cost,
    KeyHolder,
    KeyShare,
    SealingKey,
    SecretWrong,
    new_key,
    private_of,
    share_printed,
    share_under,
)
from engine.views import Receipt
from engine.words import say
from storage import events
from storage import sealed as rows
from storage.database import utc_text
from storage.events import LoggedEvent
from storage.sealed import PlacedEntry

SHORTEST: Final = 12
"""Characters of a pass phrase."""
FREE: Final = 2
"""Failures that cost nothing; after each further one the next try waits twice as long."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
_PHRASE, _CODE, _OPEN, _SHARE = say("口令"), say("恢复码"), say("开启"), say("设置密钥份额")
_ONE_AT_A_TIME: Final = Lock()
"""To try a pass phrase takes much memory."""


class MustWait(TooManyAttempts):
    """Wrong secrets at an opening, after which one waits; ``seconds``: how long."""

    sentence = say("口令或恢复码已输错多次，请 {wait}后再试。")

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)


class SealedLost(Refusal):
    """The cipher text of what counts is not in the store: nothing is opened until it has been restored."""

    sentence = say("这些密封件的密文不在存储中：{which}。什么都没有开启；已告知系统管理员，从备份恢复以后再开启。")

    def __init__(self, entries: Sequence[PlacedEntry]) -> None:
        """Tells an operator of each, too."""
        for one in entries:
            what, case_id = of_case(one["case_number"], one["case_id"])
            note_damage(what, FileLost(what=say("附件内容")), case_id)
        super().__init__(which="、".join(f"{one['organisation_name']}（{one['case_number']}）" for one in entries))


@dataclass(frozen=True, slots=True)
class Unsealing:
    """What people do with keys. ``cost``: what trying a pass phrase takes, of shares that are made from now on."""

    parts: Parts
    transactions: Transactions
    acting: Acting
    cost: Cost

    def share(
        self, actor: Actor, task_id: str, secret: str, repeated: str, data: Mapping[str, Any], outcome: str,
        revision: int | None = None,
    ) -> Receipt:  # fmt: skip
        """Make one of the three shares of a key: under a pass phrase, or of a printed code.

        ``repeated``: the phrase once more, or the code as it was typed from paper. The third share makes the key.
        Raises BadInput, CodeWrong, NotAllowed, TaskNotOpen.
        """
        with self.parts.database.read() as connection:
            task, case = task_and_case(connection, task_id)
            must_act(self.parts, connection, actor, task, case)
            asked = self.parts.definition(connection, case).elements[task["element"]].sealing.share
        if asked is None:
            raise NotAllowed(act=_SHARE, reason=say("这一环节不设密钥份额"))
        holder = KeyHolder(actor.login, actor.name)
        if asked.kind == PHRASE:
            must_be_good(secret, repeated, holder)
            with _ONE_AT_A_TIME:
                made = share_under(secret, holder, self.cost)
        else:
            if codes.secret_of(secret) != codes.secret_of(repeated):
                raise BadInput(field=_CODE, reason=say("与显示的恢复码不一致，请对照打印件重新输入"))
            made = share_printed(secret, holder)
        make = partial(_with_share, actor, data, made)
        return self.acting.complete_as(actor, task_id, data, outcome, revision, make)

    def unseal(
        self, actor: Actor, task_id: str, secrets: Mapping[int, str], data: Mapping[str, Any], outcome: str,
        revision: int | None = None,
    ) -> Receipt:  # fmt: skip
        """Open what was sealed to a key, by what two of its holders know. What was in it becomes part of this case.

        Raises SecretWrong, which is an event of the case, MustWait, SealedLost, NotAllowed, BadInput, Conflict.
        """
        if len(secrets) != NEEDED:
            raise BadInput(field=_PHRASE, reason=say("请由三人中的任意两人输入，恰好两项"))
        with self.parts.database.read() as connection:
            task, case = task_and_case(connection, task_id)
            must_act(self.parts, connection, actor, task, case)
            definition, now = self.parts.definition(connection, case), self.transactions.clock.now()
            now = not_before(connection, case, now)
            scene, element = self.parts.scene_of(connection, case, now), definition.elements[task["element"]]
            key, entries = _to_open(AtStep(connection, definition, element, case, task, scene), now, lock=False)
        lost = [one for one in entries if not self.parts.files.has(one["digest"])]
        if lost:
            raise SealedLost(lost)
        private = self._tried(actor, task_id, key, secrets, now)
        opened = [self._opened(private, one) for one in entries]
        make = partial(_with_opened, actor, data, entries, opened)
        return self.acting.complete_as(actor, task_id, data, outcome, revision, make)

    def _tried(self, actor: Actor, task_id: str, key: SealingKey, secrets: Mapping[int, str], now: datetime) -> bytes:
        """What opens. One try ends before the next is asked whether it must wait, so that many at once gain nothing.

        Raises SecretWrong, MustWait.
        """
        with _ONE_AT_A_TIME:
            with self.parts.database.read() as connection:
                _, case = task_and_case(connection, task_id)
                kinds = {one.key for one in self.parts.catalog.all(connection) if _opens(one)} | {case["key"]}
                _must_wait(rows.said_of(connection, key["id"], UNSEALING_FAILED, kinds), now)
            try:
                return private_of(key, secrets)
            except SecretWrong as wrong:
                self._tell_of_wrong(actor, task_id, key, wrong)
                raise

    def _opened(self, private: bytes, entry: PlacedEntry) -> OpenedEntry:
        """One submission in clear, its files kept. One that was altered says so and keeps no other from being opened.

        Raises SealedLost.
        """
        contents, files = Contents({}, []), list[OpenedFile]()
        bound = bound_to(entry["key_id"], entry["case_number"], entry["element"])
        try:
            contents = unpacked(boxes.opened(private, self.parts.files.get(entry["digest"]), bound))
            readable = True
        except FileLost:
            raise SealedLost([entry]) from None
        except (boxes.NotReadable, NotFound):
            readable = False
        digests = self.parts.files.put_all(one.content for one in contents.files)
        for one, digest in zip(contents.files, digests, strict=True):
            files.append({"name": one.name, "media_type": one.media_type, "size": len(one.content), "digest": digest})
        with self.parts.database.read() as connection:
            by = events.at(connection, entry["case_id"], entry["event_seq"])["actor_name"]
        return {
            "case": entry["case_number"], "organisation": entry["organisation_code"],
            "organisation_name": entry["organisation_name"], "by": by, "received_at": utc_text(entry["received_at"]),
            "digest": entry["digest"], "readable": readable, "data": contents.data, "files": files,
        }  # fmt: skip

    def _tell_of_wrong(self, actor: Actor, task_id: str, key: SealingKey, wrong: SecretWrong) -> None:
        """The case keeps that a secret was wrong, and whose it should have been."""
        with self.transactions.act("unseal", actor, task_id) as (connection, now):
            task, case = task_and_case(connection, task_id, lock=True)
            said: UnsealingFailed = {
                "task": task["number"], "element": task["element"], "key": key["id"],
                "whose": key["shares"][wrong.holder]["name"],
            }  # fmt: skip
            note(connection, case, event_by(actor, "", UNSEALING_FAILED, not_before(connection, case, now), said))


def must_be_good(phrase: str, repeated: str, holder: KeyHolder) -> None:
    """Raises BadInput for a pass phrase that is too short, too long, guessable or not typed alike twice."""
    if phrase != repeated:
        raise BadInput(field=_PHRASE, reason=say("两次输入不一致"))
    if not SHORTEST <= len(phrase) <= LONGEST:
        raise BadInput(field=_PHRASE, reason=say("应为{least}至{most}个字符", least=SHORTEST, most=LONGEST))
    if len(set(phrase)) < SHORTEST // 2 or is_guessable(phrase, (holder.login, holder.name)):
        raise BadInput(field=_PHRASE, reason=say("容易被猜到，请换一句只有您自己知道的话"))


def _with_share(actor: Actor, data: Mapping[str, Any], made: KeyShare, at: AtStep) -> Submission:
    """A submission with the share; the one that completes a key holds that, too."""
    asked = at.element.sealing.share
    if asked is None or asked.kind != made["kind"]:
        raise Conflict()
    found = submission_of(at.definition, at.element, at.seen, data, actor, at.scene, at.case["id"])
    said: dict[str, object] = {**found.data, "share": made}
    if asked.others:
        others = [at.seen.get(name) for name in asked.others]
        shares = [cast(KeyShare, one["share"]) for one in others if isinstance(one, dict) and "share" in one]
        try:
            said["key"] = new_key([*shares, made])
        except (ValueError, TypeError, KeyError):
            reason = say("需要两人各设口令、第三人保管恢复码，三人各不相同")
            raise NotAllowed(act=_SHARE, reason=reason) from None
    return Submission(said, found.consulted)


def _to_open(at: AtStep, now: datetime, *, lock: bool) -> tuple[SealingKey, list[PlacedEntry]]:
    """The key and what it opens. Raises NotAllowed before the time, and when it was used already."""
    asked = at.element.sealing.unseal
    if asked is None:
        raise NotAllowed(act=_OPEN, reason=say("这一环节不开启密封件"))
    opens = moment_named(at.definition, at.case, at.seen, asked.at)
    if now < opens:
        raise NotAllowed(act=_OPEN, reason=say("开启时间是{at}", at=at_second(opens)))
    row, key = key_of(at.connection, key_named(at.definition, at.case, at.seen, asked.key), lock=lock)
    if row["opened_seq"] is not None:
        raise NotAllowed(act=_OPEN, reason=say("已经开启过"))
    entries = rows.counted(at.connection, key["id"])
    still = [one["closes_at"] for one in entries if one["closes_at"] > now]
    if still:
        raise NotAllowed(act=_OPEN, reason=say("还有密封件到{at}才截止", at=at_last(max(still))))
    return key, entries


def _with_opened(
    actor: Actor, data: Mapping[str, Any], entries: list[PlacedEntry], opened: list[OpenedEntry], at: AtStep
) -> Submission:
    """A submission with all that was opened. Raises Conflict when something else is to be opened by now."""
    key, found = _to_open(at, at.scene.now, lock=True)
    if [(one["case_id"], one["event_seq"]) for one in found] != [(one["case_id"], one["event_seq"]) for one in entries]:
        raise Conflict()
    own = submission_of(at.definition, at.element, at.seen, data, actor, at.scene, at.case["id"])
    return Submission({**own.data, "opened_key": key["id"], "opened": opened}, own.consulted)


def _opens(definition: Definition) -> bool:
    """Whether cases of a kind open what was sealed."""
    return any(one.sealing.unseal is not None for one in definition.elements.values())


def _must_wait(failed: Sequence[LoggedEvent], now: datetime) -> None:
    """Raises MustWait while one must wait after wrong secrets for a key, in whatever case they were tried."""
    if len(failed) < FREE + 1:
        return
    wait = min(FIRST_WAIT * 2 ** min(len(failed) - FREE - 1, 10), LONGEST_WAIT)
    left = (failed[-1]["at"] + wait - now).total_seconds()
    if left > 0:
        raise MustWait(int(left) + 1)
