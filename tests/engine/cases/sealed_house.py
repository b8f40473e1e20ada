"""A contest whose key is made, pieces handed in sealed, and all that lies on disk: what tests of sealing share."""

from __future__ import annotations

from datetime import datetime

from engine.calendar.days import LEGAL_ZONE
from engine.cases.acting.sealing import Named
from engine.files.uploads import Upload
from engine.sealing.codes import new_code
from engine.views import Receipt
from storage import events, sealed
from storage.database import Database
from tests.house import ROOT, House
from tests.postgres import Server

FOLDER = ROOT / "tests" / "data" / "sealed"
AUTHORS = {"changan": "130102", "zhengding": "130123", "lubei": "130203", "zhuozhou": "130681"}
PHRASES = ("青山一道同云雨的后半句是明月", "莫道桑榆晚为霞尚满天是谁写的")
CODE = new_code()
MARK = "翠鸟衔来七枚铜钱"
PRICE = 7316429
CLOSES = datetime(2026, 12, 10, 24 - 1, 59, 59, tzinfo=LEGAL_ZONE)


def contest(house: House, opens: str = "2026-12-11T09:00:00+08:00") -> str:
    """A contest whose key is made: two phrases, one printed code, three people."""
    people = {"first": "shijiazhuang", "second": "tangshan", "third": "province"}
    case_id = house.start("shijiazhuang", "contest", "130100", {**people, "opens": opens}).case_id
    do = house.application.cases.unsealing
    for login, phrase in zip(("shijiazhuang", "tangshan"), PHRASES, strict=True):
        do.share(house.actor(login), house.task_of(login, case_id), phrase, phrase, {}, "set")
    do.share(house.actor("province"), house.task_of("province", case_id), CODE, CODE.lower(), {}, "made")
    return case_id


def key_of(house: House, case_id: str) -> str:
    with house.application.database.read() as connection:
        (row,) = sealed.keys_of(connection, int(case_id))
    return row["id"]


def piece(house: House, login: str, key: str, closes: str = "2026-12-10") -> str:
    return house.start(login, "piece", AUTHORS[login], {"key": key, "closes": closes}).case_id


def paper(text: str = MARK, name: str = "曲谱.txt") -> Named:
    return Named("file-0", Upload(name, f"{text}\n{PRICE}".encode()))


def hand_in(house: House, login: str, case_id: str, price: int = PRICE, *files: Named, words: str = MARK) -> Receipt:
    data = {"price": price, "words": words, "score": [one.name for one in files]}
    acting = house.application.cases.sealed_handing
    return acting.hand_in(house.actor(login), house.task_of(login, case_id), data, files, "hand_in")


def opened(house: House, case_id: str, secrets: dict[int, str] | None = None) -> Receipt:
    acting, login = house.application.cases.unsealing, "shijiazhuang"
    given = secrets or {0: PHRASES[0], 1: PHRASES[1]}
    return acting.unseal(house.actor(login), house.task_of(login, case_id), given, {}, "open")


def at(house: House, moment: datetime) -> None:
    house.clock.at = moment


def run(house: House) -> None:
    while house.application.worker.run_due():
        pass


def log(house: House, case_id: str) -> list[events.LoggedEvent]:
    with house.application.database.read() as connection:
        return events.of_case(connection, int(case_id))


def names(house: House, case_id: str) -> list[str]:
    return [event["name"] for event in log(house, case_id)]


def everything(house: House, server: Server | None) -> bytes:
    """All that lies on disk of this installation, and the whole database as it can be read."""
    found = [file.read_bytes() for file in sorted(house.folder.data_dir.rglob("*")) if file.is_file()]
    if server is not None:
        found.append(dumped(house.application.database))
    return b"\n".join(found)


def dumped(database: Database) -> bytes:
    """Every row of every table, as text."""
    with database.read() as connection:
        tables = connection.exec_driver_sql(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        ).scalars()
        rows = [connection.exec_driver_sql(f'SELECT t::text FROM "{name}" t').scalars().all() for name in [*tables]]
    return "\n".join(text for one in rows for text in one).encode()


def shapes(text: str) -> list[bytes]:
    """A text as it may be written down."""
    escaped = text.encode("unicode_escape")
    return [text.encode(), text.encode("utf-16-le"), escaped, text[:4].encode()]
