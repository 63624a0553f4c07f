"""The fixtures, as somebody else's test suite uses them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from provcheck.mock_targets import registry, testing
from provcheck.mock_targets.clock import SystemClock
from provcheck.mock_targets.serving import server

pytest_plugins = ["pytester"]

# The inner runs share this process: what they would load must be there before, or each would load a copy of its own.
LOADED = (server, testing, [registry.find(name) for name in registry.names()])

HEAD = """
import pytest
import requests

USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada"}

def create(target, **user):
    return requests.post(f"{target.base_url}/Users", json={**USER, **user}, headers=target.headers)
"""


@pytest.fixture
def suite(pytester: pytest.Pytester):
    """Run test functions as a suite of their own; the result."""

    def run(body: str) -> pytest.RunResult:
        pytester.makepyfile(HEAD + body)
        return pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider")

    return run


def test_three_lines_are_a_test(suite):
    result = suite("""
def test_my_client(scim_target):
    create(scim_target)
    assert scim_target.snapshot()["users"][0]["userName"] == "ada"
""")
    result.assert_outcomes(passed=1)


def test_every_test_starts_afresh(suite):
    result = suite("""
@pytest.mark.parametrize("turn", [1, 2])
def test_turn(scim_target, turn):
    assert scim_target.snapshot()["users"] == []
    assert scim_target.flags.allows_create_users is True
    assert len(scim_target.journal) == 0
    assert list(scim_target.faults) == []
    create(scim_target)
    scim_target.flags.allows_create_users = False
    scim_target.faults.arm("user.get", status=503)
""")
    result.assert_outcomes(passed=2)


def test_flags_faults_seeds_and_journal_are_at_hand(suite):
    result = suite(r"""
def test_all(scim_target):
    scim_target.seed(users=[{"userName": "bob"}])
    scim_target.flags["allows_create_users"] = False
    assert create(scim_target).status_code == 403
    assert scim_target.journal.count(refused_by="allows_create_users") == 1
    with pytest.raises(ValueError, match=r"'user\.crate'; did you mean user\.create"):
        scim_target.journal.count(operation="user.crate")
    scim_target.reset()
    scim_target.faults.arm("user.create", moment="after", loses_answer=True)
    with pytest.raises(requests.exceptions.ConnectionError):
        create(scim_target)
    assert scim_target.journal[-1].applied == "yes"
""")
    result.assert_outcomes(passed=1)


def test_a_marked_test_fails_if_a_fault_never_struck(suite):
    result = suite("""
@pytest.mark.all_faults_strike
def test_strikes(scim_target):
    scim_target.faults.arm("user.create", status=503)
    assert create(scim_target).status_code == 503

@pytest.mark.all_faults_strike
def test_never_strikes(scim_target):
    scim_target.faults.arm("user.delete", status=503)
    create(scim_target)
""")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*scim: fault-1 (user.delete) has not struck; it met 0 requests and fired 0 times"])


def test_every_vendor_has_its_fixture(suite):
    result = suite("""
def test_urls(slack_target, github_target, github_emu_target, provisioning_environment):
    assert slack_target.base_url.startswith(provisioning_environment.url + "/slack/")
    assert github_target.base_url.startswith(provisioning_environment.url + "/github_emu/")
    assert github_emu_target.base_url == github_target.base_url
    assert provisioning_environment["slack"].token == slack_target.token

def test_the_former_name(provisioning_estate, provisioning_environment):
    assert provisioning_estate is provisioning_environment

def test_control(provisioning_environment):
    url = provisioning_environment.control_url + "/targets"
    listed = requests.get(url, headers=provisioning_environment.control_headers).json()["targets"]
    assert {target["name"] for target in listed} >= {"scim", "slack", "github_emu"}
""")
    result.assert_outcomes(passed=3)


def test_a_failed_test_shows_what_its_target_was_asked(suite):
    result = suite("""
def test_fails(scim_target):
    create(scim_target)
    assert False
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*what scim was asked*", "#1 POST */Users  user.create  ada  -> 201  applied: yes"])
    assert "what slack was asked" not in result.stdout.str()


def test_the_plugin_loads_nothing_until_it_is_used():
    program = "import sys, provcheck.harness.pytest_plugin; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    late = {"flask", "werkzeug", "requests", "scim2_models", "pydantic", "provcheck.harness.model"}
    assert not {*late, "provcheck.mock_targets.target", "provcheck.harness.vendors.scim.store"} & set(
        done.stdout.split()
    )


def test_a_reset_takes_less_than_two_milliseconds(scim_target):
    scim_target.seed(users=[{"userName": f"u{i}"} for i in range(50)])
    clock = SystemClock()
    began = clock.monotonic()
    for _ in range(20):
        scim_target.reset()
    assert (clock.monotonic() - began) / 20 < 0.002


def test_what_a_client_sent_is_no_command_in_the_output_of_a_failed_test(suite):
    result = suite(
        """
def test_mine(scim_target):
    requests.get(f"{scim_target.base_url}/Users/%23%23[error]x%1B]0;t%07", headers=scim_target.headers)
    requests.get(f"{scim_target.base_url}/Users?client_secret=Zq7Canary4Vx9", headers=scim_target.headers)
    assert 0
"""
    )
    _, _, asked = result.stdout.str().partition("what scim was asked")
    assert "client_secret=[redacted]" in asked
    assert not [each for each in ("Zq7Canary4Vx9", "##[error]", "\x1b]0", "\x07") if each in asked]
