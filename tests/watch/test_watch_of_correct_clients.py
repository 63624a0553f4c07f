"""Correct clients on real sockets, watched with the source at hand: nothing is found, and nothing is warned of."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from provcheck.harness import vendors
from provcheck.harness.adapters.python_object import ObjectChannel
from provcheck.harness.adapters.rpc_client import RpcClient
from provcheck.harness.commands.client_option import driven
from provcheck.harness.commands.watch import FAILS
from provcheck.harness.model import Population, Rule, SourceGroup, SourceUser, VirtualClock
from provcheck.harness.model.event import CaseFinished
from provcheck.harness.testbed.serving import Serving, Watching
from provcheck.harness.watch import Expectations, Session
from provcheck.harness.watch.session import Wishes
from tests.correct_clients.bulk import Bulk
from tests.correct_clients.list_and_diff import ListAndDiff
from tests.correct_clients.look_up import LookUp
from tests.watch.test_watching_real_clients import Silent

EVENT_DRIVEN = Path(__file__).parent.parent / "correct_clients" / "event_driven" / "client.mjs"
CLIENTS = (ListAndDiff, LookUp, Bulk)
TARGETS = ("scim", "slack", "github_emu")
ALONE = "users.impacted=3,users.success=3,users.failed=0,groups.impacted=1,groups.success=1,groups.failed=0"
"""Without the source, a leaver whose account was turned off is a user as any other."""


def user(name: str) -> SourceUser:
    words = {"external_id": f"x-{name}", "given_name": name.title(), "family_name": "Byron"}
    return SourceUser(name, name, email=f"{name}@example.com", display_name=name.title(), **words)


ADA, BOB, EVE = map(user, ("ada", "bob", "eve"))
FIRST = Population((ADA, BOB, EVE), (SourceGroup("staff", "staff", ("ada", "bob", "eve")),))
LAST = Population((replace(ADA, family_name="Love"), BOB), (SourceGroup("staff", "staff", ("ada", "bob")),))
"""A user was changed, and one has left."""


def python(kind):
    """Make the client of the corpus, and configure it."""

    def make(connection, rule, session, clock):
        del session, clock  # as any client outside the process, it has its own
        client = RpcClient(ObjectChannel(kind, timeout=60), tell=lambda sign: None)
        client.configure(connection, rule)
        return client

    return make


def watched(target, make, source=None):
    """Let the client sync three times; what it leaves: the view, the end, the end of the case, the lint findings."""
    with Watching(Serving(targets=(target,), id_seed=1)) as served:
        (seat,), events = served.targets, []
        words = {"supports_groups": seat.has_groups, "membership_style": seat.membership_style}
        connection = vendors.configuration(target).connect(seat.base_url, overrides={**words, "token": seat.token})
        # With the source, an expected counter would take the place of the comparison with it.
        expected = Expectations.read((ALONE,) if source is None else (), targets=[target])
        wishes = Wishes(expectations=expected, fails=FAILS["warning"], source=source)
        view = Silent()
        session = Session(served.targets, wishes, view, VirtualClock(), stopped=lambda: True)
        client = make(connection, Rule(), requests.Session(), VirtualClock())
        for population in (FIRST, LAST, LAST):
            client.apply(population)
            session.look()
        client.close()
        session.watch()
        finished = session.finish([events.append])
        (case,) = [each for each in events if isinstance(each, CaseFinished)]
        return view, finished, case, session.findings()


def accused(case, findings):
    """What is held against the client: findings of the watch, and lint errors and warnings."""
    linted = [(each.rule.id, each.violation.seen) for each in findings if each.rule.severity != "info"]
    return [(each.check, each.entity, each.expected, each.seen) for each in case.findings], linted


def assert_not_accused(target, make, source):
    view, finished, case, findings = watched(target, make, source)
    assert accused(case, findings) == ([], [])
    assert (case.verdict, finished.holds, finished.findings, finished.errors) == ("holds", 1, 0, 0)
    assert [each.rule.id for each in view.findings if each.rule.severity != "info"] == []
    users, groups = view.states[-1].summary.users, view.states[-1].summary.groups
    count = 3 if source is None else 2
    assert (users.impacted, users.success, groups.impacted, groups.success) == (count, count, 1, 1)
    assert len({each["operation"] for each in view.exchanges}) > 3


@pytest.mark.parametrize("source", [None, LAST], ids=["alone", "with-source"])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", CLIENTS, ids=lambda kind: kind.name.replace(" ", "-"))
def test_a_correct_client_that_is_watched_has_no_finding_and_no_warning(kind, target, source):
    assert_not_accused(target, python(kind), source)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize("target", TARGETS)
def test_an_event_driven_client_that_is_watched_has_no_finding_and_no_warning(target):
    with ExitStack() as end:
        assert_not_accused(target, driven(f"node {EVENT_DRIVEN}", 60, end)["make_client"], LAST)
