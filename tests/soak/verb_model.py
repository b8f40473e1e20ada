"""What the rules of verbs and substitutes say of one task, on a page: written from the rules alone. Knows no program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

REVIEWERS = ("shijiazhuang", "shijiazhuang2")
ABSENT, DEPUTY = "shijiazhuang", "shijiazhuang.leader"
"""Who is away and who stands in for him, by no other right."""
PEOPLE = (*REVIEWERS, "province", "province2", "changan", DEPUTY)
CHOSEN = (*PEOPLE[:4], DEPUTY)
"""Who is brought in."""
MOST_SIGNERS = 4


def right(who: str) -> str:
    """In whose right somebody has the task."""
    return ABSENT if who == DEPUTY else who


@dataclass
class Entry:
    """Somebody was asked, in the right of ``by``."""

    who: str
    by: str
    kind: str
    stands: str = "asked"  # asked, done, out
    agreed: bool = False
    hand: str = ""  # who has asked, in that right
    done_by: str = ""


@dataclass
class Model:
    """One task as the rules have it."""

    person: str = ""  # to whom it was passed on
    holder: str = ""
    entries: list[Entry] = field(default_factory=list)
    decider: str = ""  # in whose right it is decided
    decided_by: str = ""
    stands: str = "open"
    days: int = 0  # that it has been open

    def nobody_is_left(self) -> bool:
        """Whether everybody took part who could do the next step, at which none of them may act."""
        return self.stands == "agree" and {*PEOPLE[:4]} <= self.took_part()

    def took_part(self) -> set[str]:
        """Who must stand aside at the next step."""
        done = {
            who for one in self.entries if one.stands == "done" and one.kind != "ask" for who in (one.who, one.done_by)
        }
        return done | {self.decider, self.decided_by}

    def asked(self, *kinds: str) -> list[Entry]:
        return [one for one in self.entries if one.stands == "asked" and (not kinds or one.kind in kinds)]

    def may(self, who: str) -> bool:
        return right(who) == self.person if self.person else right(who) in REVIEWERS

    def first(self) -> list[Entry]:
        """Who must answer before the holder goes on."""
        return self.asked("delegate") + self.asked("before") + (self.asked("beside", "after") if self.decider else [])

    def acts(self, who: str) -> bool:
        return self.stands == "open" and self.may(who) and not self.first() and self.holder in ("", right(who))

    def turn(self, entry: Entry) -> bool:
        if entry.kind == "before":
            return self.asked("before")[0] is entry
        if entry.kind == "after":
            return bool(self.decider) and self.asked("after")[0] is entry
        return True

    def answers(self, who: str, entry: Entry) -> bool:
        """Whoever is asked; and his deputy, who has not asked for it himself nor signs or decides here otherwise."""
        if not self.turn(entry) or entry.who == who:
            return self.turn(entry)
        if (who, entry.who) != (DEPUTY, ABSENT) or entry.hand == DEPUTY:
            return False
        others = [one for one in self.entries if one is not entry and one.stands != "out" and one.kind != "ask"]
        busy = self.decided_by == DEPUTY or any(DEPUTY in (one.who, one.done_by) for one in others)
        return entry.kind == "ask" or not busy

    def answerable(self, who: str) -> list[Entry]:
        """Where somebody may answer, where he was asked himself first."""
        return sorted((one for one in self.asked() if self.answers(who, one)), key=lambda one: one.who != who)

    def wait(self, days: int) -> None:
        """After ten days the diagram goes on without it."""
        self.days += days
        if self.stands == "open" and self.days >= 10:
            self.stands = "late"

    def todo(self, who: str) -> bool:
        turn = bool(self.answerable(who))
        return self.stands == "open" and (turn or (self.may(who) and self.holder in ("", right(who))))

    def settle(self, owner: str) -> None:
        """Who has it now."""
        first = self.asked("delegate", "before") or (self.asked("beside", "after") if self.decider else [])
        self.holder = first[0].who if first else owner

    def involve(self, who: str, kind: str, people: Sequence[str]) -> bool:
        signs = kind in ("before", "beside", "after")
        busy = {one.who for one in self.asked()} | {who} | ({right(who)} if kind != "ask" else set())
        signers = [one for one in self.entries if one.kind in ("before", "beside", "after") and one.stands != "out"]
        if not self.acts(who) or any(one in busy for one in people):
            return False
        if (kind in ("forward", "delegate") and len(people) > 1) or (
            signs and len(signers) + len(people) > MOST_SIGNERS
        ):
            return False
        if kind == "forward":
            if self.asked() or people[0] not in REVIEWERS:
                return False
            self.person, self.holder = people[0], ""
            return True
        self.entries += [Entry(one, right(who), kind, hand=who) for one in people]
        if kind != "ask":
            self.settle(right(who))
        return True

    def complete(self, who: str, outcome: str) -> bool:
        if not self.acts(who):
            return False
        if outcome == "agree" and self.asked("beside", "after"):
            self.decider, self.decided_by = right(who), who
            self.settle("")
        elif outcome == "agree":
            self.decider, self.decided_by, self.stands = right(who), who, outcome
        else:
            self.stands = outcome
        return True

    def answer(self, who: str, agrees: bool) -> bool:
        mine = self.answerable(who)
        if self.stands != "open" or not mine:
            return False
        mine[0].stands, mine[0].agreed, mine[0].done_by = "done", agrees, who
        self.after(mine[0], disagrees=mine[0].kind in ("before", "beside", "after") and not agrees)
        return True

    def remove(self, who: str, entry: Entry) -> bool:
        if self.stands != "open" or entry.by != right(who) or not self.may(who):
            return False
        entry.stands = "out"
        self.after(entry)
        return True

    def after(self, entry: Entry, *, disagrees: bool = False) -> None:
        if self.decider and disagrees:
            owner, self.decider, self.decided_by = self.decider, "", ""
            for one in self.entries:
                if one.kind == "after" and one.stands == "done" and one.agreed:
                    one.stands, one.done_by = "asked", ""
            self.settle(owner)
        elif self.decider and not self.asked("beside", "after"):
            self.stands = "agree"
        elif self.decider:
            self.settle(self.decider)
        else:
            self.settle(entry.by if entry.kind in ("delegate", "before") else self.holder)
