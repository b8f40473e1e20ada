"""The rules of the house that no linter knows: sizes, addresses, dependencies. Each rule is shown to bite."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from engine import __version__
from tests.named import ROOT, committed_files

PACKAGES = ("engine", "storage", "web", "scripts", "tests")
ADDRESSES = re.compile(
    r"p[y]pi\.org|p[y]thonhosted|registry\.n[p]mjs|n[p]mmirror|d[e]b\.debian|/w[o]rk/|/r[o]ot/|/opt/p[y]pi"
)
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
# Used without an import of ours: build backend, zone data of the standard library.
USED_OTHERWISE = {"setuptools", "tzdata"}


def python_files(*packages):
    files = [file for package in packages for file in sorted((ROOT / package).rglob("*.py"))]
    return [file for file in files if "node_modules" not in file.parts]


def long_functions(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            length = (node.end_lineno or 0) - first.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name}: {length} lines"


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_every_file_is_short_enough_to_read():
    # A migration is read once, in order, and never grows.
    files = [file for file in python_files(*PACKAGES) if "migrations/versions" not in file.as_posix()]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_function_is_short_enough_to_read():
    files = [file for file in python_files("engine", "storage", "web", "scripts") if "versions" not in file.parts]
    found = {str(file.relative_to(ROOT)): list(long_functions(ast.parse(file.read_text("utf-8")))) for file in files}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_a_function_of_41_lines_is_seen():
    body = "\n".join(["    x = 1"] * 41)
    assert list(long_functions(ast.parse(f'def f():\n    """Doc."""\n{body}')))
    assert not list(long_functions(ast.parse("def f():\n    x = 1")))


def test_every_file_says_what_lives_in_it():
    files = python_files("engine", "storage", "web", "scripts")
    silent = [file for file in files if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))]
    assert silent == []


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_committed():
    own = Path(__file__).resolve()
    suffixes = {".png", ".docx", ".xlsx", ".woff2"}
    texts = [file for file in committed_files() if file.suffix not in suffixes and file != own]
    found = {str(file.relative_to(ROOT)): ADDRESSES.findall(file.read_text("utf-8", "replace")) for file in texts}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_an_address_would_be_seen():
    assert ADDRESSES.search("--index-url https://" + "pypi" + ".org/simple")


def test_every_locked_package_has_a_hash():
    for lock in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))[1:]
        assert entries and all("--hash=sha256:" in entry for entry in entries), lock.name


def test_every_dependency_is_imported_and_every_import_is_a_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=\[;]", text)[0].lower() for text in project["dependencies"]}
    providers = packages_distributions()
    used = set()
    for file in python_files("engine", "storage", "web"):
        for module in imports(ast.parse(file.read_text(encoding="utf-8"))):
            if module not in sys.stdlib_module_names and module not in PACKAGES:
                used |= {name.lower().replace("_", "-") for name in providers.get(module, [f"unknown module {module}"])}
    assert used - declared == set(), "imported but not in pyproject.toml"
    assert declared - used - USED_OTHERWISE == set(), "in pyproject.toml but never imported"


def test_every_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for lock, wanted in {
        "run": project["dependencies"],
        "test": project["dependencies"] + project["optional-dependencies"]["test"],
        "node": project["optional-dependencies"]["node"],
    }.items():
        locked = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").lower()
        names = [re.split(r"[<>=\[;]", text)[0].lower() for text in wanted]
        assert [name for name in names if f"\n{name}==" not in locked] == [], lock


def test_the_version_is_said_at_one_place_and_follows_the_newest_release():
    texts = [file for file in committed_files() if file.suffix in {".py", ".toml", ".json", ".po", ".html", ".md"}]
    saying = [file.relative_to(ROOT).as_posix() for file in texts if __version__ in file.read_text("utf-8", "replace")]
    assert [name for name in saying if name != "CHANGELOG.md"] == ["engine/__init__.py"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.findall(r"^## (\d[\d.]*) - ", changes, re.M)[0]
    number, unreleased, _ = __version__.partition(".dev")
    assert (numbers(number) > numbers(newest)) if unreleased else (number == newest)


def numbers(version):
    return tuple(map(int, version.split(".")))
