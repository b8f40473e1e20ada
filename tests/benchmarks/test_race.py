"""Eight processes, one task, fifty times: one success, seven conflicts, no other answer, and nothing half done."""

from tests.benchmarks.race import race


def test_of_eight_who_hand_in_the_same_task_at_once_exactly_one_succeeds(site):
    result = race(site, rounds=50)
    assert result.clean, result.rounds
    assert "0 differ" in site.command("case", "rebuild", "--all")
