"""What a step asks of the database is compiled once: SQLAlchemy, which took most of its time before, is not in it."""

from sqlalchemy import event

from tests.benchmarks import steps
from tests.house import build_house


def walk(acting, actors):
    opened = acting.start(actors["changan"], "approval", "130102", steps.REQUEST).opened
    for login, data in steps.STEPS:
        opened = acting.complete(actors[login], opened[0].id, data, "agree").opened


def test_no_statement_of_a_case_is_compiled_again(tmp_path):
    house = build_house(tmp_path, steps.WORKFLOWS)
    acting, database = house.application.cases.acting, house.application.database
    actors = {login: house.actor(login) for login in ("changan", *(login for login, _ in steps.STEPS))}
    walk(acting, actors)  # the definition is read once
    said = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    walk(acting, actors)
    assert said == []
    database.close()
