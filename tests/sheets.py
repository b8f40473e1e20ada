"""A house with a sheet to be filled in, served to real browsers: whoever a cookie names sits at the desk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import request
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.house import ROOT, build_house
from tests.site import Site
from web.app import create_app

WHO = "who"
ONE, OTHER = "shijiazhuang", "shijiazhuang2"
_PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
}"""


@contextmanager
def served(folder: Path, people: int) -> Iterator[tuple[Site, str]]:
    """The site, and the task in which a sheet of so many rows is filled in."""
    house = build_house(folder, ROOT / "tests" / "data" / "sheets")
    case = house.start("changan", "roster", "130102", {"people": people, "wishes": []}).case_id
    settings = {"APPLICATION": house.application, "SECRET_KEY": "k" * 32}
    app = create_app({**settings, "ACTOR": lambda: house.actor(request.cookies.get(WHO, ONE))})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.port}", folder, {}), house.task_of(ONE, case)
    finally:
        server.shutdown()
        thread.join()
        house.application.database.close()


def sit_down(page: Page, site: Site, task: str, who: str = ONE) -> None:
    """Open the task as somebody, with the sheet drawn."""
    page.context.add_cookies([{"name": WHO, "value": who, "url": site.url}])
    page.goto(f"{site.url}/tasks/{task}")
    page.wait_for_selector(".grid-host .tabulator-row")


def paste(page: Page, text: str) -> None:
    """Put cells where the cursor stands, as from the clipboard."""
    page.evaluate(_PASTE, text)


def rows_of_people(count: int) -> str:
    """So many rows from the name on, as Excel copies them."""
    rows = (
        [
            f"张三{n}",
            "长安区总工会",
            "全职",
            "",
            f"{4000 + n}.50",
            f"2026/3/{n % 28 + 1}",
            "是",
            f"62220212345678{n:05d}",
        ]
        for n in range(count)
    )
    return "\n".join("\t".join(row) for row in rows)
