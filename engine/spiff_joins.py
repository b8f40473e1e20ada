"""Joins that count tokens as BPMN 2.0 says (13.4.2 parallel, 13.4.3 inclusive), in the place of SpiffWorkflow's.

SpiffWorkflow's own joins look at specs and at what stands in the tree; inside a loop they fire too early, or count the
arrivals of an earlier round. Here an arrival is used up exactly once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

USED = "used"
"""Mark on an arrival that a join has consumed."""
_MOVING = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def arrivals(my_task: Task) -> Iterator[Task]:
    """The tokens that stand before this join: its own task, and earlier ones that wait or gave way to it."""
    for task in my_task.workflow.tasks.values():
        if task.task_spec is not my_task.task_spec or task.internal_data.get(USED):
            continue
        came = task.parent is not None and task.parent.has_state(TaskState.COMPLETED)
        if task is my_task or (came and task.has_state(TaskState.WAITING | TaskState.CANCELLED)):
            yield task


class TokenParallelGateway(ParallelGateway):  # type: ignore[misc]
    """Fires when there is a token on every incoming flow; takes one from each, the oldest first."""

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        there = Counter(task.parent.task_spec.name for task in arrivals(my_task))
        return not Counter(self._inputs) - there

    def _run_hook(self, my_task: Task) -> bool:
        wanted: Counter[str] = Counter(self._inputs)
        for task in arrivals(my_task):
            source = task.parent.task_spec.name
            if wanted[source] > 0:
                wanted[source] -= 1
                task.internal_data[USED] = True
        return bool(super()._run_hook(my_task))


class TokenInclusiveGateway(InclusiveGateway):  # type: ignore[misc]
    """Fires when no other token can still come to an incoming flow that has none.

    A token does not hold it up if it can as well reach an incoming flow that has one (BPMN 2.0, table 13.3).
    """

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        there = {task.parent.task_spec.name for task in arrivals(my_task)}
        empty = set(self._inputs) - there
        if not empty:
            return True
        coming = (self._reachable_inputs(task.task_spec) for task in _tokens(my_task))
        return not any(inputs & empty and not inputs & there for inputs in coming)

    def _run_hook(self, my_task: Task) -> bool:
        for task in list(arrivals(my_task)):
            task.internal_data[USED] = True
        return bool(super()._run_hook(my_task))

    def _reachable_inputs(self, start: TaskSpec) -> frozenset[str]:
        """The specs before this join to which a token at ``start`` can come without passing the join."""
        known: dict[str, frozenset[str]] = self.__dict__.setdefault("_reachable", {})
        if start.name not in known:
            seen, todo = {start.name}, [start]
            while todo:
                for spec in todo.pop().outputs:
                    if spec is not self and spec.name not in seen:
                        seen.add(spec.name)
                        todo.append(spec)
            known[start.name] = frozenset(seen & set(self._inputs))
        return known[start.name]


def _tokens(my_task: Task) -> Iterator[Task]:
    """Everything else that moves in this process: live tasks, and those that a completed one has just sent on."""
    for task in my_task.workflow.tasks.values():
        if task.task_spec is my_task.task_spec:
            continue
        sent = task.has_state(TaskState.FUTURE) and task.parent is not None
        if task.has_state(_MOVING) or (sent and task.parent.has_state(TaskState.COMPLETED)):
            yield task
