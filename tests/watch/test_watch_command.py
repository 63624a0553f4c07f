"""`provcheck watch` as a command: a process with a socket, expectations, a source, reports, and the ways it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from contextlib import contextmanager

import pytest
import requests
from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.harness.watch import BadExpectation, Expectations

URN = "urn:ietf:params:scim:schemas:core:2.0:User"
PEOPLE = "id,userName,email\nu1,ada,ada@example.com\nu2,bob,bob@example.com\n"


@contextmanager
def watching(*options):
    """A watch in a process of its own, and where its first target is."""
    start = [sys.executable, "-c", "from provcheck.harness.cli import main; main()"]
    command = [*start, "watch", "scim", "--port", "0", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        ready = json.loads(process.stdout.readline())
        yield process, ready["targets"]["scim"]
    finally:
        process.kill()
        process.communicate()


def create(target, name):
    return post(target, name).status_code


def post(target, name):
    body = {"schemas": [URN], "userName": name, "externalId": f"u-{name}"}
    body["emails"] = [{"value": f"{name}@example.com", "type": "work", "primary": True}]
    headers = {"Authorization": f"Bearer {target['token']}", "Content-Type": "application/scim+json"}
    with requests.Session() as http:
        http.trust_env = False
        return http.post(f"{target['base_url']}/Users", headers=headers, json=body, timeout=10)


def end(process):
    """What a process printed, and its exit code; it ends by itself or is told to."""
    printed, told = process.communicate(timeout=30)
    return printed, told, process.returncode


def test_a_watch_ends_when_nothing_comes_any_more_and_expectations_decide(tmp_path):
    report = tmp_path / "watch.xml"
    options = ("--until-idle", "0.4", "--expect", "users.impacted=2,users.success=2", "--report", f"junit={report}")
    with watching(*options, "--report", "console") as (process, target):
        assert [create(target, name) for name in ("ada", "bob")] == [201, 201]
        printed, told, code = end(process)
    assert code == 0
    assert "I2 S2" in told
    assert "Waits 60 s for the first request, and ends when 0.4 s go by without another." in told
    (line,) = printed.splitlines()
    scim = json.loads(line)["targets"]["scim"]
    assert (scim["verdict"], scim["findings"], scim["summary"]["users"]["impacted"]) == ("holds", [], 2)
    assert "#1  POST /v2/Users  user.create  ada  -> 201  applied: yes" in told
    assert "SCIM501" in told
    assert ET.parse(report).getroot().find(".//failure") is None


def test_a_fault_can_be_armed_from_the_start():
    with watching("--until-idle", "0.4", "--fault", "scim=operation=user.create status=503") as (process, target):
        assert [create(target, name) for name in ("ada", "ada")] == [503, 201]
        end(process)


def test_a_watch_with_failures_says_what_who_and_which_attribute():
    with watching("--until-idle", "0.4", "--report", "console") as (process, target):
        assert [create(target, "ada"), create(target, "ada")] == [201, 409]
        _, printed, code = end(process)
    assert code == 1
    assert "seen       409 on user.create (User with userName 'ada' already exists)" in printed
    assert "#2" in printed
    assert "POST /v2/Users  user.create ada" in printed
    assert "0 of 1 case holds" in printed


@pytest.mark.parametrize(("expected", "code"), [("users.failed=1", 0), ("users.failed=0", 1), ("users.impacted=1", 1)])
def test_a_failure_that_is_expected_is_no_finding(expected, code):
    fault = "scim=operation=user.create status=503"
    with watching("--until-idle", "0.4", "--fault", fault, "--expect", expected) as (process, target):
        assert create(target, "ada") == 503
        assert end(process)[2] == code


def test_a_preset_comes_with_its_faults():
    with watching("--until-idle", "0.4", "--profile", "scim=vcenter_like") as (process, target):
        answer = post(target, "ada")
        assert (answer.status_code, "userName" in answer.text) == (201, False)
        _, told, _ = end(process)
    assert "fault response.no_echo" in told


def test_ctrl_c_ends_a_watch_with_its_reports():
    with watching("--expect", "users.impacted=2") as (process, target):
        create(target, "ada")
        process.send_signal(signal.SIGINT)
        printed, told, code = end(process)
    assert code == 1
    assert "users.impacted" in printed
    assert "Traceback" not in told


def test_with_the_source_differences_are_told_by_user_and_attribute(tmp_path):
    people = tmp_path / "people.json"
    ada = {"id": "u1", "userName": "ada", "email": "ada@example.com", "familyName": "Byron"}
    people.write_text(json.dumps({"users": [ada, {"id": "u2", "userName": "bob"}]}), encoding="utf-8")
    with watching("--source", str(people), "--until-idle", "0.4", "--report", "console") as (process, target):
        create(target, "ada")
        _, printed, code = end(process)
    assert code == 1
    facts = [line.split(maxsplit=1) for line in printed.splitlines() if line.startswith("    ")]
    assert [words[1] for words in facts if words[0] in ("entity", "expected")] == [
        "ada",
        "familyName = 'Byron'",
        "bob",
        "an account",
    ]


def test_with_the_source_every_counter_is_judged(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    options = ("--source", str(people), "--expect", "users.impacted=2,users.unsynced=1", "--fail-on", "error")
    with watching(*options, "--until-idle", "0.4") as (process, target):
        create(target, "ada")
        printed, told, code = end(process)
    assert "users I2" in told
    assert "U1" in told
    assert code == 0, printed + told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere"),
        (["scim", "--expect", "users.impact=1"], "--expect takes"),
        (["scim", "--expect", "users.unsynced=1"], "--source"),
        (["scim", "--expect", "slack:users.impacted=1"], "not served"),
        (["scim", "--source", "no-such-file.csv"], "no-such-file.csv"),
        (["scim", "--ignore", "SCIM999"], "SCIM999"),
        (["scim", "--host", "0.0.0.0"], "--expose"),
        (["scim", "--set", "scim.nothing=1"], "nothing"),
        (["scim", "--report", "nothing"], "nothing"),
        (["scim", "--seed", "no-such-seed.json"], "no-such-seed.json"),
    ],
)
def test_what_cannot_be_watched_is_told_before_anything_is_served(arguments, told):
    result = CliRunner().invoke(main, ["watch", "--port", "0", *arguments])
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_port_that_is_taken_is_told():
    with watching("--until-idle", "5") as (_, target):
        port = target["base_url"].split(":")[2].partition("/")[0]
        result = CliRunner().invoke(main, ["watch", "scim", "--port", port])
    assert (result.exit_code, "taken" in result.output) == (2, True)


@pytest.mark.parametrize("text", ["", "users.impacted", "users.impacted=-1", "people.impacted=1", "users.impacted=1;2"])
def test_an_expectation_that_is_none_is_refused(text):
    with pytest.raises(BadExpectation, match="--expect takes"):
        Expectations.read([text], targets=["scim"])


def test_an_expectation_for_one_target_wins_over_that_for_all():
    wanted = Expectations.read(["users.impacted=1,scim:users.impacted=2"], targets=["scim", "slack"])
    assert (wanted.of("scim"), wanted.of("slack")) == ({"users.impacted": 2}, {"users.impacted": 1})


def test_what_was_found_comes_with_its_exchanges_once_and_with_no_command_to_check_it(tmp_path):
    lines, page = tmp_path / "watch.jsonl", tmp_path / "watch.md"
    options = ("--until-idle", "0.4", "--expect", "users.failed=1", "--fail-on", "info", "--ignore", "SCIM104")
    with watching(*options, "--report", f"jsonl={lines}", "--report", f"markdown={page}") as (process, target):
        create(target, "ada")
        assert end(process)[2] == 1
    events = [json.loads(line) for line in lines.read_text().splitlines()]
    (finished,) = [each for each in events if each["type"] == "case_finished"]
    assert {each["check"] for each in finished["findings"]} >= {"counter_as_expected", "SCIM501"}
    assert [(each["method"], each["path"]) for each in finished["exchanges"]] == [("POST", "/v2/Users")]
    assert events[0]["command"] == []
    text = page.read_text(encoding="utf-8")
    assert text.count("SCIM501") == 1
    assert "To play it again" not in text
    assert "provcheck check" not in text


def test_a_watch_at_which_nothing_arrived_is_not_green():
    with watching() as (process, _):
        process.send_signal(signal.SIGINT)
        _, told, code = end(process)
    assert (code, told.splitlines()[-1]) == (2, "Error: no request arrived, so nothing was judged")
