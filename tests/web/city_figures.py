"""The people, places and figures of the story of a city; the figures are those worked out by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

HAND = tomllib.loads((Path(__file__).parents[1] / "data" / "city_by_hand.toml").read_text("utf-8"))
CITY, DINGZHOU, XINJI = "130100", "130682", "130181"
HOLDERS = {
    CITY: ("shijiazhuang", "shijiazhuang.leader"),
    DINGZHOU: ("dingzhou", "dingzhou2"),
    XINJI: ("xinji", "xinji2"),
}
OFFICERS = {
    CITY: "shijiazhuang", "130102": "changan", "130123": "zhengding", "130111": "luancheng", "130110": "luancheng",
    "130109": "gaocheng", DINGZHOU: "dingzhou", XINJI: "xinji",
}  # fmt: skip
NAMES = {
    "石家庄市总工会": CITY, "长安区总工会": "130102", "正定县总工会": "130123", "栾城区总工会": "130111",
    "鹿泉区总工会": "130110", "藁城区总工会": "130109", "定州市总工会": DINGZHOU, "辛集市总工会": XINJI,
}  # fmt: skip
FIRMS = {"C0001": "52130100MJ0000001K", "C0002": "52130100MJ0000002N", "C0003": "52130100MJ0000003R"}
EXPERTS = [f"expert{number}" for number in range(1, 6)]
PEOPLE = {
    "gaocheng": [("county_officer", "130109")],
    "dingzhou2": [("county_officer", DINGZHOU)],
    "xinji2": [("county_officer", XINJI)],
    **{expert: [("tender_expert", code) for code in HOLDERS] for expert in EXPERTS},
    **{code.lower(): [("contractor_agent", code)] for code in FIRMS},
}
PHRASES = ("青山一道同云雨的后半句是明月", "莫道桑榆晚为霞尚满天是谁写的")
SHEETS = [
    [(36, 27, 17), (35, 26, 18), (37, 28, 16), (34, 25, 18), (36, 26, 17)],  # who comes first: 80, 79, 81, 77, 79
    [(35, 25, 16), (34, 26, 17), (36, 27, 15), (33, 25, 16), (35, 26, 16)],  # second: 76, 77, 78, 74, 77
    [(31, 24, 15), (32, 23, 16), (33, 24, 15), (31, 23, 15), (32, 24, 15)],  # third: 70, 71, 72, 69, 71
]
NAMED = {
    "C0001": "石家庄益工社会工作服务中心",
    "C0002": "石家庄燕赵人力资源服务有限公司",
    "C0003": "河北冀工人力资源有限公司",
}
FIRM_NAMES = {name: code for code, name in NAMED.items()}
CERTIFICATES = {"primary": "third", "third": "third", "second": "second", "first": "first"}
GRADES = {"初级岗": "primary", "三级岗": "third", "二级岗": "second", "一级岗": "first"}
STAGES = ("报名审核", "能力测试", "面试", "体检")


def numbers(buyer: dict[str, Any]) -> list[tuple[str, str]]:
    """The posts of a buyer with their grades, as they were approved."""
    grades = [grade for grade, number in buyer["posts"].items() for _ in range(number)]
    return [(f"{buyer['code']}-{at:03}", grade) for at, grade in enumerate(grades, 1)]


def bids_of_holder(holder: str) -> list[list[str]]:
    """The bids of a tender, best first: bidder, price, points of the sheets, price points, together."""
    found: list[list[str]] = next(tender["bids"] for tender in HAND["tender"] if tender["holder"] == holder)
    return found


def candidate(post: str, grade: str) -> dict[str, Any]:
    """Somebody who meets the conditions of a post's grade (Art. 15)."""
    place, _, number = post.partition("-")
    served = {"experience": 8, "years_below": 3, "education": "bachelor"}
    paper = {"certificate": CERTIFICATES[grade], "certificate_name": "社会工作者职业水平证书"}
    who = {"worker_name": f"人员{post}", "identity_number": f"{place}19900501{number}1", "born_on": "1990-05-01"}
    return {**who, **served, **paper, "worker_phone": "0311-80000000", "grade": grade}
