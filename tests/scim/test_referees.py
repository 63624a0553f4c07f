"""Judges that others wrote, against the SCIM target: no failure, no error.

Checks that a flag makes pass, fail or go away:

| referee      | check                          | flag                                                 |
| ------------ | ------------------------------ | ---------------------------------------------------- |
| scim2-tester | PATCH: add, replace, remove    | `supports_patch` off: skipped                        |
| scim2-tester | everything about groups        | `supports_groups` off: not run                       |
| scim2-tester | PATCH of `members`             | `membership_style` user or none: not run, read-only  |
| scim2-tester | PATCH of `groups`              | `membership_style` user: fails, for the target shows |
|              |                                | the read-only `display` that the check did not send  |
| scim-sanity  | PATCH /Groups/{id} add member  | `unknown_members` rejected: fails, nobody has its id |
| scim-sanity  | PATCH                          | `answers_*_patch_with_body` off: fails, it wants 200 |
| scim-sanity  | Agent, AgenticApplication      | none: skipped, there are no such resources           |
"""

from __future__ import annotations

import pytest
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server
from scim_sanity.probe.runner import run_probe_api

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import serving


def verdicts(**flags) -> list:
    """What scim2-tester says of a target."""
    environment = Environment(["scim"], seed=1, flags={"scim": {"authentication": "none", **flags}})
    client = WSGISCIMClient(environment, base_url="http://localhost/scim/v2")
    client.discover()
    return check_server(client)


def told(results: list, *statuses: Status) -> list[str]:
    return [f"{each.title}: {each.reason}" for each in results if each.status in statuses]


BAD = (Status.ERROR, Status.CRITICAL, Status.DEVIATION)


def test_scim2_tester_finds_nothing_wrong():
    results = verdicts()
    assert told(results, *BAD) == []
    assert told(results, Status.SKIPPED) == []
    assert len(results) >= 130


@pytest.mark.parametrize(
    "flags",
    [
        {"supports_patch": False},
        {"supports_groups": False},
        {"membership_style": "none"},
        {"supports_etag": False},
        {"answers_user_patch_with_body": False, "answers_group_patch_with_body": False},
        {"supports_filter": False, "supports_sort": False, "supports_bulk": False, "supports_cursor": False},
    ],
    ids=str,
)
def test_scim2_tester_finds_nothing_wrong_when_a_target_can_do_less(flags):
    assert told(verdicts(**flags), *BAD) == []


def test_scim2_tester_takes_a_display_that_the_target_adds_for_an_error():
    found = told(verdicts(membership_style="user"), *BAD)
    assert len(found) == 2
    assert all("unexpected value for 'groups'" in each for each in found)


def test_what_scim2_tester_leaves_out_without_patch():
    left_out = told(verdicts(supports_patch=False), Status.SKIPPED)
    assert left_out
    assert all("patch" in each.lower() for each in left_out)


def probe(**flags) -> dict[str, list[str]]:
    """What scim-sanity says of a served target: names of its checks by status."""
    with serving(Environment(["scim"], seed=1, flags={"scim": flags})) as server:
        target = server._environment.targets["scim"]
        report = run_probe_api(target.urls()["base_url"], token=target.token)
    found: dict[str, list[str]] = {}
    for each in report["results"]:
        found.setdefault(each["status"], []).append(f"{each['name']}: {each.get('message', '')}")
    return found


def test_scim_sanity_finds_nothing_wrong_over_a_socket():
    found = probe(unknown_members="skipped")
    assert found.keys() <= {"pass", "skip"}, found
    assert len(found["pass"]) >= 28
    assert all("Agent" in each for each in found["skip"])


def test_scim_sanity_adds_a_member_that_nobody_is():
    (failed,) = probe()["fail"]
    assert failed.startswith("PATCH /Groups/{id} add member")


def test_scim_sanity_wants_a_body_after_a_patch():
    flags = {"answers_user_patch_with_body": False, "answers_group_patch_with_body": False}
    failed = probe(unknown_members="skipped", **flags)["fail"]
    assert failed
    assert all(each.startswith("PATCH") for each in failed)
