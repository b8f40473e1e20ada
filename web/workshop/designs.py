"""Designs listed, begun, kept and discarded. Knows no rule."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.designing.proposing import NothingNew
from engine.designing.unpacking import unpack
from engine.errors import BadInput, NotFound
from engine.views import Startable
from web.common.context import actor, application
from web.common.downloads import to_save
from web.common.i18n import language
from web.common.statuses import status_of
from web.common.words import say

pages = Blueprint("workshop_pages", __name__, url_prefix="/workshop")
LARGEST: Final = 2**31 - 1
ONE: Final = f"/<int(max={LARGEST}):number>"
ZIP: Final = "application/zip"
LONGEST_TOLD, MOST_TOLD = 40, 8
"""Letters of a name and names of an archive that a page says: what the next page says travels in a cookie."""
ALONE: Final = {".bpmn": "process.bpmn", ".form.json": "forms/{name}", ".dmn": "{name}"}
"""Where a file stands in its folder that is uploaded by itself."""


@pages.get("")
def designs() -> ResponseReturnValue:
    """All designs, and how to begin one."""
    return _page()


@pages.post("/copy")
def copy() -> ResponseReturnValue:
    """Begin one with a published version."""
    key, _, version = _word("of").partition(":")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    return _opened(application().workshop.beginning.copy(actor(), key, number))


@pages.post("/blank")
def blank() -> ResponseReturnValue:
    """Begin one with an empty process."""
    try:
        return _opened(application().workshop.beginning.blank(actor(), _word("key"), _word("title")))
    except BadInput as refused:
        return _page(refused)


@pages.post("/upload")
def upload() -> ResponseReturnValue:
    """Begin one with a folder as a zip file, or with a single file."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise BadInput(field=say("文件"), reason=say("请选择文件"))
        key, files = _taken(sent.filename, sent.read())
        title = _word("title") or PurePosixPath(sent.filename).name.partition(".")[0]
        return _opened(application().workshop.beginning.upload(actor(), _word("key") or key, title, files))
    except BadInput as refused:
        return _page(refused)


@pages.get(f"{ONE}/files")
def files(number: int) -> str:
    """Its files and its history."""
    view = application().workshop.reading.design(actor(), number)
    return render_template("workshop/files.html", view=view, ways=_ways())


@pages.get(f"{ONE}/folder.zip")
def archive(number: int) -> Response:
    """Its folder, as it stands in ``workflows/``."""
    key, content = application().workshop.reading.archive(actor(), number)
    return to_save(f"{key}.zip", content, ZIP)


@pages.post(f"{ONE}/propose/<key>")
def propose(number: int, key: str) -> ResponseReturnValue:
    """Pin it as it is now, and go on to the form of the case that decides on it."""
    if key not in {one.key for one in _ways()}:
        raise NotFound(what=say("这类事项"))
    try:
        application().workshop.proposing.propose(actor(), number)
    except NothingNew as refused:
        flash(refused.message(language()), "warning")
        return _back(number)
    flash(gettext("设计稿已按现在的内容固定，请在下面选择它并写明理由。"), "success")
    return redirect(url_for("start_pages.form", key=key), code=303)


def _ways() -> list[Startable]:
    """The kinds of cases that decide on a design and that the reader may start."""
    keys = application().workshop.proposing.decided_by(actor())
    return [one for one in application().cases.starts.startable(actor()) if one.key in keys and one.organisations]


@pages.post(f"{ONE}/snapshot")
def snapshot(number: int) -> ResponseReturnValue:
    """Give how it stands now a name."""
    application().workshop.history.snapshot(actor(), number, _word("name"))
    flash(gettext("已保存快照。"), "success")
    return _back(number)


@pages.post(f"{ONE}/restore/<int(max={LARGEST}):revision>")
def restore(number: int, revision: int) -> ResponseReturnValue:
    """Let it stand as it stood then."""
    application().workshop.history.restore(actor(), number, revision)
    flash(gettext("已恢复到所选的版本；恢复前的内容仍在历史中。"), "success")
    return _back(number)


@pages.post(f"{ONE}/purge")
def purge(number: int) -> ResponseReturnValue:
    """Forget its history."""
    application().workshop.history.purge(actor(), number)
    flash(gettext("历史版本和快照已清除。"), "success")
    return _back(number)


@pages.post(f"{ONE}/discard")
def discard(number: int) -> ResponseReturnValue:
    """Forget all of it."""
    application().workshop.history.discard(actor(), number)
    flash(gettext("设计稿已删除。"), "success")
    return redirect(url_for("workshop_pages.designs"), code=303)


def _taken(filename: str, data: bytes) -> tuple[str, dict[str, bytes]]:
    """The key that a file's name gives, and the files of a folder."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    if name.lower().endswith(".zip"):
        found = unpack(data)
        if found["left_out"]:
            left = gettext("、").join(name[:LONGEST_TOLD] for name in found["left_out"][:MOST_TOLD])
            flash(gettext("zip文件里的这些文件不属于流程文件夹，没有收下：%(left)s", left=left), "warning")
        return found["key"] or name[:-4], found["files"]
    for ending, place in ALONE.items():
        if name.endswith(ending):
            return name.removesuffix(ending), {place.format(name=name): data}
    raise BadInput(field=say("文件"), reason=say("请上传zip、.bpmn、.dmn或.form.json文件"))


def _word(name: str) -> str:
    return request.form.get(name, "").strip()


def _opened(number: int) -> ResponseReturnValue:
    return redirect(url_for("editor_pages.design", number=number), code=303)


def _back(number: int) -> ResponseReturnValue:
    return redirect(url_for("workshop_pages.files", number=number), code=303)


def _page(refused: BadInput | None = None) -> ResponseReturnValue:
    page = render_template(
        "workshop/all.html",
        designs=application().workshop.reading.designs(actor()),
        published=application().definitions.current(actor()),
        error=refused.message(language()) if refused else "",
        said=request.form,
    )
    return page, status_of(refused) if refused else 200
