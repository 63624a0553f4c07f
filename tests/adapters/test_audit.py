"""The audit log of a client under test: who failed is named there."""

from __future__ import annotations

import pytest

from provcheck.harness.adapters import BrokenContract, ReferenceAdapter
from provcheck.harness.adapters.rpc_client import RpcClient
from provcheck.harness.model import AuditRecord, CaseFinished, Event
from provcheck.harness.run import run
from tests.adapters.client_rig import findings, one_case


class ForgetsToTell(ReferenceAdapter):
    """The reference client with an empty audit log."""

    def audit(self) -> tuple[AuditRecord, ...]:
        return ()


class Answers:
    """A channel with one answer for everything."""

    def __init__(self, answer: object) -> None:
        self.answer, self.ended = answer, False

    def call(self, method: str, params: object) -> object:
        return self.answer

    def end(self) -> None:
        self.ended = True


def test_a_failure_that_the_audit_log_does_not_name_is_a_finding() -> None:
    ended: list[CaseFinished] = []

    def listen(event: Event) -> None:
        if isinstance(event, CaseFinished):
            ended.append(event)

    run(one_case("server-errors-that-stay"), make_client=ForgetsToTell, listeners=[listen])
    found = {each.check: (each.expected, each.seen) for each in ended[0].findings}
    assert found == {
        "audit_tells_of_failures": ("1 users with a failure", "nobody"),
        "events_are_recorded": ("a record of the user: failed", "none"),
    }


def test_a_client_that_offers_no_audit_log_is_not_asked_for_one() -> None:
    assert findings("tests.adapters.object_clients:Well") == ()


def test_a_time_that_is_none_breaks_the_contract() -> None:
    record = {"at": "yesterday", "entity_kind": "user", "entity": "u", "action": "create", "outcome": "failed"}
    channel = Answers({"records": [record]})
    with pytest.raises(BrokenContract, match="the answer to audit: records"):
        RpcClient(channel, tell=lambda sign: None).audit()
    assert channel.ended
