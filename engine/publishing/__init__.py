"""Definitions put in force: the catalog of what is published, and the process apart in which new ones are tried."""
