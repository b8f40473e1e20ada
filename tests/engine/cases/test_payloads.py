"""Forms that are no forms: whoever calls the engine is told so, by every act that takes one."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import BadInput
from tests.engine.cases.test_acts import APPROVAL, PLACE, REQUEST
from tests.house import build_house

NO_FORMS: tuple[Any, ...] = (None, 1, 1.5, True, "x", "subject=a", b"{}", [], ["ab"], [["subject", "a"]], object())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = build_house(tmp_path_factory.mktemp("house"), APPROVAL)
    yield made
    made.application.database.close()


@pytest.mark.parametrize("data", NO_FORMS, ids=lambda data: f"{type(data).__name__} {str(data)[:5]}")
def test_what_is_no_form_is_refused_by_every_act_that_takes_one(house: Any, data: Any) -> None:
    case_id = house.start("changan", "approval", PLACE, REQUEST).case_id
    cases, officer, city = house.application.cases, house.actor("changan"), house.actor("shijiazhuang")
    task = house.task_of("shijiazhuang", case_id)
    acts = (
        lambda: cases.acting.start(officer, "approval", PLACE, data),
        lambda: cases.reading.check_start(officer, "approval", PLACE, data),
        lambda: cases.drafts.save_start(officer, "approval", PLACE, data),
        lambda: cases.acting.complete(city, task, data, "agree"),
        lambda: cases.reading.check(city, task, data),
        lambda: cases.drafts.save(city, task, data),
    )
    for act in acts:
        with pytest.raises(BadInput, match="JSON object"):
            act()
    assert house.proof(case_id) == []
