"""A worker disputes his yearly result in a real browser: from the signed paper over ten working days to the new record."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import docx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desks
from tests.browser.looks import inspect, picture
from tests.browser.office import Office
from tests.site import Site
from tests.visitor import Visitor

pytestmark = pytest.mark.browser

KIND = "年度评价复核申诉"
WORKER, UNIT = "changan.worker1", "changan"
EVALUATOR, HANDLER, LEADER, PROVINCE = "shijiazhuang", "shijiazhuang2", "shijiazhuang.leader", "province"
PAPER = b"%PDF-1.4 a scan"


@pytest.fixture(scope="session")
def site(moved_site: Site) -> Site:
    return moved_site


def test_ten_working_days_pass_and_a_late_answer_changes_the_result(desks: Desks, pictures: Path, site: Site) -> None:
    worker_entered(site, (UNIT, "130102"), "长安区社工甲", WORKER)
    enter_result(desks.of(EVALUATOR), "长安区社工甲", "长安区总工会")
    number = filed(desks.of(WORKER), pictures)
    accepted(desks, number, pictures)
    material(desks, number, pictures)
    late(desks, number, pictures)
    signed(desks, number, pictures)
    answered(desks.of(WORKER), number, pictures)
    delivered(desks.of(HANDLER), number, pictures)
    looked_back(desks.of(WORKER), number, pictures)
    proved(desks.of("auditor"), number, pictures)


def worker_entered(site: Site, unit: tuple[str, str], name: str, login: str | None = None) -> str:
    """A unit (login and code) has entered a worker; his number."""
    row = {"action": "enter", "worker_name": name} | ({"worker_login": login} if login else {})
    with Visitor(site.url).sign_in(unit[0]) as visitor:
        answer = visitor.post(f"/start/worker_entry?organisation={unit[1]}", {"data": {"people": [row]}})
        assert answer.status in (200, 201), answer.text
        found = re.search(r"SG\d{5}", visitor.get(f"/registers/worker?q={quote(name)}").text)
    assert found is not None
    return found.group(0)


def enter_result(office: Office, name: str, unit: str) -> None:
    """The city enters a result of last year, told today."""
    office.open_start("年度评价结果登记", "evaluation_year")
    office.fill("evaluation_year", "2025")
    for key in ("decided_on", "told_on"):
        office.date(key, office.demo_day())
    office.choose("worker", name, 0)
    office.choose("grade", "基本合格", 0)
    office.fill("reasons", "年度重点任务完成不及时。", 0)
    expect(office.field("unit_name", 0)).to_have_value(unit)  # the server derives it from the worker
    office.submit()
    expect(office.said()).to_be_visible()


def filed(office: Office, pictures: Path) -> str:
    """The worker sees his own result only, disputes it, and hands in the application with his signature."""
    page = office.page
    office.menu("台账")
    expect(page.locator("main")).not_to_contain_text("工会社会工作岗位台账")
    page.get_by_role("link", name="岗位服务质量年度评价台账", exact=True).click()
    expect(page.locator("a.row-link")).to_have_count(1)
    inspect(page, pictures, "appeal-01-own-result")
    office.open_start(KIND, "request")
    office.choose("record", "长安区社工甲")
    expect(office.field("worker_name")).to_have_value("长安区社工甲")  # the server derives it from the record
    office.pick("kind", 0)
    office.fill("request", "请求将2025年度评价等次由基本合格变更为合格。")
    office.fill("grounds", "年度重点任务已于2025年12月20日完成并通过验收，有验收记录。")
    office.fill("phone", "0311-80000002")
    inspect(page, pictures, "appeal-02-filing")
    office.submit()
    expect(office.said()).to_be_visible()
    number = office.case_number()
    office.submit()
    expect(page.locator("#form-errors")).to_contain_text("签名的申请书")
    paper = docx.Document(str(office.download(page.get_by_role("link", name="下载 Word：提出复核申诉"))))
    text = text_of(paper)
    assert "请求将2025年度评价等次由基本合格变更为合格。" in text
    assert "申请人签名" in text
    office.hand_over("signed_paper", "签名申请书.pdf", PAPER)
    inspect(page, pictures, "appeal-03-signed-paper")
    office.submit()
    expect(office.said()).to_contain_text(f"{number} 已办理")
    ledger(office, number, pictures, "appeal-04-ledger")
    return number


def ledger(office: Office, number: str, pictures: Path, name: str) -> None:
    """The deadline of a case, day by day, as its worker sees it."""
    page = office.page
    page.goto(f"/tasks?view=mine&q={number}")
    page.locator("a.row-link").first.click()
    office.tab("期限")
    expect(page.locator(".strip-day:not(.strip-legend *)").first).to_be_visible()
    inspect(page, pictures, name)


def accepted(desks: Desks, number: str, pictures: Path) -> None:
    """Who entered the result must stand aside, finds the task apart and is told so; another accepts."""
    page = desks.of(EVALUATOR).page
    stands_aside(desks.of(EVALUATOR), number, "受理")
    inspect(page, pictures, "appeal-05-stands-aside")
    handler = desks.of(HANDLER)
    handler.open_task(number)
    expect(handler.page.locator("main")).to_contain_text("剩 10 个工作日")
    inspect(handler.page, pictures, "appeal-06-acceptance")
    handler.decide("受理")
    expect(handler.said()).to_contain_text(f"{number} 已办理")


def material(desks: Desks, number: str, pictures: Path) -> None:
    """On the next day the unit is asked for material, within days of its own; it supplies."""
    handler = desks.of(HANDLER)
    handler.next_working_day()
    handler.open_task(number)
    handler.pick("step", 1)
    handler.fill("wanted", "请提供2025年度重点任务的考核记录和验收材料。")
    inspect(handler.page, pictures, "appeal-07-material-wanted")
    handler.submit()
    expect(handler.said()).to_contain_text(f"{number} 已办理")
    handler.open_task(number)
    expect(handler.page.locator("#form-mount")).to_contain_text("材料尚未收到")  # he keeps his task meanwhile
    picture(handler.page, pictures, "appeal-07-material-awaited")
    unit = desks.of(UNIT)
    unit.open_task(number)
    expect(unit.page.locator("main")).to_contain_text("剩 3 个工作日")
    expect(unit.page.locator("main")).to_contain_text("请提供2025年度重点任务的考核记录")
    unit.fill("reply", "考核时未收到验收材料，现补充验收记录复印件。")
    unit.hand_over("files", "验收记录.pdf", PAPER)
    inspect(unit.page, pictures, "appeal-08-material")
    unit.submit()
    expect(unit.said()).to_contain_text(f"{number} 已办理")
    handler.told(number, "评价材料已提供")


def late(desks: Desks, number: str, pictures: Path) -> None:
    """Three days left: amber, and a reminder. The tenth day is over: red, and told one level up; it stays open."""
    handler = desks.of(HANDLER)
    page = handler.page
    handler.next_working_day(5)
    expect(handler.row(number)).to_contain_text("剩 4 个工作日")
    expect(handler.messages(number).filter(has_text="快到期")).to_have_count(0)
    handler.next_working_day()
    expect(handler.row(number).locator(".chip-amber")).to_contain_text("剩 3 个工作日")
    inspect(page, pictures, "appeal-09-amber")
    handler.told(number, "“调查并拟定答复”快到期")
    desks.of(LEADER).told(number, "“调查并拟定答复”快到期")
    inspect(desks.of(LEADER).page, pictures, "appeal-10-reminder")
    expect(desks.of(PROVINCE).messages(number)).to_have_count(0)
    handler.next_working_day(3)
    expect(handler.row(number).locator(".chip-amber")).to_contain_text("今天到期")
    handler.next_working_day()
    expect(handler.row(number).locator(".chip-red")).to_contain_text("逾期 1 个工作日")
    inspect(page, pictures, "appeal-11-late")
    province = desks.of(PROVINCE)
    province.told(number, "“调查并拟定答复”已逾期")
    inspect(province.page, pictures, "appeal-12-escalation")
    province.page.goto("/deadlines?only=late")
    expect(province.page.locator("main")).to_contain_text(number)
    inspect(province.page, pictures, "appeal-13-supervision")
    province.page.get_by_role("link", name="调查并拟定答复").click()
    expect(province.page.locator("main")).to_contain_text("办理中")


def signed(desks: Desks, number: str, pictures: Path) -> None:
    """The handler drafts. He could sign by his role, since he is given it; but not what he has drafted himself."""
    handler = desks.of(HANDLER)
    handler.open_task(number)
    expect(handler.page.locator("main")).to_contain_text("现补充验收记录复印件")
    handler.pick("step", 0)
    handler.fill("findings", "经核对验收记录，重点任务于2025年12月20日完成并通过验收。")
    handler.pick("conclusion", 1)
    handler.choose("new_grade", "合格")
    handler.fill("basis", "原评价依据的“完成不及时”与验收记录不符，应予变更。")
    inspect(handler.page, pictures, "appeal-14-draft")
    handler.submit()
    expect(handler.said()).to_contain_text(f"{number} 已办理")
    become_leader(desks.of("administrator"))
    stands_aside(handler, number, "签发")
    picture(handler.page, pictures, "appeal-15-cannot-sign-himself")
    leader = desks.of(LEADER)
    leader.open_task(number)
    inspect(leader.page, pictures, "appeal-16-signature")
    leader.decide("签发")
    expect(leader.said()).to_contain_text(f"{number} 已办理")


def stands_aside(office: Office, number: str, act: str) -> None:
    """He finds the task apart from those that he may do, is told why, and cannot act."""
    office.page.goto(f"/tasks?view=aside&q={number}")
    office.page.locator("a.row-link").first.click()
    expect(office.page.locator("main")).to_contain_text("应当回避")
    expect(office.page.get_by_role("button", name=act, exact=True)).to_have_count(0)


def become_leader(office: Office) -> None:
    """The administrator gives the handler the leader's role, too."""
    page = office.page
    page.goto(f"/admin/users?q={HANDLER}")
    page.get_by_role("link", name="石家庄市第二审核员").click()
    page.get_by_label("单位名称或编码").fill("130100")
    page.get_by_role("button", name="查找单位").click()
    page.get_by_label("角色").last.select_option("city_leader")
    page.get_by_role("button", name="授予").click()
    expect(page.locator(".role-list")).to_contain_text("市级分管负责人")


