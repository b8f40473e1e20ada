"""The saved form of a running case: the one place where a workflow is written and read back.

A state holds the variables of the case and the few tasks that the future needs. It never holds the
spec, a Python object, or finished history (that is in the events). Tasks have small numbers instead
of UUIDs, given in order of creation, so that the same acts always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.util.subworkflow import BpmnBaseWorkflow, BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff_model import Specs

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


@dataclass(frozen=True, slots=True)
class Saved:
    """The bytes to store, and the number that each living task got."""

    state: bytes
    numbers: dict[Any, int]


def new_workflow(specs: Specs, engine: PythonScriptEngine) -> BpmnWorkflow:
    """A workflow at its very beginning."""
    return BpmnWorkflow(specs.main, specs.subprocesses, script_engine=engine)


def save(workflow: BpmnWorkflow, variables: dict[str, Any], next_number: int) -> Saved:
    """Write the workflow and the variables of its case. ``next_number`` is the first number not used before."""
    numbers: dict[Any, int] = {}
    rows: list[list[Any]] = []
    parts = [(None, workflow), *_living_parts(workflow)]
    kept = [(parent, part, list(_kept(part))) for parent, part in parts]
    for _, _, pairs in kept:
        for task, _ in pairs:
            if isinstance(task.id, int):
                numbers[task.id] = task.id
            else:
                numbers[task.id] = next_number
                next_number += 1
    for parent, part, pairs in kept:
        tasks = [_row(task, above, numbers) for task, above in pairs]
        data = {key: value for key, value in part.data.items() if value}
        rows.append([None if parent is None else numbers[parent], part.spec.name, tasks, data])
    content = {"n": next_number, "v": variables, "w": rows}
    return Saved(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), numbers)


def read_variables(state: bytes) -> dict[str, Any]:
    """Only the variables of a stored state, without waking the workflow."""
    variables: dict[str, Any] = orjson.loads(state)["v"]
    return variables


def load(specs: Specs, state: bytes, engine: PythonScriptEngine) -> tuple[BpmnWorkflow, dict[str, Any], int]:
    """Wake a workflow: (workflow, variables, next number). The script engine is ours from the first moment."""
    content = orjson.loads(state)
    workflow = BpmnWorkflow(specs.main, specs.subprocesses, script_engine=engine, deserializing=True)
    for parent, name, rows, data in content["w"]:
        if parent is None:
            part: BpmnBaseWorkflow = workflow
        else:
            part = _wake_part(workflow, specs, parent, name)
        part.data.update(data)
        _restore(part, rows)
    for part in [workflow, *workflow.subprocesses.values()]:
        _predict(part)
    return workflow, content["v"], content["n"]


def _wake_part(workflow: BpmnWorkflow, specs: Specs, parent: int, name: str) -> BpmnSubWorkflow:
    part = BpmnSubWorkflow(specs.subprocesses[name], parent, workflow, deserializing=True)
    above = workflow.get_task_from_id(parent)
    part.completed_event.connect(above.task_spec._on_subworkflow_completed, above)
    workflow.subprocesses[parent] = part
    return part


def _living_parts(workflow: BpmnWorkflow) -> list[tuple[Any, BpmnSubWorkflow]]:
    """Sub-processes whose task has not ended, outer ones first (an inner one is restored below its outer one)."""
    living = [
        (parent, part)
        for parent, part in workflow.subprocesses.items()
        if not workflow.get_task_from_id(parent).has_state(TaskState.FINISHED_MASK)
    ]
    return sorted(living, key=lambda pair: pair[1].depth)


def _row(task: Task, above: Task | None, numbers: dict[Any, int]) -> list[Any]:
    row = [numbers[task.id], None if above is None else numbers[above.id], task.task_spec.name, task.state]
    extras = {"d": task.data, "i": task.internal_data, "t": task.triggered}
    kept = {key: value for key, value in extras.items() if value}
    return [*row, kept] if kept else row


def _restore(part: BpmnBaseWorkflow, rows: list[list[Any]]) -> None:
    for number, above, spec_name, state, *extras in rows:
        parent = None if above is None else part.tasks[above]
        task = Task(part, part.spec.task_specs[spec_name], parent, state, number)
        if extras:
            task.data = extras[0].get("d", {})
            task.internal_data = extras[0].get("i", {})
            task.triggered = extras[0].get("t", False)
        if parent is None:
            part.task_tree = task


def _predict(part: BpmnBaseWorkflow) -> None:
    """Bring back what SpiffWorkflow expects below living tasks. Predictions are derived, so they are not stored."""
    for task in list(part.tasks.values()):
        if task.has_state(LIVE) and not task._children:
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)


def _kept(part: BpmnBaseWorkflow) -> Iterator[tuple[Task, Task | None]]:
    """The tasks that the future needs, parents first, each with the nearest kept task above it.

    Kept are the living, the finished ones directly above them, every finished one that splits into
    several kept branches, and what a waiting join still has to see (``_protected``). A chain of
    finished tasks in between is history.
    """
    protected = _protected(part)
    needed = _needed(part, protected)
    stack: list[tuple[Task, Task | None]] = [(part.task_tree, None)]
    while stack:
        task, above = stack.pop()
        children = [child for child in task.children if child.id in needed]
        if above is None or not _is_history(task, children, protected):
            yield task, above
            above = task
        stack.extend((child, above) for child in reversed(children))


def _is_history(task: Task, children: list[Task], protected: set[Any]) -> bool:
    return (
        len(children) == 1
        and task.has_state(TaskState.FINISHED_MASK)
        and children[0].has_state(TaskState.FINISHED_MASK)
        and task.id not in protected
    )


def _needed(part: BpmnBaseWorkflow, protected: set[Any]) -> set[Any]:
    """Living and protected tasks, all above them, and all real tasks below a living one (a multi-instance's)."""
    needed: set[Any] = {part.task_tree.id}
    for task in part.tasks.values():
        if not (task.has_state(LIVE) or task.id in protected or _below_a_living_one(task)):
            continue
        above: Task | None = task
        while above is not None and above.id not in needed:
            needed.add(above.id)
            above = above.parent
    return needed


def _below_a_living_one(task: Task) -> bool:
    if not task.has_state(TaskState.FINISHED_MASK):
        return False
    above = task.parent
    while above is not None and above.has_state(TaskState.FINISHED_MASK):
        above = above.parent
    return above is not None


def _protected(part: BpmnBaseWorkflow) -> set[Any]:
    """What a join that still waits will look at: its other arrivals with the tasks before them, and its split."""
    waiting = {task.task_spec for task in part.tasks.values() if _waits_to_join(task)}
    splits = {spec.split_task for spec in part.spec.task_specs.values() if isinstance(spec, Join) and spec.split_task}
    protected: set[Any] = set()
    for task in part.tasks.values():
        if task.task_spec in waiting and not task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE):
            protected.update((task.id, task._parent))
        elif task.task_spec.name in splits and any(child.has_state(LIVE) for child in task.children):
            protected.add(task.id)
    return protected


def _waits_to_join(task: Task) -> bool:
    return isinstance(task.task_spec, Join) and task.has_state(TaskState.WAITING)
