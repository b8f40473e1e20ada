"""How much of a request is read, over every page that there is: of a stranger nothing but what signing in needs."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from engine.errors import BadInput
from engine.forms import guard
from tests.routes import filled
from tests.web.hostile import START, Browser, World, problem, quiet
from web.common.bounds import LARGEST_BODY, LONGEST_QUERY, MOST_HEADERS, OTHERS, STRANGER, bound_of, largest_body
from web.directory.visitor import may_be_known

pytestmark = pytest.mark.usefixtures("nothing_crashes")

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
KINDS = (FORM, PARTS, "application/json")
OPEN = ("/login", "/logout", "/language")


class Counted(BytesIO):
    """A body that knows how much of it was read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        self.taken += len(part)
        return part


def addresses(world: World) -> list[tuple[str, str]]:
    """Every page by its name, and an address of it; where two share one, the page that takes a body."""
    known = {
        "case_id": world.case, "task_id": world.task, "key": "post_approval", "name": "post", "number": world.record,
        "code": "130102", "attachment_id": world.file, "filename": "icon.svg", "digest": "0" * 64,
    }  # fmt: skip
    rules = sorted(world.app.url_map.iter_rules(), key=lambda rule: "POST" in (rule.methods or ()))
    found = {filled(rule, {name: str(known.get(name, 1)) for name in rule.arguments}): rule.endpoint for rule in rules}
    return [(endpoint, address) for address, endpoint in found.items()] + [("", "/nowhere")]


def sent(browser: Browser, address: str, body: bytes, *, method: str = "POST", kind: str = FORM, told: int = 0) -> Any:
    """The answer, and how many bytes were read. ``told``: the length that the head names, when it is not the body's."""
    stream = Counted(body)
    environ = {"CONTENT_LENGTH": str(told or len(body)), "wsgi.input_terminated": True}
    answer = browser.client.open(
        address,
        method=method,
        input_stream=stream,
        headers={"X-CSRFToken": browser.token, "Accept": "application/json"},
        content_type=kind,
        environ_overrides=environ,
        buffered=True,
    )
    return answer, stream.taken


@pytest.mark.parametrize(
    ("kind", "method"), [(FORM, "POST"), (FORM, "GET"), (PARTS, "POST"), ("application/json", "PATCH")]
)
def test_nothing_of_a_strangers_body_is_read(world: World, kind: str, method: str) -> None:
    stranger = Browser(world.app, "")
    for _, address in addresses(world):
        answer, taken = sent(stranger, address, b"a=1&b=2", method=method, kind=kind, told=63_000_000)
        assert quiet(answer).status_code < 500 and taken == 0, address
        if method == "POST":
            _, taken = sent(stranger, address, b"a=1&b=2", method=method, kind=kind)
            assert taken == 0 or address in OPEN, address


def test_of_somebody_known_no_more_is_read_than_his_page_takes(world: World) -> None:
    browser = world.browser("changan")
    for _, address in addresses(world):
        most = largest_body(world.app, {"REQUEST_METHOD": "POST", "PATH_INFO": address}, known=True)
        for kind in KINDS:
            answer, taken = sent(browser, address, b"a=1", kind=kind, told=most + 1)
            assert quiet(answer).status_code == 413 and taken == 0, address
        answer, taken = sent(browser, address, b"a=1", method="GET", told=STRANGER.body + 1)
        assert quiet(answer).status_code == 413 and taken == 0, address
    assert "MB" in problem(sent(browser, START, b"a", told=63_000_000)[0], 413)["detail"]


