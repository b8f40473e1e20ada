"""From filings to people at work, over HTTP alone: a city with five counties, two direct cities, forty posts, three
contractors, one of them barred in the middle. Each figure is one of those worked out by hand before."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.web.city_figures import (
    CITY,
    DINGZHOU,
    EXPERTS,
    FIRM_NAMES,
    FIRMS,
    GRADES,
    HAND,
    HOLDERS,
    NAMED,
    NAMES,
    OFFICERS,
    PEOPLE,
    PHRASES,
    SHEETS,
    STAGES,
    XINJI,
    bids_of_holder,
    candidate,
    numbers,
)
from tests.web.city_office import CityOffice, Waiting


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityOffice]:
    made = CityOffice(tmp_path_factory.mktemp("city"), PEOPLE)
    yield made
    made.house.application.database.close()


def test_forty_posts_are_filed_tendered_for_signed_and_filled_to_the_fen(office: CityOffice) -> None:
    posts_are_approved(office)
    contractors_are_registered(office)
    costs_are_filed(office)
    tenders_are_announced(office)
    bids_are_handed_in(office)
    bids_are_opened_and_scored(office)
    one_contractor_is_barred(office)
    contracts_are_signed(office)
    people_are_recruited(office)
    people_are_at_work(office)


def all_at(office: CityOffice, login: str, step: str, count: int) -> list[Waiting]:
    """Everything that waits for somebody at a step; so many."""
    found = office.waiting(login, step)
    assert len(found) == count, (login, step, found)
    return found


def posts_are_approved(office: CityOffice) -> None:
    for buyer in HAND["buyer"]:
        code = buyer["code"]
        reason = {"reason": "企业增长较快，任务重。", "excess_reason": "集体协商任务重，现有人员难以兼顾。"}
        rows = [
            {"action": "open", "place": code, "purpose": "collective_bargaining", "number": number, "grade": grade}
            | {"duties": ["organising"], **reason}
            for grade, number in buyer["posts"].items()
        ]
        words = {"need": "辖区企业增长较快，现有在编人员已充分发挥作用，仍需设岗。", "funding": "已列入年度预算。"}
        contact = {"established_staff": 8, "current_staff": 7, "contact": "经办员", "phone": "0311-80000000"}
        office.start(OFFICERS[code], "post_approval", code, **words, **contact, posts=rows)
    for row in all_at(office, "shijiazhuang", "市总工会初审", 5):
        office.complete("shijiazhuang", row.task, "pass", checked=["need", "figures", "duties", "funding"])
    for row in all_at(office, "province", "省总工会核定", 8):
        office.fill_in("province", row.task, "approve")
    posts = office.records("province", "post")
    assert len(posts) == HAND["posts_in_all"]
    assert {code: count for code, count in Counter(NAMES[post["单位"]] for post in posts).items()} == {
        buyer["code"]: sum(buyer["posts"].values()) for buyer in HAND["buyer"]
    }


def contractors_are_registered(office: CityOffice) -> None:
    for code, credit in FIRMS.items():
        where = {"registered_with": "石家庄市民政局", "registered_on": "2019-05-06", "city": CITY}
        who = {"representative": "代表人", "contact": "经办人", "phone": "0311-80000001"}
        kind = {"contractor_kind": "social_organisation", "credit_code": credit}
        office.start(code.lower(), "contractor_registration", code, **kind, **where, **who)
        (row,) = office.waiting(code.lower(), "上传证明材料")
        paper = office.attach(code.lower(), row.task)
        papers = dict.fromkeys(("certificate", "rules", "tax_record", "insurance_record"), paper)
        office.complete(code.lower(), row.task, "submit", hiring="面向社会公开招聘。", **papers)
    checked = ["registered", "liable", "governed", "reputable", "taxes", "insured", "hires"]
    for row in all_at(office, "shijiazhuang", "核对承接条件", 3):
        office.complete("shijiazhuang", row.task, "check", checked=checked)


def costs_are_filed(office: CityOffice) -> None:
    for buyer in HAND["buyer"]:
        code, words = (
            buyer["code"],
            {"funding": "省、市补助和本级预算。", "contact": "经办员", "phone": "0311-80000000"},
        )
        estimate = {"begins_on": "2027-01-01", "area": buyer["area"], "supplement": buyer["supplement"]}
        posts = [number for number, _ in numbers(buyer)]
        office.start(OFFICERS[code], "cost_filing", code, **estimate, posts=posts, **words)
    filers = [("shijiazhuang.leader", 1), ("shijiazhuang", 5), ("dingzhou2", 1), ("xinji2", 1)]
    for login, count in filers:
        for row in all_at(office, login, "备案", count):
            office.complete(login, row.task, "file", checked=["posts", "standards", "funding"])
    filed = {NAMES[one["单位"]]: Decimal(one["测算合计（元）"]) for one in office.records("province", "cost_filing")}
    assert filed == {buyer["code"]: Decimal(buyer["total"]) for buyer in HAND["buyer"]}
    record = office.page("province", f"/registers/cost_filing/{office.records('province', 'cost_filing')[0]['编号']}")
    assert all(f"{Decimal(amount):,.2f}" in record for amount in HAND["buyer"][0]["amounts"])


def tenders_are_announced(office: CityOffice) -> None:
    filings = {NAMES[one["单位"]]: one["编号"] for one in office.records("province", "cost_filing")}
    totals = {buyer["code"]: Decimal(buyer["total"]) for buyer in HAND["buyer"]}
    for holder, (first, _) in HOLDERS.items():
        own = [code for code in totals if code == holder or (holder == CITY and code not in HOLDERS)]
        words = {"tender_name": f"{holder}岗位服务", "lot": "第一包", "buying_method": "open", "needs": "三年服务。"}
        weights = {"price_weight": 10, "service_weight": 40, "team_weight": 30, "record_weight": 20, "bid_days": 20}
        lot = [filings[code] for code in own]
        case_id = office.start(first, "tendering", holder, **words, **weights, filings=lot)
        plan = office.page(first, f"/cases/{case_id}")
        assert str(sum(totals[code] for code in own)) in plan  # the plan is the sum of its filings, to the fen
    for first, second in HOLDERS.values():
        (row,) = office.waiting(second, "审核采购计划")
        office.complete(second, row.task, "approve")
        for login, step, phrase in ((first, "设开标口令", PHRASES[0]), (second, "设第二个开标口令", PHRASES[1])):
            (row,) = office.waiting(login, step)
            office.secret(login, row.task, "share", secret=phrase, repeated=phrase, outcome="set")
    for row in all_at(office, "province", "打印恢复码", 3):
        code = office.printed("province", row.task)
        office.secret("province", row.task, "share", secret=code, repeated=code, outcome="made")
    found = sorted(set(re.findall(r'href="/public/(\d+)\?', office.page("nobody", "/public"))))
    notices = [json.loads(office.page("nobody", f"/public/{one}.json")) for one in found]
    told = {one["releases"][0]["buyer"]["id"]: one["releases"][0]["tender"]["value"]["amount"] for one in notices}
    assert {holder: Decimal(str(amount)) for holder, amount in told.items()} == {
        CITY: Decimal(HAND["plan_total"]), DINGZHOU: totals[DINGZHOU], XINJI: totals[XINJI],
    }  # fmt: skip


def bids_are_handed_in(office: CityOffice) -> None:
    numbers_of = {one["项目名称"]: one["编号"] for one in office.records("province", "tender")}
    for tender in HAND["tender"]:
        for bidder, price, *_ in tender["bids"]:
            login, number = bidder.lower(), numbers_of[f"{tender['holder']}岗位服务"]
            case_id = office.start(login, "bid", bidder, tender=number)
            (row,) = [one for one in office.waiting(login, "密封投标") if one.task.startswith(f"{case_id}-")]
            bid = {"price": float(price), "service_plan": "方案", "team": "人员", "record": "业绩"}
            sealed = json.dumps({**bid, "no_passing_on": True})
            office.secret(login, row.task, "sealed", data=sealed, outcome="hand_in")
            assert price not in office.page("province", f"/cases/{row.task.partition('-')[0]}")


def bids_are_opened_and_scored(office: CityOffice) -> None:
    office.house.at(12, 15)  # the day after the last moment
    for holder, (first, second) in HOLDERS.items():
        (row,) = office.waiting(first, "开标")
        office.secret(first, row.task, "unseal", secret_0=PHRASES[0], secret_1=PHRASES[1], outcome="open")
        prices = bids_of_holder(holder)
        opened = office.page(second, f"/cases/{row.task.partition('-')[0]}").replace(",", "")
        assert all(price in opened for _, price, *_ in prices)  # read out on one page
        (row,) = office.waiting(first, "组成评标委员会")
        members = [{"person": expert, "part": "expert"} for expert in EXPERTS]
        office.complete(first, row.task, "done", members=members)
    for expert in EXPERTS:
        for row in all_at(office, expert, "声明是否回避", 3):
            office.complete(expert, row.task, "none")
    for at, expert in enumerate(EXPERTS):
        for row in all_at(office, expert, "评审打分", 3):
            ranks = {bid[0]: rank for rank, bid in enumerate(bids_of_holder(NAMES[row.place]))}
            rows = office.form(expert, row.task)["rows"]
            for sheet in rows:
                marks = SHEETS[ranks[FIRM_NAMES[sheet["bidder_name"]]]][at]
                sheet |= dict(zip(("service_points", "team_points", "record_points"), marks, strict=True))
            office.complete(expert, row.task, "submit", rows=rows)
    for holder, (first, second) in HOLDERS.items():
        decider = second if office.waiting(second, "确定中标人") else first
        (row,) = office.waiting(decider, "确定中标人")
        ranked = office.form(decider, row.task)["ranks"]
        told = [
            (FIRM_NAMES[one["bidder_name"]], *map(Decimal, map(str, (one["price"], one["points"])))) for one in ranked
        ]
        bids = bids_of_holder(holder)
        assert told == [(bidder, Decimal(price), Decimal(points)) for bidder, price, _, _, points in bids]
        assert all(bid[3].rstrip("0").rstrip(".") in one["explained"] for bid, one in zip(bids, ranked, strict=True))
        office.fill_in(decider, row.task, "decide")


def terms_are_settled(office: CityOffice, code: str, price: str) -> None:
    (row,) = [one for one in office.waiting(OFFICERS[code], "核定合同条款") if NAMES[one.place] == code]
    posts = [number for number, _ in numbers(next(buyer for buyer in HAND["buyer"] if buyer["code"] == code))]
    half = round(float(price) / 2, 2)
    payments = [
        {"due_on": "2027-06-30", "amount": half},
        {"due_on": "2029-06-30", "amount": round(float(price) - half, 2)},
    ]
    words = {
        "pay_standard": "按指导标准",
        "duties": "按岗位职责提供服务，不得转包。",
        "liability": "付百分之五违约金。",
    }
    terms = {"begins_on": "2027-01-01", "posts": posts, "payments": payments}
    office.complete(OFFICERS[code], row.task, "submit", **terms, **words)


def both_sign(office: CityOffice, login: str, count: int) -> None:
    """A contractor signs all that waits for it, and so do the buyers."""
    for row in all_at(office, login, "承接机构签字", count):
        office.complete(login, row.task, "sign", signatory="代表人", scan=office.attach(login, row.task))
    officers = {OFFICERS[code] for code in OFFICERS}
    for officer in sorted(officers):
        for row in office.waiting(officer, "购买主体签字"):
            scan = office.attach(officer, row.task)
            signed_on = office.house.clock.now().date().isoformat()
            office.complete(officer, row.task, "sign", signatory="主席", signed_on=signed_on, scan=scan)


def one_contractor_is_barred(office: CityOffice) -> None:
    office.house.at(12, 28)  # nobody has challenged the results
    terms_are_settled(office, XINJI, bids_of_holder(XINJI)[0][1])
    number = next(
        one["承接机构编号"] for one in office.records("province", "contractor") if one["单位"] == NAMED["C0003"]
    )
    grounds = {"grounds": "pay", "heard_on": "2026-12-25", "hearing": "承认拖欠两个月薪酬，未说明改正时间。"}
    reason = "石家庄市总工会责令改正后逾期未改，仍拖欠两个月薪酬。"
    office.start("province", "bar", "130000", mode="impose", contractor=number, reason=reason, **grounds)
    (row,) = office.waiting("province.leader", "作出决定")
    office.complete("province.leader", row.task, "approve")
    both_sign(office, "c0003", 1)
    assert not office.records("province", "contract")  # asked again as it is signed
    (row,) = office.waiting("xinji", "按排名递补")
    office.complete("xinji", row.task, "next")
    office.house.at(12, 29)


def contracts_are_signed(office: CityOffice) -> None:
    for buyer in HAND["buyer"]:
        terms_are_settled(office, buyer["code"], buyer["price"])
    both_sign(office, "c0001", 7)
    both_sign(office, "c0002", 1)
    for officer in sorted({OFFICERS[code] for code in OFFICERS}):
        for row in office.waiting(officer, "备案合同副本"):
            office.complete(officer, row.task, "file", filed_on=office.house.clock.now().date().isoformat())
    contracts = office.records("province", "contract")
    signed = {NAMES[one["购买主体"]]: Decimal(one["现合同金额（元）"]) for one in contracts}
    assert signed == {buyer["code"]: Decimal(buyer["price"]) for buyer in HAND["buyer"]}
    assert sum(signed.values()) == Decimal(HAND["contracts_in_all"])
    firms = {NAMES[one["购买主体"]]: FIRM_NAMES[one["承接机构"]] for one in contracts}
    assert firms == {code: "C0002" if code == DINGZHOU else "C0001" for code in OFFICERS}


def people_are_recruited(office: CityOffice) -> None:
    buyers = {buyer["code"]: buyer for buyer in HAND["buyer"]}
    for login in ("c0001", "c0002"):
        for row in office.waiting(login, "报送人选"):
            people = [candidate(number, grade) for number, grade in numbers(buyers[NAMES[row.place]])]
            office.complete(login, row.task, "submit", people=people)
    for _ in STAGES:
        for login in ("c0001", "c0002"):
            for row in office.waiting(login, "组织并登记结果"):
                count = sum(buyers[NAMES[row.place]]["posts"].values())
                results = [{"result": "passed", "score": 90}] * count
                held_on = office.house.clock.now().date().isoformat()
                office.complete(login, row.task, "submit", held_on=held_on, people=results)
        for login, count in (("shijiazhuang", 6), ("dingzhou", 1), ("xinji", 1)):
            for row in all_at(office, login, "签署监督意见", count):
                office.complete(login, row.task, "confirm", how="on_site", findings="程序规范。")
    for login, count in (("shijiazhuang2", 6), ("dingzhou2", 1), ("xinji2", 1)):
        for row in all_at(office, login, "核查条件", count):
            count = sum(buyers[NAMES[row.place]]["posts"].values())
            office.complete(login, row.task, "done", people=[{"verdict": "accepted"}] * count)
    days = {
        "labour_from": "2027-01-01",
        "labour_to": "2029-12-31",
        "training_on": "2026-12-30",
        "on_post_on": "2027-01-04",
    }
    for officer in sorted({OFFICERS[code] for code in OFFICERS}):
        for row in office.waiting(officer, "分配岗位"):
            posts = [{"post": number} for number, _ in numbers(buyers[NAMES[row.place]])]
            office.complete(officer, row.task, "assign", people=posts, **days)


def people_are_at_work(office: CityOffice) -> None:
    workers, posts = office.records("province", "worker"), office.records("province", "post")
    assert {one["岗位编号"] for one in workers} == {one["编号"] for one in posts}
    assert len(workers) == HAND["posts_in_all"] and {one["状态"] for one in workers} == {"在岗"}
    assert {one["状态"] for one in posts} == {"在岗"}
    held = Counter((NAMES[one["单位"]], GRADES[one["岗位等级"]]) for one in posts)
    assert held == {(buyer["code"], grade): count for buyer in HAND["buyer"] for grade, count in buyer["posts"].items()}