def answered(office: Office, number: str, pictures: Path) -> None:
    """The worker is told, and the written answer says what was decided, by whom, and of which case."""
    page = office.page
    office.told(number, "复核申诉已答复")
    expect(office.messages(number).filter(has_text="本答复逾期1个工作日作出。")).to_have_count(1)
    inspect(page, pictures, "appeal-17-told")
    page.get_by_role("link", name="复核申诉已答复").click()
    office.tab("附件")
    inspect(page, pictures, "appeal-18-files")
    name = "关于长安区社工甲2025年度评价复核的书面答复.docx"
    text = text_of(docx.Document(str(office.download(page.get_by_role("link", name=f"下载 {name}")))))
    assert text.startswith("石家庄市总工会\n关于长安区社工甲同志2025年度岗位服务质量评价复核申请的答复")
    assert "等次由“基本合格”变更为“合格”" in text
    assert "原评价依据的“完成不及时”与验收记录不符" in text
    assert "承办人：石家庄市第二审核员　　签发人：石家庄市总工会分管负责人" in text
    assert f"{int(office.demo_day()[8:])}日" in text
    assert number in text
    assert "{{" not in text


def delivered(office: Office, number: str, pictures: Path) -> None:
    """It is delivered, with the day of receipt: not before it was signed, not in the days to come."""
    office.open_task(number)
    office.choose("method", "当面送达")
    office.date("received_on", "2020-01-02")
    office.fill("receiver", "长安区社工甲")
    office.decide("已送达")
    expect(office.page.locator("#form-errors")).to_contain_text("收到日期")
    office.date("received_on", office.demo_day())
    office.hand_over("receipt", "送达回证.pdf", PAPER)
    inspect(office.page, pictures, "appeal-19-delivery")
    office.decide("已送达")
    expect(office.said()).to_contain_text(f"{number} 已办理")


