"""The linter on the reference client, in every scenario on every target: no error, and few warnings."""

from __future__ import annotations

from provcheck.harness import vendors
from provcheck.harness.model.event import CaseFinished, RequestsLinted
from provcheck.harness.run import cases, run
from tests.reference_runs import on_every_scim_configuration, reference_runs


@on_every_scim_configuration
def test_the_linter_finds_no_error_in_what_the_reference_client_sends(configuration):
    found = {}
    for each in reference_runs(configuration):
        for finding in vendors.linter().lint(each.journal, target=each.case.configuration.target):
            if finding.rule.severity == "error":
                found.setdefault(finding.rule.id, finding)
    assert found == {}


def test_findings_of_the_linter_are_told_and_decide_no_verdict():
    events = []

    def always(target, journal):
        return vendors.linter().warnings(target, [{**entry, "path": "//Users"} for entry in journal])

    end = run(cases(["scim"], ["e5*"]), listeners=[events.append], inspect=always)
    linted = next(event for event in events if isinstance(event, RequestsLinted))
    assert (end.findings, end.errors) == (0, 0)
    assert any(finding.check == "SCIM112" and finding.severity == "warning" for finding in linted.findings)
    assert next(event for event in events if isinstance(event, CaseFinished)).findings == ()


def test_without_an_inspector_nothing_is_linted():
    events = []
    run(cases(["scim"], ["e5*"]), listeners=[events.append])
    assert not [event for event in events if isinstance(event, RequestsLinted)]
