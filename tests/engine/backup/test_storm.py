"""While people are busy with the real server, a backup holds all that was acknowledged before it began."""

from tests.engine.backup.storm import storm


def test_a_backup_of_a_busy_server_loses_nothing_that_was_acknowledged(tmp_path, server):
    found = storm(tmp_path, server, writers=2, seconds=0)
    assert found.broken == []
    assert found.before <= found.restored <= found.all
    assert found.during  # writers were not held up
