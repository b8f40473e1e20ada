"""Two versions, designs or snapshots beside each other over HTTP: who may, what is offered, what differs is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.designing.keeping import TOGETHER
from tests.web.designers import Page, begun, designers_site, signed_in


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with designers_site(tmp_path_factory.mktemp("comparing"), "designer", "second") as made:
        yield made


@pytest.fixture(scope="module")
def designer(site):
    return signed_in(site, "designer")


@pytest.fixture(scope="module")
def design(site, designer):
    """The number of a design whose first step has another name, and which was saved once more since."""
    address = begun(designer, "copy", of="grant:1")
    page = Page(designer, address, "a1")
    text = page.open().json["diagrams"]["process.bpmn"]
    assert 'name="审核"' in text or 'name="' in text
    site.house.clock.time += TOGETHER + timedelta(minutes=1)
    page.save(process_bpmn=text.replace(' name="', ' name="新', 1))
    return int(address.rsplit("/", 1)[-1])


def compare(browser, after, **more):
    return browser.get("/workshop/compare?" + "&".join(f"{k}={v}" for k, v in {"after": after, **more}.items()))


def test_a_design_is_compared_with_the_version_that_it_was_copied_from(designer, design):
    shown = compare(designer, f"design:{design}").text
    assert "<ins>新" in shown and 'data-element="' in shown
    assert f'value="design:{design}" selected' in shown and 'value="version:grant:1" selected' in shown
    assert f'value="design:{design}:1"' in shown  # how it stood before
    assert "两边完全相同" in compare(designer, f"design:{design}:1", before="version:grant:1").text
    assert "两边完全相同" in compare(designer, "version:grant:1").text


def test_the_diagram_of_each_side_comes_with_a_drawing(designer, design):
    for ref in (f"design:{design}", f"design:{design}:1", "version:grant:1"):
        answer = designer.get(f"/workshop/compare/diagram?of={ref}&file=process.bpmn")
        assert answer.status_code == 200 and answer.mimetype == "application/xml" and "BPMNShape" in answer.text, ref
    assert designer.get(f"/workshop/compare/diagram?of=design:{design}&file=other.bpmn").status_code == 404


def test_what_is_nothing_or_not_for_the_reader_is_not_there(site, designer, design):
    other = site.browser()
    other.sign_in("second")
    assert compare(other, f"design:{design}").status_code == 200
    assert compare(other, f"design:{design}:1").status_code == 404  # its history is for its editors
    assert f"design:{design}:1" not in compare(other, f"design:{design}").text
    for ref in (
        "",
        "design:",
        "design:x",
        "design:99999",
        "version:grant:9",
        "version:_directory",
        "file:/etc",
        "design:1:2:3",
    ):
        assert compare(designer, ref).status_code == 404, ref
    officer = site.browser()
    officer.sign_in("officer")
    assert compare(officer, f"design:{design}").status_code == 403
    assert officer.get(f"/workshop/compare/diagram?of=design:{design}&file=process.bpmn").status_code == 403


def test_a_design_is_proposed_only_where_a_case_decides_on_it_that_one_may_start(designer, design):
    shown = designer.get(f"/workshop/{design}/files").text
    assert "没有可以提请发布的岗位" in shown and "/propose/" not in shown
    assert designer.post(f"/workshop/{design}/propose/grant").status_code == 404
