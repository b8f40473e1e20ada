"""What a designer does at the workshop, as his page's script and his browser do it."""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager

from engine.publishing.folder import FolderFiles
from tests.house import ROOT
from tests.web.people_site import Site

GRANT = ROOT / "tests" / "data" / "effective"


@contextmanager
def designers_site(folder, *logins):
    """A site whose one process is a grant, for designers of these logins."""
    site = Site(folder)
    for login in logins:
        site.house.add(login, ("designer", "130000"))
    site.app.extensions["gangwei"].catalog.publish(FolderFiles(GRANT), site.house.clock.now())
    yield site
    site.close()


def signed_in(site, login):
    """The browser of one of them."""
    browser = site.browser()
    browser.sign_in(login)
    return browser


class Page:
    """A design on somebody's page, as its script speaks for it."""

    def __init__(self, browser, address, session):
        self.browser, self.address, self.session, self.revision = browser, address, session, 0

    def ask(self, act, **body):
        headers = {"X-CSRFToken": self.browser.token, "Accept": "application/json"}
        return self.browser.client.post(f"{self.address}/{act}", json=body, headers=headers)

    def open(self, **more):
        answer = self.ask("open", session=self.session, **more)
        if answer.status_code == 200:
            self.revision = answer.json["revision"]
        return answer

    def save(self, **changes):
        files = {name.replace("_", "."): text for name, text in changes.items()}
        answer = self.ask("save", session=self.session, revision=self.revision, changes=files)
        if answer.status_code == 200:
            self.revision = answer.json["revision"]
        return answer


def begun(browser, how, **fields):
    browser.get("/workshop")
    answer = browser.post(f"/workshop/{how}", **fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def archive(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return made.getvalue()


def uploaded(browser, name, data, **fields):
    browser.get("/workshop")
    return browser.post("/workshop/upload", file=(io.BytesIO(data), name), **fields)
