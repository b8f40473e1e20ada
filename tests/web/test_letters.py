"""Every search finds a word however it is spelled, and a reason that nobody can see is none, at every door."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage import account_events
from storage import cases as case_rows
from tests.web.hostile import JSON, World

ROOT = Path(__file__).resolve().parents[2]
UNSEEN = "\u3000\u200b\xa0\ufeff\v\u2060\u3164\x07"

SEARCHES = [
    ("shijiazhuang", "/tasks?q={}", "number"),
    ("shijiazhuang", "/tasks?view=done&q={}", "number"),
    ("changan", "/tasks?view=mine&q={}", "place"),
    ("shijiazhuang", "/deadlines?q={}", "number"),
    ("shijiazhuang", "/deadlines?q={}", "place"),
    ("shijiazhuang", "/cases?q={}", "number"),
    ("shijiazhuang", "/cases?q={}", "place"),
    ("changan", "/registers/post?q={}", "record"),
    ("auditor", "/audit/cases?q={}", "number"),
    ("auditor", "/audit?person={}", "login"),
    ("auditor", "/audit/looks?person={}", "login"),
    ("administrator", "/admin/users?q={}", "login"),
    ("administrator", "/admin/users?q={}", "place"),
    ("administrator", "/organisations?q={}", "code"),
    ("administrator", "/organisations?q={}", "place"),
    ("administrator", "/admin/users/2?place={}", "code"),
]
"""Who searches where, and by what. Each field ``type="search"`` of a template is among them."""


def wide(text: str) -> str:
    """It in full width."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def hits(page: str) -> list[str]:
    """What the lines of a list lead to, and how many lines there are."""
    main = page.partition("<main")[2]
    found = set(re.findall(r'href="(/(?:cases|tasks|registers/\w+|admin/users|organisations)/[^"?#]+)', main))
    places = re.findall(r'<option value="(\d{6,9})"', main)
    return [*sorted(found), *places, *re.findall(r"<(?:tr|time)\b", main)]


@pytest.mark.parametrize(("login", "address", "what"), SEARCHES)
def test_every_search_takes_every_width_case_and_blank(world: World, login: str, address: str, what: str) -> None:
    with world.house.application.database.read() as connection:
        case = case_rows.get(connection, int(world.done if "done" in address else world.case))
        assert case is not None
    word = {"number": case["number"], "record": world.record, "place": "长安区", "login": "changan", "code": "130102"}[
        what
    ]
    world.browser("changan").get(f"/cases/{world.case}")  # a look that the auditor finds
    browser = world.browser(login)
    found = hits(browser.get(address.format(word)).text)
    assert found and found != hits(browser.get(address.format("没有这样的内容")).text)
    for spelled in (
        wide(word),
        wide(word.lower()),
        f"\u3000{word}\xa0\u200b",
        f"{word[:2]}\u200b{word[2:]}",
        f"\v{word}\t",
    ):
        answer = browser.get(address.split("?")[0], query_string=_query(address, spelled))
        assert hits(answer.text) == found, spelled


def _query(address: str, word: str) -> dict[str, str]:
    asked = dict(pair.split("=") for pair in address.partition("?")[2].split("&"))
    return {name: value.format(word) for name, value in asked.items()}


def test_every_field_for_searching_is_tried() -> None:
    fields = [
        found
        for page in (ROOT / "web/templates").rglob("*.html")
        for found in re.findall(r'<input[^>]*type="search"', page.read_text())
    ]
    tried = {address.partition("?")[0] + re.findall(r"(\w+)=\{}", address)[0] for _, address, _ in SEARCHES}
    # Accounts and organisations share one; the box above every page is that of all cases; people to choose, kinds and
    # registers: below; what everybody may read: tests/web/test_public.py.
    assert len(tried) == len(fields) + 1 - 1 - 1 - 1 - 1


