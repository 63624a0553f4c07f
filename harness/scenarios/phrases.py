"""Short forms for what scenarios say again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provcheck.harness.model import After, Apply, Citation, FaultSpec, Given, Requests, Scenario, Step, capabilities
from provcheck.harness.model.edits import ChangeUser, Edit
from provcheck.harness.model.expectation import Acceptable
from provcheck.harness.model.external_change import ExternalChange, ExternalChanges
from provcheck.harness.model.faultspec import Outcome
from provcheck.harness.scenarios.people import user_id

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
GROUPS_PAGE = "pingone, Configuring outbound group provisioning"
STATUS_PAGE = "pingone, Viewing sync status"
FREQUENCY_PAGE = "pingone, Sync status"
RESYNC_PAGE = "pingone, Resync configurations"


def counters(impacted: int, success: Acceptable = 0, **others: Acceptable) -> dict[str, Acceptable]:
    """All five counters; those not named are 0."""
    plain: dict[str, Acceptable] = {"unsynced": 0, "partially_synced": 0, "failed": 0}
    return {"impacted": impacted, "success": success, **plain, **others}


def never(operation: str, entity: str | None = None) -> Requests:
    """No request of this operation at all."""
    return Requests(operation, entity, at_most=0)


def no_writes() -> Requests:
    """No request that would change anything."""
    return Requests("*", at_most=0, writes=True)


def change(name: str, **changes: Any) -> ChangeUser:
    """The person of this name changes."""
    return ChangeUser(user_id(name), changes)


def sync(*edits: Edit) -> Apply:
    """The source changes, and the client syncs."""
    return Apply(edits)


def out_of_band(*changes: ExternalChange) -> ExternalChanges:
    """Another party changes the target; the client is not notified."""
    return ExternalChanges(changes)


def documented(
    name: str,
    title: str,
    claim: str,
    source: Citation,
    given: Given,
    steps: Iterable[Step | After],
    needs: Iterable[str] = (),
) -> Scenario:
    """A scenario that a page of the vendor spells out."""
    return Scenario(name, title, "documented", claim, source, given, tuple(steps), needs=capabilities(*needs))


def derived(
    name: str,
    title: str,
    claim: str,
    source: Citation,
    given: Given,
    steps: Iterable[Step | After],
    needs: Iterable[str] = (),
    tags: Iterable[str] = (),
    policies: tuple[str, ...] = (),
) -> Scenario:
    """A scenario that follows from what the vendor says, or from our ruling where the vendor is silent."""
    return Scenario(
        name,
        title,
        "derived",
        claim,
        source,
        given,
        tuple(steps),
        needs=capabilities(*needs),
        tags=frozenset(tags),
        policies=policies,
    )


def ruling(page: str, text: str) -> Citation:
    """A citation of a ruling of ours: the page it extends, and what was decided."""
    return Citation(page, f"our ruling: {text}")


def strikes(
    fault: str, operation: str, entity: str | None = None, *, outcome: Outcome = "recovers", **parameters: Any
) -> FaultSpec:
    """A fault of the catalogue, with some of its parameters changed, and what a correct client makes of it."""
    return FaultSpec(
        operation,
        entity,
        fault=fault,
        outcome=outcome,
        times=parameters.get("times"),
        skip=parameters.get("skip", 0),
        parameters=parameters,
    )


def of_fault(
    fault: str,
    title: str,
    claim: str,
    given: Given,
    steps: Iterable[Step | After],
    needs: Iterable[str],
    *,
    variant: str = "",
) -> Scenario:
    """The scenario of a fault of the catalogue: `fault-` and its name, with `variant` after it."""
    name = f"fault-{fault.replace('.', '-').replace('_', '-')}{f'-{variant}' if variant else ''}"
    source = Citation("the fault catalogue", fault)
    return derived(name, title, claim, source, given, steps, needs=("create", "faults", *needs))


OFF: Mapping[str, Mapping[str, bool]] = {
    "create": {"create_users": False},
    "update": {"update_users": False},
    "disable": {"disable_users": False},
    "deprovision": {"deprovision_users": False},
}
"""A switch of the connection, turned off."""

TARGET_DENIES: Mapping[str, Mapping[str, bool]] = {
    "create": {"allows_create_users": False},
    "update": {"allows_update_users": False},
    "disable": {"allows_disable_users": False, "allows_delete_users": False},
}
"""The target's own permission, off as well: a write that arrives although the connection forbids it is refused."""
