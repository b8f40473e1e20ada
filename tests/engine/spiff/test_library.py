"""What ``engine/spiff`` relies on inside SpiffWorkflow, of the library's own classes: a test falls when one changes.

Told in words in ``docs/spiffworkflow.md``. What runs on top is tested by the constructs (``tests/engine/bpmn``).
"""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from SpiffWorkflow.exceptions import SpiffWorkflowException, WorkflowException
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

import engine.spiff
from engine.definition import assemble
from engine.runtime import commands
from tests.engine.runtime import drawing, models
from tests.engine.runtime.test_commands import NOW, ask, waiting
from tests.house import ROOT

LIBRARY = (TaskSpec, Task, Workflow, WorkflowSpec)
OVERRIDDEN = {
    "test": "(self)",
    "_update_hook": "(self, my_task)",
    "_on_ready_hook": "(self, my_task)",
    "_run_hook": "(self, my_task)",
    "_on_complete_hook": "(self, my_task)",
    "_on_cancel": "(self, my_task)",
    "_set_state": "(self, value: int) -> None",
    "_task_completed_notify": "(self, task: SpiffWorkflow.task.Task) -> None",
}
"""What our classes put in place of the library's, and how the library calls it."""
USED = {"_update": "(self, my_task)", "_ready": "(self) -> None"}
"""What is private there and called by us. ``Task._state`` is read and written beside them."""


class Spec(TaskSpec):  # type: ignore[misc]
    """Notes which of its hooks the library calls; answers as it is told."""

    update: Any = True
    answer: Any = True

    def __init__(self, owner: WorkflowSpec, name: str = "node") -> None:
        super().__init__(owner, name)
        self.called: list[str] = []

    def test(self) -> None:
        self.called.append("test")

    def _update_hook(self, my_task: Task) -> Any:
        self.called.append("update")
        return self.update

    def _on_ready_hook(self, my_task: Task) -> None:
        self.called.append("ready")

    def _run_hook(self, my_task: Task) -> Any:
        self.called.append("run")
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def _on_complete_hook(self, my_task: Task) -> None:
        self.called.append("complete")

    def _on_cancel(self, my_task: Task) -> None:
        self.called.append("cancel")


class Held(Workflow):  # type: ignore[misc]
    """Notes who is told of completed tasks."""

    def __init__(self, spec: WorkflowSpec) -> None:
        super().__init__(spec, deserializing=True)
        self.told: list[Task] = []

    def _task_completed_notify(self, task: Task) -> None:
        self.told.append(task)


class Stated(Task):  # type: ignore[misc]
    """Notes every state that the library gives it."""

    def _set_state(self, value: int) -> None:
        self.states = [*getattr(self, "states", ()), value]
        self._state = value


def task(kind: type[Task] = Task, number: int = 7) -> Any:
    spec = WorkflowSpec(name="scope")
    return kind(Held(spec), Spec(spec), None, TaskState.FUTURE, number)


def files() -> list[Path]:
    return sorted((ROOT / "engine" / "spiff").glob("*.py"))


# -- the list is whole -------------------------------------------------------------------------------------------------


def own_classes() -> Iterator[type]:
    for found in iter_modules(engine.spiff.__path__):
        module = import_module(f"engine.spiff.{found.name}")
        yield from (one for one in vars(module).values() if inspect.isclass(one) and one.__module__ == module.__name__)


def test_whatever_our_classes_put_in_place_of_the_librarys_is_pinned_here():
    found = {
        name
        for one in own_classes()
        for base in LIBRARY
        if issubclass(one, base)
        for name in vars(one)
        if hasattr(base, name) and not name.startswith("__")
    }
    assert found == set(OVERRIDDEN)


def test_whatever_is_private_there_and_used_by_us_is_pinned_here():
    theirs = {name for one in LIBRARY for name in dir(one)} | set(vars(task())) | set(vars(task().workflow))
    ours = {
        node.attr
        for file in files()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
    }
    assert (ours & theirs) - set(OVERRIDDEN) == {*USED, "_state"}


def test_the_version_is_the_one_that_was_read():
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert f"SpiffWorkflow=={version('SpiffWorkflow')}" in needs


@pytest.mark.parametrize("name", [*OVERRIDDEN, *USED])
def test_a_private_method_is_called_as_it_was(name):
    (owner,) = (one for one in LIBRARY if name in vars(one))
    assert str(inspect.signature(getattr(owner, name))) == (OVERRIDDEN | USED)[name]


# -- specs and scopes --------------------------------------------------------------------------------------------------


def test_a_spec_enters_itself_by_its_name_and_no_name_is_taken_twice():
    owner = WorkflowSpec(name="scope")
    spec = Spec(owner)
    assert (owner.name, owner.task_specs, spec.name, spec.manual) == ("scope", {"node": spec}, "node", False)
    with pytest.raises(KeyError):
        Spec(owner)


def test_a_workflow_made_as_if_read_back_holds_nothing_and_predicts_nothing():
    made = Workflow(WorkflowSpec(name="scope"), deserializing=True)
    assert (made.spec.name, made.tasks, made.data) == ("scope", {}, {})
    assert not hasattr(made, "task_tree")


# -- the life of a task ------------------------------------------------------------------------------------------------


