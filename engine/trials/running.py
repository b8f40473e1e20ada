"""The scenarios of a design: played each in a process of its own, saved from a walk. Knows no page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.errors import BadInput, Refusal
from engine.trials import told
from engine.trials.scenario import NAME, read, written
from engine.trials.session import TrialSession
from engine.trials.shapes import Expectation, Step
from engine.trials.views import Coverable, Reached, TrialState, WrittenWalk
from engine.words import Said, say

FOLDER: Final = "scenarios/"
_ENDING: Final = ".toml"
_DONE: Final = say("已运行完毕。")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a scenario went. ``difference``: the first one, None when it went as it says; ``done``: steps that did."""

    name: str
    done: int
    steps: int
    difference: Said | None
    covered: Reached = field(default_factory=Reached)


def scenarios_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """The scenarios of a folder by name."""
    own = {name: data for name, data in files.items() if name.startswith(FOLDER) and name.endswith(_ENDING)}
    found = {name[len(FOLDER) : -len(_ENDING)]: data.decode("utf-8", "replace") for name, data in own.items()}
    return dict(sorted(found.items()))


def ran(begin: Callable[[], TrialSession], key: str, scenarios: Mapping[str, str], name: str) -> Ran:
    """Play one, after those that it follows, up to the first difference. Raises NotStarted."""
    try:
        chain = _chain(key, scenarios, name)
        session = begin()
    except Refusal as refused:
        return Ran(name, 0, 0, refused.words)
    done, steps = 0, 0
    try:
        for text in chain:
            done, steps = 0, int(session.ask({"act": "scenario", "text": text}))
            for number in range(1, steps + 1):
                session.ask({"act": "play", "number": number})
                done = number
        return Ran(name, done, steps, None, told.read(Reached, session.ask({"act": "covered"})))
    except Refusal as refused:
        return Ran(name, done, steps, refused.words)
    finally:
        session.end(_DONE)


def _chain(key: str, scenarios: Mapping[str, str], name: str) -> list[str]:
    """The texts to be played, the one that is followed first. Raises BadInput for what is not in this folder."""
    chain: list[str] = []
    seen: set[str] = set()
    while name:
        if name not in scenarios or name in seen:
            reason = say("要接着的“{name}”不在这个文件夹里，不能在这里运行", name=name)
            raise BadInput(field=say("情景"), reason=reason)
        seen.add(name)
        chain.insert(0, scenarios[name])
        follows = str(read(scenarios[name]).get("follows", ""))
        name = follows.removeprefix(f"{key}/")
    return chain


def together(found: Iterable[Reached]) -> Reached:
    """What all of them have reached."""
    all_of = list(found)
    parts = ("elements", "flows", "outcomes", "rows")
    return Reached(*(tuple(sorted({name for one in all_of for name in getattr(one, part)})) for part in parts))


def missed(coverable: Iterable[Coverable], covered: Reached) -> tuple[Coverable, ...]:
    """What nothing has reached."""
    reached = {"element": covered.elements, "flow": covered.flows, "outcome": covered.outcomes, "row": covered.rows}
    return tuple(one for one in coverable if one.id not in reached[one.kind])


def saved(
    session: TrialSession, name: str, title: str, begun: str, chosen: Mapping[int, Iterable[str]]
) -> tuple[str, bytes]:
    """The file of a walk: its name within the folder, and what is in it.

    ``chosen``: by step, the kinds of what was seen that are to be expected, or one FEEL of ``holds``. Raises BadInput.
    """
    if not NAME.fullmatch(name):
        reason = say("请用小写英文、数字和下划线，以字母开头，例如returned_once")
        raise BadInput(field=say("情景的文件名"), reason=reason)
    walk = told.read(WrittenWalk, session.ask({"act": "walked"}))
    if not walk.steps:
        raise BadInput(field=say("情景"), reason=say("还没有走任何一步"))
    steps: list[Step] = []
    for number, (step, sees) in enumerate(zip(walk.steps, walk.seen, strict=True), 1):
        steps.append({**step, "expect": _expected(sees, set(chosen.get(number, ())))})
    text = written(title or name, walk.organisation, begun, walk.people, steps)
    read(text)
    return f"{FOLDER}{name}{_ENDING}", text.encode()


def _expected(sees: Expectation, wanted: set[str]) -> Expectation:
    expected = told.read(Expectation, {kind: one for kind, one in sees.items() if kind in wanted})
    if holds := [text for text in sees.get("holds", ()) if text in wanted]:
        expected["holds"] = holds
    return expected


def state_of(session: TrialSession) -> TrialState:
    """How a trial stands."""
    return told.read(TrialState, session.ask({"act": "state"}))
