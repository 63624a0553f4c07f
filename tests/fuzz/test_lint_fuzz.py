"""The linter and the tally of a watch judge foreign text: no shape of JSON stops them."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from provcheck.harness.lint import Linter
from provcheck.harness.lint.rule import rule
from provcheck.harness.model import Population, VirtualClock
from provcheck.harness.report import ConsoleReport
from provcheck.harness.vendors import linter
from provcheck.harness.watch import Session
from provcheck.harness.watch.session import Wishes
from provcheck.harness.watch.tally import tally
from provcheck.harness.watch.view import Lines
from provcheck.mock_targets.clock import VirtualClock as MockClock
from provcheck.mock_targets.journal.journal import Journal
from tests.client.provisioning_rig import people
from tests.fuzz.examples import UNHURRIED, fuzzed
from tests.lint.imagined_exchange import ask, numbered

pytestmark = UNHURRIED
NAMES = (
    *("schemas", "Operations", "Resources", "members", "value", "op", "path", "emails", "primary", "active", "id"),
    *("meta", "name", "filter", "count", "startIndex", "userName", "displayName", "externalId", "attributes", "roles"),
    *("totalResults", "nextCursor", "groups", "operation", "status", "method", "bulkId", "data", "location", "version"),
    *("supported", "bulk", "patch", "maxOperations", "maxResults", "detail", "Errors", "code", "password", "type"),
)
TEXTS = st.one_of(
    st.sampled_from([*NAMES, "add", "remove", "replace", "Users", 'a eq "b"', "members[value eq", "urn:x", "2", "-1"]),
    st.text(max_size=12),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | TEXTS, inner, max_size=5),
    max_leaves=14,
)
BODIES = st.one_of(
    JSON,
    st.fixed_dictionaries({"Operations": JSON | st.lists(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4))}),
    st.fixed_dictionaries({"Resources": JSON | st.lists(JSON, max_size=3), "totalResults": JSON}),
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8),
)
PLACES = st.sampled_from(
    [
        *("GET /Users", "POST /Users", "PUT /Users/1", "PATCH /Users/1", "DELETE /Users/1", "POST /Users/.search"),
        *("POST /Groups", "PUT /Groups/g", "PATCH /Groups/g", "GET /Groups", "POST /Bulk", "GET /Schemas"),
        *("GET /ServiceProviderConfig", "GET /Me", "POST /.search", "GET /Users?filter=", "PATCH /"),
    ]
)
BASES = st.sampled_from(["/v2", "/v1", "/scim/v2/enterprises/e", "/slack/scim/v2", "/scim/v2/organizations/o"])
HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "Content-Length", "Retry-After", "ETag", "If-Match", "Accept", "Host"]),
    st.text(max_size=10) | st.sampled_from(["9" * 5000, "1e999", "application/scim+json", 'W/"1"', "\ud800"]),
    max_size=4,
)


@st.composite
def exchanges(draw: st.DrawFn) -> dict[str, Any]:
    """One entry of a journal, with any JSON as body and answer."""
    body = draw(BODIES)
    return ask(
        draw(PLACES),
        draw(st.text(max_size=10)) if draw(st.integers(0, 9)) == 0 else body,
        draw(st.sampled_from([0, 200, 201, 204, 304, 400, 401, 404, 409, 429, 500, 503])),
        draw(BODIES),
        at=draw(st.floats(0, 100)),
        headers=draw(HEADERS),
        answered=draw(HEADERS),
        base=draw(BASES),
        operation=draw(st.sampled_from(["user.list", "user.create", "group.update", "unknown"])),
    )


@fuzzed(150)
@given(st.lists(exchanges(), min_size=1, max_size=5), st.sampled_from(["", "scim", "slack", "github_emu"]))
def test_no_rule_fails_whatever_was_sent_and_answered(entries: list[dict[str, Any]], target: str) -> None:
    found = linter().lint(numbered(entries), target=target)
    assert not [each.violation.seen for each in found if each.rule.id == "SCIM000"]


@fuzzed(100)
@given(st.lists(exchanges(), min_size=1, max_size=5))
def test_a_watch_counts_whatever_was_sent_and_answered(entries: list[dict[str, Any]]) -> None:
    counted = tally(numbered(entries), {"users": [], "groups": []})
    assert counted.summary.users.impacted >= 0


ASKED = Journal(clock=MockClock()).open("GET", "/").as_dict()
"""What every entry of a journal says."""


class Arrived:
    """A target that was asked all this, and holds what it held before."""

    name, base_url, token, has_groups, membership_style = "scim", "http://127.0.0.1:1/scim/v2", "t" * 20, True, "group"

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        self._entries = entries

    def arrived(self) -> list[dict[str, Any]]:
        """Everything at the first call, then nothing."""
        entries, self._entries = self._entries, []
        return [{**ASKED, **each} for each in entries]

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """One user and one group."""
        return {"users": [{"id": "1", "userName": "ada"}], "groups": [{"id": "g", "displayName": "G", "members": []}]}


PEOPLE = people("ada", "bob")


@fuzzed(30)
@given(st.lists(exchanges(), min_size=1, max_size=5), st.sampled_from([None, PEOPLE]))
def test_a_watch_goes_on_to_its_reports_whatever_was_sent_and_answered(
    entries: list[dict[str, Any]], source: Population | None
) -> None:
    console, events = Console(file=io.StringIO(), width=80), []
    wishes = Wishes(source=source, fails=("error", "warning", "info"))
    targets: Any = [Arrived(numbered(entries))]
    session = Session(targets, wishes, Lines(console), VirtualClock(), stopped=lambda: True)
    session.watch()
    session.look()
    report = ConsoleReport(console, details="2025")
    finished = session.finish([events.append, report])
    report.close()
    assert finished.errors == 0
    assert len(events) == 6


def test_members_that_are_a_number_are_judged() -> None:
    entries = numbered(
        [
            ask("POST /Groups", {"members": 5}),
            ask("GET /Groups", None, 200, json.loads('{"Resources":[{"id":"1","members":5}]}')),
        ]
    )
    found = linter().lint(entries)
    assert "SCIM213" in {each.rule.id for each in found}
    assert "SCIM000" not in {each.rule.id for each in found}


def test_a_rule_that_fails_is_reported_as_ours_and_the_others_go_on(monkeypatch) -> None:
    @rule("SCIM999", "error", "nowhere", "nothing")
    def a_rule_fails(conversation):
        """A rule fails."""
        for x in conversation:
            yield from x.number.missing

    monkeypatch.setattr("provcheck.harness.lint.linter.RULES", (a_rule_fails, *Linter(()).rules))
    found = linter().lint(numbered([ask("POST /Groups", {"members": 5})]), target="scim")
    (ours,) = [each for each in found if each.rule.id == "SCIM000"]
    assert (ours.numbers, ours.rule.severity) == ((1,), "info")
    assert ours.violation.seen.startswith("SCIM999: AttributeError")
    assert "SCIM213" in {each.rule.id for each in found}
