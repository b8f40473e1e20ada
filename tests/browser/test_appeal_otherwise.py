"""Appeals that end otherwise: annulled and evaluated again, read in English on a telephone; not accepted, filed late."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desks
from tests.browser.looks import NARROW, assert_accessible, assert_fits, inspect, picture
from tests.browser.office import Office
from tests.browser.test_appeal import HANDLER, LEADER, PAPER, UNIT, text_of, worker_entered
from tests.site import Site
from tests.visitor import Visitor

pytestmark = pytest.mark.browser

KIND = "Appeal against a yearly evaluation"


@pytest.fixture(scope="session")
def site(moved_site: Site) -> Site:
    return moved_site


def result_told(site: Site, day: str, worker: str) -> None:
    """The city has entered a worker's result, and told it on that day."""
    row = {"worker": worker, "grade": "unqualified", "reasons": "民主评议满意率偏低。"}
    with Visitor(site.url).sign_in("shijiazhuang") as visitor:
        data = {"evaluation_year": 2025, "decided_on": day, "told_on": day, "results": [row]}
        answer = visitor.post("/start/evaluation_import?organisation=130100", {"data": data})
        assert answer.status in (200, 201), answer.text


def test_a_result_is_annulled_and_evaluated_again_in_english_on_a_telephone(
    desks: Desks, pictures: Path, site: Site
) -> None:
    worker = desks.of("changan.worker2", NARROW, "English")
    entered = worker_entered(site, (UNIT, "130102"), "社工乙", "changan.worker2")
    result_told(site, worker.demo_day(), entered)
    number = filed(worker, pictures)
    annulled(desks, number, pictures)
    evaluated_again(desks.of(UNIT, NARROW, "English"), number, pictures)
    worker.menu("Registers", "Shortcuts")
    worker.page.get_by_role("link", name="Register of yearly evaluations", exact=True).click()
    worker.page.locator("a.row-link").first.click()
    expect(worker.page.get_by_role("region", name="As it stands")).to_contain_text("Evaluated again")
    look(worker, pictures, "appeal-english-7-record")


def look(office: Office, pictures: Path, name: str) -> None:
    picture(office.page, pictures, name)
    assert_fits(office.page, name)
    assert_accessible(office.page, name)


def filed(office: Office, pictures: Path) -> str:
    page = office.page
    office.menu("Start a case", "Shortcuts")
    page.get_by_role("link", name=KIND).click()
    office.choose("record", "社工乙")
    expect(office.field("worker_name")).to_have_value("社工乙")
    office.pick("kind", 1)
    office.fill("request", "Please evaluate me again.")
    office.fill("grounds", "The opinion poll left out two of three villages.")
    office.fill("phone", "0311-80000002")
    look(office, pictures, "appeal-english-1-filing")
    office.submit("Hand in")
    expect(office.said()).to_contain_text("Handed in as")
    number = office.case_number()
    office.hand_over("signed_paper", "signed.pdf", PAPER)
    look(office, pictures, "appeal-english-2-paper")
    office.submit("Hand in")
    expect(office.said()).to_contain_text(f"{number}: Hand in")
    page.goto(f"/tasks?view=mine&q={number}")
    page.locator("a.row-link").first.click()
    office.tab("Deadlines", "Case")
    expect(page.locator("main")).to_contain_text("10 working days")
    look(office, pictures, "appeal-english-3-ledger")
    return number


def annulled(desks: Desks, number: str, pictures: Path) -> None:
    """Accepted, drafted, signed by another, delivered on the same day."""
    handler, leader = desks.of(HANDLER, NARROW, "English"), desks.of(LEADER, NARROW, "English")
    handler.open_task(number)
    look(handler, pictures, "appeal-english-4-acceptance")
    handler.decide("Accept")
    expect(handler.said()).to_contain_text(f"{number}: Accept")
    handler.open_task(number)
    handler.pick("step", 0)
    handler.fill("findings", "Two of three villages were not asked.")
    handler.pick("conclusion", 2)
    handler.fill("basis", "The opinion poll was incomplete.")
    handler.submit("Hand in")
    expect(handler.said()).to_contain_text(f"{number}: Hand in")
    leader.open_task(number)
    look(leader, pictures, "appeal-english-5-signature")
    leader.decide("Sign")
    expect(leader.said()).to_contain_text(f"{number}: Sign")
    handler.open_task(number)
    handler.choose("method", "Online")
    handler.date("received_on", handler.demo_day())
    handler.fill("receiver", "社工乙")
    handler.decide("Delivered")
    expect(handler.said()).to_contain_text(f"{number}: Delivered")


def evaluated_again(office: Office, number: str, pictures: Path) -> None:
    office.open_task(number)
    office.choose("grade", "Qualified")
    office.date("told_on", office.demo_day())
    office.fill("reasons", "All three villages were asked this time.")
    look(office, pictures, "appeal-english-6-evaluated-again")
    office.submit("Hand in")
    expect(office.said()).to_contain_text(f"{number}: Hand in")


def test_an_appeal_filed_late_on_the_workers_behalf_is_not_accepted(desks: Desks, pictures: Path, site: Site) -> None:
    """Told long ago: the form asks why so late, the reviewer sees how late, and refuses in writing."""
    officer = desks.of("zhengding")
    result_told(site, "2026-01-05", worker_entered(site, ("zhengding", "130123"), "正定社工丙"))
    officer.open_start("年度评价复核申诉", "request")
    officer.choose("record", "正定社工丙")
    officer.pick("kind", 1)
    officer.fill("request", "请求将评价等次变更为合格。")
    officer.fill("grounds", "民主评议时本人正在住院，没有参加。")
    officer.fill("phone", "0311-80000003")
    officer.submit()
    expect(officer.page.locator("#form-errors")).to_contain_text("逾期原因")
    officer.fill("late_reason", "本人住院治疗至今年十月。")
    inspect(officer.page, pictures, "appeal-late-filing")
    officer.submit()
    expect(officer.said()).to_contain_text("已提交")
    number = officer.case_number()
    officer.hand_over("signed_paper", "签名申请书.pdf", PAPER)
    officer.submit()
    expect(officer.said()).to_contain_text(f"{number} 已办理")

    handler = desks.of(HANDLER)
    handler.open_task(number)
    expect(handler.page.locator("#form-mount")).to_contain_text("逾期申请")
    handler.decide("不予受理")
    expect(handler.page.locator("#opinion-error")).to_be_visible()
    inspect(handler.page, pictures, "appeal-refusal")
    handler.page.keyboard.press("Escape")
    handler.decide("不予受理", "申请超过规定期限，未提供住院证明，没有正当理由。")
    expect(handler.said()).to_contain_text(f"{number} 已办理")

    officer.told(number, "申请超过规定期限")
    officer.page.get_by_role("link", name="复核申诉未予受理").click()
    officer.tab("附件")
    paper = officer.download(officer.page.get_by_role("link", name="下载 正定社工丙不予受理通知书.docx"))
    assert "未提供住院证明" in text_of(docx.Document(str(paper)))
    inspect(officer.page, pictures, "appeal-refused-files")
