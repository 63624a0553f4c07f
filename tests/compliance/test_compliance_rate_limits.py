"""Rate limits: off by default; on, a burst is refused with the time to wait, and waiting that long is enough.

`rig.refused` fails if the status is another, the error has not the target's shape, or anything changed; `rig.done` if
the request does not succeed.
"""

from __future__ import annotations

import pytest

from tests.compliance.compliance_rig import person


@pytest.fixture
def limited(empty):
    for name, value in empty.driver.flags.items():
        empty.flags[name] = value
    empty.flags.enforces_rate_limits = True
    return empty


def burst(rig):
    """Create as many users as pass; how many did, and the refusal."""
    for i in range(rig.driver.burst + 1):
        answer = rig.send(rig.driver.create_user(person(f"user{i}")))
        if answer.status_code != 201:
            return i, answer
    return rig.driver.burst + 1, None


def test_limits_are_off_by_default(empty):
    for name, value in empty.driver.flags.items():
        empty.flags[name] = value
    assert burst(empty) == (empty.driver.burst + 1, None)


def test_a_burst_is_refused_and_told_when_to_come_back(limited):
    passed, answer = burst(limited)
    assert (passed, answer.status_code) == (limited.driver.burst, 429)
    limited.driver.check_error(answer)
    assert answer.headers["Retry-After"].isdigit()
    assert int(answer.headers["Retry-After"]) >= 1


def test_what_a_limit_refuses_changes_nothing(limited):
    passed, _ = burst(limited)
    assert len(limited.snapshot()["users"]) == passed
    assert (limited.last.status, limited.last.applied) == (429, "no")
    assert limited.last.refused_by == "enforces_rate_limits"


def test_waiting_as_long_as_told_is_enough(limited):
    passed, answer = burst(limited)
    limited.clock.sleep(int(answer.headers["Retry-After"]))
    limited.add_user(f"user{passed}")


def test_coming_back_at_once_is_refused_again(limited):
    passed, _ = burst(limited)
    limited.refused(limited.driver.create_user(person(f"user{passed}")), 429)


def test_limits_that_are_lifted_let_everyone_in_at_once(limited):
    passed, _ = burst(limited)
    limited.flags.enforces_rate_limits = False
    limited.add_user(f"user{passed}")


def test_a_reset_fills_the_budget_again(limited):
    burst(limited)
    limited.reset()
    for name, value in {**limited.driver.flags, "enforces_rate_limits": True}.items():
        limited.flags[name] = value
    assert burst(limited)[0] == limited.driver.burst
