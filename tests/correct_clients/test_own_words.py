"""What a client says or maps beyond the contract is its own affair, and nothing is held against it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.adapters.python_object import ObjectChannel
from provcheck.harness.adapters.rpc_client import RpcClient
from provcheck.harness.contract import EVERYTHING, Description
from provcheck.harness.model import CaseFinished, Connection, Counters, Event, Rule, SyncSummary
from provcheck.harness.run import cases, run

WITHOUT_RULES = Description("own mapping", "", EVERYTHING.capabilities - {"rules"})


class Unnamed(ReferenceAdapter):
    """A client with a mapping of its own, which knows no display names."""

    def __init__(self, connection: Connection, rule: Rule, *more: Any) -> None:
        super().__init__(connection, self._own(rule), *more)

    def configure(self, connection: Connection, rule: Rule) -> None:
        super().configure(connection, self._own(rule))

    @staticmethod
    def _own(rule: Rule) -> Rule:
        return replace(rule, mapping={word: each for word, each in rule.mapping.items() if word != "displayName"})


@pytest.mark.parametrize(("offers", "accused"), [(WITHOUT_RULES, False), (EVERYTHING, True)])
def test_a_client_that_offers_no_rules_is_not_held_to_the_mapping(offers: Description, accused: bool) -> None:
    ended: list[Event] = []
    run(cases(["scim+"], level="documented"), listeners=[ended.append], make_client=Unnamed, offers=offers)
    finished = [each for each in ended if isinstance(each, CaseFinished)]
    found = {each.scenario: each.findings or each.reason for each in finished if each.verdict in ("findings", "error")}
    assert bool(found) is accused, found
    assert accused or sum(each.verdict == "holds" for each in finished) > len(finished) // 2


class Chatty:
    """Its summary has a counter and a member that the contract does not know."""

    def describe(self, **asked: Any) -> dict[str, Any]:
        return {"contract": 1, "name": "chatty", "capabilities": ["summary"], "colour": "red"}

    def configure(self, **asked: Any) -> dict[str, Any]:
        return {"took_ms": 3}

    def summary(self, **asked: Any) -> dict[str, Any]:
        counters = {"impacted": 2, "success": 2, "unsynced": 0, "partially_synced": 0, "failed": 0, "renamed": 1}
        return {"summary": {"users": counters, "groups": None, "devices": counters}, "at": "now"}


def test_what_a_summary_says_beyond_the_contract_is_ignored() -> None:
    client = RpcClient(ObjectChannel(Chatty, timeout=60), tell=lambda sign: None)
    assert client.describe().name == "chatty"
    client.configure(Connection(kind="scim", name="", base_url=""), Rule())
    assert client.summary() == SyncSummary(Counters(2, 2))
