"""A page hears keys and clicks when its scripts have bound theirs, and tells so; nothing is handed in before."""

from __future__ import annotations

import re
from pathlib import Path

from tests.applications import filled_application
from tests.house import ROOT, build_house
from tests.web.office import Office

SCRIPT = re.compile(r"""<script type="module" src="{{ asset\('(\w+\.js)'\) }}">""")
SOURCES = ROOT / "web" / "frontend" / "src"


def test_every_script_of_a_page_tells_that_it_is_bound() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "web" / "templates").rglob("*.html")]
    scripts = {name for text in texts for name in SCRIPT.findall(text)}
    assert len(scripts) >= 4 and sum(text.count('<script type="module"') for text in texts) == sum(
        len(SCRIPT.findall(text)) for text in texts
    )
    assert {name for name in scripts if "bound" not in _text(name)} == set()


def _text(script: str) -> str:
    """A script, and what it imports at once."""
    text = (SOURCES / script).read_text(encoding="utf-8")
    beside = (SOURCES / name for name in re.findall(r'^import "\./([\w/]+\.js)"', text, re.MULTILINE))
    return text + "".join(path.read_text(encoding="utf-8") for path in beside)


def test_until_its_script_is_there_no_button_hands_in_an_empty_form(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    places = {
        "shijiazhuang": f"/tasks/{house.task_of('shijiazhuang', case_id)}",
        "changan": "/start/post_approval?organisation=130102",
    }
    for login, path in places.items():
        page = Office(house).desk(login).get(path).text
        form = re.search(r'<form[^>]* id="act-form".*?(?:<dialog|</form>)', page, re.DOTALL)
        buttons = re.findall(r"<button[^>]*>", form.group()) if form else []
        assert buttons and [one for one in buttons if not one.endswith(" disabled>")] == [], path
    house.application.database.close()
