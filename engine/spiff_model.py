"""From BPMN text to SpiffWorkflow's specs: the parser with our extension points. Knows no running case.

Service, script and business rule tasks become one class that asks the run to perform the element, so
that no text of a diagram is ever read by Python.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from SpiffWorkflow.bpmn.parser import BpmnParser, ValidationException
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.task import Task

from engine import xmldoor
from engine.errors import DefinitionInvalid, Problem
from engine.spiff_joins import TokenInclusiveGateway, TokenParallelGateway

# SpiffWorkflow gathers the data of every task for each line that nobody reads, unless its loggers say so themselves.
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class PerformedTask(BpmnSpecMixin):  # type: ignore[misc]
    """A service, script or business rule task (BPMN 2.0, 10.3.3): the run performs it by its element id."""

    def _run_hook(self, my_task: Task) -> bool:
        my_task.workflow.script_engine.perform(my_task)
        return True


class Parser(BpmnParser):  # type: ignore[misc]
    """SpiffWorkflow's parser, with our classes for joins and for every task that a machine performs."""

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - the name and shape are SpiffWorkflow's extension point
        full_tag("serviceTask"): (TaskParser, PerformedTask),
        full_tag("scriptTask"): (TaskParser, PerformedTask),
        full_tag("businessRuleTask"): (TaskParser, PerformedTask),
        full_tag("parallelGateway"): (GatewayParser, TokenParallelGateway),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, TokenInclusiveGateway),
    }


@dataclass(frozen=True, slots=True)
class Specs:
    """What SpiffWorkflow runs: the executable process and every process below it. Shared, never changed by a run."""

    main: BpmnProcessSpec
    subprocesses: Mapping[str, BpmnProcessSpec]


def build_specs(process_id: str, files: Mapping[str, bytes]) -> Specs:
    """Parse the BPMN files of a definition. Raises DefinitionInvalid with what SpiffWorkflow's parser refuses."""
    parser = Parser()
    try:
        for name, data in files.items():
            parser.add_bpmn_xml(xmldoor.parse(data, what=name), filename=name)
        return Specs(parser.get_spec(process_id), parser.get_subprocess_specs(process_id))
    except ValidationException as error:
        where = str(error.file_name or next(iter(files), process_id))
        problem = Problem(where, str(error.tag or process_id), f"流程图无法解析：{error}", f"cannot be parsed: {error}")
        raise DefinitionInvalid((problem,)) from error
