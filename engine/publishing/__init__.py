"""Definitions put in force: the catalog of those published, the process apart that tries new ones. Knows no case."""
