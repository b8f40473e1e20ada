"""Word files: what was handed in as a form to print, and templates filled in. Knows no case and no database."""
