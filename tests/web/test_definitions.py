"""The designer's pages: who enters, what they show, and the diagram as data that no browser runs."""

from __future__ import annotations

import pytest

from engine.publishing.folder import FolderFiles
from tests.house import ROOT, WORKFLOWS
from tests.web.people_site import Site


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.house.add("designer", ("designer", "130000"))
    yield site
    site.close()


@pytest.fixture
def designer(site):
    browser = site.browser()
    assert browser.sign_in("designer").location == "/definitions"
    return browser


def publish(site):
    """The key of the first definition of the real folder, published."""
    catalog = site.app.extensions["gangwei"].catalog
    found = catalog.publish(FolderFiles(WORKFLOWS), site.house.clock.now())
    diagrams = {key: WORKFLOWS / key / "process.bpmn" for key, _, _ in found if not key.startswith("_")}
    return next(key for key, path in diagrams.items() if "userTask" in path.read_text("utf-8"))


def test_only_the_designer_enters(site, designer):
    key = publish(site)
    for login in ("officer", "admin"):
        other = site.browser()
        other.sign_in(login)
        assert 'href="/definitions"' not in other.get("/profile").text
        for address in ("", f"/{key}", f"/{key}/1", f"/{key}/1/diagram.bpmn"):
            assert other.get(f"/definitions{address}").status_code == 403
    assert f'href="/definitions/{key}"' in designer.get("/definitions").text


def test_nothing_published_is_said_plainly(designer):
    assert "还没有发布流程" in designer.get("/definitions").text
    assert designer.get("/definitions/unheard_of").status_code == 404


def test_a_definition_shows_steps_decisions_as_tables_forms_and_versions(site, designer):
    key = publish(site)
    page = designer.get(f"/definitions/{key}").text
    for words in ("流程图", "决策表", "表单", "全部版本", "命中策略", "人工办理", "必填", "现行", "检查结果"):
        assert words in page, words
    assert 'class="table table-bordered decision-table"' in page
    assert designer.get(f"/definitions/{key}/1").status_code == 200
    assert designer.get(f"/definitions/{key}/2").status_code == 404


def test_effective_tables_stand_there_with_their_days(site, designer):
    catalog = site.app.extensions["gangwei"].catalog
    catalog.publish(FolderFiles(ROOT / "tests" / "data" / "effective"), site.house.clock.now())
    page = designer.get("/definitions").text
    assert "自2026-01-01至2026-11-30施行" in page or "2026-01-01至2026-11-30施行" in page
    assert "2026-12-01至2027-11-30施行" in page
    page = designer.get("/definitions/tables/allowance").text
    assert page.index("将施行") < page.index("现行")
    assert "110.10" in page and "100.10" in page
    assert designer.get("/definitions/tables/unheard").status_code == 404
    assert 'href="/definitions/tables/allowance"' in designer.get("/definitions/grant").text


def test_the_diagram_is_handed_out_as_xml_that_cannot_run(site, designer):
    key = publish(site)
    answer = designer.get(f"/definitions/{key}/1/diagram.bpmn")
    assert answer.mimetype == "application/xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
