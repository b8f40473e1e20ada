"""Secrets: keys of which two of three shares open, boxes that such a key alone opens, what is put into one.

Knows no case, no form and no row.
"""
