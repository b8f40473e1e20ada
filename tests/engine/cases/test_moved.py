"""What happens to who acts on a case that others have touched meanwhile, and to what he was told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import Conflict
from tests.applications import filled_application
from tests.engine.cases.test_acts import APPROVAL, PLACE
from tests.engine.evidence.test_rebuild import publish
from tests.engine.runtime import drawing, models
from tests.house import build_house


def test_who_saw_what_is_no_longer_so_is_told_to_look_again(tmp_path: Path) -> None:
    house = build_house(tmp_path, APPROVAL)
    publish(house, drawing.files(models.Par((models.Task("t1"), models.Task("t2")))))
    officer, cases = house.actor("changan"), house.application.cases
    first, second = cases.acting.start(officer, "random", PLACE, {}).opened
    seen = cases.reading.task(officer, second.id).revision
    cases.acting.complete(officer, first.id, {}, "done")
    with pytest.raises(Conflict):
        cases.acting.complete(officer, second.id, {}, "done", revision=seen)


def test_whoever_looks_at_a_case_has_read_what_he_was_told_of_it(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    case_id = house.start("changan", "post_approval", PLACE, filled_application()).case_id
    house.complete("shijiazhuang", case_id, "refuse", opinion="名额已满，请明年再报。")
    house.application.worker.run_due()
    officer, messages = house.actor("changan"), house.application.messages
    assert messages.page(officer).unread == 1
    messages.read(officer, str(int(case_id) + 1))
    assert messages.page(officer).unread == 1
    messages.read(officer, case_id)
    assert messages.page(officer).unread == 0
