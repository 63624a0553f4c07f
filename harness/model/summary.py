"""The sync summary: what a provisioning client reports about a rule, and the sync status shown with it.

Counters are compared by name, never by order. They overlap in one place only: Success and Partially Synced.
Source: pingone, Viewing sync status; Outbound provisioning sync summary examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal

Direction = Literal["Outbound", "Inbound"]
Section = Literal["users", "groups"]
SECTIONS: tuple[Section, ...] = ("users", "groups")
RuleState = Literal["Active", "Inactive", "Failed"]


class SummaryHidden(Exception):
    """The rule is not enabled, so there is no summary to see (Viewing sync status: the rule must be enabled)."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The five counters of one section; each counts distinct users, or distinct groups."""

    impacted: int = 0
    success: int = 0
    unsynced: int = 0
    partially_synced: int = 0
    failed: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counters by name."""
        return {name: getattr(self, name) for name in COUNTERS}


COUNTERS: tuple[str, ...] = tuple(each.name for each in fields(Counters))
"""The names of the counters, in the order of the 2025 page."""

MEANINGS: Mapping[str, str] = {
    "impacted": "Distinct users (groups) that the rule selects; those that left the selection are in no counter.",
    "success": "Those that are at the target with everything they should have, as of the last completed attempt.",
    "unsynced": "Those without an account, for whom nothing was attempted because the client may not create one.",
    "partially_synced": "Those whose account may differ from the source: the client found a difference and may not "
    "update it. One that was synced before also stays in Success.",
    "failed": "Those whose last attempt ended in an error. A group also fails when one of its memberships does.",
}
"""What each counter means; docs/counters.md has every case."""


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """Users always; groups only where the target supports group provisioning.

    `write_back_failures` exists where changes are written back to the source of an inbound rule alone.
    """

    users: Counters
    groups: Counters | None = None
    write_back_failures: int | None = field(default=None, kw_only=True)

    def as_dict(self) -> dict[str, dict[str, int] | None]:
        """Both sections as JSON-ready data."""
        return {"users": self.users.as_dict(), "groups": None if self.groups is None else self.groups.as_dict()}

    def sections(self) -> Iterator[tuple[Section, Counters]]:
        """The sections that there are, by name."""
        yield "users", self.users
        if self.groups is not None:
            yield "groups", self.groups

    def count(self, section: Section, counter: str) -> int | None:
        """The value of a counter; None where the section does not exist."""
        counters = self.users if section == "users" else self.groups
        return None if counters is None else counters.as_dict()[counter]

    def flat(self) -> Mapping[str, int]:
        """Every counter by its full name, such as `users.impacted`."""
        groups = {} if self.groups is None else self.groups.as_dict()
        return {f"users.{k}": v for k, v in self.users.as_dict().items()} | {
            f"groups.{k}": v for k, v in groups.items()
        }


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """The status shown with the counters: the state of the rule, times of the last operations, source and target."""

    sync_status: RuleState
    last_sync: datetime | None = None
    direction: Direction = "Outbound"
    source: str = ""
    target: str = ""
    last_poll: datetime | None = field(default=None, kw_only=True)
    last_write_back: datetime | None = field(default=None, kw_only=True)
