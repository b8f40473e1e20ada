"""Starts, locks and checks the project. Knows nothing but the standard library: it runs before all is installed."""
