"""Who is told of what: a task that comes, comes back or is gone, and how a case ended; once each, in the same act."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cases.allowing import NAMES
from engine.cases.recording import messages as telling
from engine.errors import NotFound
from engine.messages.kinds import KINDS, URGED
from engine.messages.telling import tell
from engine.views import Message, MessageFilters
from storage import cases as case_rows
from storage import news
from tests.applications import filled_application
from tests.house import House, build_house

KEY, PLACE, OFFICER, CITY = "post_approval", "130102", "changan", "shijiazhuang"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build_house(tmp_path)


def box(house: House, login: str, unread: bool = False) -> list[Message]:
    return list(house.application.messages.page(house.actor(login), MessageFilters(unread=unread)).rows)


def begun(house: House) -> str:
    return house.start(OFFICER, KEY, PLACE, filled_application()).case_id


def test_a_task_that_comes_is_told_once_to_each_who_may_take_it_and_to_nobody_else(house: House) -> None:
    case_id = begun(house)
    (told,) = box(house, CITY)
    assert told.title[0].endswith("待您办理") and told.number in told.words[0] and told.title[1]
    assert (told.case_id, told.read_at) == (case_id, None) and told.task_number is not None
    assert box(house, OFFICER) == [] and box(house, "province") == []


def test_what_is_told_of_a_task_opens_no_case_and_is_no_copy(house: House) -> None:
    begun(house)
    assert house.application.cases.inbox.page(house.actor(CITY), "copied").total == 0


def test_a_task_for_an_office_of_many_tells_nobody_by_name_but_is_news_for_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MOST_TOLD", 0)
    with house.application.database.read() as connection:
        before = news.last(connection)
    begun(house)
    assert box(house, CITY) == []
    with house.application.database.read() as connection:
        assert {subject for _, subject in news.since(connection, before)} == {"city_reviewer@130100"}


def test_who_gets_a_task_back_is_told_the_reason_and_the_former_news_is_read(house: House) -> None:
    case_id = begun(house)
    house.complete(CITY, case_id, "return", opinion="请补充理由。")
    (told,) = box(house, OFFICER)
    assert "被退回" in told.title[0] and "请补充理由。" in told.words[0]
    assert box(house, CITY, unread=True) == []  # what it told of is done
    assert len(box(house, CITY)) == 1


def test_a_message_leads_to_the_task_while_it_waits_then_to_the_case_then_nowhere(house: House) -> None:
    case_id = begun(house)
    reading, city = house.application.cases.attachments, house.actor(CITY)
    (told,) = box(house, CITY)
    assert reading.leads_to(city, told) == ("task", house.task_of(CITY, case_id))
    house.complete(CITY, case_id, "return", opinion="请补充理由。")
    assert reading.leads_to(city, told) == ("case", case_id)
    assert reading.leads_to(house.actor("auditor"), told) is None


def test_who_had_taken_a_task_hears_that_it_is_gone_and_the_starter_that_his_case_is(house: House) -> None:
    case_id = begun(house)
    city = house.actor(CITY)
    house.application.cases.claims.claim(city, house.task_of(CITY, case_id))
    house.clock.move(minutes=1)
    house.application.cases.acting.withdraw(house.actor(OFFICER), case_id, "材料有误")
    assert "已不需要您办理" in box(house, CITY)[0].title[0]
    assert box(house, OFFICER) == []  # his own act


def test_a_message_belongs_to_one_person_and_counts_as_read_when_it_is_opened(house: House) -> None:
    begun(house)
    city, messages = house.actor(CITY), house.application.messages
    (told,) = box(house, CITY)
    for stranger, number in ((house.actor(OFFICER), told.id), (city, "x"), (city, "99999999999999999999")):
        with pytest.raises(NotFound):
            messages.open(stranger, number)
    assert messages.unread(city) == 1
    messages.open(city, told.id)
    assert messages.unread(city) == 0


def test_all_read_leaves_unread_what_came_meanwhile_and_pages_have_no_gap(house: House) -> None:
    for _ in range(5):
        begun(house)
    city, messages = house.actor(CITY), house.application.messages
    seen, after = [], ""
    while True:
        page = messages.page(city, MessageFilters(after=after, limit=2))
        seen += [one.id for one in page.rows]
        if page.next is None:
            break
        after = page.next
    assert len(seen) == len(set(seen)) == page.total == 5 and seen == sorted(seen, key=int, reverse=True)
    messages.read(city, up_to=seen[1])
    assert [one.id for one in box(house, CITY, unread=True)] == [seen[0]]


def test_an_act_that_fails_tells_nobody(house: House) -> None:
    case_id = begun(house)
    with pytest.raises(Exception):  # noqa: B017 - whatever refuses a return without its opinion
        house.complete(CITY, case_id, "return")
    assert box(house, OFFICER) == []


def urged(house: House, case_id: str, words: str = "", by: str = "长安区经办员") -> None:
    with house.application.database.write() as connection:
        case = case_rows.get(connection, int(case_id))
        assert case is not None
        tell(
            connection,
            house.clock.now(),
            URGED,
            [house.actor(CITY).user_id],
            case,
            words=words or None,
            by=by,
            step="初审",
        )


def test_what_repeats_in_the_same_words_is_one_message_with_its_count_read_as_one_and_still_one_when_read(
    house: House,
) -> None:
    case_id, other = begun(house), begun(house)
    city, messages = house.actor(CITY), house.application.messages
    for _ in range(3):
        urged(house, case_id)
    urged(house, other)
    urged(house, case_id, "请今天办结。")  # says something of its own
    assert [one.times for one in box(house, CITY)] == [1, 1, 3, 1, 1]
    assert messages.unread(city) == len(box(house, CITY)) == 5
    assert [one.times for one in messages.page(city, MessageFilters(limit=2)).rows] == [1, 1]
    messages.open(city, box(house, CITY)[2].id)
    assert messages.unread(city) == 4
    assert [one.times for one in box(house, CITY)] == [1, 1, 3, 1, 1]
    urged(house, case_id)  # again, after he has read: news
    assert messages.unread(city) == 5 and [one.times for one in box(house, CITY)] == [1, 1, 1, 3, 1, 1]


def test_the_name_of_an_act_in_a_refusal_is_no_label_of_a_message() -> None:
    labels = {kind.label.text("zh") for kind in KINDS.values()}
    for name, words in NAMES.items():
        english = words.text("en")
        assert words.text("zh") not in labels and english[0].islower(), (name, english)
