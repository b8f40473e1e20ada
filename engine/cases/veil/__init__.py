"""What of one case its reader may read: one object that every reading asks, whoever reads. Changes nothing.

Two things hide. A person of an outside organisation takes part in a case and sees what is of his own hand, what the
diagram shows him (``gw:seen``) and nothing else. What a diagram keeps confidential until an event (``gw:confidential``)
nobody sees before but who has it in hand and the roles that it names: no superior, no administrator, no auditor.
Whether somebody sees the case at all is decided in ``engine.cases.access``. Knows no page and no list.
"""

from engine.cases.veil.veil import HIDDEN, Veil, is_hung

__all__ = ["HIDDEN", "Veil", "is_hung"]
