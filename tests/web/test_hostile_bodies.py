"""Bodies meant to hurt, and markup that must stay text wherever it is read again."""

from __future__ import annotations

import io
import json

import pytest

from tests.applications import filled_application
from tests.web.hostile import JSON, START, World, problem, quiet

pytestmark = pytest.mark.usefixtures("nothing_crashes")

# --- bodies ---------------------------------------------------------------------------------------------------------

DEEP = "[" * 100_000 + "]" * 100_000
BODIES: dict[str, str | bytes] = {
    "nothing": "", "no json": "{", "a list": "[]", "null": "null", "a text": '"x"', "a number": "1" * 6000, "NaN": '{"data":{"need":NaN}}',
    "data is a list": '{"data":[]}', "data is null": '{"data":null}', "deep": DEEP, "deep data": '{"data":{"need":' + DEEP + "}}",
    "rather deep": '{"data":{"need":' + "[" * 300 + "]" * 300 + "}}", "a huge integer": '{"data":{"need":' + "9" * 4000 + "}}",
    "beyond 64 bits": '{"data":{"need":18446744073709551616}}', "NUL": '{"data":{"need":"a\\u0000b"}}',
    "NUL in a key": '{"data":{"a\\u0000b":1}}', "half a pair": '{"data":{"need":"\\ud800"}}', "half an outcome": '{"outcome":"\\ud800"}',
    "not UTF-8": b'{"data":{"need":"\xff\xfe"}}', "UTF-16": '{"data":{}}'.encode("utf-16"), "reserved": '{"data":{"typename":"x","__proto__":{}}}',
    "a long key": json.dumps({"data": {"k" * 10_000: 1}}), "many keys": json.dumps({"data": {str(n): n for n in range(60_000)}}),
    "many rows": json.dumps({"data": {"posts": [{}] * 40_000}}), "long text": json.dumps({"data": {"need": "长" * 600_000}}),
    "wrong types": json.dumps({"data": {"need": {}, "posts": "x", "established_staff": "6", "phone": [], "contact": True}}),
    "rows of nonsense": json.dumps({"data": {"posts": [None, 1, "x", [], {"place": {}, "number": [], "duties": "x"}]}}),
    "odd words": json.dumps({"data": {}, "outcome": ["pass"], "opinion": {"a": 1}, "return_to": 7, "revision": "9" * 5000}),
    "odd words inside": json.dumps({"data": {"opinion": [1], "return_to": {"x": 1}}, "outcome": "return"}),
    "a huge revision": json.dumps({"data": {}, "outcome": "pass", "revision": 10**15}), "too large": b'{"data":"' + b"x" * 5_000_000 + b'"}',
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_makes_no_sense_is_refused_as_a_problem(world: World, name: str) -> None:
    officer, reviewer, body = world.browser("changan"), world.browser("shijiazhuang"), BODIES[name]
    problem(officer.send(START, body), 400, 413, 422)
    problem(reviewer.send(f"/tasks/{world.task}", body), 400, 409, 413, 422)
    for browser, address in (
        (officer, "/start/post_approval/check?organisation=130102"), (officer, START.replace("?", "/draft?")),
        (reviewer, f"/tasks/{world.task}/check"), (reviewer, f"/tasks/{world.task}/draft"),
    ):  # fmt: skip
        assert quiet(browser.send(address, body)).status_code in (200, 400, 413, 422)
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    data = text.removeprefix('{"data":').removesuffix("}")
    for words in ({"data": text}, {"data": data, "outcome": "nonsense", "revision": "9" * 5000}):
        assert quiet(officer.post(START, words)).status_code in (400, 413, 422)
        assert quiet(reviewer.post(f"/tasks/{world.task}", words)).status_code in (400, 409, 413, 422)
    for browser, page in ((officer, START), (reviewer, f"/tasks/{world.task}")):
        assert quiet(browser.get(page)).status_code == 200, "a draft must not lock its writer out"


KINDS = ("text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x", "application/json; charset=nonsense",
         "application/problem+json", "x" * 5000, "application/x-www-form-urlencoded; charset=utf-16", "")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda text: text[:40])
