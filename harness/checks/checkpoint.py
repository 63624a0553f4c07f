"""A checkpoint: the end of a step's run. Everything that a check may look at stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from provcheck.harness.model import After, AuditRecord, Counters, SyncStatus, SyncSummary
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle import Expected, Journal, Observation, Observed
from provcheck.harness.oracle.observed import Snapshot
from provcheck.harness.oracle.run_history import Evidence

Phase = Literal["scenario", "refusal", "watch", "disruption", "recovery", "convergence", "repeated"]
"""Where a checkpoint stands.

`scenario`: after a step of a named scenario; `refusal`: after one that cannot be synced, because the rule must be
refused or the source must not be believed. `watch`: what a watched client did so far. Generated scenarios:
`disruption` while faults and edits go on, then `recovery` after an incremental run with a target that works again,
`convergence` after a Full Resync, `repeated` after a second one.
"""
NAMED: tuple[Phase, ...] = ("scenario", "refusal")
GENERATED: tuple[Phase, ...] = ("disruption", "recovery", "convergence", "repeated")
RESYNCED: tuple[Phase, ...] = ("convergence", "repeated")
EVERYWHERE: tuple[Phase, ...] = ("scenario", "watch", *GENERATED)
"""The phases of a check that does not say otherwise: what must be refused is judged by what is said about it alone."""
PHASES: tuple[Phase, ...] = (*NAMED, "watch", *GENERATED)

DECIDED = "decided"
"""What a check may need beside capabilities of the client: target and journal alone tell how every entity stands."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The client ended a step with an error that it should have dealt with, or (`of_contract`) broke the contract."""

    message: str
    of_contract: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is left of a watched client's errors: who or what failed in the end, how, and the exchange that shows it.

    `left_behind`: a leaver whose account could not be removed, who is in no counter.
    """

    entity: str
    section: Section
    seen: str
    seq: int
    left_behind: bool = False

    def describe(self) -> str:
        """The trouble in words."""
        return f"{'left behind' if self.left_behind else 'failed'}: {self.entity}: {self.seen}"


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What is to be judged; None: there is no such fact here.

    `summary` is what the client shows: None where the rule is disabled, or the client shows none at all (`offers` says
    which capabilities it has). `held` is what the target held before the step. `refused` is the error with which it
    refused the step. `recent` is the journal since connection or rule last changed (what was sent earlier is judged by
    the switches of that time), `here` since the last checkpoint that expects something, `lately` since the last
    checkpoint. `expectation` is the scenario's own, `derived` what the formal reading gives for every counter
    (`derives`: that is asserted as well), `implied` what target and journal say about the counters of a client that was
    watched, `troubles` whom its errors left. `most_requests` is how many requests the scenario allows for a step.
    `source` is where the scenario is documented. `fresh_audit` are the records since the last checkpoint, which was at
    `since`; it is `now`. `secrets` are the credentials that the client was given.
    """

    phase: Phase = "scenario"
    number: int = 0
    source: str = ""
    summary: SyncSummary | None = None
    observation: Observation | None = None
    held: Snapshot | None = None
    recent: Journal = field(default_factory=Journal)
    here: Journal = field(default_factory=Journal)
    lately: Journal = field(default_factory=Journal)
    expectation: After | None = None
    derived: Expected | None = None
    derives: bool = True
    implied: Observed | None = None
    troubles: tuple[Trouble, ...] = ()
    evidence: Evidence | None = None
    failure: Failure | None = None
    refused: str | None = None
    orphans: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    audit: tuple[AuditRecord, ...] = ()
    fresh_audit: tuple[AuditRecord, ...] = ()
    status: SyncStatus | None = None
    now: datetime | None = None
    since: datetime | None = None
    secrets: tuple[str, ...] = ()
    offers: Callable[[str], bool] = lambda capability: True
    decided: bool = True
    most_requests: int | None = None

    def has(self, need: str) -> bool:
        """Whether there is what a check needs: a capability of the client, or DECIDED."""
        return self.decided if need == DECIDED else self.offers(need)

    @cached_property
    def users(self) -> Counters | None:
        """The user counters, while the rule is enabled and target and journal show the state of every user."""
        seen = self.observation
        if self.summary is None or seen is None or not seen.rule.enabled:
            return None
        return None if any(map(seen.unseen_user, seen.scope.values())) else self.summary.users

    @cached_property
    def groups(self) -> Counters | None:
        """The group counters, where the summary has any and target and journal show the state of every group."""
        seen = self.observation
        if self.summary is None or seen is None:
            return None
        takes = seen.rule.enabled and seen.connection.supports_groups
        impacted = seen.rule.impacted_groups(seen.population) if takes else ()
        return None if any(map(seen.unseen_group, impacted)) else self.summary.groups
