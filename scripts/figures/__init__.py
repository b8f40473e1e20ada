"""The figures of this house, to be compared before and after a change. Knows files and names, not what they do."""
