"""`provcheck compare`: a recording is replayed on a fresh mock, and what differs is told."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.mock_targets import registry
from tests.compare.recording import CORE, life, patch, record, user


def run(*words):
    return CliRunner().invoke(main, ["compare", *map(str, words)])


def differences(*words):
    result = run("--json", *words)
    assert result.exit_code in (0, 1), result.output
    return [each for line in result.output.splitlines() for each in json.loads(line)["differences"]]


@pytest.mark.parametrize("target", registry.names())
def test_a_recording_of_the_mock_itself_has_no_difference(target, tmp_path):
    result = run(record(tmp_path / "own.har", target), "--target", target)
    assert result.exit_code == 0, result.output
    assert f"{target}: 11 exchanges compared, no difference" in result.output


@pytest.mark.parametrize(
    ("flags", "kind", "where", "remedy"),
    [
        ({"stores_user_names_in_lower_case": True}, "value", "body.userName", "stores_user_names_in_lower_case=true"),
        ({"sends_location_with_resources": False}, "extra", "header location", "sends_location_with_resources=false"),
        ({"shows_members": False}, "extra", "body.members", "shows_members=false"),
        ({"lists_inactive_users": False}, "value", "body.totalResults", "lists_inactive_users=false"),
    ],
)
def test_a_difference_names_the_flag_that_would_change_it(flags, kind, where, remedy, tmp_path):
    def lives(ask):
        ask("POST", "/Users", {**user("ada"), "userName": "Ada"})
        bob = ask("POST", "/Users", user("bob"))
        group = ask("POST", "/Groups", {"schemas": [f"{CORE}:Group"], "displayName": "R", "members": [{"value": bob}]})
        ask("GET", f"/Groups/{group}")
        ask("PATCH", f"/Users/{bob}", patch("replace", "active", False))
        ask("GET", "/Users")

    found = differences(record(tmp_path / "real.har", "scim", lives, flags=flags), "--target", "scim")
    assert (kind, where, remedy) in {(each["kind"], each["where"], each["changed_by"]) for each in found}


def test_the_flag_that_was_named_takes_the_differences_away(tmp_path):
    recording = record(tmp_path / "real.har", "scim", flags={"sends_location_with_resources": False})
    assert run(recording, "--target", "scim").exit_code == 1
    assert run(recording, "--target", "scim", "--set", "sends_location_with_resources=false").exit_code == 0


def test_what_was_there_before_the_recording_is_taken_from_its_answers(tmp_path):
    there = {
        "users": [{"userName": "ada", "email": "ada@example.com"}, {"userName": "bob"}],
        "groups": [{"displayName": "Red", "members": ["ada"]}],
    }

    def lives(ask):
        ask("GET", "/Users")
        ask("GET", "/Groups")
        ask("GET", '/Users?filter=userName eq "ada"')

    result = run(record(tmp_path / "real.har", "scim", lives, seed=there), "--target", "scim")
    assert result.exit_code == 0, result.output


def test_a_seed_takes_the_place_of_what_the_answers_show(tmp_path):
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"users": [{"userName": "eve"}]}), encoding="utf-8")

    def lives(ask):
        ask("GET", '/Users?filter=userName eq "ada"')

    recording = record(tmp_path / "real.har", "scim", lives, seed={"users": [{"userName": "ada"}]})
    found = differences(recording, "--target", "scim", "--seed", seed)
    assert ("value", "body.totalResults") in {(each["kind"], each["where"]) for each in found}


def _changed(file, change):
    data = json.loads(file.read_text(encoding="utf-8"))
    change(data["log"]["entries"])
    file.write_text(json.dumps(data), encoding="utf-8")
    return file


def _answer(entry, **words):
    body = json.loads(entry["response"]["content"]["text"])
    entry["response"]["content"]["text"] = json.dumps({**body, **words})


@pytest.mark.parametrize(
    ("words", "difference"),
    [
        ({"userName": "ADA"}, ("value", "body.userName")),
        ({"userName": 5}, ("type", "body.userName")),
        ({"nickName": "a"}, ("missing", "body.nickName")),
        ({"schemas": ["urn:other"]}, ("value", "body.schemas[0]")),
        ({"active": "true"}, ("type", "body.active")),
        ({"emails": []}, ("value", "body.emails")),
    ],
)
def test_an_answer_that_was_recorded_otherwise_is_a_difference(words, difference, tmp_path):
    recording = _changed(record(tmp_path / "real.har", "scim"), lambda entries: _answer(entries[0], **words))
    found = differences(recording, "--target", "scim", "--no-flags")
    assert difference in {(each["kind"], each["where"]) for each in found}


def test_an_id_of_another_form_is_a_difference_and_goes_on_standing_for_the_same_user(tmp_path):
    recording = record(tmp_path / "real.har", "scim")
    text = recording.read_text(encoding="utf-8")
    made = json.loads(json.loads(text)["log"]["entries"][0]["response"]["content"]["text"])["id"]
    recording.write_text(text.replace(made, "1" * len(made)), encoding="utf-8")
    found = differences(recording, "--target", "scim", "--no-flags")
    assert {(each["kind"], each["where"]) for each in found} == {("form", "body.id")}


def test_another_status_is_told_with_what_the_mock_says_of_it(tmp_path):
    def change(entries):
        entries[2]["response"]["status"] = 200

    recording = _changed(record(tmp_path / "real.har", "scim"), change)
    (found,) = differences(recording, "--target", "scim", "--no-flags")
    assert (found["kind"], found["recorded"], found["mock"][:4]) == ("status", "200", "409 ")


def test_rows_in_another_order_are_a_difference_of_order_alone(tmp_path):
    def lives(ask):
        ask("POST", "/Users", user("ada"))
        ask("POST", "/Users", user("bob"))
        ask("GET", "/Users")

    def change(entries):
        body = json.loads(entries[2]["response"]["content"]["text"])
        _answer(entries[2], Resources=body["Resources"][::-1])

    found = differences(_changed(record(tmp_path / "r.har", "scim", lives), change), "--target", "scim", "--no-flags")
    assert [(each["kind"], each["where"]) for each in found] == [("order", "body.Resources")]


def test_places_and_values_of_a_map_are_taken_into_account(tmp_path):
    recording = _changed(
        record(tmp_path / "r.har", "scim"), lambda entries: _answer(entries[0], nickName="a", title="T1")
    )
    mapping = tmp_path / "map.json"
    mapping.write_text(json.dumps({"ignore": ["body.nickName", "body.title"]}), encoding="utf-8")
    assert run(recording, "--target", "scim", "--map", mapping).exit_code == 0


def test_the_store_is_told_from_the_urls_of_its_vendor(tmp_path):
    result = run(record(tmp_path / "r.har", "slack", at="https://api.slack.com"))
    assert (result.exit_code, "slack: 11 exchanges compared" in result.output) == (0, True), result.output


def test_a_token_of_the_recording_is_not_shown(tmp_path):
    secret = "xoxp-1234567890-abcdef"

    def change(entries):
        entries[0]["request"]["headers"].append({"name": "Authorization", "value": f"Bearer {secret}"})
        _answer(entries[0], password=secret, token=secret)

    result = run(_changed(record(tmp_path / "r.har", "scim"), change), "--target", "scim", "--no-flags")
    assert (result.exit_code, secret in result.output) == (1, False)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--target", "skim"), "did you mean scim"),
        (("--target", "scim", "--profile", "okta_lik"), "did you mean okta_like"),
        (("--target", "scim", "--set", "shows_members"), "FLAG=VALUE"),
        (("--target", "scim", "--set", "shows_member=true"), "did you mean shows_members"),
        (("--target", "scim", "--set", "shows_members=5"), "true or false"),
        (("--target", "scim", "--map", "/no/such"), "/no/such: No such file"),
        ((), "name it with --target"),
        (("--target", "github_emu"), "no API at this path"),
    ],
)
def test_what_cannot_be_replayed_is_one_line(words, message, tmp_path):
    result = run(record(tmp_path / "real.har", "scim"), *words)
    assert (result.exit_code, len(result.output.splitlines())) == (2, 1), result.output
    assert message in result.output


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 90 + "1" + "}" * 90,
        '{"Resources":[5,null,{"id":[]}]}',
        '{"id":{"id":1}}',
        '"' + "x" * 10**6,
        "5",
    ],
)
def test_no_recorded_answer_ends_in_a_traceback(text, tmp_path):
    def change(entries):
        for entry in entries:
            entry["response"]["content"]["text"] = text

    result = run(_changed(record(tmp_path / "r.har", "scim", life), change), "--target", "scim", "--no-flags")
    assert result.exit_code == 1, result.output[:500]
    assert result.exception is None or isinstance(result.exception, SystemExit)
