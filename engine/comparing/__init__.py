"""What differs between two folders of a process, file by file, as plain typed data that a page can draw.

Reads what is there as text: compiles nothing, checks nothing, runs nothing. What comes from outside is read in a
process of its own (``engine.comparing.apart``). Knows no database, no design and no page.
"""
