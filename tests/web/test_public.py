"""Everybody reads what a process shows, without sign-in, for as long as it is shown, and finds nothing else."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from engine.calendar.days import LEGAL_ZONE
from engine.desks.public_pages import PAGE
from engine.errors import NotAllowed
from storage.public_pages import public_pages
from tests.house import ROOT, TestClock, build_house
from web.app import create_app
from web.common.config import read_config
from web.public.limits import AT_ONCE, FRESH

SECRETS = ("绝密内情", "张三丰", "李四光", "YM2026")
OFFER = {
    "book": "史记", "price": 12.5, "secret_word": "绝密内情", "seller": "张三丰", "opens": None, "closes": "2026-12-10",
    "volumes": [{"volume": "本纪", "pages": 300, "owner": "李四光"}, {"volume": "<b>世家", "pages": None, "owner": "李四光"}],
}  # fmt: skip


class Sale:
    """A house with book sales, and a stranger's browser before it."""

    def __init__(self, folder: Any) -> None:
        self.house = build_house(folder, ROOT / "tests" / "data" / "public")
        config = read_config({"GANGWEI_ENV": "development", "GANGWEI_DATA_DIR": str(folder)})
        self.app = create_app({"CONFIG": config, "APPLICATION": self.house.application})
        self.clock: TestClock = self.house.clock

    def offered(self, **other: Any) -> str:
        """A case whose page is on show."""
        case_id = self.house.start("changan", "sale", "130102", {**OFFER, **other}).case_id
        self.house.complete("changan", case_id, "ready")
        return case_id

    def get(self, address: str, **more: Any) -> Any:
        """As a stranger who has been nowhere before, when what was kept a moment ago is old."""
        self.clock.at += FRESH
        return self.app.test_client().get(address, **more)


@pytest.fixture
def sale(tmp_path: Any) -> Any:
    made = Sale(tmp_path)
    yield made
    made.house.application.database.close()


def number_of(sale: Sale) -> int:
    """The newest page."""
    return sale.house.application.public.listed().rows[0].number


def test_a_crawler_without_a_session_finds_what_is_declared_and_nothing_else(sale: Sale) -> None:
    sale.offered()
    seen: dict[str, str] = {}
    waiting = ["/public", "/public.json", "/public?lang=en&q=史记", "/public?after=nonsense&kind=x"]
    while waiting:
        address = waiting.pop()
        if address in seen or not address.startswith("/public"):
            assert address.startswith(("/public", "/static/")), address
            continue
        answer = sale.get(address)
        assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", ""), address
        assert "<script" not in answer.text
        seen[address] = answer.text
        links = re.findall(r'(?:href|src|action)="([^"#]+)', answer.text) + re.findall(
            r'"http://localhost(/[^"]+)"', answer.text
        )
        waiting += [link.replace("&amp;", "&") for link in links]
    assert [(word, where) for where, text in seen.items() for word in SECRETS[:3] if word in text] == []
    page = seen[f"/public/{number_of(sale)}?lang=zh"]
    assert "史记" in page and "12.50 元" in page and "&lt;b&gt;世家" in page and "300" in page and "长安区" in page
    assert "Volumes" in seen[f"/public/{number_of(sale)}?lang=en"]


def test_programs_get_json_as_the_diagram_lays_it_out(sale: Sale) -> None:
    sale.offered()
    address = f"/public/{number_of(sale)}.json"
    answer = sale.get(address)
    assert answer.json["uri"] == f"http://localhost{address}"
    assert answer.json["releases"] == [{
        "tender": {
            "title": "史记", "value": {"amount": 12.5},
            "items": [{"description": "本纪", "quantity": 300, "id": "本纪"}, {"description": "<b>世家", "id": "<b>世家"}],
        },
        "ocid": "ocds-test-YM2026-001", "tag": ["tender"],
    }]  # fmt: skip
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert sale.app.test_client().get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    (row,) = sale.get("/public.json").json["pages"]
    assert row["title"] == "义卖：史记" and row["json"] == f"http://localhost{address}"


