"""The workshop over HTTP: who enters, how designs begin, are kept from each other, restored, handed out and checked."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from datetime import timedelta

import pytest

from engine.designing import keeping
from engine.designing.folder import blank
from engine.designing.history import DESIGNS_KEPT, HISTORY_KEPT
from engine.designing.keeping import HEARD, TOGETHER
from engine.publishing.folder import FolderFiles
from tests.web.designers import GRANT, Page, archive, begun, designers_site, signed_in, uploaded

HOSTILE = '"><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with designers_site(tmp_path_factory.mktemp("workshop"), "designer", "second") as made:
        yield made


@pytest.fixture(scope="module")
def designer(site):
    return signed_in(site, "designer")


@pytest.fixture(scope="module")
def second(site):
    return signed_in(site, "second")


@pytest.fixture
def design(designer):
    """The address of a design that is a copy of the published process."""
    return begun(designer, "copy", of="grant:1")


def test_only_a_designer_enters_and_the_demo_of_nobody_else(site, design):
    for login in ("officer", "admin"):
        other = site.browser()
        other.sign_in(login)
        for address in ("/workshop", design, f"{design}/files", f"{design}/folder.zip", f"{design}/words.json"):
            assert other.get(address).status_code == 403, address
        for act in ("open", "save", "standing", "leave", "check"):
            assert Page(other, design, "s").ask(act, session="s", revision=1, changes={}).status_code == 403, act


def test_a_copy_is_opened_saved_and_handed_out_as_the_folder_that_it_is(designer, design):
    page = Page(designer, design, "a1")
    opened = page.open().json
    assert opened["revision"] == 1 and "process.bpmn" in opened["diagrams"]
    changed = opened["diagrams"]["process.bpmn"].replace("isExecutable", "isExecutable")
    assert page.save(process_bpmn=changed + "\n").json["revision"] == 2
    packed = zipfile.ZipFile(io.BytesIO(designer.client.get(f"{design}/folder.zip").data))
    before = {name: data for name, data in FolderFiles(GRANT).items() if name.startswith(("grant/", "_shared/"))}
    found = {name: packed.read(name) for name in packed.namelist()}
    assert found.keys() == before.keys()
    assert found.pop("grant/process.bpmn") == (changed + "\n").encode()
    assert found.items() <= before.items()


def test_the_second_is_told_reads_and_takes_over_knowingly(designer, second, design):
    first, other = Page(designer, design, "a1"), Page(second, design, "b2")
    text = first.open().json["diagrams"]["process.bpmn"]
    held = other.open()
    assert held.status_code == 409 and "测试designer正在编辑" in held.json["detail"]
    assert other.ask("open").json["revision"] == 1  # to read
    assert other.save(process_bpmn=text + " ").status_code == 409
    assert other.open(take_over=True).status_code == 200
    lost = first.save(process_bpmn=text + "\n\n")
    assert lost.status_code == 409 and "测试second" in lost.json["detail"]
    assert first.ask("standing", session="a1").json["mine"] is False
    assert other.save(process_bpmn=text + " ").status_code == 200
    assert "测试second 正在编辑" in designer.get("/workshop").text


def test_two_pages_of_one_person_do_not_overwrite_each_other(designer, design):
    first, other = Page(designer, design, "a1"), Page(designer, design, "a2")
    text = first.open().json["diagrams"]["process.bpmn"]
    assert other.open().status_code == 409
    other.open(take_over=True)
    assert first.save(process_bpmn=text + "\n").status_code == 409
    stale = Page(designer, design, "a2")
    stale.revision = other.revision
    assert other.save(process_bpmn=text + "\n").status_code == 200
    assert stale.save(process_bpmn=text + "\n\n").status_code == 409


def test_a_page_that_has_left_or_fallen_silent_lets_the_next_one_edit(site, designer, second, design):
    first, other = Page(designer, design, "a1"), Page(second, design, "b2")
    first.open()
    first.ask("leave", session="a1")
    assert other.open().status_code == 200
    site.house.clock.time += HEARD
    assert first.open().status_code == 200


def test_one_key_saves_once(designer, design):
    page = Page(designer, design, "a1")
    text = page.open().json["diagrams"]["process.bpmn"]
    sent = {"session": "a1", "revision": 1, "changes": {"process.bpmn": text + "\n"}, "idempotency_key": "one"}
    assert [page.ask("save", **sent).json["revision"] for _ in range(2)] == [2, 2]


def test_history_is_for_editors_and_what_was_is_restored(site, designer, second, design):
    page = Page(designer, design, "a1")
    text = page.open().json["diagrams"]["process.bpmn"]
    for number in range(3):
        site.house.clock.time += TOGETHER
        page.save(process_bpmn=text + "\n" * (number + 1))
    page.save(process_bpmn=text + " ")  # within two minutes: the same revision of the history
    assert second.get(f"{design}/files").text.count("/restore/") == 0
    designer.get(f"{design}/files")
    assert designer.post(f"{design}/snapshot", name="送审前").status_code == 303
    shown = designer.get(f"{design}/files").text
    assert "送审前" in shown
    assert len(set(re.findall(r"/restore/(\d+)", shown))) == 3
    assert second.post(f"{design}/restore/1", token=second.get(f"{design}/files") and None).status_code == 404
    designer.get(f"{design}/files")
    assert designer.post(f"{design}/restore/1").status_code == 303
    assert page.save(process_bpmn=text + "\n\n\n\n").status_code == 409  # its page is told
    assert page.open().json["diagrams"]["process.bpmn"] == text
    designer.get(f"{design}/files")
    designer.post(f"{design}/purge")
    assert "/restore/" not in designer.get(f"{design}/files").text


def test_a_blank_one_begins_with_a_process_of_that_name_and_no_other_key(designer, second):
    address = begun(designer, "blank", key="leave_request", title="请假" + HOSTILE)
    assert HOSTILE not in designer.get(address).text
    assert HOSTILE not in designer.get("/workshop").text
    opened = Page(designer, address, "a1").open().json
    assert 'id="leave_request"' in opened["diagrams"]["process.bpmn"]
    assert "onerror" in opened["diagrams"]["process.bpmn"]  # as text of a name
    for key in ("", "Leave", "_shared", "a/b", "../x", "请假", "a" * 200):
        designer.get("/workshop")
        refused = designer.post("/workshop/blank", key=key, title="请假")
        assert refused.status_code == 422 and "流程代号" in refused.text, key


def test_a_folder_goes_out_and_comes_in_again_the_same(designer, design):
    packed = designer.client.get(f"{design}/folder.zip").data
    answer = uploaded(designer, "again.zip", packed)
    assert answer.status_code == 303
    assert designer.client.get(f"{answer.location}/folder.zip").data == packed


BPMN = blank("leave", "请假")["process.bpmn"]
BOMB = archive(**{"x/process.bpmn": BPMN, "x/big.md": b"\0" * (3 * 1024 * 1024)})
REFUSED = {
    "no zip": ("a.zip", b"PK\x03\x04nothing", "不是有效的zip文件"),
    "a bomb": ("a.zip", BOMB, "解开后的文件过多或过大"),
    "too many files": ("a.zip", archive(**{f"x/{n}.md": b"" for n in range(401)}), "过多或过大"),
    "two processes": ("a.zip", archive(**{"x/process.bpmn": BPMN, "y/process.bpmn": BPMN}), "几个流程"),
    "no process": ("a.zip", archive(**{"x/readme.md": b""}), "没有流程文件"),
    "a program": ("a.zip", archive(**{"x/process.bpmn": BPMN, "x/run.exe": b"MZ"}), "不能放在流程文件夹里"),
    "a way out": ("a.zip", archive(**{"x/process.bpmn": BPMN, "x/../../etc/a.md": b""}), "不安全"),
    "a page": ("a.html", b"<script>alert(1)</script>", "请上传zip"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_folder_of_a_process_is_refused(designer, name):
    filename, data, why = REFUSED[name]
    answer = uploaded(designer, filename, data)
    assert answer.status_code == 422 and why in answer.text


def test_long_names_that_are_left_out_fit_into_what_the_next_page_says(designer):
    words = ["".join(chr(0x4E00 + (200 * n + i) * 5) for i in range(200)) for n in range(20)]
    others = {f"{word}/readme.md": b"" for word in words}
    answer = uploaded(designer, "a.zip", archive(**{"leave/process.bpmn": BPMN}, **others))
    assert answer.status_code == 303 and len(answer.headers["Set-Cookie"]) < 4000
    assert "没有收下" in designer.get(answer.location).text


def test_a_single_diagram_becomes_a_folder_and_one_that_nobody_has_drawn_is_drawn(designer):
    bare = re.sub(rb"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", b"", BPMN, flags=re.DOTALL)
    answer = uploaded(designer, "leave.bpmn", bare)
    opened = Page(designer, answer.location, "a1").open().json
    assert "BPMNShape" in opened["diagrams"]["process.bpmn"]


def test_a_diagram_that_cannot_be_read_is_opened_as_it_is(designer):
    answer = uploaded(designer, "leave.bpmn", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    opened = Page(designer, answer.location, "a1").open()
    assert opened.status_code == 200 and "ENTITY" in opened.json["diagrams"]["process.bpmn"]
    checked = Page(designer, answer.location, "a1").ask("check")
    assert checked.status_code == 200 and checked.json["problems"][0]["severity"] == "error"


def test_what_no_folder_may_hold_is_not_saved(designer, design):
    page = Page(designer, design, "a1")
    page.open()
    for name in ("../a.bpmn", "_shared/articles.toml", "a.exe", "x" * 200 + ".md"):
        refused = page.ask("save", session="a1", revision=page.revision, changes={name: "x"})
        assert refused.status_code == 422, name
    assert page.ask("save", session="a1", revision="1", changes={}).status_code == 400
    assert page.ask("save", session="a1;", revision=1, changes={}).status_code == 400
    assert page.ask("save", session="a1", revision=1, changes={"a.md": 7}).status_code == 400
    headers = {"X-CSRFToken": designer.token, "Accept": "application/json", "Content-Type": "application/json"}
    told = b'{"session": "a1", "revision": 1, "changes": {"\\ud800": ""}}'  # no text that can be told again
    assert designer.client.post(f"{design}/save", data=told, headers=headers).status_code == 400
    big = page.ask("save", session="a1", revision=page.revision, changes={"a.md": "x" * (2 * 1024 * 1024 + 1)})
    assert big.status_code == 422 and "KB" in big.json["detail"]


def test_a_finding_comes_at_its_element_and_goes_again(designer, design):
    page = Page(designer, design, "a1")
    text = page.open().json["diagrams"]["process.bpmn"]
    assert [one for one in page.ask("check").json["problems"] if one["severity"] == "error"] == []
    page.save(
        process_bpmn=text.replace("<bpmn:process ", "<bpmn:process unheard='1' ").replace(
            "<process ", "<process unheard='1' "
        )
    )
    (found,) = [one for one in page.ask("check").json["problems"] if one["severity"] == "error"]
    assert found["file"] == "process.bpmn" and "unheard" in found["what"] and found["hint"]
    page.save(process_bpmn=text)
    assert [one for one in page.ask("check").json["problems"] if one["severity"] == "error"] == []


def test_the_last_request_calls_off_the_one_before(site, designer, second, design, monkeypatch):
    checking = site.app.extensions["gangwei"].workshop.checking
    real, begun, answers = checking._checked, threading.Event(), []

    def held(actor, number, withdrawal):
        """The first one goes on when it has been called off."""
        if not begun.is_set():
            begun.set()
            while not withdrawal.said:
                threading.Event().wait(0.01)
        return real(actor, number, withdrawal)

    monkeypatch.setattr(checking, "_checked", held)
    first = threading.Thread(target=lambda: answers.append(Page(designer, design, "a1").ask("check").status_code))
    first.start()
    assert begun.wait(60)
    assert Page(second, design, "b2").ask("check").status_code == 200
    first.join(60)
    assert answers == [409]


def test_the_page_gets_every_word_and_only_what_exists(designer, design):
    offer = designer.get(f"{design}/words.json").json
    tags = {one["tag"] for one in offer["words"]}
    assert {"assignment", "outcome", "deadline", "operation", "parameter"} <= tags
    assert any(one["id"] == "designer" for one in offer["roles"])
    applied = next(one for one in offer["operations"] if one["id"] == "register.apply")
    assert applied["parameters"]
    english = json.dumps(designer.get(f"{design}/words.json", headers={"Accept-Language": "en"}).json)
    assert english


def test_a_discarded_design_is_gone_with_all_that_was_in_it(designer, design):
    designer.get(f"{design}/files")
    assert designer.post(f"{design}/discard").location == "/workshop"
    assert designer.get(design).status_code == 404


def test_history_is_bounded_and_expires(site, designer, design, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_REVISIONS", 5)
    page = Page(designer, design, "a1")
    text = page.open().json["diagrams"]["process.bpmn"]
    for number in range(8):
        site.house.clock.time += TOGETHER
        page.save(process_bpmn=f"{text}<!-- {number} -->")
    assert designer.get(f"{design}/files").text.count("/restore/") == 4
    history = site.app.extensions["gangwei"].workshop.history
    site.house.clock.time += HISTORY_KEPT + timedelta(days=1)
    designer.sign_in("designer")
    assert history.forget_old() > 3
    assert designer.get(f"{design}/files").text.count("/restore/") == 0
    assert page.ask("open").json["diagrams"]["process.bpmn"].endswith("7 -->")
    site.house.clock.time += DESIGNS_KEPT
    history.forget_old()
    designer.sign_in("designer")
    assert designer.get(design).status_code == 404
