"""Where the folders lie that come with the program: the workflows, and the data. Knows no file in them.

In a checkout they stand beside the packages; a wheel carries them here (``setup.py``).
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
CHECKOUT = None if (_HERE / "workflows").is_dir() else _HERE.parents[1]
"""The checkout's own folder; None for a program that was installed."""
WORKFLOWS, DATA = ((CHECKOUT or _HERE) / name for name in ("workflows", "data"))
