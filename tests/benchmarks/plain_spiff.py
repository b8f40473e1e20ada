"""SpiffWorkflow as its own example uses it: wake the whole workflow from JSON, run, write the whole workflow back.

The same approval as ours, its conditions put into Python. One row a case, rewritten by each step, committed as durably.
There is no form, no policy, no inbox and no event; ``beside`` writes those rows in the same transactions, plainly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, bindparam, insert, select, update

from storage.database import Database

DIAGRAM = Path(__file__).parent / "workflows" / "approval" / "process.bpmn"
INSTANCES = Table("instances", MetaData(), Column("id", Integer, primary_key=True), Column("state", Text))
READ = select(INSTANCES.c.state).where(INSTANCES.c.id == bindparam("b_id")).with_for_update()
Beside = Callable[[Connection, int], object]
"""Writes what stands beside the workflow after an act: 0 for the start, then the completions from 1."""
WRITE = update(INSTANCES).where(INSTANCES.c.id == bindparam("b_id")).values(state=bindparam("state"))


class PlainSpiff:
    """Cases kept the plain way in a table of their own."""

    def __init__(self, database: Database, request: Mapping[str, Any], steps: Sequence[tuple[str, Any]]) -> None:
        self._database, self._request, self._steps = database, request, steps
        self._serializer = BpmnWorkflowSerializer()
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(BytesIO(_in_python(DIAGRAM.read_text(encoding="utf-8")))))
        self._spec = parser.get_spec("approval")
        with database.write() as connection:
            INSTANCES.create(connection)

    def walk(self, beside: Beside = lambda connection, act: None) -> None:
        """A case and its three completions, a transaction each."""
        case_id = self._start(beside)
        for act, (_, data) in enumerate(self._steps, start=1):
            self._complete(case_id, {**data, "outcome": "agree"}, beside, act)

    def _start(self, beside: Beside) -> int:
        workflow = BpmnWorkflow(self._spec)
        workflow.data["request"] = dict(self._request)
        workflow.do_engine_steps()
        with self._database.write() as connection:
            key = connection.execute(insert(INSTANCES), {"state": self._text(workflow)}).inserted_primary_key
            assert key is not None
            beside(connection, 0)
            return int(key[0])

    def _complete(self, case_id: int, data: Mapping[str, Any], beside: Beside, act: int) -> None:
        with self._database.write() as connection:
            text = connection.execute(READ, {"b_id": case_id}).scalar_one()
            workflow = self._serializer.deserialize_json(text)
            (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            task.data[task.task_spec.bpmn_id] = dict(data)
            task.run()
            workflow.do_engine_steps()
            connection.execute(WRITE, {"b_id": case_id, "state": self._text(workflow)})
            beside(connection, act)

    def _text(self, workflow: BpmnWorkflow) -> str:
        text: str = self._serializer.serialize_json(workflow)
        return text


def _in_python(diagram: str) -> bytes:
    """The diagram with conditions that SpiffWorkflow's own engine runs."""
    for element in ("first", "second", "third"):
        diagram = diagram.replace(f">={element}.outcome = ", f">{element}['outcome'] == ")
    return diagram.encode()
