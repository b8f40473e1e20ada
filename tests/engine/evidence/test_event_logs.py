"""Event logs as XES and OCEL: read back strictly, they tell as much as the history does, and nothing of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree
from sqlalchemy import text

from engine.calendar.days import Calendar
from engine.calendar.working_time import working_minutes
from engine.cases.event_types import PAYLOADS
from engine.desks.audit_views import AuditFilters
from engine.errors import BadInput, NotAllowed
from engine.evidence.logs.kinds import KINDS
from engine.publishing.folder import FolderFiles
from tests.house import ROOT, House, build_house

REGISTERS, JURY = (ROOT / "tests" / "data" / name for name in ("registers", "confidential"))
OFFICER, PLACE = "changan", "130102"
LOANS = "_registers/loan.schema.json"
READER = {"action": "create", "called": "张三", "account": ""}
LOAN = {"action": "create", "book": "红楼梦", "reader": "DZ001", "lent_on": "", "due_on": ""}
NAMESPACE = "{http://www.xes-standard.org/}"
TYPES = {"concept:name": "string", "time:timestamp": "date", "lifecycle:transition": "string",
         "org:resource": "string", "org:role": "string"}  # fmt: skip
TRANSITIONS = {
    "schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume", "pi_abort", "ate_abort", "complete",
    "autoskip", "manualskip", "unknown",
}  # fmt: skip
"""IEEE 1849-2016, 7.3: the standard model of the lifecycle extension."""
READ: dict[str, Callable[[str], Any]] = {"string": str, "int": int, "date": datetime.fromisoformat}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = build_house(tmp_path_factory.mktemp("logs"), REGISTERS, JURY)
    about_nobody = FolderFiles(REGISTERS)[LOANS].replace(b'"person": "reader.account", ', b"")
    made.publish({**FolderFiles(REGISTERS), LOANS: about_nobody})
    made.start(OFFICER, "enrol", PLACE, READER)
    for book in ("红楼梦", "西游记"):
        case_id = made.start(OFFICER, "lend", PLACE, LOAN | {"book": book}).case_id
        made.clock.move(days=4, hours=2)
        made.complete(OFFICER, case_id, "yes")
    back = made.start(OFFICER, "lend", PLACE, LOAN | {"action": "back", "record": "JY001", "seen": "lent"}).case_id
    made.application.cases.acting.comment(made.actor(OFFICER), back, "张三来电")
    made.complete(OFFICER, back, "yes")
    case_id = made.start(OFFICER, "jury", PLACE, {"topic": "优秀岗位"}).case_id
    made.complete(OFFICER, case_id, "done", judge="zhengding", place="会议室")
    made.complete("zhengding", case_id, "done", points="9", why="好得很", opinion="同意得九分")
    yield made
    made.application.database.close()


def exported(house: House, form: str, **filters: Any) -> str:
    told = getattr(house.application.event_logs, form)
    return "".join(told(house.actor("auditor"), AuditFilters(**filters)))


def xes(house: House, **filters: Any) -> dict[str, list[Row]]:
    """Each case with its events; refuses what is not as the standard and its extensions say."""
    root = etree.fromstring(exported(house, "xes", **filters).encode())
    order = [one.tag.removeprefix(NAMESPACE) for one in root]
    ranks = ["extension", "global", "classifier", "string", "trace"]
    assert root.tag == f"{NAMESPACE}log" and root.get("xes.version") and order == sorted(order, key=ranks.index)
    prefixes = {one.get("prefix") for one in root.iter(f"{NAMESPACE}extension")}
    needed = {part.get("scope"): {one.get("key") for one in part} for part in root.iter(f"{NAMESPACE}global")}
    found: dict[str, list[Row]] = {}
    for trace in root.iter(f"{NAMESPACE}trace"):
        head = attributes(trace, prefixes)
        assert needed["trace"] <= head.keys() and head["concept:name"] not in found
        told = [attributes(event, prefixes) for event in trace.iter(f"{NAMESPACE}event")]
        assert all(needed["event"] <= one.keys() and one["lifecycle:transition"] in TRANSITIONS for one in told)
        assert [one["time:timestamp"] for one in told] == sorted(one["time:timestamp"] for one in told)
        found[head["concept:name"]] = told
    return found


def attributes(of: Any, prefixes: set[Any]) -> Row:
    found: Row = {}
    for one in of:
        kind, key, value = one.tag.removeprefix(NAMESPACE), one.get("key"), one.get("value")
        if kind == "event":
            continue
        prefix, colon, _ = key.partition(":")
        assert key not in found and (not colon or (prefix in prefixes and TYPES[key] == kind))
        found[key] = READ[kind](value)
    return found


def ocel(house: House, **filters: Any) -> Row:
    """The log; refuses what is not as OCEL 2.0 says of its JSON."""
    told: Row = orjson.loads(exported(house, "ocel", **filters))
    assert told.keys() == {"events", "objects", "eventTypes", "objectTypes"}
    objects = {one["id"] for one in told["objects"]}
    assert len(objects) == len(told["objects"])
    assert len({one["id"] for one in told["events"]} | objects) == len(told["events"]) + len(objects)
    for rows, types in ((told["events"], told["eventTypes"]), (told["objects"], told["objectTypes"])):
        declared = {one["name"]: {a["name"]: a["type"] for a in one["attributes"]} for one in types}
        assert len(declared) == len(types)
        for row in rows:
            assert {one["objectId"] for one in row["relationships"]} <= objects
            for one in row["attributes"]:
                assert declared[row["type"]][one["name"]] == {str: "string", int: "integer"}[type(one["value"])]
    assert all(datetime.fromisoformat(one["time"]).tzinfo for one in told["events"])
    return told


def histories(house: House) -> dict[str, int]:
    """How many events each case has."""
    with house.application.database.read() as connection:
        found = connection.execute(text("SELECT number, revision FROM cases"))
        return {row.number: row.revision for row in found}


def test_both_logs_have_the_cases_and_events_of_the_histories_but_what_is_confidential(house: House) -> None:
    known = histories(house)
    (secret,) = (number for number in known if number.startswith("PX"))
    known[secret] -= 1  # the score, which nobody may see before the award
    log = xes(house)
    assert {number: len(told) for number, told in log.items()} == known
    assert Counter(one["id"].rpartition("/")[0] for one in ocel(house)["events"]) == known
    assert "评分" not in [one["concept:name"] for one in log[secret]]


def test_an_event_says_step_outcome_role_and_working_time_in_both_languages(house: House) -> None:
    """From Friday 2026-11-27, 11:04, to Tuesday, 13:05: 4 d, 2 h and 1 min without a week-end of 2 d."""
    told = xes(house)["JY2026-002"][-1]
    said = {name: told[name] for name in ("concept:name", "name_en", "lifecycle:transition", "outcome", "outcome_en")}
    assert said == {"concept:name": "确认", "name_en": "Confirm", "lifecycle:transition": "complete",
                    "outcome": "同意", "outcome_en": "Yes"}  # fmt: skip
    assert told["org:role"] == "县级经办员" and len(told["org:resource"]) == 16
    assert told["working_minutes"] == (2 * 24 + 2) * 60 + 1
    assert [one["concept:name"] for one in xes(house)["JY2026-003"]] == ["提出", "留言", "确认"]


def test_working_time_is_that_of_working_days_alone() -> None:
    """Friday 2026-11-20, 15:00 in Shanghai, to Tuesday, 01:30: 9 h of Friday, 24 h of Monday and 1.5 h of Tuesday."""
    friday, tuesday = datetime(2026, 11, 20, 7, tzinfo=UTC), datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    saturday, sunday = datetime(2026, 11, 21, 2, tzinfo=UTC), datetime(2026, 11, 22, 2, tzinfo=UTC)
    official = Calendar.official()
    assert working_minutes(official, friday, tuesday) == (9 + 24) * 60 + 90
    assert working_minutes(official, saturday, sunday) == working_minutes(official, tuesday, friday) == 0
    assert working_minutes(official, friday, saturday) == 9 * 60
    assert working_minutes(official, friday, friday.replace(minute=10, second=59)) == 10


def test_records_are_objects_each_once_and_those_about_people_by_a_pseudonym(house: House) -> None:
    told = ocel(house)
    kinds = Counter(one["type"] for one in told["objects"])
    assert kinds == {"case": 5, "reader": 1, "loan": 2}
    loans = {one["id"] for one in told["objects"] if one["type"] == "loan"}
    assert loans == {"record:loan:JY001", "record:loan:JY002"}
    wrote = Counter(one["objectId"] for event in told["events"] for one in event["relationships"])
    assert wrote["record:loan:JY001"] == 2 and wrote["record:loan:JY002"] == 1
    assert "DZ001" not in exported(house, "ocel") + exported(house, "xes")
    one = ocel(house, word="JY2026-003")  # of a filter, too, a record comes with the first case that tells of it
    assert Counter(each["type"] for each in one["objects"]) == {"case": 1, "loan": 1}


def test_pseudonyms_hold_inside_an_export_and_not_across(house: House) -> None:
    first, second = (xes(house) for _ in range(2))
    people = [{one.get("org:resource") for told in log.values() for one in told} - {None} for log in (first, second)]
    assert len(people[0]) == len(people[1]) == 1  # the other one is hidden with the step that is confidential
    assert people[0].isdisjoint(people[1])


def test_nothing_of_people_or_business_is_in_a_log(house: House) -> None:
    told = exported(house, "xes") + exported(house, "ocel")
    names = [house.actor(login).name for login in (OFFICER, "zhengding")]
    for word in (
        *names,
        OFFICER,
        "zhengding",
        "张三",
        "红楼梦",
        "优秀岗位",
        "会议室",
        "好得很",
        "九分",
        "来电",
        "长安",
    ):
        assert word not in told, word


def test_the_filters_of_the_list_are_those_of_the_logs(house: House) -> None:
    auditor, desk = house.actor("auditor"), house.application.audit
    day = house.clock.now().date()
    for asked in ({"key": "lend"}, {"state": "running"}, {"word": "0０1"}, {"opened_from": day}, {"opened_to": day}):
        listed = [row.number for row in desk.cases(auditor, AuditFilters(**asked)).rows]
        assert list(xes(house, **asked)) == listed
    assert len(xes(house, key="lend")) == 3 and list(xes(house, key="nothing")) == []
    assert ocel(house, key="nothing")["events"] == []


def test_only_an_auditor_takes_a_log_and_none_too_large(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = house.application.event_logs
    for login in (OFFICER, "administrator", "operator", "province"):
        for told in (logs.xes, logs.ocel):
            with pytest.raises(NotAllowed):
                told(house.actor(login), AuditFilters())
    monkeypatch.setattr("engine.desks.event_logs.MOST_EXPORTED", 4)
    with pytest.raises(BadInput, match="4"):
        logs.xes(house.actor("auditor"), AuditFilters())


def test_each_kind_of_event_is_called_something_and_has_a_standard_transition() -> None:
    assert KINDS.keys() == PAYLOADS.keys()
    assert {one.transition for one in KINDS.values()} <= TRANSITIONS


def test_what_cannot_be_read_is_counted_and_stops_no_log(tmp_path: Path) -> None:
    house = build_house(tmp_path, REGISTERS)
    house.start(OFFICER, "enrol", PLACE, READER)
    house.start(OFFICER, "lend", PLACE, LOAN)
    with house.application.database.write() as connection:
        connection.execute(text("DROP TRIGGER event_payloads_no_update"))
        connection.execute(text("UPDATE event_payloads SET data = '[' WHERE case_id = 1"))
    assert 'key="unreadable_events" value="1"' in exported(house, "xes")
    assert [len(told) for told in xes(house).values()] == [0, 1]
    assert len(ocel(house)["events"]) == 1
    house.application.database.close()
