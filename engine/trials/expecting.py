"""What a step of a scenario expects, compared with what is there then. Changes nothing; knows no page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from engine.calendar.days import Calendar
from engine.cases.event_types import decisions_of
from engine.errors import InvalidForm, Refusal
from engine.feel import Environment, FeelError, compile_expression
from engine.spiff import Stored
from engine.trials.player import Player, refusal
from engine.trials.shapes import Expectation, Recorded, Step
from engine.words import say
from storage import cases, events, records
from storage.pieces import Pieces
from storage.rows import CaseRow


class Differs(Refusal):
    """A scenario that does not go as it says: the first difference."""

    sentence = say("第{step}步（{act}）：{what}应为 {expected}，实际为 {seen}")

    def __init__(self, what: str, expected: object, seen: object) -> None:
        super().__init__(what=what, expected=_shown(expected), seen=_shown(seen), step="—", act="—")

    def at(self, number: int, step: Step) -> Differs:
        """The same, with the step at which it was found."""
        self.facts |= {"step": number, "act": f"{step.get('do')} {step.get('element', '')}".strip()}
        return self


def play_step(player: Player, number: int, step: Step) -> None:
    """Do what a step says, and compare. Raises Differs, and what refuses an act that was to be done."""
    expected: Expectation = step.get("expect", {})
    try:
        if "error" in expected:
            _refused(player, step, expected)
        else:
            player.act(step)
            for name, value in expected.items():
                EXPECT[name](player, value)
    except Differs as differs:
        raise differs.at(number, step) from None


def _refused(player: Player, step: Step, expected: Expectation) -> None:
    wanted = refusal(expected["error"])
    try:
        player.act(step)
    except Refusal as refused:
        if wanted is None or not isinstance(refused, wanted):
            raise Differs("error", expected["error"], refused.code) from refused
        if isinstance(refused, InvalidForm) and sorted(refused.errors) != sorted(expected.get("fields", ())):
            raise Differs("fields", expected.get("fields", ()), sorted(refused.errors)) from refused
        return
    raise Differs("error", expected["error"], None)


def _same(what: str, expected: object, seen: object) -> None:
    if expected != seen:
        raise Differs(what, expected, seen)


def status(player: Player, wanted: str) -> None:
    """How the case stands."""
    _same("status", wanted, case(player)["status"])


def end(player: Player, wanted: str) -> None:
    """The end event that was reached."""
    _same("end", wanted, case(player)["end_element"])


def tasks(player: Player, wanted: Mapping[str, str]) -> None:
    """All open tasks, and who gets them."""
    _same("tasks", dict(wanted), tasks_of(player))


def days(player: Player, wanted: Mapping[str, int]) -> None:
    """Working days left."""
    seen = days_of(player)
    _same("days", dict(wanted), {name: seen.get(name) for name in wanted})


def rules(player: Player, wanted: Sequence[str]) -> None:
    """Rows of tables that fired, among others."""
    fired = rules_of(player)
    if not set(wanted) <= set(fired):
        raise Differs("rules", list(wanted), fired)


def holds(player: Player, wanted: Sequence[str]) -> None:
    """FEEL over the variables of the case that must be true."""
    with player.stage.application.database.read() as connection:
        variables = Stored(case(player)["state"], Pieces(connection, player.current)).variables
        for text in wanted:
            environment = Environment(now=player.stage.clock.now())
            try:
                seen = compile_expression(text).evaluate(variables, environment)
            except FeelError as error:
                raise Differs(text, True, error.message("zh")) from error
            if seen is not True:
                raise Differs(text, True, seen)


def recorded(player: Player, wanted: Sequence[Recorded]) -> None:
    """Records as they must stand now."""
    for fields in wanted:
        with player.stage.application.database.read() as connection:
            found = records.versions(connection, fields["register"], fields["number"])
        said = {name: value for name, value in fields.items() if name != "register"}
        _same("records", said, {name: found[0]["data"].get(name) for name in said} if found else None)


def told(player: Player, wanted: str) -> None:
    """What the newest message to the starter says."""
    player.stage.application.worker.run_due()
    starter = player.stage.actor(player.starters[player.current])
    messages = player.stage.application.messages.page(starter).rows
    if not messages or wanted not in messages[0].text[0]:
        raise Differs("told", wanted, messages[0].text[0] if messages else None)


def files(player: Player, wanted: Sequence[str]) -> None:
    """The files of the case."""
    with player.stage.application.database.read() as connection:
        _same("files", list(wanted), [row["name"] for row in cases.attachments_of(connection, player.current)])


def columns(player: Player, wanted: Mapping[str, object]) -> None:
    """What the row of the case says."""
    seen: Mapping[str, object] = {**case(player)}
    _same("case", dict(wanted), {name: seen.get(name) for name in wanted})


EXPECT: Final[dict[str, Callable[[Player, Any], None]]] = {
    "status": status, "end": end, "tasks": tasks, "rules": rules, "days": days, "holds": holds, "records": recorded,
    "told": told, "files": files, "case": columns,
}  # fmt: skip
"""By the words of an expectation but those of a refusal."""


# -- what is there -------------------------------------------------------------------------------------------------


def case(player: Player) -> CaseRow:
    """The current case."""
    with player.stage.application.database.read() as connection:
        found = cases.get(connection, player.current)
    assert found is not None
    return found


def tasks_of(player: Player) -> dict[str, str]:
    """Element to who gets it."""
    return {task["element"]: task["candidate"] for task in player.open_tasks()}


def days_of(player: Player) -> dict[str, int]:
    """Element to working days left, where there is a deadline."""
    calendar, now = Calendar.official(), player.stage.clock.now()
    due = {task["element"]: task["due_at"] for task in player.open_tasks()}
    return {name: calendar.working_days_left(now, at) for name, at in due.items() if at is not None}


def rules_of(player: Player) -> list[str]:
    """Those that fired with the newest event of the case, asked by the steps and by the form."""
    with player.stage.application.database.read() as connection:
        last = events.of_case(connection, player.current)[-1]
    return sorted({rule for taken in decisions_of(last) for rule in taken.rules})


def _shown(value: object) -> str:
    return str(value)[:400]