def test_the_server_takes_in_no_less_and_hardly_more_than_the_page(world: World) -> None:
    """It does not ask the database who that is: a cookie of ours is enough, and a made-up one is not."""
    known, made_up = world.browser("changan"), "gangwei=eyJzZXNzaW9uIjoieCIsInNlZW4iOjF9.aaaaaa.bbbbbbbbbbbbbbb"
    cookie = known.client.get_cookie("gangwei")
    assert cookie is not None
    adapter = world.app.url_map.bind("localhost")
    posted = {address for _, address in addresses(world) if adapter.test(address, method="POST")}
    for address in posted:
        endpoint, _ = adapter.match(address, method="POST")
        head = {"REQUEST_METHOD": "POST", "PATH_INFO": address, "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}
        for said, is_known in ((f"gangwei={cookie.value}", True), (made_up, False), ("", False)):
            found = may_be_known(world.app, {**head, "HTTP_COOKIE": said})
            assert found is is_known
            most = bound_of(endpoint, "POST", is_known)
            assert largest_body(world.app, head, found) == most.body, address


def test_every_page_that_takes_more_exists(world: World) -> None:
    posted = {rule.endpoint for rule in world.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert set(OTHERS) <= posted and LARGEST_BODY <= 64 * 1024 * 1024


def test_the_fields_of_a_form_are_counted_before_they_are_taken_apart(world: World) -> None:
    browser = world.browser("changan")
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    for endpoint, address in addresses(world):
        fields = bound_of(endpoint, "POST", known=True).fields
        for kind, body in ((FORM, b"a=1&" * (fields + 1)), (PARTS, part * (fields + 1) + b"--x--\r\n")):
            answer, _ = sent(browser, address, body, kind=kind)
            assert quiet(answer).status_code in (405, 413, 404), address
    for kind, body in ((FORM, b"&" * 250_000), (PARTS, part * 3000)):
        assert str(200) in problem(sent(browser, f"/cases/{world.case}/comment", body, kind=kind)[0], 413)["detail"]


def test_the_head_of_a_request_is_bounded(world: World) -> None:
    browser = world.browser("changan")
    assert quiet(browser.get("/tasks?q=" + "x" * LONGEST_QUERY)).status_code == 414
    assert quiet(browser.get("/tasks", headers={"X-Long": "x" * MOST_HEADERS})).status_code == 431
    many = "&".join(f"a{number}=1" for number in range(900))
    assert quiet(browser.get(f"/tasks?{many}")).status_code == 200


WIDE = {
    "numbers": b"1,", "fractions": b"1.1,", "lists": b"[],", "objects": b'{"a":{}},', "keys": b'"a":1,', "texts": b'"",',
    "nested": b"[" * 15 + b"]" * 15 + b",", "escaped": b'"\\"\\\\",', "with blanks": b"[ ] , ",
}  # fmt: skip


@pytest.mark.parametrize("name", WIDE)
def test_json_is_refused_by_the_number_of_its_values_before_they_are_made(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(guard, "parse_json", made.append)
    body = b'{"data":{"need":[' + (WIDE[name] * (4_000_000 // len(WIDE[name])))[:-1] + b"]}}"
    browser = world.browser("changan")
    for address in (START, START.replace("?", "/check?"), START.replace("?", "/draft?")):
        said = problem(sent(browser, address, body, kind="application/json")[0], 422)
        assert "1 MB" in said["detail"] and not made


@pytest.mark.parametrize("text", [",[{" * 100_000, '\\"[,' * 100_000, "\\\\" * 150_000 + '"'])
def test_marks_within_a_text_are_no_values(text: str) -> None:
    assert guard.parse(json.dumps({"a": text, text[:100]: [text]})) == {"a": text, text[:100]: [text]}


def test_as_many_values_as_a_form_may_hold_are_read_and_one_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_NODES", 9)
    just = '{"a": [1, {}, [ ], "x,y", {"b": "[\\""}], "c": null}'
    assert guard.parse(just) == json.loads(just)
    with pytest.raises(BadInput):
        guard.parse(just.replace("null", "[null]"))


def test_depth_is_bounded_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "parse_json", pytest.fail)
    with pytest.raises(BadInput):
        guard.parse('{"a":' + "[" * 41 + "]" * 41 + "}")
