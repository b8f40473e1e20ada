"""The files of a folder: names, sizes, and that each one loads. Knows nothing of what a diagram means."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from engine.checks.browser import check_browser
from engine.checks.defaults import check_defaults
from engine.checks.report import ARTICLES, LAW, MAIN, READING, Folder, Report
from engine.checks.tables import check_tables
from engine.diagram import Diagram, Element, Process, read_with_problems
from engine.dmn.decisions import load_decisions
from engine.documents import WORD, templates
from engine.errors import DefinitionInvalid, Problem, Refusal
from engine.forms import Form, load_form
from engine.words import Listed, listed, say

FORM: Final = ".form.json"
MAX_FILES: Final = 200
MAX_FILE: Final = 2 * 1024 * 1024  # bytes
T = TypeVar("T")
MAX_TOTAL: Final = 20 * 1024 * 1024
MAX_TOML: Final = 512 * 1024  # bytes of all TOML files
MAX_DOTS: Final = 60  # in one line of TOML: a key of very many parts takes its reader minutes
MAX_NAME: Final = 120
MAX_TEXT: Final = 200  # characters of an id or a name in a diagram: as many as the database keeps
MAX_OUTCOME: Final = 100

_SEGMENT: Final = re.compile(r"[\w一-鿿][\w一-鿿.\-（）]*")
KNOWN: Final = (".bpmn", ".dmn", FORM, ".toml", WORD, ".md")
_DEEPEST: Final = 4


def read_files(folder: Folder) -> None:
    """Read every file into facts; note what cannot be read."""
    for problem in oversize(folder.files):
        folder.report.add(problem)
    if folder.report.errors:
        return
    for name, data in sorted(folder.files.items()):
        if not _check_name(folder, name):
            continue
        reader = next((read for ending, read in _READERS.items() if name.endswith(ending)), None)
        if reader is not None:
            reader(folder, name, data)
    _check_main(folder)
    _check_articles(folder)


def oversize(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Where a folder passes the limits of number and size; nothing: it may be read."""
    smaller = say("请精简或拆分。")
    if len(files) > MAX_FILES:
        yield Problem(".", "files", say("文件超过{most}个。", most=MAX_FILES), smaller)
    for name, data in files.items():
        if len(data) > MAX_FILE:
            size = MAX_FILE // 1024
            yield Problem(name[:MAX_NAME], "file", say("文件超过{size}KB。", size=size), smaller)
    tables = [data for name, data in files.items() if name.endswith(".toml")]
    if sum(map(len, files.values())) > MAX_TOTAL:
        yield Problem(".", "files", say("文件合计超过{size}KB。", size=MAX_TOTAL // 1024), smaller)
    if sum(map(len, tables)) > MAX_TOML:
        yield Problem(".", "files", say("TOML文件合计超过{size}KB。", size=MAX_TOML // 1024), smaller)


def is_safe(name: str) -> bool:
    """Whether a name, ``/`` between its parts, may be written down, shown and looked up: no dots first, no spaces."""
    parts = name.split("/")
    return (
        len(name) <= MAX_NAME
        and len(parts) <= _DEEPEST
        and ".." not in name
        and all(_SEGMENT.fullmatch(part) for part in parts)
    )


def _check_name(folder: Folder, name: str) -> bool:
    if not is_safe(name):
        shown = name[:MAX_NAME]
        folder.report.error(
            shown,
            "file",
            say("文件名不安全：只能用文字、数字、点、横线和下划线，不能以点开头。"),
            say("请给文件改名。"),
        )
        return False
    if not name.endswith(KNOWN):
        folder.report.error(
            name,
            "file",
            say("这种文件不能放在流程文件夹里。"),
            say("可用：{known}。", known=listed(KNOWN)),
        )
    return True


def _read_diagram(folder: Folder, name: str, data: bytes) -> None:
    found: tuple[Diagram, tuple[Problem, ...]] | None = _loaded(folder, name, lambda: read_with_problems(name, data))
    if found is None:
        folder.unread.add(".bpmn")
    else:
        diagram, problems = found
        folder.diagrams.append(diagram)
        for problem in problems:
            folder.report.add(problem)


def _read_decisions(folder: Folder, name: str, data: bytes) -> None:
    others = {file: other for file, other in folder.files.items() if file.endswith(".dmn") and file != name}
    found = _loaded(folder, name, lambda: load_decisions(name, data, others))
    if found is None:
        folder.unread.add(".dmn")
        return
    check_tables(name, data, folder.report)
    for own, decision in found.items():
        if own in folder.decisions:
            folder.report.error(name, own, say("决策“{own}”重复。", own=own), say("请给其中一个决策换一个id。"))
        if own in folder.effective:
            what = say("决策“{own}”与按日期施行的决策表同名。", own=own)
            folder.report.error(name, own, what, say("请换一个id，或者改用那张表。"))
        folder.decisions[own] = decision


def _read_form(folder: Folder, name: str, data: bytes) -> None:
    own = name.rsplit("/", 1)[-1].removesuffix(FORM)
    if own in folder.forms:
        folder.report.error(name, own, say("表单“{own}”重复。", own=own), say("请删去或改名其中一个文件。"))
    form = folder.forms[own] = _loaded(folder, name, lambda: load_form(name, data))
    if form is not None:
        _check_sources(folder, name, form)
        check_browser(name, form, folder.report)
        check_defaults(name, form, folder.report)
        for problem in form.problems:
            folder.report.add(problem)


def _check_sources(folder: Folder, file: str, form: Form) -> None:
    for name, source in form.sources.items():
        found = folder.operations.get(source.operation)
        if found is None or not found.read_only:
            folder.report.error(
                file,
                name,
                say("数据来源“{name}”的操作“{operation}”不存在，或不是只读的。", name=name, operation=source.operation),
                say("可用的有：{known}。", known=_readable(folder)),
            )
            continue
        known = {parameter.name: parameter.required for parameter in found.parameters}
        for wrong in sorted(source.parameters.keys() - known.keys()):
            folder.report.error(
                file,
                name,
                say("操作“{operation}”没有参数“{wrong}”。", operation=source.operation, wrong=wrong),
                say("请检查拼写，或删去这个参数。"),
            )
        for missing in sorted(own for own, needed in known.items() if needed and own not in source.parameters):
            folder.report.error(
                file,
                name,
                say("操作“{operation}”缺少参数“{missing}”。", operation=source.operation, missing=missing),
                say("请补上这个参数。"),
            )


def _readable(folder: Folder) -> Listed:
    return listed(sorted(name for name, own in folder.operations.items() if own.read_only), by=", ")


def _read_toml(folder: Folder, name: str, data: bytes) -> None:
    table = parse_toml(folder.report, name, data)
    if table is not None:
        folder.tables[name] = table


def parse_toml(report: Report, name: str, data: bytes) -> dict[str, Any] | None:
    """What a TOML file says; None when it cannot be read, which is noted."""
    try:
        text = data.decode("utf-8")
        if any(line.count(".") > MAX_DOTS for line in text.splitlines()):
            raise ValueError(f"more than {MAX_DOTS} dots in a line")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of very many digits is a ValueError, too
        report.error(
            name, "file", say("不是有效的TOML文件（{error}）。", error=error), say("请按TOML的写法改正所指的行。")
        )
    return None


def _check_articles(folder: Folder) -> None:
    """Every row is complete, and every article that an element names has one (its summary is shown beside the task)."""
    if ARTICLES not in folder.tables:
        return
    rows = folder.tables[ARTICLES].get("article", [])
    known: set[str] = set()
    for number, row in enumerate(rows if isinstance(rows, list) else [None], 1):
        if not isinstance(row, dict) or not {"number", "zh", "en"} <= row.keys():
            folder.report.error(ARTICLES, str(number), say("条目缺少number、zh或en。"), say("请补齐这三项。"))
        else:
            known.add(str(row["number"]))
    for diagram in folder.diagrams:
        for process in diagram.processes:
            _check_summaries(folder, diagram.file, process, known)
            for element in process.elements.values():
                _check_summaries(folder, diagram.file, element, known)


def _check_summaries(folder: Folder, file: str, at: Process | Element, known: set[str]) -> None:
    for article in at.articles:
        if article not in known and not article.startswith((LAW, READING)):
            folder.report.error(
                file,
                at.id,
                say("第{line}行：第{article}条没有摘要。", line=at.line, article=article),
                say("请在_shared/articles.toml里补上这一条；法律写成 law:…，我们的理解写成 reading:…。"),
            )


def _read_template(folder: Folder, name: str, data: bytes) -> None:
    _loaded(folder, name, lambda: templates.check(data))


_READERS: Final[dict[str, Callable[[Folder, str, bytes], None]]] = {
    ".bpmn": _read_diagram,
    ".dmn": _read_decisions,
    FORM: _read_form,
    ".toml": _read_toml,
    WORD: _read_template,
}


def _loaded(folder: Folder, name: str, load: Callable[[], T]) -> T | None:
    """What ``load`` gives; None when it refuses, with its problems noted."""
    try:
        return load()
    except DefinitionInvalid as invalid:
        for problem in invalid.problems:
            folder.report.add(problem)
    except Refusal as refusal:
        folder.report.error(name, "file", refusal.words, say("请改正后重新存盘。"))
    except RecursionError:
        hint = say("请减少互相引用或嵌套的层数。")
        folder.report.error(name, "file", say("嵌套过深。"), hint)
    return None


def _check_main(folder: Folder) -> None:
    if MAIN not in folder.files:
        hint = say("请把主流程的文件命名为{main}。", main=MAIN)
        folder.report.error(MAIN, "file", say("文件夹里没有{main}。", main=MAIN), hint)
    for diagram in folder.diagrams:
        _check_executable(folder, diagram)
        for process in diagram.processes:
            _check_lengths(folder, diagram.file, process)


def _check_executable(folder: Folder, diagram: Diagram) -> None:
    """One process of a file runs; where none says so, those that have something to run are checked all the same."""
    meant = diagram.to_run
    if any(process.executable for process in diagram.processes):
        if len(meant) > 1:
            names = listed(process.id for process in meant)
            what = say("一个文件里只能有一个可执行的流程，这里有{count}个（{names}）。", count=len(meant), names=names)
            hint = say("请把其余流程移到各自的文件，或设isExecutable=“false”作为说明。")
            folder.report.error(diagram.file, "process", what, hint)
    elif meant:
        for process in meant:
            what = say("第{line}行：流程“{id}”没有标明可执行。", line=process.line, id=process.id)
            folder.report.error(diagram.file, process.id, what, say("请在流程上设isExecutable=“true”。"))
    else:
        what = say("文件里没有可执行的流程。")
        folder.report.error(diagram.file, "process", what, say("请画出流程，并设isExecutable=“true”。"))


def _check_lengths(folder: Folder, file: str, process: Process) -> None:
    nodes: tuple[Process | Element, ...] = (process, *process.elements.values())
    for node in nodes:
        outcomes = node.outcomes if isinstance(node, Element) else ()
        longest = max(map(len, (node.id, *node.name)))
        if longest > MAX_TEXT or any(len(outcome.id) > MAX_OUTCOME for outcome in outcomes):
            folder.report.error(
                file,
                node.id[:MAX_TEXT],
                say(
                    "第{line}行：标识或名称过长（最多{most}字，办理结果的标识最多{outcome}字）。",
                    line=node.line,
                    most=MAX_TEXT,
                    outcome=MAX_OUTCOME,
                ),
                say("请改短；说明写在描述里。"),
            )
