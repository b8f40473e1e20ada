"""Backups: one file that holds an installation at one moment, its check, and an installation made of it again.

Databases before files; a manifest last, so that a file without one is no backup. Knows no page, no case and no diagram.
"""
