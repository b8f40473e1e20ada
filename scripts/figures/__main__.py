"""``python -m scripts.figures [CHECKOUT …]``: the figures of the house, a column for each checkout, or of this one.

To compare with a commit, clone it somewhere, ``make setup`` there, and name both folders. Each is looked at by the
Python of its own ``.venv``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import Any

from scripts.figures import rooms, sizes
from scripts.steps import ROOT, StepFailed, report

HERE = Path(__file__).resolve().parent
LONG_PART = 0.9
Figures = dict[str, str]


def of_imports(root: Path, name: str, divide: Callable[[PurePath], str]) -> Figures:
    """Rooms or places, and how they hang together."""
    found = rooms.arrows(root, divide)
    numbers = {"": len(found), ", arrows": sum(map(len, found.values())), ", floors": rooms.floors(found)}
    return {f"{name}{what}": str(number) for what, number in numbers.items()} | {
        f"{name}, circles": str(len(rooms.circles(found)))
    }


def of_sizes(root: Path) -> Figures:
    """Files and functions, in lines."""
    files, functions = sizes.files(root), sizes.functions(root)
    longest = max(files, key=files.__getitem__)
    return {
        "files": str(len(files)),
        "median file": f"{sizes.median(list(files.values())):g}",
        "longest file": f"{files[longest]} ({longest})",
        "functions": str(len(functions)),
        "p90 of the functions": str(sizes.share(functions, LONG_PART)),
        "longest function": str(max(functions)),
    }


def of_types(root: Path) -> Figures:
    """What mypy knows."""
    found = ask(root, "untyped.py", *rooms.PACKAGES)
    return {
        "classes of more than 15 methods": str(len(found["large"])),
        "subscripts on Any or Mapping[str, Any]": str(found["subscripts"]),
    }


def of_requests(root: Path) -> Figures:
    """What pages ask of the database."""
    found = ask(root, "requests.py")
    return {f"{name}: readings, writings, statements": ", ".join(map(str, counts)) for name, counts in found.items()}


def ask(root: Path, program: str, *words: str) -> Any:
    """The answer of one of the programs beside, run in the checkout. Raises StepFailed."""
    python = root / ".venv" / "bin" / "python"
    advice = (f"请先在 {root} 中执行 make setup。", f"Run make setup in {root} first.")
    if not python.exists():
        raise StepFailed((f"{root} 中没有 .venv。", f"There is no .venv in {root}."), advice)
    done = subprocess.run(
        [python, "-P", HERE / program, *words], cwd=root, check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise StepFailed((f"{program} 没有成功。", f"{program} did not succeed."), advice)
    return json.loads(done.stdout)


def figures(root: Path) -> Figures:
    """All of them, each with its name."""
    return {
        **of_imports(root, "rooms", rooms.room),
        **of_imports(root, "folders and loose files", rooms.place),
        **of_sizes(root),
        **of_types(root),
        **of_requests(root),
    }


def table(columns: dict[str, Figures]) -> Iterator[str]:
    """The lines of a table in Markdown."""
    yield f"| | {' | '.join(columns)} |"
    yield "| --- |" + " ---: |" * len(columns)
    for name in dict.fromkeys(name for column in columns.values() for name in column):
        yield f"| {name} | {' | '.join(column.get(name, '') for column in columns.values())} |"


def arguments() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    parser = argparse.ArgumentParser("python -m scripts.figures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("checkout", nargs="*", type=Path, default=[ROOT], help="a folder with a .venv; default: this")
    return parser


def main() -> None:
    roots = [checkout.resolve() for checkout in arguments().parse_args().checkout]
    print("\n".join(table({commit(root): figures(root) for root in roots})))


def commit(root: Path) -> str:
    """What git calls the state of a checkout; its folder's name where git knows none."""
    words = ["git", "-C", str(root), "describe", "--always", "--dirty"]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    return done.stdout.strip() or root.name


if __name__ == "__main__":
    sys.exit(report(main))
