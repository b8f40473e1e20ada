"""Handing in sealed, making a share of a key, opening: the posts of such tasks. Knows no rule; keeps no secret.

What comes here is answered once like every act, but of its content not even a digest is kept (``web/common/once.py``).
"""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.cases.acting.sealing import Named
from engine.errors import BadInput
from engine.files.uploads import Upload
from engine.sealing.keys import KINDS
from engine.views import Receipt
from web.cases.handed_in import handed_in
from web.common.bounds import waited
from web.common.context import actor, application
from web.common.errors import wants_json
from web.common.words import say

pages = Blueprint("sealed_pages", __name__)
LONGEST = 400  # characters of a secret that are read


@pages.post("/tasks/<task_id>/sealed")
def hand_in(task_id: str) -> ResponseReturnValue:
    """The form and its files in one request; what leads to the receipt."""
    handed = handed_in()
    files = [
        Named(name, Upload(file.filename, file.read()))
        for name, file in request.files.items(multi=True) if file.filename
    ]  # fmt: skip
    receipt = application().cases.sealed_handing.hand_in(
        actor(), task_id, handed.data, files, handed.outcome or "", handed.revision, waited()
    )
    return _done(receipt, gettext("%(number)s 已密封提交，回执见下方，请打印或者保存。", number=receipt.number))


@pages.post("/tasks/<task_id>/share")
def share(task_id: str) -> ResponseReturnValue:
    """Set a pass phrase, or keep a printed code."""
    handed = handed_in()
    receipt = application().cases.unsealing.share(
        actor(), task_id, _secret("secret"), _secret("repeated"), handed.data, handed.outcome or "", handed.revision
    )
    return _done(receipt, gettext("%(number)s 已设好您的一份密钥。", number=receipt.number))


@pages.post("/tasks/<task_id>/unseal")
def unseal(task_id: str) -> ResponseReturnValue:
    """Open, by what two of the three holders know."""
    handed = handed_in()
    given = {at: text for at in range(len(KINDS)) if (text := _secret(f"secret_{at}", required=False))}
    receipt = application().cases.unsealing.unseal(
        actor(), task_id, given, handed.data, handed.outcome or "", handed.revision
    )
    return _done(receipt, gettext("%(number)s 已开启，内容见下方。", number=receipt.number))


def _secret(name: str, *, required: bool = True) -> str:
    """A field with a secret, as it was typed. Raises BadInput when it is empty or far too long."""
    found = request.form.get(name, "")
    if (required and not found) or len(found) > LONGEST:
        raise BadInput(field=say("口令或恢复码"), reason=say("请填写，最多{most}个字符", most=LONGEST))
    return found


def _done(receipt: Receipt, sentence: str) -> ResponseReturnValue:
    """To the page of the case, where what was done is to be read."""
    flash(sentence, "success")
    location = url_for("case_pages.case", case_id=receipt.case_id)
    if wants_json():
        return jsonify(location=location, case_id=receipt.case_id, number=receipt.number, status=receipt.status)
    return redirect(location, code=303)
