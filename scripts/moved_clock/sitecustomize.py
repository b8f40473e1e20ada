"""Python reads this at its start when the folder is on its path: it moves the wall clock, and no other.

``CLOCK_AHEAD`` says by how many seconds, so that every program started so is at the same moment. What measures time
(``time.monotonic`` and its like) goes on as it is: pools, timeouts and schedulers know of no move. Knows no test.
"""

import os

if ahead := os.environ.get("CLOCK_AHEAD"):
    from datetime import UTC, datetime, timedelta

    import time_machine

    time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(ahead)), tick=True).start()
