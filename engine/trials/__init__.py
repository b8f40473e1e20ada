"""Trials (试运行): a design is played with invented people, real forms and a clock that moves, in a process of its own.

That process has the whole application over a database in memory, and nothing else of the installation: no database of
its, no file, no secret. Between the two goes JSON, a line each. Knows no page.
"""
