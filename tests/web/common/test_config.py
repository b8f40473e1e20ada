"""Settings from the environment, and the key that is made at the first start."""

import stat

import pytest

from engine.errors import BadInput
from web.common.config import read_config, secret_key


def test_without_settings_it_listens_on_loopback_with_sqlite():
    config = read_config({"PATH": "x"})
    assert (config.host, config.port) == ("127.0.0.1", 8600)
    assert config.database_url.startswith("sqlite:///")
    assert not config.production


def test_the_data_folder_moves_database_and_key(tmp_path):
    config = read_config({"GANGWEI_DATA_DIR": str(tmp_path)})
    assert config.database_url == f"sqlite:///{tmp_path}/gangwei.db"
    assert config.secret_key_file == tmp_path / "secret.key"


@pytest.mark.parametrize("port", ["0", "70000", "-1", "８６００", "x", "1e3"])
def test_a_wrong_port_is_refused_by_name(port):
    with pytest.raises(BadInput, match="GANGWEI_PORT"):
        read_config({"GANGWEI_PORT": port})


def test_an_unknown_mode_is_refused_rather_than_taken_for_a_demo():
    with pytest.raises(BadInput, match="GANGWEI_ENV"):
        read_config({"GANGWEI_ENV": "prod"})


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    file = tmp_path / "new" / "secret.key"
    key = secret_key(file)
    assert len(key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret_key(file) == key


def test_a_key_that_is_too_short_is_refused(tmp_path):
    file = tmp_path / "secret.key"
    file.write_bytes(b"short")
    with pytest.raises(BadInput, match="fewer than 32"):
        secret_key(file)