def test_a_wrong_content_type_is_refused(world: World, kind: str) -> None:
    officer = world.browser("changan")
    for body in (
        b"{}",
        b'--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n{',
        b"%00=%ff&data=%ff",
        b"\xff" * 1000,
    ):
        for address in (START, f"/cases/{world.case}/comment", f"/cases/{world.case}/files", "/language"):
            assert quiet(officer.send(address, body, kind)).status_code in (303, 400, 415, 422), address


@pytest.mark.parametrize(
    "words", ["", "  ", "a\0b", "x" * 5000, "x" * 5_000_000], ids=lambda text: text[:4] + str(len(text))
)
def test_a_remark_or_a_reason_must_be_a_text_of_some_length(world: World, words: str) -> None:
    officer = world.browser("changan")
    for address, name in (("comment", "text"), ("withdraw", "reason"), ("cancel", "reason")):
        problem(officer.post(f"/cases/{world.case}/{address}", {name: words}, headers=JSON), 400, 413, 422)
    assert world.house.application.cases.reading.case(world.house.actor("changan"), world.case).head.status == "running"


# --- what others will read -------------------------------------------------------------------------------------------

MARKUP = "<img src=x onerror=alert(1)>{{7*7}}${7*7}</script><script>alert(2)</script>[x](javascript:alert(3))"


def test_markup_in_a_form_a_remark_a_name_or_a_file_name_stays_text(world: World) -> None:
    officer, reviewer = world.browser("changan"), world.browser("shijiazhuang")
    sent = officer.send(START, json.dumps({"data": filled_application(need=MARKUP, contact=MARKUP[:20])}))
    assert sent.status_code == 200, sent.text
    case = sent.json["case_id"]
    officer.post(f"/cases/{case}/comment", {"text": MARKUP})
    upload = (io.BytesIO(b"x"), "<img src=x onerror=alert(1)>.txt")
    assert officer.post(f"/cases/{case}/files", {"file": upload}).status_code == 303
    task = world.house.task_of("shijiazhuang", case)
    reviewer.send(f"/tasks/{task}/draft", json.dumps({"data": {}, "opinion": MARKUP}))
    for address in (f"/tasks/{task}", *(f"/cases/{case}?tab={tab}" for tab in ("form", "history", "files", "diagram"))):
        said = quiet(reviewer.get(address)).text
        assert "<img src=x" not in said and "alert(2)</script>" not in said and "49$" not in said
    assert "&lt;img src=x" in reviewer.get(f"/cases/{case}?tab=form").text


def test_a_file_is_saved_and_never_run_whatever_it_is_called(world: World) -> None:
    answer = quiet(world.browser("shijiazhuang").get(f"/cases/{world.case}/files/{world.file}"))
    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment; filename*=UTF-8''") and told.isascii() and ";" not in told.partition("*=")[2]
    assert answer.content_type == "application/octet-stream" and "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


NAMES = (
    "a.exe",
    "a.txt.html",
    ".txt",
    "",
    "a" * 5000 + ".txt",
    "..",
    "../../etc/passwd",
    "CON.txt\0.exe",
    "a\u202etxt.exe",
    "报告\u202e.txt",
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_name_made_to_deceive_is_refused_or_cleaned(world: World, name: str) -> None:
    officer = world.browser("changan")
    answer = quiet(officer.post(f"/cases/{world.case}/files", {"file": (io.BytesIO(b"x"), name)}, headers=JSON))
    assert answer.status_code in (200, 303, 400, 422)
    page = quiet(officer.get(f"/cases/{world.case}?tab=files")).text
    assert "\u202e" not in page and "exe" not in page and "passwd" not in page


def test_of_several_files_all_are_taken_or_none(world: World) -> None:
    officer, address = world.browser("changan"), f"/cases/{world.case}/files"
    two = {"file": [(io.BytesIO(b"x"), "一号.txt"), (io.BytesIO(b"MZ"), "二号.exe")]}
    problem(officer.post(address, two, headers=JSON), 422)
    assert "一号.txt" not in officer.get(f"/cases/{world.case}?tab=files").text


def test_an_upload_may_be_no_larger_than_said(world: World) -> None:
    officer = world.browser("changan")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    large = head + b"x" * (21 * 1024 * 1024) + b"\r\n--x--\r\n"
    problem(officer.send(f"/cases/{world.case}/files", large, "multipart/form-data; boundary=x"), 422)
