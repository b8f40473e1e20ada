"""Requests that no page of ours sends: foreign and made-up ids, broken marks, wrong ways.

Over the real application with real sessions. Whatever comes, nothing crashes, nothing foreign is told, and programs
get problem details (RFC 9457).
"""

from __future__ import annotations

import io
import json
from urllib.parse import quote

import pytest

from tests.applications import filled_application
from tests.visitor import PASSWORD
from tests.web.hostile import JSON, NO_BUSINESS, STRANGERS, Browser, World, mark, problem, quiet

pytestmark = pytest.mark.usefixtures("nothing_crashes")

# --- whose it is -------------------------------------------------------------------------------------------------


def readings(world: World) -> list[str]:
    case = f"/cases/{world.case}"
    tabs = [f"{case}?tab={tab}" for tab in ("form", "diagram", "history", "files")]
    files = [f"{case}/diagram.bpmn", f"{case}/diagram.json", f"{case}/files/{world.file}"]
    return [*tabs, *files, f"/tasks/{world.task}", f"/registers/post/{world.record}"]


def acts(world: World) -> list[tuple[str, dict[str, str]]]:
    case, task = f"/cases/{world.case}", f"/tasks/{world.task}"
    words = {"reason": "试试", "text": "试试", "data": "{}", "outcome": "pass", "opinion": "同意"}
    names = [f"{case}/{act}" for act in ("withdraw", "cancel", "comment")]
    return [(name, words) for name in (*names, task, *(f"{task}/{a}" for a in ("claim", "release", "draft", "check")))]


@pytest.mark.parametrize("login", [*STRANGERS, *NO_BUSINESS])
def test_what_is_not_ones_own_does_not_exist(world: World, login: str) -> None:
    browser = world.browser(login)
    for address in (*readings(world), f"/cases/{world.case}/documents/1"):
        problem(browser.get(address, headers=JSON), 404)
        assert "长安区" not in quiet(browser.get(address)).text
    for address, words in acts(world):
        problem(browser.post(address, words, headers=JSON), 404)
    upload = {"file": (io.BytesIO(b"x"), "a.txt")}
    problem(browser.post(f"/cases/{world.case}/files", upload, headers=JSON), 404)
    problem(browser.get(f"/cases/{world.done}/files/{world.file}", headers=JSON), 404)


@pytest.mark.parametrize("login", [*STRANGERS, *NO_BUSINESS])
@pytest.mark.parametrize("words", ["130102", "长安", "post_approval"])
def test_no_list_tells_of_what_one_may_not_see(world: World, login: str, words: str) -> None:
    browser = world.browser(login)
    asked = quote(words)
    lists = [f"/tasks?view={view}&q={asked}&place=130102" for view in ("todo", "done", "mine", "copied")]
    for address in [*lists, f"/registers/post?q={asked}", "/registers/post?place=130102", "/messages", "/registers"]:
        answer = quiet(browser.get(address))
        assert world.record not in answer.text and f"/cases/{world.case}" not in answer.text, address


def test_a_file_is_found_only_in_its_own_case(world: World) -> None:
    problem(world.browser("changan").get(f"/cases/{world.done}/files/{world.file}", headers=JSON), 404)


@pytest.mark.parametrize("code", ["130123", "130000", "130203", "nowhere", ""])
def test_nobody_starts_for_another_organisation(world: World, code: str) -> None:
    browser = world.browser("changan")
    address = f"/start/post_approval?organisation={code}"
    body = json.dumps({"data": filled_application()})
    problem(browser.send(address, body), 403, 404)
    for act in ("check", "draft"):
        problem(browser.send(f"/start/post_approval/{act}?organisation={code}", body), 403, 404)


def test_an_observer_reads_and_does_nothing_else(world: World) -> None:
    browser = world.browser("observer")
    for address in readings(world):
        assert quiet(browser.get(address)).status_code == 200
    for address, words in acts(world):
        problem(browser.post(address, words, headers=JSON), 403)
    upload = {"file": (io.BytesIO(b"x"), "a.txt")}
    problem(browser.post(f"/cases/{world.case}/files", upload, headers=JSON), 403)
    page = browser.get(f"/cases/{world.case}?tab=files").text
    assert 'type="file"' not in page and "comment-dialog" not in page


@pytest.mark.parametrize("login", ["changan", "shijiazhuang", "observer", "designer", "operator", "auditor"])
def test_only_the_security_administrator_opens_the_accounts(world: World, login: str) -> None:
    browser = world.browser(login)
    for address in ("/admin/users", "/admin/users/1", "/admin/users/new"):
        problem(browser.get(address, headers=JSON), 403)
    for act in ("lock", "unlock", "grant", "revoke", "reset-password"):
        problem(
            browser.post(f"/admin/users/1/{act}", {"role": "observer", "organisation": "130000"}, headers=JSON), 403
        )


# --- nonsense in the address ---------------------------------------------------------------------------------------

