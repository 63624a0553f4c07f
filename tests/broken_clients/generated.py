"""Which broken clients generated scenarios catch, and with which mistake each of their checks can be failed.

The search takes minutes, so its result is kept in `generated.json`, and the tests run only the scenarios named there.
`python -m tests.broken_clients --generated` searches again, which is needed when generator or checks have changed.
Only named scenarios catch mistakes about what is never drawn (external groups, too many groups, mappings, an empty
source, several accounts that match), and those that cost no more than a few requests. The modules of the catalogue that
are about nothing else are not searched for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from provcheck.harness import checks
from provcheck.harness.client import ReferenceClient
from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.connectors.interface import Account
from provcheck.harness.client.retry import Caller
from provcheck.harness.generate import Trial, play, trials
from provcheck.harness.generate.people import UNMANAGED
from provcheck.harness.model import Counters, Population, SyncSummary
from provcheck.harness.testbed import Testbed

from . import catalogue
from .breaking import BrokenClient

FILE = Path(__file__).with_name("generated.json")
SEED = "mistakes"
TARGETS = ("scim", "slack", "github_emu")
"""They are named, because a further target would change which trial is on which of them."""
WITHIN = 60
"""So many scenarios a broken client plays; it is caught in one of them, or not at all."""
FARTHEST = 600
"""So many scenarios are looked through for one that fails a given check."""


class TakesAnUnmanagedAccount(Accounts):
    """Who has no account gets somebody else's."""

    def find(self, wanted: Any) -> Account | None:
        others = ({**wanted, "userName": name, "email": f"{name}@example.com"} for name in UNMANAGED)
        return next((found for words in (wanted, *others) if (found := super(type(self), self).find(words))), None)


class NeverGivesUp(Caller):
    """What failed is tried again for ever."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.policy = replace(self.policy, tries=900, throttled_tries=900)


class CountsASecondResyncAnew(ReferenceClient):
    """A Full Resync right after another finds nobody changed, and counts nobody as a Success."""

    def run(self, population: Population, *, full: bool) -> None:
        self.resyncs = getattr(self, "resyncs", 0) + 1 if full else 0
        super().run(population, full=full)

    def summary(self) -> SyncSummary:
        told = super().summary()
        return replace(told, users=Counters(told.users.impacted)) if self.resyncs > 1 else told


MORE = {
    part.__name__: BrokenClient(part.__name__, part.__doc__ or "", intact, part, ())
    for intact, part in (
        (Accounts, TakesAnUnmanagedAccount),
        (Caller, NeverGivesUp),
        (ReferenceClient, CountsASecondResyncAnew),
    )
}
"""Mistakes made up for checks that nobody in the catalogue fails."""
FAILED_BY = {
    "strangers_are_left_alone": "TakesAnUnmanagedAccount",
    "every_run_ends": "NeverGivesUp",
    "refused_credentials_end_the_run": "takes-401-for-a-refusal",
    "a_second_resync_says_the_same": "CountsASecondResyncAnew",
    "who_could_not_be_deprovisioned_is_told": "hides-orphans",
    "who_left_a_group_is_out": "never-takes-members-out",
    "a_group_renamed_at_the_target_keeps_its_link": "knows-groups-by-name",
}
"""Who fails a check that no broken client fails as the first thing within the first scenarios."""


def clients() -> Mapping[str, BrokenClient]:
    """Every broken client that may play, by name."""
    return {**catalogue.all(), **MORE}


def caught(client: BrokenClient, drawn: Sequence[tuple[int, Trial]]) -> Iterator[tuple[int, list[str]]]:
    """The numbers of the scenarios that catch a client, with the checks that do, one after the other."""
    with Testbed(TARGETS) as testbed, client.in_place() as make_client:
        for number, trial in drawn:
            try:
                found = [each.check for each in play(trial, testbed.rewound(trial.configuration), make_client)]
            except Exception as error:
                found = [type(error).__name__]  # what a broken client lets out when it is asked for its summary
            if found:
                yield number, sorted(set(found))


def drawn(scenarios: int) -> list[tuple[int, Trial]]:
    """The first scenarios of the seed, numbered from 1."""
    return list(zip(count(1), trials(scenarios, seed=SEED, targets=TARGETS), strict=False))


def find_out(names: Sequence[str] = ()) -> dict[str, Any]:
    """Play them all: who is caught where, and what fails each check. Takes minutes.

    With names, only clients whose name contains one of them are played; about the others and about checks that were
    told of before, what was told still counts.
    """
    before = told() if names else {"caught": {}, "checks": {}}
    chosen = [name for name in catalogue.drawn() if not names or any(each in name for each in names)]
    kept = {name: at for name, at in before["caught"].items() if name in catalogue.drawn() and name not in chosen}
    firsts = {name: next(caught(catalogue.drawn()[name], drawn(WITHIN)), None) for name in chosen}
    found = kept | {name: {"scenario": at[0], "checks": at[1]} for name, at in firsts.items() if at is not None}
    known = {name: found[name] for name in catalogue.drawn() if name in found}
    missed = [name for name in catalogue.drawn() if name not in known]
    judging = [each.name for each in checks.all() if each.counts_subjects]
    failed = {name: before["checks"].get(name) or _failing(name, known) for name in judging}
    return {"seed": SEED, "within": WITHIN, "caught": known, "missed": missed, "checks": failed}


def _failing(check: str, known: Mapping[str, Any]) -> dict[str, Any]:
    for name, at in known.items():
        if check in at["checks"]:
            return {"client": name, "scenario": at["scenario"]}
    name = FAILED_BY[check]
    found = (number for number, checks in caught(clients()[name], drawn(FARTHEST)) if check in checks)
    return {"client": name, "scenario": next(found)}


def told() -> dict[str, Any]:
    """What was found out the last time."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content
