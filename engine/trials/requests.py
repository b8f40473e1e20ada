"""What the server asks of the process of a trial: a shape for each act, and what comes back. Knows no act's doing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from engine.trials.shapes import Step


class TrialOpening(TypedDict):
    """What a trial begins with. ``image`` and each of ``files``: Base64; ``now``: ISO 8601 with a zone."""

    image: str
    key: str
    files: Mapping[str, str]
    now: str


class Look(TypedDict):
    """What there is to begin with, how it stands, what was walked, what was reached."""

    act: Literal["offer", "state", "walked", "covered"]


class TakeStep(TypedDict):
    """A step of the walk."""

    act: Literal["step"]
    step: Step


class LetPass(TypedDict):
    """``how``: the word of ``walking`` for how far."""

    act: Literal["clock"]
    how: str


class GoBack(TypedDict):
    """``to``: after how many steps."""

    act: Literal["back"]
    to: int


class ChooseCase(TypedDict):
    """``place``: of the case in the walk, from 1."""

    act: Literal["choose"]
    place: int


class SeeEvent(TypedDict):
    """A case right after one of its events."""

    act: Literal["position"]
    case: str
    seq: int


class SeeTask(TypedDict):
    """A task as somebody sees it."""

    act: Literal["task"]
    actor: str
    task: str


class CheckTask(TypedDict):
    """The form of a task as somebody has filled it in."""

    act: Literal["check"]
    actor: str
    task: str
    data: Mapping[str, Any]


class NameOf(TypedDict):
    """What somebody is called."""

    act: Literal["called"]
    actor: str


class MadeUp(TypedDict):
    """Values for the form of an element; none: of the start."""

    act: Literal["example"]
    element: str


class Beginner(TypedDict):
    """Who starts what, and for which organisation."""

    actor: str
    process: str
    organisation: str


class SeeStart(Beginner):
    """The form with which a case begins."""

    act: Literal["start_form"]


class CheckStart(Beginner):
    """That form as somebody has filled it in."""

    act: Literal["check_start"]
    data: Mapping[str, Any]


class AttachFile(TypedDict):
    """A file of that name."""

    act: Literal["attach"]
    actor: str
    name: str


class BeginScenario(TypedDict):
    """A written scenario, in TOML."""

    act: Literal["scenario"]
    text: str


class PlayStep(TypedDict):
    """``number``: of the step of it, from 1."""

    act: Literal["play"]
    number: int


Request = (
    Look | TakeStep | LetPass | GoBack | ChooseCase | SeeEvent | SeeTask | CheckTask | NameOf | MadeUp | SeeStart
    | CheckStart | AttachFile | BeginScenario | PlayStep
)  # fmt: skip


class TrialAnswer(TypedDict, total=False):
    """What comes back: what is told, what refused it (in both languages, by field), or why it failed."""

    told: Any
    refused: tuple[str, str]
    code: str
    errors: Mapping[str, tuple[str, str]]
    failed: str