GARBAGE = (
    "0",
    "-1",
    "1e3",
    "99999999999999999",
    "9" * 20,
    "9" * 5000,
    "x１２",
    "a'--",
    "%00",
    "..%2f..%2fetc",
    "%ff",
    "%0d%0aX:y",
)


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda text: text[:20])
@pytest.mark.parametrize("login", ["changan", "administrator"])
def test_an_id_that_is_none_is_not_found(world: World, garbage: str, login: str) -> None:
    browser, case = world.browser(login), world.case
    for address in (
        f"/cases/{garbage}", f"/cases/{garbage}/diagram.json", f"/cases/{case}/files/{garbage}", f"/cases/{case}/documents/{garbage}",
        f"/tasks/{garbage}", f"/tasks/{garbage}-1", f"/tasks/{case}-{garbage}", f"/tasks/{garbage}-{garbage}",
        f"/registers/{garbage}", f"/registers/post/{garbage}", f"/registers/{garbage}/export.xlsx",
        f"/start/{garbage}", f"/organisations/{garbage}", f"/admin/users/{garbage}", f"/{garbage}",
    ):  # fmt: skip
        assert quiet(browser.get(address, headers=JSON)).status_code in (400, 403, 404), address
        assert quiet(browser.get(address)).status_code in (400, 403, 404), address
    for address in (
        f"/cases/{garbage}/comment", f"/tasks/{garbage}", f"/tasks/{case}-{garbage}/claim", f"/start/{garbage}/check",
        f"/start/post_approval?organisation={garbage}", f"/admin/users/{garbage}/lock",
    ):  # fmt: skip
        assert quiet(browser.post(address, {"text": "x"}, headers=JSON)).status_code in (400, 403, 404), address


MARKS = (
    "x", "====", "中文", "%00", "W10", "bnVsbA", "1" * 5000, mark({}), mark("2026-11-23T01:00:00.000000Z", 1),
    mark("2026-11-23T01:00:00.000000Z", 2**63, 1), mark("2026-11-23T01:00:00.000000Z", 2**31, 2**31),
    mark("2026-11-23T01:00:00.000000Z", True, False), mark("2026-11-23T01:00:00", 1, 1), mark("yesterday", 1, 1),
    mark("0001-01-01T00:00:00+14:00", 1, 1), mark("a\0b", 1, 1), mark(None, 1, 1), mark("x", -1, -1),
    mark("9999", 1, 1), mark("yesterday", 1), mark("2026-11-23T01:00:00.000000Z", 10**400, 1),
)  # fmt: skip


@pytest.mark.parametrize("after", MARKS, ids=lambda text: text[:24])
def test_a_mark_that_was_tampered_with_harms_nobody(world: World, after: str) -> None:
    browser = world.browser("shijiazhuang")
    for view in ("todo", "done", "mine", "copied"):
        for sort in ("due", "arrived", "-arrived", "number"):
            quiet(browser.get(f"/tasks?view={view}&sort={sort}&after={after}"))
    quiet(browser.get(f"/registers/post?after={after}"))
    quiet(browser.get(f"/registers/post/export.xlsx?after={after}"))
    quiet(world.browser("administrator").get(f"/admin/users?after={after}"))


QUERIES = (
    "view=%00", "q=%00", "key=%00&place=%00&state=%00", "place=nowhere", "q=" + quote("%_\\' \" ; --"), "q=" + "a%20" * 50,
    "q=" + "x" * 20_000, "arrived_from=0001-01-01", "arrived_to=9999-12-31", "arrived_from=2026-13-45",
    "arrived_from=0001-01-01&arrived_to=0001-01-01", "due=never&sort=;drop", "sort=-&is.state=x&is.=y&is.%00=z",
    "sort=number&is.place=130102", "sort=-duties", "after=-1", "after=" + "9" * 25, "after=99999999999", "view=mine&view=done",
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=lambda text: text[:24])
def test_a_query_that_makes_no_sense_is_ignored_or_refused(world: World, query: str) -> None:
    browser = world.browser("shijiazhuang")
    for address in (
        "/tasks",
        "/registers/post",
        "/registers/post/export.xlsx",
        "/organisations",
        "/start",
        "/messages",
    ):
        quiet(browser.get(f"{address}?{query}"))
        quiet(browser.get(f"{address}?{query}", headers={**JSON, "HX-Request": "true"}))
    quiet(world.browser("administrator").get(f"/admin/users?{query}"))
    quiet(world.browser("").get(f"/login?{query}"))


ELSEWHERE = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)", "//[", "/\t/evil",
    "http:evil.example", "///evil.example", "//℀.example", "/\r\nX: y", "////",
)  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_way_leads_to_another_site(world: World, target: str) -> None:
    browser = Browser(world.app, "")
    assert quiet(browser.get(f"/login?next={quote(target)}")).status_code == 200
    browser.page("/login")
    answer = quiet(browser.post("/language", {"language": "en", "next": target}))
    assert (answer.status_code, answer.location) == (303, "/")
    answer = quiet(browser.post("/login", {"login": "changan", "password": PASSWORD, "next": target}))
    assert (answer.status_code, answer.location) == (303, "/")
