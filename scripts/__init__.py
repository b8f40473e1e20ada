"""Starts, locks and checks the project. Standard library only: it runs before anything is installed."""
