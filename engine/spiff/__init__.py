"""SpiffWorkflow, driven: its workflows, tasks and specs with classes of our own for each construct of BPMN 2.0.

A *scope* (SpiffWorkflow's ``Workflow``) is a running process or sub-process; a *token* (its ``Task``) stands at a node
(its ``TaskSpec``) of that scope. What is done is taken out of the scope at once, so a scope holds what lives and no
history. Knows nothing of people, operations or storage: they are the host's.
"""

from engine.spiff.build import Specs, build_specs
from engine.spiff.contract import Host, Place
from engine.spiff.instance import Instance
from engine.spiff.marks import EVERYWHERE
from engine.spiff.pieces import NOTHING, Kept, Memory
from engine.spiff.seen import Stored
from engine.spiff.state import going_on, load, numbered, readable, retold, same, save
from engine.spiff.tokens import Scope, Token
from engine.spiff.waiting import COUNTED

__all__ = [
    "COUNTED",
    "EVERYWHERE",
    "NOTHING",
    "Host",
    "Instance",
    "Kept",
    "Memory",
    "Place",
    "Scope",
    "Specs",
    "Stored",
    "Token",
    "build_specs",
    "going_on",
    "load",
    "numbered",
    "readable",
    "retold",
    "same",
    "save",
]
