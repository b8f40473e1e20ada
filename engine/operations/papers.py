"""Documents that a case makes from the templates in its folder. The file belongs to the case from then on."""

from __future__ import annotations

from typing import Any

from engine.documents import templates
from engine.errors import BadInput
from engine.files.store import KINDS, safe_name
from engine.operations.registry import Parameter, Scene, operation

_ENDING = ".docx"


@operation(
    "document.render",
    ("生成文书", "Make a document"),
    Parameter("template", "text", ("模板", "Template")),
    Parameter("name", "text", ("文件名", "File name")),
    Parameter("values", "context", ("内容", "Contents")),
)
def _render(scene: Scene, template: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Fill a Word template of the definition and attach it to the case. The answer: its name and its SHA-256.

    Raises BadInput for a template that is not there, and for a place in it that ``values`` leaves open.
    """
    source = scene.documents.get(template)
    if source is None or scene.keep is None:
        raise BadInput(field=("模板", "template"), reason=(f"没有“{template}”", f"there is no “{template}”"))
    content = templates.fill(source, values, scene.now)
    file = {"name": safe_name(name + _ENDING), "digest": scene.keep(content)}
    made = {**file, "media_type": KINDS[_ENDING][0], "size": len(content)}
    return {"result": file, "effects": {"files": [made]}}
