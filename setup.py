"""What ``pyproject.toml`` cannot say: a wheel also carries the folders that lie outside of the packages.

And it is refused where the front end or a translation was not built, because nobody can build them from a wheel.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDERS = ("workflows", "data")
BUNDLE = Path("web/static/dist/manifest.json")
TRANSLATIONS = (Path("engine/translations"), Path("web/translations"))


class BuildWithFolders(build_py):
    """The packages, and the folders inside ``engine/shipped``, where the program looks for them."""

    def run(self) -> None:
        """Build; nothing of an earlier build stays."""
        if self.editable_mode:  # then the program runs in its checkout
            super().run()
            return
        built = [BUNDLE, *(text.with_suffix(".mo") for folder in TRANSLATIONS for text in folder.rglob("*.po"))]
        if missing := [str(file) for file in built if not file.is_file()]:
            raise SystemExit(f"not built: {', '.join(missing)}; run `make setup` first")
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        for name in FOLDERS:
            shutil.copytree(name, Path(self.build_lib, "engine", "shipped", name), ignore=shutil.ignore_patterns(".*"))


setup(cmdclass={"build_py": BuildWithFolders})
