"""What Gangwei is about: running cases, deadlines, evidence, definitions. Knows storage; knows nothing of the web."""

__version__ = "0.3.0.dev0"
