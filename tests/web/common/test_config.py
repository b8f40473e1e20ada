"""Settings from the environment."""

from datetime import timedelta

import pytest

from engine.errors import BadInput
from web.common.config import read_config


def test_without_settings_it_listens_on_loopback_with_sqlite():
    config = read_config({"PATH": "x"})
    assert (config.host, config.port) == ("127.0.0.1", 8600)
    assert config.database_url.startswith("sqlite:///")
    assert config.production  # what nobody has set is meant for users
    assert not config.demo


@pytest.mark.parametrize(("mode", "production", "demo"), [("demo", False, True), ("development", False, False)])
def test_a_trial_is_said_to_be_one(mode, production, demo):
    config = read_config({"GANGWEI_ENV": mode})
    assert (config.production, config.demo) == (production, demo)


def test_the_data_folder_moves_database_and_key(tmp_path):
    config = read_config({"GANGWEI_DATA_DIR": str(tmp_path)})
    assert config.database_url == f"sqlite:///{tmp_path}/gangwei.db"
    assert config.secret_key_file == tmp_path / "secret.key"


@pytest.mark.parametrize("port", ["0", "70000", "-1", "８６００", "x", "1e3"])
def test_a_wrong_port_is_refused_by_name(port):
    with pytest.raises(BadInput, match="GANGWEI_PORT"):
        read_config({"GANGWEI_PORT": port})


def test_a_trial_ends_after_as_many_idle_minutes_as_are_set():
    assert read_config({"PATH": "x"}).trial_idle == timedelta(minutes=20)
    assert read_config({"GANGWEI_TRIAL_MINUTES": "5"}).trial_idle == timedelta(minutes=5)
    with pytest.raises(BadInput, match="GANGWEI_TRIAL_MINUTES"):
        read_config({"GANGWEI_TRIAL_MINUTES": "1441"})


def test_an_unknown_mode_is_refused_rather_than_taken_for_a_demo():
    with pytest.raises(BadInput, match="GANGWEI_ENV"):
        read_config({"GANGWEI_ENV": "prod"})
