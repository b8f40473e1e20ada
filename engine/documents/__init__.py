"""Word files: what was handed in as a form to print, and templates filled in. Knows no case and no database."""

from typing import Final

WORD: Final = ".docx"
"""How the name of a Word file ends: of a template in a folder, and of a paper made from one."""
