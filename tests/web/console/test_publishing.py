"""Publishing at the console: free at installation, in production for a reason that the auditor reads."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner

from tests.house import ROOT
from tests.web.people_site import Site
from web.console.workflows import workflows


@pytest.fixture
def site(tmp_path):
    opened = Site(tmp_path, GANGWEI_ENV="production")
    yield opened
    opened.close()


def publish(site, folder, *words):
    with site.app.app_context():
        done = CliRunner().invoke(workflows, ["publish", str(folder), *words], env={"LC_ALL": "zh_CN.UTF-8"})
    return done.output if done.exit_code == 0 else done.exception


def test_in_production_what_replaces_a_version_wants_a_reason_which_the_auditor_reads(site, tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(ROOT / "tests" / "data" / "effective", folder)
    assert "已发布 grant 第 1 版" in publish(site, folder)  # nothing of that key was there
    assert "grant 没有变化" in publish(site, folder)
    diagram = folder / "grant" / "process.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace('name="发放"', 'name="新发放"'), "utf-8")
    for words in ((), ("--reason", "  ")):
        refused = publish(site, folder, *words)
        assert type(refused).__name__ == "ReasonMissing" and "grant" in refused.message() and "--reason" in str(refused)
    assert type(publish(site, folder, "--reason", "长" * 501)).__name__ == "BadInput"
    assert "已发布 grant 第 2 版" in publish(site, folder, "--reason", "升级程序，附带的流程有改正")
    site.house.add("examiner", ("auditor", "130000"))
    auditor = site.browser()
    auditor.sign_in("examiner")
    page = auditor.get("/audit?kind=definitions_published").text
    for told in ("在控制台发布流程", "grant 2", "升级程序，附带的流程有改正"):
        assert told in page, told