def test_a_page_is_there_from_its_first_moment_until_its_last_and_then_says_so(sale: Sale) -> None:
    sale.offered(opens="2026-12-01", closes="2026-12-02")
    assert sale.get("/public/1").status_code == 404
    assert sale.get("/public.json").json["pages"] == []
    sale.clock.at = datetime(2026, 12, 2, 23, 59, tzinfo=LEGAL_ZONE)
    assert "起价" in sale.get("/public/1").text
    over = sale.get("/public/1")
    assert over.status_code == 410 and "公示期已满" in over.text and "起价" not in over.text
    assert sale.get("/public.json").json["pages"] == []
    assert sale.get("/public/1.json").json["state"] == "over"


def test_of_a_case_that_is_called_off_the_page_says_so_and_no_more(sale: Sale) -> None:
    case_id = sale.offered()
    sale.house.application.cases.acting.cancel(sale.house.actor("changan"), case_id, "不卖了")
    page, told = sale.get("/public/1").text, sale.get("/public/1.json").json
    assert "本事项已终止" in page and "起价" not in page and "不卖了" not in page
    assert told["state"] == "called_off" and told["fields"] == [] and "releases" not in told
    assert "已终止" in sale.get("/public").text
    sale.clock.at += timedelta(days=30)
    assert "义卖：史记" not in sale.get("/public").text


def test_a_page_shown_again_stands_at_the_same_address_and_is_proved_with_its_case(sale: Sale) -> None:
    case_id = sale.offered()
    sale.house.complete("changan", case_id, "sold")
    page = sale.get("/public/1")
    assert "成交：史记" in page.text and "起价" not in page.text
    assert sale.get("/public/1.json").json["fields"] == [{"name": "书名", "value": "史记"}]
    assert sale.house.proof(case_id) == []
    with sale.house.application.database.write() as connection:
        connection.execute(update(public_pages).values(title="别的"))
    assert [str(one) for one in sale.house.proof(case_id)] == ["the public page sale  differs"]


def test_a_list_of_many_is_read_page_by_page(sale: Sale) -> None:
    for number in range(PAGE + 3):
        sale.offered(book=f"书{number}", volumes=[])
    first = sale.get("/public.json").json
    rest = sale.get(first["next"].removeprefix("http://localhost")).json
    titles = [row["title"] for row in (*first["pages"], *rest["pages"])]
    assert titles == [f"义卖：书{number}" for number in reversed(range(PAGE + 3))] and rest["next"] is None
    assert [row["title"] for row in sale.get("/public.json?q=书7").json["pages"]] == ["义卖：书7"]
    assert "书7" in sale.get("/public?q=书7&lang=en").text
    assert "书7" in sale.get("/public?q=\u3000书\uff17\u200b").text, "however it is spelled"


def test_what_everybody_could_read_is_not_taken_back(sale: Sale) -> None:
    case_id = sale.offered()
    with pytest.raises(NotAllowed) as refused:
        sale.house.application.taking_back.take_back(sale.house.actor("changan"), case_id, "再想想")
    assert "已经对外公开" in refused.value.message("zh")


def test_who_asks_too_often_waits_and_nobody_else_does(sale: Sale) -> None:
    sale.offered()
    client, flood = sale.app.test_client(), {"REMOTE_ADDR": "198.51.100.7"}
    statuses = [client.get("/public", environ_overrides=flood).status_code for _ in range(AT_ONCE + 1)]
    assert statuses == [200] * AT_ONCE + [429]
    refused = client.get("/public/nothing/at/all", environ_overrides=flood)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) >= 1
    assert client.get("/public", environ_overrides={"REMOTE_ADDR": "198.51.100.8"}).status_code == 200
    sale.clock.at += timedelta(seconds=int(refused.headers["Retry-After"]))
    assert client.get("/public", environ_overrides=flood).status_code == 200


def test_while_all_rooms_are_taken_strangers_are_asked_to_come_again(sale: Sale) -> None:
    rooms = sale.app.extensions["public"].rooms
    taken = []
    while (room := rooms.enter()) is not None:
        taken.append(room)
    assert sale.get("/public").status_code == 503
    with taken.pop():
        pass
    assert sale.get("/public").status_code == 200


@pytest.mark.parametrize(
    "address", ["/public/99", "/public/0", "/public/99999999999999", "/public/x.json", "/public/../tasks"]
)
def test_what_is_not_there_is_told_without_a_session(sale: Sale, address: str) -> None:
    answer = sale.get(address)
    assert answer.status_code in (303, 404) and "Set-Cookie" not in answer.headers, (answer.status_code, answer.headers)
    assert json.dumps(SECRETS) not in answer.text
