"""The command ``gangwei`` and the server that it starts. Knows no rule: a command calls one function of the engine."""
