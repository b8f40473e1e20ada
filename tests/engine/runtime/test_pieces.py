"""A large multi-instance is stored in pieces: an act on one item writes that item, and the case runs as it would whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.definition import Definition, assemble
from engine.model import RunResult
from engine.runtime import commands
from engine.spiff import Memory, Stored, families, joined, same, state, variables
from tests.engine.bpmn.player import Player
from tests.engine.bpmn.walks import Construct, constructs
from tests.engine.runtime.test_guards import flow

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
REPEATED = [one for one in constructs() if one.steps and b"LoopCharacteristics" in b"".join(one.files().values())]
FEW, MANY = 50, 400
MI = """<bpmn:multiInstanceLoopCharacteristics isSequential="{one_by_one}"><bpmn:loopDataInputRef>{items}</bpmn:loopDataInputRef>
<bpmn:loopDataOutputRef>{into}</bpmn:loopDataOutputRef><bpmn:inputDataItem id="{item}" name="{item}"/>
<bpmn:outputDataItem id="{into}_out" name="{output}"/>{more}</bpmn:multiInstanceLoopCharacteristics>"""


def many(one_by_one: str = "false", items: str = "people", item: str = "person", into: str = "said", output: str = "person.name",
         more: str = "") -> str:  # fmt: skip
    return MI.format(one_by_one=one_by_one, items=items, item=item, into=into, output=output, more=more)


def inside(body: str, loop: str, name: str = "each") -> str:
    return (
        f'<bpmn:subProcess id="{name}"><bpmn:startEvent id="{name}_in"/>{body}<bpmn:endEvent id="{name}_out"/>'
        + flow(f"{name}_in", "visit") + flow("visit", f"{name}_out") + loop + "</bpmn:subProcess>"
    )  # fmt: skip


TASK = '<bpmn:userTask id="visit">{loop}</bpmn:userTask>'
CALLED = f"""<bpmn:process id="called" isExecutable="false"><bpmn:startEvent id="c_in"/>{TASK.format(loop="")}
<bpmn:endEvent id="c_out"/>{flow("c_in", "visit")}{flow("visit", "c_out")}</bpmn:process>"""
CALL = f"""<bpmn:callActivity id="each" calledElement="called">{many()}</bpmn:callActivity>"""
ENOUGH = "<bpmn:completionCondition>numberOfCompletedInstances = 3</bpmn:completionCondition>"
SHAPES = {
    "parallel": (TASK.format(loop=many()), "visit", ""),
    "sequential": (TASK.format(loop=many("true")), "visit", ""),
    "until enough": (TASK.format(loop=many(more=ENOUGH)), "visit", ""),
    "in sub-processes": (inside(TASK.format(loop=""), many()), "each", ""),
    "in sub-processes, one after the other": (inside(TASK.format(loop=""), many("true")), "each", ""),
    "called": (CALL, "each", CALLED),
}


def drawn(body: str, name: str, beside: str = "") -> Definition:
    xmlns = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1"'
    flows = flow("start", name) + flow(name, "end")
    held = f'<bpmn:startEvent id="start"/>{body}<bpmn:endEvent id="end"/>{flows}'
    process = f'<bpmn:process id="p" isExecutable="true">{held}</bpmn:process>'
    return assemble(
        "p", {"process.bpmn": f"<bpmn:definitions {xmlns}>{process}{beside}</bpmn:definitions>".encode()}, 1
    )  # fmt: skip


class Case:
    """A case, its state and its pieces; and what its last act has written."""

    def __init__(self, made: Definition, people: int) -> None:
        self.made, self.pieces, self.open = made, Memory(), dict[int, None]()
        listed = [{"name": f"甲{number}", "note": "x" * 150} for number in range(people)]
        self._take(commands.start(made, {"people": listed}, NOW, _answer))

    def _take(self, result: RunResult) -> None:
        self.last, self.state = result, result.state
        self.pieces.follow(result.pieces)
        self.open |= dict.fromkeys(task.number for task in result.opened)
        for number in result.closed:
            del self.open[number]

    def complete(self, number: int) -> None:
        del self.open[number]
        self._take(commands.complete(self.made, self.state, number, {}, NOW, _answer, beside=self.pieces))

    def complete_next(self, times: int = 1) -> None:
        for _ in range(times):
            self.complete(next(iter(self.open)))

    def written(self) -> tuple[int, int]:
        """(rows, bytes) of the last act."""
        texts = [text or "" for text in self.last.pieces.values()]
        return len(texts), len(self.last.state) + sum(map(len, texts))


def _answer(name: str, parameters: Any) -> Any:
    return {"candidate": "visitor@1", "organisation": "一个单位"}


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest case is a large one."""
    for module in (families, joined):
        monkeypatch.setattr(module, "CROWD", 0)
    monkeypatch.setattr(state, "LARGE", 0)
    monkeypatch.setattr(variables, "HEAVY", 1)


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize("construct", [pytest.param(one, id=one.folder.name) for one in REPEATED])
def test_what_is_repeated_runs_in_pieces_as_the_standard_says(construct: Construct, monkeypatch: Any) -> None:
    player, whole = Player.of(construct), Player.of(construct)
    for step in construct.steps:
        player.play(step)
        with monkeypatch.context() as within:
            within.setattr(families, "CROWD", 10_000)
            within.setattr(state, "LARGE", 10**9)
            whole.play(step)
        assert same(player.state, whole.state, player.pieces, whole.pieces)
    assert not [place for place, item in player.pieces.all() if player.open == {} == player.waits and place[0] != "="]


