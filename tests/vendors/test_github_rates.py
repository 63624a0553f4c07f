"""Row 64 of the conformance table: limits by the hour, off unless they are asked for."""

from __future__ import annotations

import pytest

from tests.vendors.github_rig import Rig, group, is_scim_error, operations, user


def adding(*ids: str):
    return operations({"op": "add", "path": "members", "value": [{"value": id} for id in ids]})


def limited(**flags) -> Rig:
    return Rig(enforces_rate_limits=True, **flags)


def test_row_64_more_than_a_thousand_users_in_an_hour():
    github = limited()
    for place in range(1000):
        github.add_user(f"user{place}")
    answer = github.post("/Users", user("late"))
    assert is_scim_error(answer, 429)
    assert answer.headers["Retry-After"] == "3600"
    assert int(answer.headers["x-ratelimit-remaining"]) > 0
    assert (github.last.applied, github.last.refused_by) == ("no", "enforces_rate_limits")
    github.clock.sleep(3600)
    assert github.post("/Users", user("late")).status_code == 201


def test_row_64_more_than_a_thousand_members_of_one_group_in_an_hour():
    github = limited()
    github.add_users(1001)
    ids = [record.id for record in github.target.directory.all("User")]
    group_id, other = github.add_group("Engineering"), github.add_group("Other")
    assert github.patch(f"/Groups/{group_id}", adding(*ids[:1000])).status_code == 200
    before = github.state()
    assert is_scim_error(github.patch(f"/Groups/{group_id}", adding(ids[1000])), 429)
    assert is_scim_error(github.put(f"/Groups/{group_id}", group("Engineering", [{"value": ids[1000]}])), 429)
    assert github.state() == before
    assert github.patch(f"/Groups/{group_id}", adding(ids[0])).status_code == 200
    assert github.patch(f"/Groups/{other}", adding(ids[1000])).status_code == 200
    github.clock.sleep(3600)
    assert github.patch(f"/Groups/{group_id}", adding(ids[1000])).status_code == 200


def test_row_64_a_new_group_counts_the_members_it_begins_with():
    github = limited(group_additions_per_hour=2)
    ids = [github.add_user(name) for name in ("ada", "bob", "cleo")]
    assert is_scim_error(github.post("/Groups", group("A", [{"value": id} for id in ids])), 429)
    group_id = github.add_group("A", *ids[:2])
    assert is_scim_error(github.patch(f"/Groups/{group_id}", adding(ids[2])), 429)


def test_row_64_requests_that_fail_use_up_no_users():
    github = limited(users_per_hour=1)
    assert github.post("/Users", user(userName="!")).status_code == 400
    assert github.post("/Users", user()).status_code == 201
    assert github.post("/Users", user("hubot")).status_code == 429


def test_row_64_the_requests_of_a_token():
    github = limited(requests_per_hour=2)
    assert github.get("/Users").headers["x-ratelimit-remaining"] == "1"
    assert github.get("/Users").headers["x-ratelimit-remaining"] == "0"
    answer = github.get("/Users")
    assert is_scim_error(answer, 429)
    assert (answer.headers["x-ratelimit-used"], answer.headers["x-ratelimit-remaining"]) == ("2", "0")
    github.clock.sleep(1800)
    assert github.get("/Users").headers["Retry-After"] == "1800"
    github.clock.sleep(1800)
    assert github.get("/Users").status_code == 200


def test_row_64_the_reset_is_told_in_seconds_since_1970():
    github = limited()
    github.get("/Users")
    github.clock.sleep(600)
    reset = int(github.get("/Users").headers["x-ratelimit-reset"])
    assert reset == github.clock.now().timestamp() + 3000


@pytest.mark.parametrize("status", ["429", "403"])
@pytest.mark.parametrize("says_when", [True, False])
def test_row_64_how_a_limit_is_told(status, says_when):
    github = limited(users_per_hour=0, rate_limit_status=status, answers_retry_after=says_when)
    answer = github.post("/Users", user())
    assert is_scim_error(answer, int(status))
    assert ("Retry-After" in answer.headers) is says_when


def test_limits_are_off_by_default_and_something_always_remains():
    github = Rig(users_per_hour=0, requests_per_hour=1, group_additions_per_hour=0)
    for place in range(3):
        assert github.post("/Users", user(f"user{place}")).headers["x-ratelimit-remaining"] == "1"
    github.add_group("Engineering", github.add_user())


def test_a_reset_forgets_what_was_used():
    github = limited(users_per_hour=1)
    github.add_user()
    github.target.reset()
    github.add_user()