@pytest.mark.parametrize(("address", "word"), [("/start", "岗位"), ("/registers", "岗位")])
def test_kinds_and_registers_are_found_in_every_spelling(world: World, address: str, word: str) -> None:
    browser = world.browser("changan")

    def found(words: str) -> set[str]:
        main = browser.get(address, query_string={"q": words}).text.partition('id="rows"')[2]
        return set(re.findall(rf'href="({address}/\w+)', main))

    assert found(word) and not found("没有这样的内容")
    for spelled in (f"\u3000{word}\xa0\u200b", f"{word[:1]}\u200b{word[1:]}", f"\v{word}\t"):
        assert found(spelled) == found(word), spelled


def test_people_to_choose_are_found_in_every_spelling(world: World) -> None:
    browser, address = world.browser("shijiazhuang"), f"/tasks/{world.task}/people"

    def found(words: str) -> list[str]:
        return re.findall(r'value="(\d+)"', browser.get(address, query_string={"verb": "copy", "q": words}).text)

    assert found("changan") and found("changan") != found("没有这个人")
    for spelled in (wide("changan"), "CHANGAN", "\u3000changan\u200b", "chan\u200bgan", "\vchangan\t"):
        assert found(spelled) == found("changan"), spelled


@dataclass(frozen=True)
class Reason:
    """A form with a text that must say something: who hands it in, what else it holds."""

    login: str
    address: str
    field: str
    beside: dict[str, str]


