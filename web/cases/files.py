"""The files of a case: attach, download, and what was handed in as a Word file. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.errors import BadInput
from engine.files.uploads import KINDS, Upload
from web.cases.case_acts import back
from web.common.context import actor, application
from web.common.downloads import to_save
from web.common.errors import wants_json
from web.common.i18n import language
from web.common.words import say

pages = Blueprint("case_file_pages", __name__)


@pages.post("/cases/<case_id>/files")
def attach(case_id: str) -> ResponseReturnValue:
    """Add files: all of them, or none and why."""
    files = [Upload(file.filename, file.read()) for file in request.files.getlist("file") if file.filename]
    if not files:
        raise BadInput(field=say("附件"), reason=say("没有选择文件"))
    kept = application().cases.acting.attach_all(actor(), case_id, files)
    if wants_json():
        return jsonify(digests=[one.digest for one in kept])
    return back(case_id, gettext("附件已上传。"), tab="files")


@pages.get("/cases/<case_id>/files/<attachment_id>")
def download(case_id: str, attachment_id: str) -> Response:
    """A file, always to be saved and never to be run: it was written by somebody else."""
    attachment, content = application().cases.attachments.attachment(actor(), case_id, attachment_id)
    return to_save(attachment.filename, content, "application/octet-stream")


@pages.get("/cases/<case_id>/documents/<int:sequence>")
def document(case_id: str, sequence: int) -> Response:
    """What was handed in by that event of the case, as a Word file to print and to stamp."""
    name, content = application().cases.papers.document(actor(), case_id, sequence, language())
    return to_save(name, content, KINDS[".docx"][0])