def test_a_task_enters_itself_by_its_number_and_has_data_of_its_own():
    one = task(number=3)
    assert one.workflow.tasks == {3: one} and one.id == 3 and one._state == TaskState.FUTURE
    assert (one.data, one.internal_data, one.children) == ({}, {}, [])


def test_the_states_have_the_numbers_that_stand_in_stored_states():
    names = ("FUTURE", "WAITING", "READY", "STARTED", "COMPLETED", "ERROR", "CANCELLED")
    assert [getattr(TaskState, name) for name in names] == [4, 8, 16, 32, 64, 128, 256]


def test_a_state_is_what_is_kept_in_state_and_has_state_looks_there():
    one = task()
    one._state = TaskState.WAITING
    assert one.state == TaskState.WAITING and one.has_state(TaskState.WAITING) and not one.has_state(TaskState.READY)


def test_update_asks_the_hook_and_makes_ready_when_it_says_yes():
    one = task()
    one.task_spec._update(one)
    assert one.task_spec.called == ["update", "test", "ready"] and one.has_state(TaskState.READY)


def test_update_leaves_alone_what_the_hook_holds_back():
    one = task()
    one.task_spec.update = False
    one.task_spec._update(one)
    assert one.task_spec.called == ["update"] and one.has_state(TaskState.FUTURE)


def test_ready_makes_ready_from_waiting_and_never_what_has_ended():
    one = task()
    one._state = TaskState.WAITING
    one._ready()
    assert one.task_spec.called == ["test", "ready"] and one.has_state(TaskState.READY)
    for ended in (TaskState.COMPLETED, TaskState.CANCELLED):
        over = task()
        over._state = ended
        over._ready()
        assert over.task_spec.called == [] and over.has_state(ended)


def test_a_run_that_says_yes_completes_the_task_and_tells_the_workflow_once():
    one = task()
    assert one.run() is True
    assert one.task_spec.called == ["run", "complete"] and one.has_state(TaskState.COMPLETED)
    assert one.workflow.told == [one] and one.workflow.tasks == {7: one}


def test_a_run_that_says_nothing_leaves_the_task_begun():
    one = task()
    one.task_spec.answer = None
    assert one.run() is None
    assert one.task_spec.called == ["run"] and one.has_state(TaskState.STARTED) and one.workflow.told == []


def test_a_run_that_fails_is_in_error_and_the_exception_comes_out_as_it_is():
    one = task()
    one.task_spec.answer = ValueError("ours")
    with pytest.raises(ValueError, match=r"^ours$"):
        one.run()
    assert one.has_state(TaskState.ERROR) and one.workflow.told == []


def test_run_does_not_ask_whether_a_task_is_ready():
    """Why ``engine.spiff.instance.Instance.run`` looks before it runs, and ``engine.runtime`` refuses what is not open."""
    one = task()
    one._state = TaskState.CANCELLED
    assert one.run() is True and one.task_spec.called == ["run", "complete"]


def test_complete_calls_the_hook_and_then_tells_the_workflow():
    one = task()
    one._state = TaskState.STARTED
    one.complete()
    assert one.task_spec.called == ["complete"] and one.workflow.told == [one] and one.has_state(TaskState.COMPLETED)


def test_cancel_calls_its_hook_once_and_not_for_what_has_ended():
    one = task()
    one.cancel()
    one.cancel()
    assert one.task_spec.called == ["cancel"] and one.has_state(TaskState.CANCELLED) and one.workflow.tasks == {7: one}


def test_every_change_of_state_goes_by_the_one_method():
    walked, failed, dropped = task(Stated), task(Stated), task(Stated)
    walked.task_spec._update(walked)
    walked.task_spec.answer = None
    walked.run()
    walked.complete()
    failed.task_spec.answer = ValueError()
    with pytest.raises(ValueError):
        failed.run()
    dropped.cancel()
    assert walked.states == [TaskState.READY, TaskState.STARTED, TaskState.COMPLETED]
    assert (failed.states, dropped.states) == ([TaskState.ERROR], [TaskState.CANCELLED])


def test_what_the_library_throws_is_of_one_family():
    assert issubclass(WorkflowException, SpiffWorkflowException)


# -- and ours on top ---------------------------------------------------------------------------------------------------


def test_of_the_librarys_own_machinery_nothing_else_runs(monkeypatch: pytest.MonkeyPatch):
    """No prediction, no tree of tasks, no data handed from task to task, no look at every waiting task, no log."""

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("called")

    for owner, name in [
        (TaskSpec, "_predict"),
        (Task, "_sync_children"),
        (Task, "_add_child"),
        (Task, "_inherit_data"),
        (Task, "collect_log_extras"),
        (Workflow, "update_waiting_tasks"),
        (Workflow, "_mark_complete"),
    ]:
        monkeypatch.setattr(owner, name, never)
    model = models.Seq((models.Task("a"), models.Par((models.Task("b"), models.Many(models.Task("c"), 2)))))
    definition = assemble("random", {"process.bpmn": drawing.bpmn(model)}, 1)
    outcome = commands.start(definition, {}, NOW, ask)
    while open_now := waiting(outcome):
        outcome = commands.complete(definition, outcome.state, next(iter(open_now.values())), {}, NOW, ask)
    assert outcome.ended_at_element is not None
