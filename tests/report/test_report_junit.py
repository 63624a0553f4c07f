"""The JUnit report: accepted by a strict grammar, whatever the text in it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provcheck.harness.report import JUnitReport
from tests.report.junit_schema import faults
from tests.report.recorded_run import BAD, E5, E6, FINDING, NOON, RunStarted, case, lacking, whole


class _Kept(BytesIO):
    def close(self) -> None:
        """What was written can still be read."""


def written(events) -> bytes:
    stream = _Kept()
    report = JUnitReport(stream)
    for event in events:
        report(event)
    report.close()
    return stream.getvalue()


def test_a_run_with_every_verdict_is_accepted():
    assert faults(written(whole())) == []


@pytest.mark.parametrize(
    "old, new",
    [
        (b'tests="2"', b'tests="3"'),
        (b'id="1"', b'id="2"'),
        (b"T12:00:00", b"T12:00:00+00:00"),
        (b'hostname="localhost" ', b""),
        (b"<skipped ", b"<system-err /><skipped "),
        (b'type="error"', b'kind="error"'),
        (b"<failure ", b"<failure message='' type='x' /><failure "),
        (b"<system-err />", b""),
        (b'time="0.250"', b'time="soon"'),
        (b'<testcase name="', b'<testcase name=" '),
    ],
)
def test_the_grammar_is_strict(old, new):
    document = written(whole())
    assert old in document
    assert faults(document.replace(old, new, 1))


def test_suites_are_profiles_and_cases_are_scenarios():
    root = ET.fromstring(written(whole()))
    assert [suite.get("name") for suite in root] == ["scim", "slack"]
    assert [case.get("name") for case in root.iter("testcase")] == [E5, E6, E5, E6]


def test_a_case_has_one_failure_that_says_all_the_strongest_finding_first():
    (failure,) = ET.fromstring(written(whole())).iter("failure")
    assert failure.get("type") == "counter_as_expected"
    assert failure.get("message") == "users.failed: expected 0, seen 5 (and 1 more finding)"
    assert FINDING.source in failure.text
    assert "exchanges: 3, 7" in failure.text
    assert "waits (warning)" in failure.text
    assert "to mend it: " in failure.text


def test_skipped_and_error_say_why():
    root = ET.fromstring(written(whole()))
    assert root.find(".//skipped").get("message") == "the client cannot update"
    assert root.find(".//error").get("message") == "KeyError: 'id'"


def test_a_suite_says_what_each_capability_unlocks():
    root = ET.fromstring(written(lacking()))
    told = {each.get("name"): each.get("value") for each in root.iter("property")}
    assert told["unlocked by update"] == "1 case, 1 more together with others"
    assert told["unlocked by rename_user"] == "1 case, together with others"
    assert faults(written(lacking())) == []


def test_every_case_has_its_history_and_a_failed_one_its_findings():
    root = ET.fromstring(written(whole()))
    for text in (root.find(".//system-out").text, root.find(".//failure").text):
        assert "1. sync" in text
        assert "seen users.impacted 5" in text
        assert "said warning: many groups" in text


def test_a_run_that_was_broken_off_leaves_a_document_with_an_error():
    document = written(whole()[:3])
    assert faults(document) == []
    assert b"broken off" in document


def test_no_event_at_all_is_a_document_too():
    assert faults(written([])) == []


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_well_formed(text):
    finding = replace(FINDING, rule=text, entity=text, seen=text)
    events = [RunStarted(NOON, text, 2), *case("e5", "slack", BAD, finding), *case("e6", "slack", None, reason=text)]
    if not text:
        events = events[:5]
    assert faults(written(events)) == []
