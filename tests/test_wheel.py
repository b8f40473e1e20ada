"""The wheel: built from a checkout, installed beside the locked packages, run from a folder that is none of ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import __version__
from tests.console import ROOT
from tests.site import PREPARATIONS, free_port, run_gangwei, serving
from tests.visitor import Visitor

pytestmark = pytest.mark.slow

OUTSIDE = (".*", "node_modules", "__pycache__", "var", "build", "tests", "docs", "*.egg-info")
READ = {
    "engine": ("*.py", "*.toml", "*.txt", "*.mo", "*.bpmn"),
    "storage": ("*",),
    "web": ("*.py", "*.mo"),
    "web/templates": ("*.html",),
    "web/static": ("*",),
    "workflows": ("*",),
    "data": ("*",),
}
"""What of the checkout the program reads, by folder."""
SHIPPED = ("workflows", "data")
QUIET = ("--quiet", "--no-index", "--no-deps", "--disable-pip-version-check")


def build(source: Path, into: Path) -> subprocess.CompletedProcess[str]:
    """Make a wheel as a packager does, offline."""
    words = [sys.executable, "-m", "pip", "wheel", *QUIET, "--no-build-isolation", "--wheel-dir", str(into), "."]
    return subprocess.run(words, cwd=source, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The checkout without what it does not need, so that building leaves nothing in it."""
    folder = tmp_path_factory.mktemp("source") / "gangwei"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*OUTSIDE))
    return folder


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory):
    into = tmp_path_factory.mktemp("wheel")
    done = build(source, into)
    assert done.returncode == 0, done.stderr
    (made,) = into.glob("*.whl")
    return made


@dataclass(frozen=True)
class Installed:
    """A program that was installed; ``home`` is the only folder of the person who runs it."""

    environment: Path
    home: Path

    @property
    def program(self) -> list[str]:
        return [str(self.environment / "bin" / "gangwei")]

    @property
    def settings(self) -> dict[str, str]:
        """Only what any system has: nothing of this checkout, and no folder named. Python compiles beside it all."""
        compiled = str(self.home.with_name("compiled"))
        own = {"HOME": str(self.home), "GANGWEI_PORT": str(free_port()), "PYTHONPYCACHEPREFIX": compiled}
        return own | {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def run(self, *words: str, **settings: str) -> str:
        return run_gangwei(words, self.settings | settings, self.program, self.home)

    def files(self) -> set[Path]:
        return {path for path in self.environment.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An empty environment that is lent the locked packages, but not the checkout's own editable install."""
    folder, home = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("home")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", *QUIET, "--no-compile", str(wheel)]
    subprocess.run(pip, check=True)
    return Installed(folder, home)


def test_the_wheel_holds_all_that_the_program_reads_and_nothing_else(wheel):
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder, patterns in READ.items()
        for pattern in patterns
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and path.name[0] != "." and not {"node_modules", "frontend", "__pycache__"} & set(path.parts)
    }
    wanted = {f"engine/shipped/{name}" if name.startswith(SHIPPED) else name for name in wanted}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == wanted


def test_a_wheel_is_not_made_where_the_front_end_was_not_built(source, tmp_path):
    bare = tmp_path / "bare"
    shutil.copytree(source, bare, ignore=shutil.ignore_patterns("manifest.json", "build", "*.egg-info"))
    done = build(bare, tmp_path)
    assert done.returncode != 0 and "web/static/dist/manifest.json" in done.stderr and "make setup" in done.stderr
    assert list(tmp_path.glob("*.whl")) == []


def test_the_installed_program_fills_its_own_data_folder_and_serves_from_anywhere(installed):
    before = installed.files()
    assert installed.run("--version").strip() == f"gangwei {__version__}"
    for words in PREPARATIONS:
        said = installed.run(*(word for word in words if word != "--no-cases"), GANGWEI_ENV="demo")
    assert "demo cases: 0 new" not in said
    users = Path(said.strip().splitlines()[-1].rpartition("see ")[2])
    assert users.is_file() and installed.environment in users.parents
    data = installed.home / ".local" / "share" / "gangwei"
    assert (data / "gangwei.db").is_file()
    settings = installed.settings | {"GANGWEI_ENV": "demo"}
    with serving(installed.home, settings, installed.program, installed.home) as site, Visitor(site.url) as visitor:
        assert json.loads(visitor.get("/healthz").text) == {"status": "ok", "version": __version__}
        assert visitor.get("/readyz").status == 200  # the database, its schema, the built front end
        visitor.sign_in("changan")
        assert f"版本 {__version__}" in visitor.get("/tasks").text
        assert 'action="/start/post_approval' in visitor.get("/start/post_approval?organisation=130102").text
        visitor.post_form("/language", {"language": "en"})
        assert f"Version {__version__}" in visitor.get("/tasks").text
        assert visitor.get("/static/icon.svg").status == 200
    assert installed.files() == before
    assert sorted(path.name for path in installed.home.iterdir()) == [".local", "server.log"]
