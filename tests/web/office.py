"""A house behind the real application, at whose desk anybody may sit down."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.house import House
from web.app import create_app


class Office:
    """The house behind the application; ``desk`` sits down as somebody."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.someone = "changan"
        application = house.application
        settings = {"APPLICATION": application, "ACTOR": lambda: house.actor(self.someone), "SECRET_KEY": "k" * 32}
        self.app = create_app({**settings, "WTF_CSRF_ENABLED": False})

    def desk(self, login: str, english: bool = False) -> FlaskClient:
        self.someone = login
        client = self.app.test_client()
        if english:
            client.post("/language", data={"language": "en"})
        return client
