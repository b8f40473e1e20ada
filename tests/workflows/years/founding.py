"""How a staff comes to be: posts approved, bought of a contractor for three years, and everybody recruited."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tests.workflows.years.acting import AGENT, CITY, OFFICER, Acting
from tests.workflows.years.answers import candidate

PLACE: Final = "130682902"
APPLICATION: Final = {
    "need": "辖区企业增长较快，现有在编人员已充分发挥作用，仍需设岗。", "funding": "本级承担的费用已列入年度预算。",
    "established_staff": 8, "current_staff": 7, "contact": "经办员", "phone": "0311-80000000",
}  # fmt: skip


def recruited(walk: Acting, people: int) -> None:
    """Posts approved, bought for three years, and everybody recruited."""
    officer, agent = f"{OFFICER}@{CITY}", f"{AGENT}@C0001"
    told = {"action": "open", "place": PLACE, "number": people, "grade": "third", "duties": ["organising"]}
    beyond = {"reason": "园区职工较多。", "excess_reason": "网点集中，流动职工多。"}
    walk.start(officer, "post_approval", APPLICATION | {"posts": [told | beyond]})
    approve = {"posts": [{"decision": "approve"}] * people}
    walk.complete("province_approver@130000", "province_decision", "approve", approve)
    bought(walk, "C0001", date(2026, 5, 1))
    case = walk.opened("recruitment")
    chosen = [candidate(walk.random) | {"identity_number": f"13068219900501{one:04}"} for one in range(people)]
    walk.complete(agent, "submit_list", "submit", {"people": chosen})
    walk.answer_all()
    walk.player.current = case
    posts = [{"post": number} for number in sorted(walk.register("post"))]
    labour = {"labour_from": "2026-05-01", "labour_to": "2029-04-30", "training_on": "2026-04-27"}
    walk.complete(officer, "assign_posts", "assign", {"people": posts, "on_post_on": "2026-05-01"} | labour)


def bought(walk: Acting, contractor: str, begins: date) -> None:
    """A contract of three years for all posts."""
    officer = f"{OFFICER}@{CITY}"
    award = {"lot": "第一包", "buyer": CITY, "contractor": contractor, "price": 864000}
    told = {
        "tender_name": "岗位服务",
        "award_notice_on": str(walk.today),
        "buying_method": "open",
        "awards": [award],
    }
    walk.start(officer, "award_entry", told)
    walk.opened("contract_signing")
    half = {"amount": 432000}
    payments = [{"due_on": str(begins + timedelta(days=days))} | half for days in (9, 500)]
    duties = {"duties": "按岗位职责提供服务；乙方管理人员，不得转包。", "liability": "违约的，按约定支付违约金。"}
    terms = {"begins_on": str(begins), "posts": sorted(walk.register("post")), "payments": payments}
    walk.complete(officer, "settle_terms", "submit", terms | duties)
    walk.complete(f"{AGENT}@{contractor}", "contractor_signs", "sign", {"signatory": "代表人"}, {"scan": "合同.pdf"})
    signed = {"signatory": "主席", "signed_on": str(walk.today)}
    walk.complete(officer, "buyer_signs", "sign", signed, {"scan": "双方签字的合同.pdf"})
    walk.complete(officer, "file_copy", "file", {"filed_on": str(walk.today)})
