"""The JSON lines report: one object for each event, with keys that stay."""

from __future__ import annotations

import io
import json

from provcheck.harness.report import JsonLinesReport
from provcheck.harness.report.json_lines import as_data
from tests.report.recorded_run import FINDING, GOOD, NOON, case, whole

KEYS = {
    "run_started": {"type", "schema", "at", "client", "cases", "command"},
    "case_started": {"type", "scenario", "profile", "title", "level", "source", "claim"},
    "step_taken": {"type", "scenario", "profile", "number", "words", "step"},
    "checkpoint_reached": {
        *("type", "scenario", "profile", "number", "expected", "seen", "note", "said"),
        *("refused", "warnings", "orphans", "told", "counters"),
    },
    "case_finished": {
        *("type", "scenario", "profile", "verdict", "findings", "reason", "seconds", "exchanges", "again"),
        "lacking",
    },
    "run_finished": {"type", "at", "holds", "findings", "skipped", "errors", "seconds", "not_exercised"},
}


def lines(events) -> list[dict]:
    stream = io.StringIO()
    report = JsonLinesReport(stream)
    for event in events:
        report(event)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_event_is_a_line_with_the_keys_of_its_type():
    found = lines(whole())
    assert len(found) == len(whole())
    assert {each["type"] for each in found} == set(KEYS)
    for each in found:
        assert set(each) == KEYS[each["type"]]


def test_the_first_line_names_the_schema_and_times_are_iso():
    first = lines(whole())[0]
    assert (first["schema"], first["at"]) == (1, NOON.isoformat())


def test_a_summary_is_counters_by_name():
    checkpoint = as_data(case("e5", "scim", GOOD)[2])
    assert checkpoint["seen"]["users"] == {
        "impacted": 5,
        "success": 0,
        "unsynced": 5,
        "partially_synced": 0,
        "failed": 0,
    }
    assert as_data(case("e5", "scim", None)[2])["seen"] is None


def test_steps_and_expectations_are_told_in_words_and_as_values():
    _, step, checkpoint, _ = map(as_data, case("e5", "scim", GOOD))
    assert (step["words"], step["step"]) == ("sync", "apply")
    assert checkpoint["expected"][1] == "no request user.create"
    assert checkpoint["counters"]["users.unsynced"] == [5]
    assert (checkpoint["said"], checkpoint["warnings"]) == (("warning: many groups",), ("many groups",))


def test_a_finding_is_told_in_full():
    finding = json.loads(json.dumps(as_data(case("e5", "scim", GOOD, FINDING)[3])))["findings"][0]
    assert finding["check"] == FINDING.check
    assert finding["exchanges"] == [3, 7]
    assert finding["severity"] == "fault"
    assert finding["fix"] == FINDING.fix


def test_lines_are_there_while_the_run_goes_on(tmp_path):
    file = tmp_path / "run.jsonl"
    report = JsonLinesReport(file.open("w", encoding="utf-8"))
    report(whole()[0])
    assert file.read_text().endswith("}\n")
    report.close()


def test_any_text_is_one_line_of_ascii():
    stream = io.StringIO()
    JsonLinesReport(stream)(case("e5", "scim", None, reason="a\nb\u2028\ud800é")[3])
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().isascii()
