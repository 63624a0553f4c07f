"""Real clients on real sockets, watched: what is counted from the wire, and what the linter says about each."""

from __future__ import annotations

import pytest

from provcheck.harness.model import VirtualClock
from provcheck.harness.model.event import CaseFinished, CheckpointReached
from provcheck.harness.testbed.serving import Serving, Watching
from provcheck.harness.watch import Expectations, Session
from provcheck.harness.watch.session import Wishes
from tests.watch import real_clients


class Silent:
    """A view that keeps what it is told."""

    def __init__(self):
        self.exchanges, self.findings, self.states = [], [], []

    def exchange(self, target, entry):
        self.exchanges.append(entry)

    def finding(self, target, finding):
        self.findings.append(finding)

    def state(self, target, judged):
        self.states.append(judged)

    def refresh(self):
        pass


def watched(name, client, *expected):
    """Let a client sync; what it leaves: the view, the events at the end, the lint findings."""
    with Watching(Serving(targets=(name,), id_seed=1)) as served:
        view, events = Silent(), []
        wishes = Wishes(expectations=Expectations.read(expected, targets=[name], with_source=False))
        session = Session(served.targets, wishes, view, VirtualClock(), stopped=lambda: True)
        client(served.targets[0])
        session.watch()
        session.look()
        session.finish([events.append])
        return view, events, session.findings()


CASES = [
    # A user that was erased for good is in no counter any more; one that was only turned off is.
    ("slack", real_clients.slack_sdk, "users.impacted=2,users.success=2,groups.impacted=1,groups.success=1"),
    ("github_emu", real_clients.githubkit, "users.impacted=1,users.success=1,groups.impacted=1,groups.success=1"),
    ("scim", real_clients.scim2_client, "users.impacted=1,users.success=1,groups.impacted=1,groups.success=1"),
]
FOUND = {
    "slack": {("error", "SCIM206"), ("warning", "SCIM516"), ("info", "SCIM104"), ("info", "SCIM106")},
    "github_emu": set(),
    "scim": {("info", "SCIM102"), ("info", "SCIM104")},
}


@pytest.fixture(params=CASES, ids=[case[1].__name__ for case in CASES])
def seen(request):
    name, client, expected = request.param
    return name, *watched(name, client, expected)


def test_real_clients_are_counted_and_linted(seen):
    name, view, events, findings = seen
    finished = next(event for event in events if isinstance(event, CaseFinished))
    assert finished.verdict == "holds", finished.findings
    assert len(view.exchanges) > 5
    assert view.states
    assert {(each.rule.severity, each.rule.id) for each in findings} == FOUND[name]


def test_a_wrong_expectation_is_a_finding_that_names_the_counter():
    _, events, _ = watched("slack", real_clients.slack_sdk, "users.impacted=3,slack:groups.failed=0")
    finished = next(event for event in events if isinstance(event, CaseFinished))
    assert [(each.entity, each.expected, each.seen) for each in finished.findings] == [("users.impacted", "3", "2")]
    checkpoint = next(event for event in events if isinstance(event, CheckpointReached))
    assert checkpoint.expected == ("users: Impacted 3", "groups: Failed 0")
