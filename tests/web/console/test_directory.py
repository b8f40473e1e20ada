"""A changed directory in production: from the console by the security administrator, and read by the auditor."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests.directory import changed, written
from tests.web.people_site import PASSWORD, Site
from web.console.directory import directory


@pytest.fixture
def open_site(tmp_path):
    opened = []

    def open_one(**environment):
        opened.append(Site(tmp_path, **environment))
        return opened[-1]

    yield open_one
    for site in opened:
        site.close()


def run(site, folder, *words, said=""):
    with site.app.app_context():
        return CliRunner().invoke(
            directory, ["publish", str(folder), *words], input=said, env={"LC_ALL": "zh_CN.UTF-8"}
        )


def test_in_production_the_security_administrator_sees_what_changes_and_gives_his_password(open_site, tmp_path):
    site = open_site(GANGWEI_ENV="production")
    more = ("roles.toml", 'acts = false\nmay = ["designs"]', 'acts = false\nmay = ["designs", "organisations"]')
    folder = written(tmp_path / "changed", changed(more, add=True))
    refused = run(site, folder, "--by", "admin", said="wrong password\n")
    assert refused.exit_code == 1 and type(refused.exception).__name__ == "SignInRefused"
    refused = run(site, folder, "--by", "officer", said=f"{PASSWORD}\n")
    assert type(refused.exception).__name__ == "NotAllowed"
    done = run(site, folder, "--by", "admin", said=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert "更改 roles.toml/designer 流程设计员；增加权限：organisations" in done.output
    assert "新增 kinds.toml/camp 营地" in done.output and "已发布角色和单位类型第 2 版" in done.output
    assert PASSWORD not in done.output
    again = run(site, folder)
    assert again.exit_code == 0 and "没有变化" in again.output
    assert "clerk" in site.app.extensions["gangwei"].directory.in_force().roles


def test_the_auditor_reads_who_published_what(open_site, tmp_path):
    site = open_site()
    site.house.add("examiner", ("auditor", "130000"))
    folder = written(tmp_path / "changed", changed(add=True))
    assert run(site, folder, "--by", "admin", said=f"{PASSWORD}\n").exit_code == 0
    auditor = site.browser()
    auditor.sign_in("examiner")
    page = auditor.get("/audit?kind=directory_published").text
    for words in (
        "发布角色和单位类型",
        "测试admin",
        "roles.toml/clerk、kinds.toml/camp、figures.toml/rooms",
        "新内容的 SHA-256",
    ):
        assert words in page, words