@pytest.mark.parametrize("shape", SHAPES)
def test_an_act_on_one_of_many_writes_what_it_writes_on_one_of_few(shape: str) -> None:
    few, lots = (Case(drawn(*SHAPES[shape]), size) for size in (FEW, MANY))
    for case in (few, lots):
        case.complete_next(2)
    (rows, size), (rows_of_many, size_of_many) = few.written(), lots.written()
    assert rows == rows_of_many and size_of_many <= size * 1.05
    assert len(lots.state) < 600


@pytest.mark.parametrize("shape", SHAPES)
def test_a_case_in_pieces_gathers_every_output_and_leaves_no_piece_of_an_activity(shape: str) -> None:
    case = Case(drawn(*SHAPES[shape]), FEW)
    while case.open:
        case.complete(list(case.open)[len(case.open) // 2])
    assert case.last.ended_at_element == "end"
    said = case.last.variables["said"]
    assert len(said) == (3 if "enough" in shape else FEW) and said == sorted(said, key=lambda name: int(name[1:]))
    assert {place for place, _ in case.pieces.all()} <= {"=people", "=said"}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_state_that_was_written_whole_is_divided_by_the_next_item(shape: str, monkeypatch: Any) -> None:
    divided = Case(drawn(*SHAPES[shape]), FEW)
    with monkeypatch.context() as within:
        within.setattr(families, "CROWD", 10_000)
        within.setattr(state, "LARGE", 10**9)
        old = Case(drawn(*SHAPES[shape]), FEW)
        old.complete_next()
    divided.complete_next()
    assert not old.pieces.all() and len(old.state) > 3_000
    assert same(old.state, divided.state, old.pieces, divided.pieces)
    for case in (old, divided):
        case.complete_next()
    assert same(old.state, divided.state, old.pieces, divided.pieces)
    assert len(old.state) < 600
    while old.open:
        old.complete_next()
    assert old.last.ended_at_element == "end" and "said" in old.last.variables


def test_a_task_in_pieces_sees_its_item_and_all_around_it() -> None:
    rooms = many(items="person.rooms", item="room", into="seen", output="room")
    two = inside(TASK.format(loop=rooms), many(output="count(seen)"))
    listed = [{"name": f"甲{n}", "rooms": list(range(40)), "note": "x" * 150} for n in range(40)]
    result = commands.start(drawn(two, "each"), {"people": listed, "case": {"number": "1"}}, NOW, _answer)
    seen = Stored(result.state, Memory(result.pieces)).seen(result.opened[-1].number)
    assert (seen["room"], seen["person"]["name"], len(seen["people"])) == (39, "甲39", 40)
    assert seen["case"] == {"number": "1"} and len(result.state) < 600


def test_a_variable_that_is_set_again_is_written_where_it_now_belongs() -> None:
    loop = many(output="person.name")
    case = Case(drawn(TASK.format(loop=loop), "visit"), FEW)
    assert case.pieces.one("=people", 0) is not None
    while case.open:
        case.complete_next()
    kept = Stored(case.state, case.pieces).variables
    assert len(kept["people"]) == FEW == len(kept["said"]) and set(kept) == {"people", "said"}
    kept["people"] = 1
    assert kept["people"] == 1 and len(kept) == 2
    del kept["people"]
    assert "people" not in kept and list(kept) == ["said"]


def test_a_state_differs_from_one_with_another_piece() -> None:
    case = Case(drawn(*SHAPES["parallel"]), FEW)
    place = next(place for place, text in case.pieces.all().items() if "甲7" in text and place[1])
    changed = Memory({**case.pieces.all(), place: case.pieces.all()[place].replace("甲7", "乙7")})
    assert same(case.state, case.state, case.pieces, Memory(case.pieces.all()))
    assert not same(case.state, case.state, case.pieces, changed)
    assert not same(case.state, case.state, case.pieces, Memory({**case.pieces.all(), place: "{"}))
