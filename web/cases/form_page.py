"""The JSON that a page hands to the form's script: schema, values, addresses and sentences. Knows no case."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from flask import Response, jsonify, url_for
from flask_babel import gettext

from engine.views import Checked, FormView
from web.common.i18n import language, pick

LARGEST_EXACT: Final = 2**53 - 1
"""Beyond it a browser's number loses digits."""


def exactly(value: Any) -> Any:
    """JSON of which a browser reads every digit: a number that it would round is a text, and so it comes back."""
    if isinstance(value, Mapping):
        return {key: exactly(item) for key, item in value.items()}
    if isinstance(value, list):
        return [exactly(item) for item in value]
    is_long = isinstance(value, Decimal) or (isinstance(value, int) and abs(value) > LARGEST_EXACT)
    return format(Decimal(value), "f") if is_long else value


def checked_json(checked: Checked) -> Response:
    """What the server finds in a form as it stands, for the page's script."""
    notes = {path: {"text": pick(one.text), "warns": one.warns} for path, one in checked.notes.items()}
    errors = {path: pick(text) for path, text in checked.errors.items()}
    return jsonify(data=exactly(checked.data), errors=errors, **({"notes": notes} if notes else {}))


def form_page(
    form: FormView | None,
    *,
    check_url: str,
    draft_url: str | None,
    files_url: str | None = None,
    own_draft: str | None = None,
    preview_url: str | None = None,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    sheets: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """For ``<script type="application/json">``. ``values`` are what was handed in and refused; they win.

    ``own_draft``: the name of a draft that stays in this browser, since what is handed in is sealed, files and all.
    """
    return {
        "schema": form.schema(language()) if form else None,
        "values": exactly({**(form.values if form else {}), **(values or {})}),
        "data": exactly(form.data if form else {}),
        "errors": errors or {},
        "language": language(),
        "checkUrl": check_url,
        "draftUrl": draft_url,
        "filesUrl": files_url,
        "ownDraft": own_draft,
        "previewUrl": preview_url,
        "sheets": sheets,
        "loginUrl": url_for("auth_pages.login"),
        "texts": {
            "sending": gettext("正在提交…"),
            "redrafted": gettext("文书已按您填写的意见更新，请看过后再次确认。"),
            "drafting": gettext("正在生成文书预览…"),
            "unsaved": gettext("有未保存的修改"),
            "saving": gettext("正在保存…"),
            "saved": gettext("草稿已保存（{time}）"),
            "rowsSaved": gettext("表中的修改已保存"),
            "savedHere": gettext("草稿已保存，只在这台电脑的浏览器里，附件不保存"),
            "notSavedHere": gettext("浏览器不允许保存草稿，请尽快提交"),
            "notSaved": gettext("草稿没有保存成功，请检查网络"),
            "offline": gettext("没有连上服务器，请检查网络后再提交。您填写的内容仍在页面上。"),
            "failed": gettext("提交没有成功，请稍后再试。"),
            "signIn": gettext("登录已过期。请点这里在新窗口登录，再回到本页提交；您填写的内容仍然保留。"),
            "reload": gettext("您填写的内容已存为草稿，点这里刷新后继续。"),
            "asked": {
                "mark": gettext("（{outcomes}时必填）"),
                "between": gettext("、"),
                "fill": gettext("请填写“{label}”"),
                "choose": gettext("请选择“{label}”"),
                "tick": gettext("请勾选“{label}”"),
                "upload": gettext("请上传“{label}”"),
                "row": gettext("第{row}行{what}"),
            },
        },
    }
