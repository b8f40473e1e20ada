"""The demo's places, people and cases, played through everybody's doors. Knows no process; they are data."""
