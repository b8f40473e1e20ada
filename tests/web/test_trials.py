"""Trials over HTTP: who may, a walk on the real forms, its scenario, mutated designs; nothing of it is real."""

from __future__ import annotations

import json
import random
import re
from datetime import timedelta

import pytest

from engine.publishing.folder import FolderFiles
from storage.copying import facts
from tests.house import ROOT
from tests.web.designers import Page, begun
from tests.web.people_site import Site

GRANT = ROOT / "tests" / "data" / "effective"
STARTER = "role=county_officer&organisation=130102&process=grant"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("trials"), GANGWEI_TRIAL_MINUTES="3")
    for login in ("designer", "second"):
        site.house.add(login, ("designer", "130000"))
    site.application.catalog.publish(FolderFiles(GRANT), site.house.clock.now())
    yield site
    site.app.extensions["gangwei.trials"].end()
    site.close()


@pytest.fixture(scope="module")
def designer(site):
    browser = site.browser()
    browser.sign_in("designer")
    return browser


def sent(browser, address, data, outcome=""):
    """What the page of a form sends."""
    fields = {"data": json.dumps(data), **({"outcome": outcome} if outcome else {})}
    return browser.post(address, headers={"Accept": "application/json"}, **fields)


def test_a_designer_walks_through_the_real_forms_saves_the_walk_runs_it_and_nothing_of_it_is_real(site, designer):
    with site.application.database.read() as connection:
        cases = facts(connection)["cases"]
    design = begun(designer, "copy", of="grant:1")
    designer.get(design)
    trial = designer.post(f"{design}/trial").location
    page = designer.get(trial).text
    assert "发起一件事项" in page and 'value="130102"' in page and "没有走到的" in page
    form = designer.get(f"{trial}/start?{STARTER}").text
    assert '"key": "step"' in form.replace("&#34;", '"') or "c_step" in form
    checked = sent(designer, f"{trial}/start/check?{STARTER}", {"step": 1})
    assert checked.json["data"]["step"] == 1 and not checked.json["errors"]
    wrong = sent(designer, f"{trial}/start?{STARTER}", {"step": "x"})
    assert wrong.status_code == 422 and "step" in wrong.json["errors"]
    assert sent(designer, f"{trial}/start?{STARTER}", {"step": 1}).json["location"] == trial
    page = designer.get(trial).text
    (task,) = set(re.findall(r"/tasks/([0-9-]+)\?", page))
    assert "复核" in page and "长安区" in page and "begin.step = 1" in page
    address = f"{trial}/tasks/{task}?actor=county_officer@130102"
    assert 'name="outcome" value="done"' in designer.get(address).text
    assert designer.post(f"{trial}/clock", how="working_day").status_code == 303
    done = sent(designer, address, {"day": "2026-01-05"}, "done")
    assert done.status_code == 200, done.text
    said = {"name": "walked", "title": "走一遍", "expect": ["1:tasks", "3:status", "3:end", "1:begin.step = 1"]}
    assert designer.post(f"{trial}/scenario", **said).status_code == 303
    assert "scenarios/walked.toml" in designer.get(f"{design}/files").text
    assert designer.post(f"{trial}/run/walked", headers={"Accept": "application/json"}).json["ok"] is True
    assert "全部一致" in designer.get(trial).text
    page = Page(designer, design, "d1")
    page.open()
    walked = page.browser.client.get(f"{design}/folder.zip").data
    assert b"scenarios/walked.toml" in walked
    assert designer.post(f"{trial}/back", to="1").status_code == 303
    assert "复核" in designer.get(f"{trial}?event=1").text
    assert designer.post(f"{trial}/close").status_code == 303
    assert "已经结束" in designer.get(trial).text
    with site.application.database.read() as connection:
        assert facts(connection)["cases"] == cases and not facts(connection)["counts"]["cases"]


def test_a_scenario_that_differs_says_at_which_step_and_what(site, designer):
    design = begun(designer, "copy", of="grant:1")
    text = (
        'organisation = "130102"\nnow = "2026-03-02T09:00:00+08:00"\n[[step]]\nactor = "county_officer@130102"\n'
        'do = "start"\ndata = { step = 1 }\n[step.expect]\nstatus = "completed"\n'
    )
    page = Page(designer, design, "d2")
    page.open()
    asked = {"session": "d2", "revision": page.revision, "changes": {"scenarios/wrong.toml": text}}
    assert page.ask("save", **asked).status_code == 200
    trial = designer.post(f"{design}/trial").location
    designer.get(trial)
    found = designer.post(f"{trial}/run/wrong", headers={"Accept": "application/json"}).json
    assert not found["ok"] and "1" in found["why"] and "completed" in found["why"] and "running" in found["why"]
    assert "不一致" in designer.get(trial).text


def test_a_trial_is_that_of_whoever_has_begun_it(site, designer):
    trial = designer.post("/workshop/trials/of/grant").location
    assert designer.get(trial).status_code == 200
    second, officer = site.browser(), site.browser()
    second.sign_in("second")
    officer.sign_in("officer")
    assert second.get(trial).status_code == 404
    assert officer.get(trial).status_code == 403 and officer.post("/workshop/trials/of/grant").status_code == 403
    assert designer.post("/workshop/trials/of/nothing").status_code == 404


def test_a_trial_left_alone_for_the_minutes_that_are_set_ends_and_says_why(site, designer):
    trial = designer.post("/workshop/trials/of/grant").location
    assert "发起一件事项" in designer.get(trial).text
    second = site.browser()
    second.sign_in("second")
    site.house.clock.time += timedelta(minutes=4)
    second.get(second.post("/workshop/trials/of/grant").location)  # whoever comes finds the place empty
    assert "很久没有操作" in designer.get(trial).text


def test_of_thirty_mutated_designs_each_is_refused_in_words_or_played(site, designer):
    design = begun(designer, "copy", of="grant:1")
    page = Page(designer, design, "d3")
    original = page.open().json["diagrams"]["process.bpmn"]
    chosen, played = random.Random(7), 0
    for _ in range(30):
        page.save(process_bpmn=_mutated(original, chosen))
        begun_at = designer.post(f"{design}/trial")
        assert begun_at.status_code in (303, 422), begun_at.text
        if begun_at.status_code == 303:
            played += 1
            assert designer.get(begun_at.location).status_code == 200
            answer = sent(designer, f"{begun_at.location}/start?{STARTER}", {"step": 1})
            assert answer.status_code < 500, answer.text
    assert played


def _mutated(text, chosen):
    """A diagram in which one word was doubled, lost or exchanged with another."""
    words = re.findall(r'"[^"]+"', text)
    before = chosen.choice(words)
    how = chosen.randrange(3)
    after = ('""', chosen.choice(words), before[:-1] + before[1:])[how]
    return text.replace(before, after, 1)
