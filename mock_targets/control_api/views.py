"""The handlers of the control routes: each takes an `Ask` and returns status and body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from provcheck.mock_targets.control_api.problem import Problem
from provcheck.mock_targets.faults import catalog as faults
from provcheck.mock_targets.journal.har import as_har
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.target import seeding as seeds
from provcheck.mock_targets.target.target import Target

Reply = tuple[int, Any]
"""Status, and JSON-ready body or None."""

JOURNAL_PAGE = 1000
"""Maximum number of exchanges in one response."""


class Tenants(Protocol):
    """The tenants of an environment."""

    @property
    def max_tenants(self) -> int:
        """How many there can be."""

    def tenant_names(self) -> list[str]:
        """Their names."""

    def remove_tenant(self, name: str) -> bool:
        """Forget one; False if there is none of this name."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to the control API. `url` is where the API is reached."""

    targets: Mapping[str, Target]
    named: Target | None
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    url: str
    tenants: Tenants | None = None
    """None in the control API of a tenant, which knows no others."""

    @property
    def target(self) -> Target:
        """The target that the path names."""
        if self.named is None:
            raise Problem(404, "the path names no target")
        return self.named

    def number(self, name: str, default: int, most: int) -> int:
        """An integer from the query. Raises Problem."""
        text = self.query.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise Problem(422, f"{name} must be an integer, not {text[:40]!r}")
        return min(int(text), most)


def health(ask: Ask) -> Reply:
    """Liveness check."""
    del ask
    return 200, {"status": "ok"}


def list_targets(ask: Ask) -> Reply:
    """All targets in short."""
    return 200, {"targets": [_short(target) for target in ask.targets.values()]}


def describe_target(ask: Ask) -> Reply:
    """One target with its flags."""
    spec = ask.target.spec
    return 200, {
        **_short(ask.target),
        "flags": ask.target.flags.describe(),
        "memory": _memory(ask.target),
        "profiles": {name: dict(values) for name, values in spec.profiles.items()},
        "profile_faults": {name: [dict(each) for each in several] for name, several in spec.profile_faults.items()},
    }


def _memory(target: Target) -> dict[str, int]:
    """What the journal of a target holds, and what all journals and cursors of the server hold and may hold."""
    budgets = target.budgets
    return {"journal_bytes": target.journal.bytes_held, "bytes_of_all": budgets.bytes_held, "byte_limit": budgets.limit}


def change_flags(ask: Ask) -> Reply:
    """Set flags, all or none; a profile is applied first, with its faults."""
    values = dict(ask.body)
    profile = values.pop("profile", None)
    if profile is not None and not isinstance(profile, str):
        raise Problem(422, "profile must be the name of a profile")
    chosen = ask.target.spec.profile(profile) if profile is not None else {}
    ask.target.flags.set({**chosen, **values})
    if profile is not None:
        ask.target.arm_profile(profile)
    return 200, {"flags": ask.target.flags.values()}


def seed(ask: Ask) -> Reply:
    """Add users and groups, all or none."""
    return 200, seeds.seed(ask.target, ask.body)


def snapshot(ask: Ask) -> Reply:
    """All resources of the target, in core attributes."""
    return 200, seeds.snapshot(ask.target)


def journal(ask: Ask) -> Reply:
    """The exchanges after a number."""
    ask.target.deferred.settle()
    kept = _exchanges(ask)
    form = ask.query.get("format", "json")
    if form not in ("json", "har"):
        raise Problem(422, f"format must be json or har, not {form[:40]!r}")
    if form == "har":
        return 200, as_har(kept, ask.target.base_url)
    return 200, {
        "target": ask.target.name,
        "exchanges": [exchange.as_dict() for exchange in kept],
        "next": kept[-1].seq if kept else ask.number("since", 0, 2**53),
        "last_seq": ask.target.journal.last_seq,
        "ended_by_reset": list(ask.target.journal.ended_by_reset),
    }


def journal_har(ask: Ask) -> Reply:
    """The same as an HTTP Archive."""
    return 200, as_har(_exchanges(ask), ask.target.base_url)


def count_exchanges(ask: Ask) -> Reply:
    """How many exchanges meet all criteria."""
    return 200, ask.target.count(ask.body).as_dict()


def arm_fault(ask: Ask) -> Reply:
    """Arm a fault: described by its fields, or a named one."""
    plan = ask.target.faults
    return 201, plan.described(plan.arm(faults.read(ask.body)))


def list_catalogue(ask: Ask) -> Reply:
    """All named faults."""
    del ask
    return 200, {"faults": [_named(each) for each in faults.CATALOGUE.values()]}


def list_faults(ask: Ask) -> Reply:
    """All armed faults, and how often each fired."""
    return 200, {"faults": ask.target.faults.describe()}


def clear_faults(ask: Ask) -> Reply:
    """Remove all faults."""
    ask.target.faults.clear()
    return 204, None


def remove_fault(ask: Ask) -> Reply:
    """Remove one fault."""
    if not ask.target.faults.disarm(ask.params["fault"]):
        raise Problem(404, f"there is no fault {ask.params['fault']!r}")
    return 204, None


def reset_target(ask: Ask) -> Reply:
    """Reset one target."""
    ask.target.reset()
    return 204, None


def reset_all(ask: Ask) -> Reply:
    """Reset all targets."""
    for target in ask.targets.values():
        target.reset()
    return 204, None


def list_tenants(ask: Ask) -> Reply:
    """The tenants, and how many there can be."""
    names = ask.tenants.tenant_names() if ask.tenants else []
    return 200, {"tenants": names, "count": len(names), "limit": ask.tenants.max_tenants if ask.tenants else 0}


def delete_tenant(ask: Ask) -> Reply:
    """Forget one tenant."""
    if ask.tenants is None or not ask.tenants.remove_tenant(ask.params["tenant"]):
        raise Problem(404, f"there is no tenant {ask.params['tenant']!r}")
    return 204, None


def _named(fault: faults.NamedFault) -> dict[str, Any]:
    words = ("name", "tier", "doc", "applied", "seen", "client", "counter")
    return {**{word: getattr(fault, word) for word in words}, "description": dict(fault.description)}


def _short(target: Target) -> dict[str, Any]:
    return {
        "name": target.name,
        "title": target.spec.title,
        "source": target.spec.source,
        "base_url": next(iter(target.urls().values())),
        "urls": target.urls(),
        "token": target.token,
        "oauth": oauth_access(target),
        "sample_path": target.spec.sample_path,
    }


def oauth_access(target: Target) -> dict[str, str] | None:
    """What an OAuth 2 client is configured with; None if no API of the target issues tokens."""
    if target.token_url is None:
        return None
    client = target.tokens
    return {"token_url": target.token_url, "client_id": client.client_id, "client_secret": client.client_secret}


def _exchanges(ask: Ask) -> list[Exchange]:
    kept = ask.target.journal.since(ask.number("since", 0, 2**53))
    return kept[: ask.number("limit", JOURNAL_PAGE, JOURNAL_PAGE)]
