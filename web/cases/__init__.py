"""Pages of a reviewer's day: inbox, task, case, start, deadlines. Knows no rule: the engine decides."""
