"""A page is one transaction and one moment; an act is one: who acts is asked outside of any. Counted at the driver."""

import io
import json

import pytest
from flask import Flask, request
from sqlalchemy import event

from tests.web.hostile import World
from web.common.once import _content


@pytest.fixture
def own(tmp_path):
    """A house of its own: these requests change it."""
    made = World(tmp_path)
    yield made
    made.house.application.database.close()


def begun(world):
    """The transactions that begin from now on, by how they begin."""
    engine, said = world.house.application.database.engine, []
    hear = lambda words: said.append(words) if words.startswith("BEGIN") else None  # noqa: E731
    event.listen(engine, "checkout", lambda driver, *_: driver.set_trace_callback(hear))
    engine.dispose()  # connections that are there already are not listened to
    return said


def test_every_page_is_one_transaction(own):
    browser, said = own.browser("shijiazhuang"), begun(own)
    for address in (
        f"/tasks/{own.task}",
        f"/cases/{own.case}",
        f"/cases/{own.case}?tab=diagram",
        "/tasks",
        "/deadlines",
    ):
        browser.get(address)  # the first look marks what was told of it as read
        said.clear()
        assert browser.get(address).status_code == 200, address
        assert said == ["BEGIN"], address


def test_an_act_is_one_transaction(own):
    browser, said = own.browser("shijiazhuang"), begun(own)
    task = own.house.application.cases.reading.task(own.house.actor("shijiazhuang"), own.task)
    assert task.form is not None
    body = {"data": {**task.form.values, "opinion": "同意"}, "outcome": "pass", "revision": task.revision}
    said.clear()
    assert browser.send(f"/tasks/{own.task}", json.dumps(body)).status_code == 200
    assert said == ["BEGIN IMMEDIATE"]


def test_a_file_is_read_whole_also_when_an_act_is_done_once_more() -> None:
    with Flask("site").test_request_context(method="POST", data={"file": (io.BytesIO(b"paper"), "a.pdf")}):
        first = _content()
        for _ in range(2):
            assert request.files["file"].read() == b"paper"
            assert _content() == first
