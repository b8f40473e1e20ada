"""Documents that a case makes from the templates in its folder. The file belongs to the case from then on."""

from __future__ import annotations

from typing import Any

from engine.documents import WORD, templates
from engine.errors import BadInput
from engine.files.uploads import KINDS, safe_name
from engine.operations.registry import Parameter, Scene, operation
from engine.words import say

RENDER = "document.render"
"""The operation that makes a paper."""


@operation(
    RENDER,
    say("生成文书"),
    Parameter("template", "text", say("模板")),
    Parameter("name", "text", say("文件名")),
    Parameter("values", "context", say("内容")),
    rehearsed=True,
)
def _render(scene: Scene, template: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Fill a Word template of the definition and attach it to the case. The answer: its name and its SHA-256.

    Raises BadInput for a template that is not there, and for a place in it that ``values`` leaves open.
    """
    source = scene.documents.get(template)
    if source is None or scene.keep is None:
        raise BadInput(field=say("模板"), reason=say("没有“{template}”", template=template))
    content = templates.fill(source, values, scene.now)
    file = {"name": safe_name(name + WORD), "digest": scene.keep(content)}
    made = {**file, "media_type": KINDS[WORD][0], "size": len(content)}
    return {"result": file, "effects": {"files": [made]}}
