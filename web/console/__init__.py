"""The command ``gangwei`` and the server that it starts. Each command calls one function of the engine."""
