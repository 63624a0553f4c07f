"""What can be read: journals of every shape, HAR files of ours and of browsers; and what is refused, in one line."""

from __future__ import annotations

import base64
import json

import pytest
from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.harness.lint import BadRecording, read_exchange, read_recording
from provcheck.harness.vendors import linter
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.journal.har import as_har
from provcheck.mock_targets.testing import Handle, session
from tests.lint.imagined_exchange import ask, look, made, numbered, user

ENTRIES = numbered([look(), made()])


def saved(folder, text, name="file.json"):
    path = folder / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return path


@pytest.fixture
def scim():
    environment = Environment(["scim"], seed=1)
    handle = Handle(environment.target("scim"))
    with session(environment) as http:
        headers = {**handle.headers, "Content-Type": "text/plain"}
        http.post(f"{handle.base_url}/Users", headers=headers, data=json.dumps(user()))
        http.get(f"{handle.base_url}/Users", headers=handle.headers, params={"filter": 'userName eq "ada"'})
    return handle


@pytest.mark.parametrize(
    "text",
    [ENTRIES, {"exchanges": ENTRIES, "target": "scim"}, "\n".join(json.dumps(entry) for entry in ENTRIES)],
    ids=["list", "control-api", "lines"],
)
def test_a_journal_is_read_in_every_shape(tmp_path, text):
    (recording,) = read_recording(saved(tmp_path, text, "journal.jsonl"))
    assert [exchange.method for exchange in recording.exchanges] == ["GET", "POST"]


def test_one_line_is_a_journal_as_well(tmp_path):
    (recording,) = read_recording(saved(tmp_path, json.dumps([ENTRIES[0]]), "journal.jsonl"))
    assert len(recording.exchanges) == 1


def test_a_har_file_and_its_journal_are_judged_alike(tmp_path, scim):
    journal = [exchange.as_dict() for exchange in scim.journal]
    har = as_har(scim.journal, scim.target.base_url)
    (recording,) = read_recording(saved(tmp_path, har, "session.har"))
    from_har = {(each.rule.id, each.numbers) for each in linter().lint(recording.exchanges)}
    assert from_har == {(each.rule.id, each.numbers) for each in linter().lint(journal, target="scim")}
    assert ("SCIM101", (1,)) in from_har


def entry(url, method="GET", **more):
    return {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 5,
        "request": {"method": method, "url": url, "headers": [], **more},
        "response": {"status": 200, "headers": [{"name": "Content-Type", "value": "application/scim+json"}]},
    }


def test_of_a_browsers_har_only_what_is_scim_is_kept_by_target(tmp_path):
    page = {**entry("https://a.example/index.html"), "response": {"status": 200, "headers": []}}
    har = {
        "log": {"entries": [page, entry("https://a.example/scim/v2/Users"), entry("https://b.example/scim/v1/Users")]}
    }
    recordings = read_recording(saved(tmp_path, har))
    assert [recording.target for recording in recordings] == ["https://a.example/scim", "https://b.example/scim"]
    assert recordings[1].exchanges[0].version == "1.1"


def test_an_entry_whose_url_is_malformed_hides_no_other(tmp_path, scim):
    har = as_har(scim.journal, scim.target.base_url)
    har["log"]["entries"][0]["request"]["url"] = "http://[::1/scim/v2/Users"
    left_out: list[int] = []
    (recording,) = read_recording(saved(tmp_path, har, "run.har"), left_out=left_out)
    assert len(recording.exchanges) == len(har["log"]["entries"]) - 1
    assert left_out == [1]
    told = CliRunner().invoke(main, ["lint", str(tmp_path / "run.har")]).stderr
    assert "1 entry with a malformed URL left out: #1" in told


def test_an_answer_in_base64_is_read(tmp_path):
    one = entry("https://a.example/scim/v2/Users/1")
    text = base64.b64encode(b'{"id": "1"}').decode()
    one["response"]["content"] = {"text": text, "encoding": "base64"}
    (recording,) = read_recording(saved(tmp_path, {"log": {"entries": [one]}}))
    assert recording.exchanges[0].answer == {"id": "1"}


def test_exchanges_are_put_into_the_order_in_which_they_were_sent(tmp_path):
    late, early = ask("GET /Users/1", at=5), ask("GET /Users/2", at=1)
    (recording,) = read_recording(saved(tmp_path, numbered([late, early])))
    assert [exchange.path for exchange in recording.exchanges] == ["/v2/Users/2", "/v2/Users/1"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not JSON"),
        ("nonsense", "not JSON"),
        ('{"a": 1}\nnonsense', "line 2"),
        ("{}", "neither a HAR file nor a journal"),
        ("7", "neither a HAR file nor a journal"),
        ("[]", "no exchange"),
        ('{"log": {}}', "log.entries"),
        ('{"log": {"entries": [{}]}}', "entry 1"),
        ('{"log": {"entries": [null]}}', "entry 1"),
        ('[{"seq": "x", "method": "GET", "path": "/"}]', "entry 1"),
        ('[{"seq": 1}]', "entry 1: 'method' is missing"),
        ('{"log": {"entries": [{"request": {"method": "GET", "url": "u", "headers": "x"}}]}}', "has another type than"),
        ("[" * 200_000, "nested deeper than 500 levels"),
    ],
)
def test_what_is_no_recording_is_refused_in_one_line(tmp_path, text, told):
    with pytest.raises(BadRecording, match=told) as refused:
        read_recording(saved(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadRecording, match="No such file"):
        read_recording(tmp_path / "none.har")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "x.har"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadRecording, match="not UTF-8"):
        read_recording(path)


@pytest.mark.parametrize(
    ("target", "path", "dialect"),
    [
        ("slack", "/v2/Users", "slack"),
        ("", "/slack/scim/v2/Users", "slack"),
        ("github_emu", "/v2/Users", "github_emu"),
        ("", "/scim/v2/enterprises/acme/Users", "github_emu"),
        ("", "/scim/v2/Users", "scim"),
    ],
)
def test_the_name_or_the_url_tells_whose_dialect_is_spoken(target, path, dialect):
    exchange = read_exchange({"seq": 1, "method": "GET", "path": path})
    assert linter().dialect_of(target, [exchange]).name == dialect


@pytest.mark.parametrize("body", ["null", "[]", '"x"', "{", '{"Operations": 7}', '{"members": {"value": []}}', "\x00"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
@pytest.mark.parametrize("target", ["scim", "slack", "github_emu"])
def test_whatever_a_client_sends_is_judged_without_an_error_of_ours(method, body, target):
    for path in ("/Users", "/Users/1", "/Groups/7", "/Bulk", "/Users/.search", "/", ""):
        linter().lint(numbered([ask(f"{method} {path}?filter=%22&count=%FF&startIndex=x", body)]), target=target)


def test_times_with_and_without_a_zone_are_compared_as_utc(tmp_path, scim):
    har = as_har(scim.journal, scim.target.base_url)
    har["log"]["entries"][0]["startedDateTime"] = "2026-01-01T00:00:09"
    har["log"]["entries"][1]["startedDateTime"] = "2026-01-01T00:00:08+00:00"
    (recording,) = read_recording(saved(tmp_path, har, "mixed.har"))
    assert [exchange.method for exchange in recording.exchanges] == ["GET", "POST"]
    assert linter().lint(recording.exchanges)


def test_a_number_beyond_all_bounds_is_refused_in_one_line(tmp_path):
    with pytest.raises(BadRecording, match="Infinity is not a number"):
        read_recording(saved(tmp_path, json.dumps([{**ENTRIES[0], "status": float("inf")}])))
