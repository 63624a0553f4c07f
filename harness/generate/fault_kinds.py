"""The kinds of faults that are drawn for trials, with the operations that each can strike.

The name of a kind is the fault's name in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provcheck.harness.model import FaultSpec

EVERYWHERE = (
    "*",
    "user.*",
    "user.create",
    "user.create",
    "user.update",
    "user.disable",
    "user.delete",
    "user.list",
    "user.get",
    "group.*",
    "group.create",
    "group.list",
    "group.get",
    "group.update",
    "group.delete",
    "member.add",
    "member.remove",
)
WRITES = ("user.create", "user.update", "group.create", "group.update", "member.add", "member.remove", "user.delete")


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A way in which a target fails.

    `passes`: a client recovers by trying again, within the same run or in the next. `named`: the effect is that of the
    mock targets' named fault of the same name.
    """

    effect: Mapping[str, Any]
    operations: tuple[str, ...] = EVERYWHERE
    passes: bool = field(default=True, kw_only=True)
    named: bool = field(default=False, kw_only=True)

    def fault(self, name: str, operation: str, entity: str | None, times: int | None, skip: int) -> FaultSpec:
        """Return a fault of this kind; `times` None means that it strikes without end."""
        if not self.named:
            return FaultSpec(operation, entity, times=times, skip=skip, name=name, **self.effect)
        return FaultSpec(operation, entity, name=name, fault=name, parameters={"times": times, "skip": skip})


def _named(*operations: str, passes: bool = True) -> FaultKind:
    """A kind whose effect is the named fault of the mock targets."""
    return FaultKind({}, operations or EVERYWHERE, passes=passes, named=True)


KINDS: Mapping[str, FaultKind] = {
    "limited_for_seconds": FaultKind({"status": 429, "headers": {"Retry-After": "7"}}),
    "limited_without_a_time": FaultKind({"status": 429}),
    "server_error": FaultKind({"status": 500}),
    "bad_gateway": FaultKind({"status": 502}),
    "unavailable_for_seconds": FaultKind({"status": 503, "headers": {"Retry-After": "2"}}),
    "error_after_the_change": FaultKind({"status": 500, "moment": "after"}, WRITES),
    "timeout_after_the_change": FaultKind({"status": 504, "moment": "after"}, WRITES),
    "lost_request": FaultKind({"loses_answer": True}),
    "lost_answer": FaultKind({"loses_answer": True, "moment": "after"}),
    "hangs_after_the_change": FaultKind({"delay": 90.0, "moment": "after"}, WRITES),
    "conflict_though_free": FaultKind({"status": 409}, ("user.create", "group.create"), passes=False),
    "conflict_after_the_change": FaultKind({"status": 409, "moment": "after"}, ("user.create", "group.create")),
    "forbidden": FaultKind({"status": 403}, passes=False),
    "bad_request": FaultKind({"status": 400}, WRITES, passes=False),
    "seems_gone": FaultKind({"status": 404}, ("member.add", "member.remove"), passes=False),
    "credentials_refused": FaultKind({"status": 401}),
    "rate.retry_after_date": _named(),
    "error.transient_as_4xx_or_500": _named("*"),
    "http.502_html": _named(),
    "conn.reset": _named(*WRITES, "user.list", "group.list"),
    "conn.reset_midway": _named("*", "user.*", "group.*"),
    "conn.dribble": _named("*"),
    "body.truncated_json": _named("user.create", "group.create", "user.update"),
    "body.missing_id": _named("user.create", "group.create"),
    "response.no_echo": _named("user.create", "user.update", "group.update"),
    "read.stale_by_id": _named("user.create", "group.create"),
    "read.stale_filter": _named("user.create", "group.create"),
    "patch.204_or_200": _named("*"),
    "header.content_type": _named("*"),
    "header.location_wrong": _named("*.create"),
    "header.content_type_refused": _named("*"),
    "group.members_dropped": _named("member.add", passes=False),
    "create.409_untyped": _named("user.create", "group.create", passes=False),
    "attr.silently_ignored": _named("user.update", passes=False),
    "license.exhausted": _named("user.create", passes=False),
    "filter.ignored": _named("user.list", passes=False),
}
"""Every kind of fault."""


def passes(fault: FaultSpec) -> bool:
    """Return True if a client recovers by trying again: it is transient and strikes a limited number of times."""
    kind = KINDS.get(fault.name)
    return budget(fault) is not None and (fault.transient if kind is None else kind.passes)


def budget(fault: FaultSpec) -> int | None:
    """Return how often a fault strikes at most; None without a limit."""
    times: int | None = fault.parameters.get("times", fault.times)
    return times
