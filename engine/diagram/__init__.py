"""A BPMN file as facts. The only reader of our extension elements; judges nothing that ``engine.checks`` can judge.

Knows no FEEL, no check and no run.
"""

from engine.diagram.assignment import BY_DATA, Assignment
from engine.diagram.model import (
    CALLED_OFF,
    PARENT_CALLED_OFF,
    PART,
    AdHoc,
    Correlation,
    Deadline,
    DecisionCall,
    Diagram,
    Element,
    Event,
    Flow,
    Lane,
    Loop,
    OperationCall,
    Outcome,
    Parameters,
    Process,
    Script,
)
from engine.diagram.passing import Passing
from engine.diagram.read import read_diagram, read_with_problems
from engine.diagram.shown import drawn_in, shown
from engine.diagram.starts import ForEach, Opening

__all__ = [
    "BY_DATA",
    "CALLED_OFF",
    "PARENT_CALLED_OFF",
    "PART",
    "AdHoc",
    "Assignment",
    "Correlation",
    "Deadline",
    "DecisionCall",
    "Diagram",
    "Element",
    "Event",
    "Flow",
    "ForEach",
    "Lane",
    "Loop",
    "Opening",
    "OperationCall",
    "Outcome",
    "Parameters",
    "Passing",
    "Process",
    "Script",
    "drawn_in",
    "read_diagram",
    "read_with_problems",
    "shown",
]
