"""Working days in China and what is counted in them: notices, calendars, deadlines, times. Knows no case, no page."""
