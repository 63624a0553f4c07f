"""A fault as a scenario arms it, in the words of the control API of a target.

A fault with a budget (`times`) is spent some day; one without (None) stays until it is cleared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["recovers", "fails", "ignored", "exists", "exists_inactive", "twin", "gone", "stops"]
"""What becomes of an operation that a fault strikes, in the hands of a correct client, once retries are spent.

`recovers`: it is done in the end. `fails`: it ends in an error. `ignored`: the target says yes and does nothing.
`exists`, `exists_inactive`: somebody else has just made the account. `twin`: somebody else has just made a group of
the same name, and the target keeps both. `gone`: somebody else has just deleted what is meant.
`stops`: nothing more can be done in this run.
"""

CONFLICT, MISSING = 409, 404
_OURS = frozenset({"fault", "parameters", "outcome"})
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which a client is expected to try again (RFC 9110, 15.6; RFC 6585, 4)."""


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """What goes wrong, where, and how often.

    `moment` before: nothing is changed. `moment` after: the change stays, and the answer is lost or false. `entity` is
    a user name or a group name; None means any. `delay` is in seconds.

    `fault` names one of the target's catalogue; `parameters` are what is changed of it, in the words of the control
    API. `outcome` says what a correct client makes of a fault that these fields do not describe.
    """

    operation: str
    entity: str | None = None
    moment: Literal["before", "after"] = field(default="before", kw_only=True)
    times: int | None = field(default=1, kw_only=True)
    skip: int = field(default=0, kw_only=True)
    status: int | None = field(default=None, kw_only=True)
    headers: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    loses_answer: bool = field(default=False, kw_only=True)
    delay: float = field(default=0.0, kw_only=True)
    name: str = field(default="", kw_only=True)
    fault: str = field(default="", kw_only=True)
    parameters: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    outcome: Outcome | None = field(default=None, kw_only=True)

    @property
    def transient(self) -> bool:
        """Whether retrying overcomes it: it strikes a limited number of times, and its answer invites a retry."""
        if self.outcome is not None:
            return self.outcome == "recovers"
        return self.times is not None and (self.loses_answer or self.status is None or self.status in TRANSIENT)

    @property
    def passes(self) -> bool:
        """Whether its answer says that the same request may work later, however often it strikes."""
        status = self.parameters.get("status", self.status)
        return self.loses_answer or status in TRANSIENT or (status is None and not self.fault)

    @property
    def leaves_no_trace(self) -> bool:
        """Whether a client that meets it ends in the same state as one that does not, by a retry or a look-up."""
        if self.outcome is None and self.status in (CONFLICT, MISSING):
            return self.moment == "after" if self.status == CONFLICT else self.times is not None
        return self.transient

    def as_dict(self) -> dict[str, Any]:
        """The fault as the control API takes it."""
        if self.fault:
            return {"fault": self.fault, "operation": self.operation, "entity": self.entity, **self.parameters}
        own = {name: value for name, value in asdict(self).items() if name not in _OURS}
        return {**own, "headers": dict(self.headers), **self.parameters}

    def describe(self) -> str:
        """The fault in words."""
        if self.fault:
            changed = ", ".join(f"{key} {value}" for key, value in self.parameters.items())
            who = f" of {self.entity}" if self.entity else ""
            return f"{self.operation}{who}: {self.fault}{f' ({changed})' if changed else ''}"
        what = "the answer is lost" if self.loses_answer else f"answered with {self.status}"
        who = f" of {self.entity}" if self.entity else ""
        often = "every time" if self.times is None else "once" if self.times == 1 else f"{self.times} times"
        after = " although the change was made" if self.moment == "after" else ""
        return f"{self.operation}{who}: {what}{after}, {often}"
