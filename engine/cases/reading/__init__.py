"""What a reader sees of cases: inbox, task, case, deadlines, history, papers. Changes nothing and imports no act."""
