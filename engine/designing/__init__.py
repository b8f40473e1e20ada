"""The workshop of designers: designs of processes, kept while one works, taken in, handed out and checked.

A design runs nothing and publishes nothing. Of publishing it asks the checks; knows no case and no page.
"""
