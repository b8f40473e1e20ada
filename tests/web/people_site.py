"""The real application over a database with the tree and a few people, for tests of the door and of accounts."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.application import open_application
from engine.demo import people as demo_people
from tests.engine.directory.people_house import PASSWORD, House
from tests.house import CHEAP
from web.app import create_app
from web.common.config import read_config
from web.common.secret import make_secret


class Site:
    """``Site(tmp_path).browser()`` is a fresh browser; ``browser.sign_in("officer")`` enters."""

    def __init__(self, folder, **environment):
        self.house = House(f"sqlite:///{folder / 'gangwei.db'}")
        demo_people.load_places(self.house.database, self.house.clock)
        config = read_config({"GANGWEI_ENV": "development", "GANGWEI_DATA_DIR": str(folder), **environment})
        opened = open_application(config, self.house.clock, demo=config.demo)
        self.application = application = replace(opened, signin=self.house.signin, accounts=self.house.people)
        make_secret(config.secret_key_file)
        self.app = create_app({"CONFIG": config, "APPLICATION": application, "TESTING": False})
        self._opened = [opened.database, self.house.database]

    def close(self):
        for database in self._opened:
            database.close()

    def browser(self):
        return Browser(self.app)


class Browser:
    """A browser that fills in the token of the last page, as a page's form does."""

    def __init__(self, app):
        self.client = app.test_client()
        self.token = ""

    def get(self, address, **options):
        answer = self.client.get(address, **options)
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        if found:
            self.token = found[1]
        return answer

    def post(self, address, token=None, headers=None, **fields):
        sent = {**fields, "csrf_token": self.token if token is None else token}
        return self.client.post(address, data=sent, headers=headers)

    def sign_in(self, login, password=PASSWORD, next=""):
        self.get("/login")
        answer = self.post("/login", login=login, password=password, next=next)
        if answer.status_code == 303 and answer.location != "/password":
            self.get("/profile")
        return answer


__all__ = ["CHEAP", "PASSWORD", "Site"]
