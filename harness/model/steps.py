"""The steps of a scenario. Outbound changes are written at once, so every Apply is followed by a checkpoint.

Source: pingone, Sync status: for outbound provisioning, changes occur in real time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provcheck.harness.model.edits import Edit
from provcheck.harness.model.external_change import ExternalChanges
from provcheck.harness.model.faultspec import FaultSpec


@dataclass(frozen=True, slots=True)
class Apply:
    """The source changes, all edits at once, and the client syncs the target. Without edits: a plain run."""

    edits: tuple[Edit, ...] = ()

    def describe(self) -> str:
        """The step in words."""
        return "; ".join(edit.describe() for edit in self.edits) + ("; sync" if self.edits else "sync")


@dataclass(frozen=True, slots=True)
class Resync:
    """A Full Resync: every entity is evaluated as if it were new."""

    def describe(self) -> str:
        """The step in words."""
        return "Full Resync"


@dataclass(frozen=True, slots=True)
class Configure:
    """The connection changes, by the names of Connection's fields. This alone writes nothing."""

    changes: Mapping[str, Any]

    def describe(self) -> str:
        """The step in words."""
        return "the connection changes: " + ", ".join(f"{k} = {_plain(v)}" for k, v in self.changes.items())


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """The rule changes, by the names of Rule's fields; the client is notified, and syncs the target."""

    changes: Mapping[str, Any]

    def describe(self) -> str:
        """The step in words."""
        return "the rule changes: " + ", ".join(f"{k} = {_plain(v)}" for k, v in self.changes.items())


@dataclass(frozen=True, slots=True)
class SetFlags:
    """Flags of the target are set; the client is not notified."""

    flags: Mapping[str, object]

    def describe(self) -> str:
        """The step in words."""
        return "at the target: " + ", ".join(f"{k} = {_plain(v)}" for k, v in self.flags.items())


@dataclass(frozen=True, slots=True)
class ArmFaults:
    """Faults are armed at the target."""

    faults: tuple[FaultSpec, ...]

    def describe(self) -> str:
        """The step in words."""
        return "at the target: " + "; ".join(fault.describe() for fault in self.faults)


@dataclass(frozen=True, slots=True)
class ClearFaults:
    """All faults are removed."""

    def describe(self) -> str:
        """The step in words."""
        return "the target works again"


@dataclass(frozen=True, slots=True)
class Restart:
    """The client ends and starts again; what it had stored, it still knows."""

    def describe(self) -> str:
        """The step in words."""
        return "the client is restarted"


Step = Apply | Resync | Configure | ChangeRule | SetFlags | ArmFaults | ClearFaults | ExternalChanges | Restart


def _plain(value: object) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
