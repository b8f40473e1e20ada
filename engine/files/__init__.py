"""What comes from outside as a file: the store of contents, tables of cells, XML behind its one door. Knows no case."""
