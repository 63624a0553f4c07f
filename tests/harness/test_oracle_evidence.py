"""What shows a finding: the exchanges named, their neighbours, and what a counter is about; never too much."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.model import CaseFinished, Finding
from provcheck.harness.oracle.evidence import AT_MOST, BODY, FOR_EACH, evidence
from provcheck.harness.run import cases, run


def entry(seq: int, operation: str = "user.create", *names: str, **changes):
    """An exchange as the journal tells it."""
    intent = {"operation": operation, "kind": "User", "id": f"id-{seq}", "names": list(names), "applied": True}
    reads = operation.endswith((".list", ".get"))
    return {
        "seq": seq,
        "at": "2026-01-01T00:00:00+00:00",
        "method": "GET" if reads else "POST",
        "path": "/Users",
        "query": "",
        "operation": operation,
        "names": list(names),
        "intents": [intent],
        "status": 200,
        "applied": "none" if reads else "yes",
        "answer": "complete",
        "faults": [],
        "refused_by": None,
        "request": {"headers": {"Authorization": "Bearer secret"}, "body": "{}"},
        "response": {"headers": {}, "body": "{}"},
    } | changes


def finding(entity: str, *exchanges: int) -> Finding:
    section = entity.partition(".")[0] if "." in entity else ""
    return Finding("check", "rule", entity, "0", "1", "source", exchanges, section=section)


def shown(journal, *findings: Finding) -> list[int]:
    return [each.seq for each in evidence(journal, findings)]


def test_a_named_exchange_is_shown_with_its_neighbours():
    journal = [entry(seq) for seq in range(1, 10)]
    found = evidence(journal, [finding("ada", 5)])
    assert [each.seq for each in found] == [4, 5, 6]


@pytest.mark.parametrize(
    "entity, seqs", [("users.failed", [3, 4]), ("groups.failed", [5, 6]), ("ada", [3]), ("ID-6", [6]), ("nobody", [])]
)
def test_a_finding_that_names_none_is_shown_by_what_it_is_about(entity, seqs):
    journal = [
        entry(1, "discovery"),
        entry(2, "user.list", "ada"),
        entry(3, "user.create", "ada"),
        entry(4, "user.create", "ben", status=409, applied="no"),
        entry(5, "group.create", "Red"),
        entry(6, "member.add", "Red"),
    ]
    beside = {near for seq in seqs for near in (seq - 1, seq, seq + 1) if 1 <= near <= 6}
    assert shown(journal, finding(entity)) == sorted(beside)


def test_readings_are_shown_when_nothing_was_written():
    found = evidence([entry(1, "user.list", "ada")], [finding("users.unsynced")])
    assert [(each.seq, each.telling) for each in found] == [(1, False)]


def test_what_went_wrong_or_wrote_or_is_named_is_telling():
    journal = [entry(1, "user.list"), entry(2, "user.list"), entry(3), entry(4, "user.list", status=None)]
    found = evidence(journal, [finding("ada", 2, 3)])
    assert [each.telling for each in found] == [False, True, True, True]


def test_many_exchanges_of_many_findings_stay_few():
    journal = [entry(seq) for seq in range(1, 1001)]
    assert len(shown(journal, finding("ada", *range(1, 1001)))) <= FOR_EACH + 3
    assert 1000 in shown(journal, finding("ada", *range(1, 1001)))
    many = [finding(f"u{n}", n * 10) for n in range(1, 100)]
    assert len(shown(journal, *many)) == AT_MOST


def test_a_long_body_is_cut_and_headers_are_left_out():
    (found,) = evidence([entry(1, request={"headers": {"X": "y"}, "body": "x" * 9999})], [finding("ada", 1)])
    assert len(found.request) < BODY + 5
    assert found.request.endswith("…")
    assert "secret" not in repr(found)


def test_numbers_that_are_not_in_the_journal_are_passed_over():
    assert shown([entry(7)], finding("ada", 3)) == []


class CountsWithheldAsFailed(ReferenceAdapter):
    """A client with one mistake."""

    def summary(self):
        """The summary, with Unsynced users counted as Failed."""
        summary = super().summary()
        return replace(summary, users=replace(summary.users, failed=summary.users.unsynced, unsynced=0))


def finished(**options) -> CaseFinished:
    heard = []
    run(cases(["github_emu"], ["e5*"]), listeners=[heard.append], **options)
    (end,) = (event for event in heard if isinstance(event, CaseFinished))
    return end


def test_a_case_that_holds_carries_none():
    assert finished().exchanges == ()


def test_a_case_with_findings_carries_what_shows_them():
    exchanges = finished(make_client=CountsWithheldAsFailed).exchanges
    assert exchanges
    assert {each.method for each in exchanges} == {"GET"}


def test_a_counter_that_the_scenario_prints_is_not_judged_a_second_time():
    found = finished(make_client=CountsWithheldAsFailed).findings
    assert "counter_as_expected" in {each.check for each in found}
    assert "counter_as_derived" not in {each.check for each in found}
