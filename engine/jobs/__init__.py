"""Work that follows a commit or a clock: the worker, the scheduler, how both stand. Knows no process."""
