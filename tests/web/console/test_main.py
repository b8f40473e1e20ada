"""The console command: what it does, and that a refusal is a sentence and an exit code."""

import json
import os
import shutil
import subprocess
import time

import pytest

from tests.console import PROGRAM, ROOT, gangwei
from tests.directory import changed, written
from tests.site import run_gangwei
from tests.visitor import Visitor


def environment_in(folder):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GANGWEI_")}
    return (
        kept
        | {"GANGWEI_DATA_DIR": str(folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        | {"GANGWEI_ENV": "development"}
    )


@pytest.fixture
def environment(tmp_path):
    return environment_in(tmp_path / "data")


@pytest.fixture(scope="module")
def upgraded_once(tmp_path_factory):
    """A data folder with an empty database, for each test to copy."""
    folder = tmp_path_factory.mktemp("upgraded")
    run_gangwei(["db", "upgrade"], environment_in(folder))
    return folder


@pytest.fixture(scope="module")
def published_once(upgraded_once, tmp_path_factory):
    """The same with the definitions of the house, and what was said of them."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copytree(upgraded_once, folder, dirs_exist_ok=True)
    return folder, run_gangwei(["workflows", "publish"], environment_in(folder))


@pytest.fixture
def upgraded(environment, upgraded_once):
    shutil.copytree(upgraded_once, environment["GANGWEI_DATA_DIR"])
    return environment


@pytest.fixture
def published(environment, published_once):
    shutil.copytree(published_once[0], environment["GANGWEI_DATA_DIR"])
    return environment


def refused(words, environment, said=""):
    done = gangwei(words, environment, said)
    assert done.code == 1, done.out
    assert "Traceback" not in done.errors
    return done.errors


@pytest.mark.parametrize("words", [["--version"], ["db", "upgrade"], ["no", "such"]])
def test_a_command_that_is_forked_says_and_ends_as_a_program_that_is_begun_again(environment, words):
    broken = environment | {"GANGWEI_PORT": "eighty"}
    assert gangwei(words, broken) == gangwei(words, broken, program=PROGRAM)


def test_a_second_upgrade_says_that_nothing_was_to_do(environment):
    assert "database upgraded" in run_gangwei(["db", "upgrade"], environment)
    assert "up to date" in run_gangwei(["db", "upgrade"], environment)


def test_chinese_comes_alone_where_the_system_is_chinese(environment):
    said = run_gangwei(["db", "upgrade"], environment | {"LC_ALL": "zh_CN.UTF-8"})
    assert "数据库已升级" in said and "upgraded" not in said


def test_a_command_on_a_database_without_tables_names_the_one_that_helps(environment):
    assert "gangwei db upgrade" in refused(["workflows", "publish"], environment)


def test_a_wrong_setting_is_named(environment):
    assert "GANGWEI_PORT" in refused(["db", "upgrade"], environment | {"GANGWEI_PORT": "eighty"})


def test_the_workflows_of_the_house_have_no_faults(environment):
    assert "0 errors" in run_gangwei(["workflows", "check"], environment)


def test_before_the_kinds_of_organisations_are_known_the_command_that_helps_is_named(upgraded):
    assert "gangwei workflows publish" in refused(["organisations", "import"], upgraded)


def test_faults_of_a_foreign_folder_are_named_and_nothing_is_published(published, tmp_path):
    folder = tmp_path / "workflows" / "leave"
    folder.mkdir(parents=True)
    (folder / "process.bpmn").write_text("<definitions>", encoding="utf-8")
    for words in ("check", "publish"):
        done = gangwei(["workflows", words, str(tmp_path / "workflows")], published)
        assert done.code == 1
        assert "process.bpmn" in done.out + done.errors
        assert "Traceback" not in done.errors


def test_publishing_again_changes_nothing(published, published_once):
    assert "published" in published_once[1]
    again = run_gangwei(["workflows", "publish"], published)
    assert "unchanged" in again and "published" not in again


def test_the_demo_prints_an_account_for_each_role_and_may_be_repeated(published):
    first = run_gangwei(["demo"], published)
    assert "demo cases: 0 new" not in first
    assert "demo cases: 0 new" in run_gangwei(["demo"], published)
    for role in (
        "County officer",
        "City reviewer",
        "Province approver",
        "Observer",
        "Auditor",
        "Security administrator",
    ):
        assert role in first
    assert " 0 differ" in run_gangwei(["case", "rebuild", "--all"], published)


def test_demo_data_stays_out_of_production(upgraded):
    assert "GANGWEI_ENV" in refused(["demo"], upgraded | {"GANGWEI_ENV": "production"})


def test_a_changed_directory_is_taken_in_a_demo_and_in_production_waits_for_the_security_administrator(
    published, tmp_path
):
    production = published | {"GANGWEI_ENV": "production"}
    folder = written(tmp_path / "changed", changed(add=True))
    assert "gangwei directory publish --by" in refused(["workflows", "publish", str(folder)], production)
    assert "gangwei directory publish --by" in refused(["directory", "publish", str(folder)], production)
    words = ["directory", "publish", str(folder), "--by", "nobody"]
    assert "password is wrong" in refused(words, production, said="a guess\n")
    said = run_gangwei(["directory", "publish", str(folder)], published)
    assert "Added roles.toml/clerk Clerk; may now: acts, business" in said and "version 2" in said
    assert "unchanged" in run_gangwei(["directory", "publish", str(folder)], production)
    assert "clerk " in run_gangwei(["user", "roles"], published)


def test_the_official_text_is_imported_by_article(upgraded, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("第一条  为了试验。\n第二条  自印发之日起施行。\n", encoding="utf-8")
    assert "2 articles" in run_gangwei(["regulation", "import", str(file)], upgraded)
    file.write_text("no articles", encoding="utf-8")
    assert "第一条" in refused(["regulation", "import", str(file)], upgraded)


def test_jobs_and_proofs_of_an_empty_installation_are_empty(upgraded):
    assert "0 open incidents" in run_gangwei(["jobs"], upgraded)
    assert "0 cases rebuilt, 0 differ" in run_gangwei(["case", "rebuild", "--all"], upgraded)


def test_jobs_tells_that_nobody_works_and_what_is_late(upgraded):
    said = run_gangwei(["jobs"], upgraded)
    assert "no worker is running" in said and "late: 0" in said
    assert "not found" in refused(["jobs", "--downtime", "1"], upgraded)


def test_a_worker_alone_works_beside_a_server_that_runs_no_jobs(upgraded):
    words = [*PROGRAM, "worker"]
    worker = subprocess.Popen(words, cwd=ROOT, env=upgraded, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        limit = time.monotonic() + 120
        while "no worker is running" in (said := run_gangwei(["jobs"], upgraded)):
            assert time.monotonic() < limit
        assert f":{worker.pid}: Running" in said
        assert "--no-jobs" in run_gangwei(["serve", "--help"], upgraded)
    finally:
        worker.terminate()
        told, _ = worker.communicate(timeout=60)
    lines = [line for line in told.splitlines() if b"no holiday notice of" not in line]  # missed from December on
    assert (worker.returncode, lines) == (0, [])


def test_a_case_that_is_not_there_is_a_refusal(upgraded):
    assert "not found" in refused(["case", "rebuild", "17"], upgraded)


def test_the_server_answers_health_checks_and_stops_when_told(site):
    with Visitor(site.url) as visitor:
        assert json.loads(visitor.get("/healthz").text)["status"] == "ok"
        assert visitor.get("/readyz").status == 200


def test_a_backup_is_made_checked_and_restored_by_the_console(upgraded, tmp_path):
    file = str(tmp_path / "b")
    assert "0 cases" in run_gangwei(["backup", file], upgraded)
    assert "overwrites no file" in refused(["backup", file], upgraded)
    assert "is whole" in run_gangwei(["backup", "--check", file], upgraded)
    assert "gangwei jobs --release" in run_gangwei(
        ["restore", file], upgraded | {"GANGWEI_DATA_DIR": str(tmp_path / "new")}
    )
    assert "1 " not in run_gangwei(["jobs", "--release"], upgraded | {"GANGWEI_DATA_DIR": str(tmp_path / "new")})
    (tmp_path / "new" / "restore.unfinished").touch()
    assert "restore again" in refused(["jobs"], upgraded | {"GANGWEI_DATA_DIR": str(tmp_path / "new")})


def test_a_paper_to_begin_with_is_written_once_and_never_over_another(environment, tmp_path):
    file = tmp_path / "paper.docx"
    run_gangwei(["workflows", "paper", str(file)], environment)
    written = file.read_bytes()
    assert refused(["workflows", "paper", str(file)], environment)
    assert written[:2] == b"PK" and file.read_bytes() == written
