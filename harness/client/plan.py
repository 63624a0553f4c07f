"""What a run has to do about users: the old source (as the state remembers it) against the new one.

Accounts are given up and renamed before new ones are looked for, so that a name that is passed on
from one user to another is free when the second one asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provcheck.harness.client.state import Base, SyncState
from provcheck.harness.model.population import SourceUser
from provcheck.harness.model.rule import Rule

LARGEST_SILENT_LOSS = 1
"""A source that selects no users any more is an error if it selected more than this number before."""


class EmptySource(Exception):
    """The source lost all its users at once: rather an error of the source than the intent to remove all."""


@dataclass(slots=True)
class UserPlan:
    """Users by the action they need, each in the order of the source."""

    leaving: list[str] = field(default_factory=list)
    changing: dict[str, dict[str, Any]] = field(default_factory=dict)
    evaluating: dict[str, dict[str, Any]] = field(default_factory=dict)
    untouched: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Unchanged users, evaluated only because of a Full Resync."""

    def __len__(self) -> int:
        return len(self.leaving) + len(self.changing) + len(self.evaluating) + len(self.untouched)


def wanted(rule: Rule, user: SourceUser) -> dict[str, Any]:
    """What the target shall show of a user, in core words."""
    return {**rule.mapped(user), "active": user.active}


def plan_users(state: SyncState, rule: Rule, users: Iterable[SourceUser], *, full: bool) -> UserPlan:
    """Sort the users of a run. Raises EmptySource."""
    plan = UserPlan()
    selected: set[str] = set()
    for user in users:
        selected.add(user.id)
        _place(plan, state, user.id, wanted(rule, user), full=full)
    plan.leaving = [user_id for user_id in state.users if user_id not in selected]
    if not selected and len(plan.leaving) > LARGEST_SILENT_LOSS:
        raise EmptySource(f"the source selects nobody, after {len(plan.leaving)} users before: nothing was removed")
    return plan


def _place(plan: UserPlan, state: SyncState, user_id: str, said: dict[str, Any], *, full: bool) -> None:
    known = state.users.get(user_id)
    if known is None:
        plan.evaluating[user_id] = said
    elif known.wanted == said and not known.retry and known.base is not Base.PENDING:
        if full:
            plan.untouched[user_id] = said
    elif known.base is Base.SYNCED and not full:
        plan.changing[user_id] = said
    else:
        plan.evaluating[user_id] = said


def members_in_scope(members: Iterable[str], users: Mapping[str, Any]) -> list[str]:
    """The members of a group who are in the scope of the rule, each once, in order."""
    return [member for member in dict.fromkeys(members) if member in users]
