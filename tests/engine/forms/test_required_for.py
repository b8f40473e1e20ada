"""What an outcome asks for: fields that are otherwise left to whoever fills in the form (``requiredFor``)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import DefinitionInvalid
from tests.engine.forms.helpers import accept, form, part, rows

ASKED = {"requiredFor": "sign  close"}


def asked(given: Any, data: dict[str, Any], outcome: str) -> list[str]:
    return sorted(given.unfilled(accept(given, data), outcome))


@pytest.mark.parametrize("kind", ["textfield", "textarea", "number", "datetime", "checkbox"])
def test_a_field_is_asked_for_by_its_outcomes_and_by_no_other(kind: str) -> None:
    given = form(part(kind, "name", "名称", properties=ASKED))
    assert asked(given, {}, "sign") == asked(given, {}, "close") == ["name"]
    assert asked(given, {}, "return") == []


def test_what_is_filled_in_or_hidden_is_not_asked_for() -> None:
    given = form(part("textfield", "name", "名称", properties=ASKED))
    assert asked(given, {"name": "张三"}, "sign") == []
    away = form(part("checkbox", "off", "免"), part("textfield", "name", "名称", properties=ASKED, hide="=off"))
    assert asked(away, {"off": True}, "sign") == []


def test_each_row_of_a_list_is_asked() -> None:
    listed = form(rows("rows", part("textfield", "name", "姓名", properties=ASKED)))
    assert asked(listed, {"rows": [{"name": "张三"}, {"name": ""}, {}]}, "sign") == ["rows[1].name", "rows[2].name"]


def test_the_word_stands_at_a_field_that_is_filled_in() -> None:
    with pytest.raises(DefinitionInvalid, match="requiredFor"):
        form({"type": "text", "id": "t", "text": "说明", "properties": ASKED})
