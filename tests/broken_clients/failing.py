"""For each scenario a broken client that fails it.

Most scenarios are named by the broken client that they were written for (`Caught`). Who fails the others is searched
for once and kept in `failing.json`; the tests play only the pairs named there. `python -m tests.broken_clients
--scenarios` searches again for what is missing, which takes minutes where many are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from provcheck.harness import scenarios
from provcheck.harness.run import cases

from . import catalogue
from .breaking import BrokenClient
from .proof import Place, case_of, played

FILE = Path(__file__).with_name("failing.json")
BLUNT = frozenset(
    {
        "counts-memberships",
        "counts-operations",
        "keeps-the-first-last-sync",
        "lists-everybody-for-each-user",
        "names-members-twice",
        "says-nothing-and-creates-nobody",
        "shows-no-groups",
        "stamps-records-when-it-started",
        "success-takes-a-resync",
        "swaps-source-and-target",
        "tells-numbers-as-text",
    }
)
"""Broken clients that fail nearly every scenario: they say nothing about one of them."""
UNFAILED: Mapping[str, str] = {
    "fault-concurrency-limit": "only a client with more than four requests on their way at a time meets the limit",
}
"""Scenarios that no broken client fails, and why."""


def unnamed() -> list[str]:
    """The scenarios that no broken client names."""
    named = {caught.scenario for client in catalogue.all().values() for caught in client.caught}
    return [each.name for each in scenarios.all() if each.name not in named and each.name not in UNFAILED]


def fail(client: BrokenClient, names: Iterable[str]) -> list[str]:
    """Those of these scenarios in which a broken client has findings, each on one target."""
    verdicts = played((case_of(_place(name)) for name in names), client)
    return [scenario for (scenario, _), verdict in verdicts.items() if verdict.findings]


def _place(name: str) -> Place:
    found = [case.configuration.id for case in (cases(None, [name]) or cases(["scim+*"], [name]))]
    return name, "scim" if "scim" in found else found[0]


def find_out() -> dict[str, str]:
    """Scenario -> who fails it: the client that fails the fewest of those searched for. Takes minutes."""
    by_client: dict[str, list[str]] = {}
    for name, client in told().items():
        by_client.setdefault(client, []).append(name)
    known, lacking = catalogue.all(), unnamed()
    kept = {
        scenario: client
        for client, names in by_client.items()
        if client in known
        for scenario in fail(known[client], (name for name in names if name in lacking))
    }
    lacking = [name for name in lacking if name not in kept]
    failed = {name: fail(client, lacking) for name, client in known.items() if lacking and name not in BLUNT}
    count = Counter({name: len(places) for name, places in failed.items()})
    for scenario in lacking:
        who = [name for name, places in failed.items() if scenario in places]
        if who:
            kept[scenario] = min(who, key=lambda name: count[name])
    return dict(sorted(kept.items()))


def told() -> dict[str, str]:
    """What was found out the last time."""
    content: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    return content
