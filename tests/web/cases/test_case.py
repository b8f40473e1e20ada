"""The page of a case: its tabs, the acts on the case, and its files."""

from __future__ import annotations

import io
from urllib.parse import quote

import pytest

from engine.views import ConcernView, OtherCase
from tests.web.fakes import waiting
from tests.web.pages import page_client, told


@pytest.mark.parametrize("tab", ["form", "diagram", "deadlines", "history", "files", "nonsense"])
def test_every_tab_names_the_case_and_where_it_stands(tab):
    client, _ = page_client()
    page = client.get(f"/cases/41?tab={tab}").text
    assert "GW2026-00012" in page and "当前：市总工会初审（石家庄市总工会 · 市级审核员）" in page


def test_what_was_handed_in_is_read_with_labels_and_warnings():
    client, _ = page_client()
    page = client.get("/cases/41").text
    assert "辖区企业多，劳动关系任务重。" in page and '<td data-label="单位">建北街道</td>' in page
    assert 'class="is-warning"><dt>超出名额</dt>' in page


def test_the_history_tells_who_did_what_when_and_what_changed():
    client, _ = page_client()
    page = client.get("/cases/41?tab=history").text
    assert "办理了“市总工会初审”" in page and "第 1 项等级偏高" in page
    assert "<del>二级岗</del>" in page and "<ins>三级岗</ins>" in page
    assert "2026-11-14 10:30" in page  # Beijing time
    assert "a" * 64 in page and "d" * 64 in page


@pytest.mark.parametrize("path", ["/cases/41", "/tasks/41-2"])
def test_what_is_under_way_elsewhere_or_has_changed_is_told_on_top(path):
    client, cases = page_client()
    client_sees = client.get(path).text
    assert "同一记录正在" not in client_sees
    cases.concerns = (
        ConcernView(
            "post", ("岗位台账", "Posts"), "B-001", (OtherCase("GW2026-00007", "7"),), (OtherCase("GW2026-00005"),)
        ),
    )
    page = client.get(path).text
    assert "本事项涉及岗位台账的记录B-001" in page
    assert 'href="/cases/7">GW2026-00007</a>' in page
    assert "GW2026-00005" in page and ">GW2026-00005</a>" not in page  # who may not open it is not led there


def test_the_history_can_be_narrowed():
    client, _ = page_client()
    page = client.get("/cases/41?tab=history&only=said").text
    assert "已电话沟通。" in page and page.count('<article class="event"') == 1


def test_the_diagram_has_its_facts_as_a_list_too():
    client, _ = page_client()
    page = client.get("/cases/41?tab=diagram").text
    assert 'data-element="review" data-state="returned"' in page
    assert "石家庄市审核员" in page and "用时 1 天 1 小时" in page and "第 12 条" in page


def test_the_diagram_is_there_for_programs():
    client, _ = page_client()
    assert client.get("/cases/41/diagram.bpmn").content_type.startswith("application/xml")
    review = told(client.get("/cases/41/diagram.json"))["review"]
    assert review["state"] == "returned" and review["articles"] == ["12"]
    assert review["visits"][0] == {
        "who": "石家庄市审核员",
        "started_at": "2026-11-15T02:30:00+00:00",
        "ended_at": "2026-11-16T02:30:00+00:00",
        "seconds": 90_000,
        "outcome": "退回修改",
    }


@pytest.mark.parametrize(
    ("act", "sent", "done"),
    [
        ("withdraw", {"reason": "材料有误"}, ("withdraw", "41", "材料有误")),
        ("cancel", {"reason": "重复"}, ("cancel", "41", "重复")),
        ("comment", {"text": "请尽快"}, ("comment", "41", "请尽快")),
    ],
)
def test_acts_on_the_case_reach_the_engine_and_lead_back(act, sent, done):
    client, cases = page_client()
    answer = client.post(f"/cases/41/{act}", data=sent)
    assert answer.status_code == 303 and answer.location.startswith("/cases/41")
    assert cases.done == [done]


def test_who_must_stand_aside_is_not_called_to_act():
    client, _ = page_client()
    page = client.get("/cases/41").text
    assert "这个事项轮到您办理" in page and 'href="/tasks/41-2"' in page
    client, _ = page_client(waits=waiting(mine=False, aside=True))
    page = client.get("/cases/41").text
    assert "这个事项轮到您办理" not in page and 'href="/tasks/41-2"' not in page and "您应当回避" in page


def test_only_what_one_may_do_is_offered():
    client, _ = page_client(case_may=frozenset())
    page = client.get("/cases/41?tab=files").text
    assert "withdraw-dialog" not in page and "cancel-dialog" not in page and 'type="file"' not in page


def test_files_go_up_and_a_missing_one_is_said():
    client, cases = page_client()
    sent = {"file": [(io.BytesIO(b"%PDF-1"), "申请表.pdf"), (io.BytesIO(b"x"), "说明.txt")]}
    assert client.post("/cases/41/files", data=sent).status_code == 303
    assert cases.done == [("attach", "41", ("申请表.pdf", b"%PDF-1"), ("说明.txt", b"x"))]
    assert "没有选择文件" in client.post("/cases/41/files", data={}).text


def test_a_file_comes_down_to_be_saved_and_never_to_be_run():
    client, _ = page_client()
    answer = client.get("/cases/41/files/5")
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%94%B3")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_was_handed_in_comes_down_as_a_word_file_with_a_chinese_name():
    client, _ = page_client()
    answer = client.get("/cases/41/documents/1")
    assert answer.content_type.endswith("wordprocessingml.document") and answer.data == b"PK"
    name = quote("GW2026-00012 申请表 zh.docx", safe="")
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"] and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/cases/41/documents/2", "/cases/99/documents/1", "/cases/41/documents/x"])
def test_a_word_file_of_nothing_is_not_found(path):
    client, _ = page_client()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(("page", "english", "words"), [
    ("/cases/41", False, "下载 Word"), ("/tasks/41-2", False, "下载 Word"), ("/cases/41", True, "Download Word"),
])  # fmt: skip
def test_every_submission_can_be_had_as_a_word_file(page, english, words):
    client, _ = page_client(english=english)
    shown = client.get(page).text
    assert 'href="/cases/41/documents/1"' in shown and words in shown
