"""What Gangwei is about: running cases, deadlines, evidence, definitions. Knows storage; knows nothing of the web."""
