"""A task with which nothing can be done beside deciding."""

from __future__ import annotations

from engine.directory.actors import Actor
from engine.views.verbs import TaskVerbs


class NoVerbs:
    """What an application tells of the verbs of a task."""

    def of_task(self, actor: Actor, task_id: str) -> TaskVerbs:
        return TaskVerbs(task_id, frozenset())
