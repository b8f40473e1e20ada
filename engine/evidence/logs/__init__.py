"""Event logs of cases for process mining, as XES and OCEL: what happened when, without people and without business.

Holds names of steps, of outcomes and of roles, numbers of cases and records; whoever acted has a pseudonym. Knows no
page, and writes nothing.
"""