REASONS = {
    "case_act_pages.withdraw": Reason("changan", "/cases/{case}/withdraw", "reason", {}),
    "case_act_pages.cancel": Reason("province", "/cases/{case}/cancel", "reason", {}),
    "case_act_pages.comment": Reason("changan", "/cases/{case}/comment", "text", {}),
    "task_pages.complete": Reason("shijiazhuang", "/tasks/{task}", "opinion", {"data": "{}", "outcome": "return"}),
    "deadline_pages.suspend": Reason("province", "/cases/{case}/deadlines/{task}/suspend", "reason", {"until": "2026-11-30"}),
    "deadline_pages.extend": Reason("province", "/cases/{case}/deadlines/{task}/extend", "reason", {"days": "1"}),
    "deadline_pages.resume": Reason("province", "/cases/{case}/deadlines/{task}/resume", "reason", {}),
    "operation_pages.answer": Reason("operator", "/operations/incidents/1", "reason", {"answer": "settle"}),
    "succession_pages.change": Reason("administrator", "/organisations/130102/succession", "reason", {"act": "rename", "name": "新名称", "short_name": "新"}),
    "operation_pages.name_holder": Reason("operator", "/operations/incidents/1/holder", "reason", {"key": "user:1"}),
    "operation_pages.resume": Reason("operator", f"/operations/suspensions/{'a' * 64}", "reason", {}),
    "calendar_proposal_pages.propose_notice": Reason("administrator", "/calendar/notices", "source", {"year": "2027", "text": "一、元旦：1月1日放假。"}),
    "calendar_proposal_pages.propose_closure": Reason("administrator", "/calendar/closures", "reason", {"organisation": "130102", "first": "2026-12-01", "last": "2026-12-02"}),
    "calendar_proposal_pages.propose_reopening": Reason("administrator", "/calendar/changes/1/reopening", "reason", {}),
    "calendar_change_pages.decide": Reason("administrator", "/calendar/changes/1", "reason", {"answer": "refused"}),
    "verb_pages.involve": Reason("shijiazhuang", "/tasks/{task}/people", "reason", {"kind": "delegate"}),
    "verb_pages.answer": Reason("shijiazhuang", "/tasks/{task}/people/1/answer", "opinion", {}),
    "playback_pages.open_personal": Reason("auditor", "/audit/cases/{case}/playback/personal", "reason", {}),
    "workshop_pages.blank": Reason("designer", "/workshop/blank", "title", {"key": "leave"}),
    "phrase_pages.add": Reason("shijiazhuang", "/phrases", "text", {}),
    "people_pages.create_user": Reason("administrator", "/admin/users/new", "name", {"login": "newcomer"}),
    "invitation_pages.make": Reason("administrator", "/invitations", "name", {"organisation": "9001", "role": "contractor_agent"}),
}  # fmt: skip
NO_REASON = {
    "anchor_pages.begin_proof",
    "help_pages.end_tour", "saved_filter_pages.change", "saved_filter_pages.save", "invitation_pages.revoke", "invited_pages.accept",
    "bulk_pages.begin", "bulk_pages.choose", "bulk_pages.rehearse", "bulk_pages.stop",
    "absence_pages.end", "absence_pages.name", "draft_pages.discard", "leaving_pages.change", "phrase_pages.by_use", "phrase_pages.change",
    "phrase_pages.used", "verb_pages.copy", "verb_pages.remove", "verb_pages.take_back", "verb_pages.urge",
    "auth_pages.login", "auth_pages.logout", "case_file_pages.attach", "clock_pages.move", "import_pages.organisations", "import_pages.take_in",
    "notification_pages.add", "notification_pages.change", "outgoing_pages.again", "outgoing_pages.test",
    "message_pages.read_messages", "operation_pages.release", "language_pages.choose", "people_pages.change_user", "profile_pages.end_other_sessions",
    "profile_pages.password", "start_pages.check", "start_pages.save_draft", "start_pages.start", "task_pages.check",
    "sealed_pages.hand_in", "sealed_pages.share", "sealed_pages.unseal",
    "sheet_pages.book", "sheet_pages.read_book", "sheet_pages.read_start_book", "sheet_pages.save_rows",
    "sheet_pages.save_start_rows", "sheet_pages.start_book",
    "task_pages.claim", "task_pages.release", "task_pages.preview", "task_pages.save_draft",
    "editor_pages.check", "editor_pages.leave", "editor_pages.open_", "editor_pages.put", "editor_pages.save", "editor_pages.standing",
    "workshop_pages.copy", "workshop_pages.discard", "workshop_pages.propose", "workshop_pages.purge", "workshop_pages.restore",
    "workshop_pages.snapshot", "workshop_pages.upload",
    "trial_pages.of_design", "trial_pages.of_published", "trial_pages.clock", "trial_pages.back", "trial_pages.choose", "trial_pages.act",
    "trial_pages.close", "trial_pages.save", "trial_pages.run", "trial_form_pages.start", "trial_form_pages.check_start",
    "trial_form_pages.complete", "trial_form_pages.check", "trial_form_pages.attach",
}  # fmt: skip
"""What is posted without words of a person's own; a form of a process is tried in tests/engine/forms."""


def test_every_way_to_hand_in_a_reason_is_tried(world: World) -> None:
    posts = {rule.endpoint for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts == REASONS.keys() | NO_REASON


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_of_invisible_letters_is_none_and_changes_nothing(world: World, name: str) -> None:
    one = REASONS[name]
    address = one.address.format(case=world.case, task=world.task)
    browser, before = world.browser(one.login), _everything(world)
    answer = browser.post(address, {**one.beside, one.field: UNSEEN}, headers=JSON)
    assert answer.status_code in (400, 403, 404, 409, 422), answer.text
    assert _everything(world) == before


def test_words_pasted_from_a_word_processor_are_taken(tmp_path: Path) -> None:
    world = World(tmp_path)
    said = "\u3000从 Word\v粘贴\x07\x1e的话\u200b"
    assert world.browser("changan").post(f"/cases/{world.case}/comment", {"text": said}).status_code == 303
    page = world.browser("changan").get(f"/cases/{world.case}?tab=history").text
    assert "从 Word 粘贴  的话<" in page.replace("\n", "")
    world.house.application.database.close()


def _everything(world: World) -> tuple[object, ...]:
    with world.house.application.database.read() as connection:
        case = case_rows.get(connection, int(world.case))
        assert case is not None
        return case["revision"], case["head"], account_events.end(connection)
