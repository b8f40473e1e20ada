"""Renew requirements/*.txt from pyproject.toml: exact versions with hashes, and no registry's address.

Run by ``make lock`` with the environment's own Python; needs the ``uv`` package there. Users never need it:
they install from the locks with pip alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run", "test", "node")
FORBIDDEN = re.compile(r"https?:|file:|/simple\b|(?<!\S)/")
HEADER = "# Written by `make lock`; install with: pip install --require-hashes -r requirements/{name}.txt\n"
OPTIONS = ["--universal", "--generate-hashes", "--no-annotate", "--no-header"]
OPTIONS += ["--no-emit-index-url", "--no-emit-find-links"]


def compile_lock(name: str) -> str:
    """The text of one lock. ``test`` follows the versions of ``run``, so that tests test what is run."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [] if name == "node" else [*project["dependencies"]]
    wanted += [] if name == "run" else project["optional-dependencies"][name]
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *OPTIONS, "-"]
    if name == "test":
        command += ["--constraint", "requirements/run.txt"]
    command += ["--python-version", project["requires-python"].removeprefix(">=")]
    done = subprocess.run(command, cwd=ROOT, input="\n".join(wanted), check=True, stdout=subprocess.PIPE, text=True)
    if found := FORBIDDEN.search(done.stdout):
        raise SystemExit(f"lock {name}: an address or a path got in: {found.group()}")
    return HEADER.format(name=name) + done.stdout


def main() -> None:
    """Write all locks, ``run`` first."""
    folder = ROOT / "requirements"
    folder.mkdir(exist_ok=True)
    for name in LOCKS:
        text = compile_lock(name)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        print(f"requirements/{name}.txt: {text.count('==')} packages")


if __name__ == "__main__":
    main()