def looked_back(office: Office, number: str, pictures: Path) -> None:
    """The worker finds the changed record, the case that changed it, and by how much the answer was late."""
    page = office.page
    office.menu("台账")
    page.get_by_role("link", name="岗位服务质量年度评价台账", exact=True).click()
    page.locator("a.row-link").first.click()
    history = page.get_by_role("region", name="变更历史")
    expect(history).to_contain_text("基本合格 → 合格")
    expect(page.get_by_role("region", name="现行内容")).to_contain_text(number)
    expect(page.get_by_role("region", name="现行内容")).to_contain_text("已变更")
    inspect(page, pictures, "appeal-20-record")
    expect(history).to_contain_text(f"依据事项 {number}")
    page.goto(f"/tasks?view=mine&q={number}")
    page.locator("a.row-link").first.click()
    expect(page.locator("main")).to_contain_text("已答复")
    expect(page.locator("main")).to_contain_text("“调查并拟定答复”已经逾期")
    inspect(page, pictures, "appeal-21-case")
    office.tab("流转记录")
    expect(page.locator("main")).to_contain_text("逾期")
    inspect(page, pictures, "appeal-22-history")
    office.tab("流程图")
    expect(page.locator("#diagram .djs-container svg").first).to_be_visible()
    inspect(page, pictures, "appeal-23-diagram")
    office.tab("期限")
    expect(page.locator("main")).to_contain_text("逾期办结")
    inspect(page, pictures, "appeal-24-deadlines")


def proved(office: Office, number: str, pictures: Path) -> None:
    """The auditor has the case done again from its record: it comes to the same."""
    office.page.goto(f"/audit/cases?q={number}")
    office.page.get_by_role("link", name=f"核验 {number}").click()
    expect(office.page.get_by_role("status").filter(has_text="核验")).to_contain_text("全部一致")
    inspect(office.page, pictures, "appeal-25-proof")


def text_of(paper: docx.document.Document) -> str:
    """All that a Word file says: paragraphs, then tables."""
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])
