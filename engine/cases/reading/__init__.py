"""What a reader sees of cases: inbox, task, case, deadlines, history, papers. Changes nothing and knows no act."""
