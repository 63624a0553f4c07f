"""What must hold after a step of a scenario: counters, requests, accounts, groups, warnings.

Only what is written is asserted. A counter may be one number or a set of acceptable ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from provcheck.harness.model.summary import Section

Acceptable = int | frozenset[int]


@dataclass(frozen=True, slots=True)
class Requests:
    """How many requests arrived at the target since the previous checkpoint.

    `operation` is a name or a pattern of the journal (`user.create`, `user.*`); `writes` asks for changing requests
    alone. `entity` is a user name or group name; None means any.
    """

    operation: str
    entity: str | None = None
    at_least: int = field(default=0, kw_only=True)
    at_most: int | None = field(default=None, kw_only=True)
    writes: bool = field(default=False, kw_only=True)

    def describe(self) -> str:
        """The expectation in words."""
        kind = "request" if self.operation == "*" else f"request {self.operation}"
        what = f"{kind}{' that changes anything' if self.writes else ''}{f' for {self.entity}' if self.entity else ''}"
        if self.at_most == 0:
            return f"no {what}"
        if self.at_most == self.at_least:
            return f"exactly {self.at_least} {what}"
        upper = "" if self.at_most is None else f", at most {self.at_most}"
        return f"at least {self.at_least}{upper} {what}"


@dataclass(frozen=True, slots=True)
class RefusedBy:
    """The target refused at least one request since the previous checkpoint; the journal names one of these flags."""

    flags: tuple[str, ...]

    def describe(self) -> str:
        """The expectation in words."""
        return f"the journal names {' or '.join(self.flags)} as what refused a request"


@dataclass(frozen=True, slots=True)
class Account:
    """Accounts of this user name at the target: how many, and what they hold in core words.

    `active` None means either. An inactive account counts as one. A word that is to be None has no value. `document`
    are attributes of the account's whole document, in the target's own words; the order of a list is no matter.
    """

    user_name: str
    count: int = field(default=1, kw_only=True)
    active: bool | None = field(default=None, kw_only=True)
    holds: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    document: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    def describe(self) -> str:
        """The expectation in words."""
        state = {None: "", True: "active ", False: "inactive "}[self.active]
        holds = "".join(f", {_held(word, value)}" for word, value in (*self.holds.items(), *self.document.items()))
        return f"{'no' if self.count == 0 else self.count} {state}account {self.user_name}{holds}"


def _held(word: str, value: Any) -> str:
    return f"no {word}" if value is None else f"{word} = {value!r}"


@dataclass(frozen=True, slots=True)
class GroupAtTarget:
    """Groups of this name at the target: how many, whom they include and exclude (user names), `exactly` whom."""

    name: str
    count: int = field(default=1, kw_only=True)
    includes: tuple[str, ...] = field(default=(), kw_only=True)
    excludes: tuple[str, ...] = field(default=(), kw_only=True)
    exactly: tuple[str, ...] | None = field(default=None, kw_only=True)

    def describe(self) -> str:
        """The expectation in words."""
        parts = [f"{'no' if self.count == 0 else self.count} group {self.name}"]
        parts += [f"with {', '.join(self.includes)}"] if self.includes else []
        parts += [f"without {', '.join(self.excludes)}"] if self.excludes else []
        parts += [] if self.exactly is None else [f"with exactly {', '.join(self.exactly) or 'nobody'}"]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class HoldsBack:
    """After an answer 429 with Retry-After no request arrives before that many seconds are over (RFC 9110, 10.2.3)."""

    seconds: float

    def describe(self) -> str:
        """The expectation in words."""
        return f"no request within {self.seconds:g} s after the target asked for that pause"


@dataclass(frozen=True, slots=True)
class StopsWhenRefused:
    """After an answer 401 no request arrives, but for those that were on their way (RFC 9110, 15.5.2)."""

    def describe(self) -> str:
        """The expectation in words."""
        return "no request after the target has refused the credentials"


AtTarget = Requests | RefusedBy | Account | GroupAtTarget | HoldsBack | StopsWhenRefused


@dataclass(frozen=True, slots=True)
class After:
    """A checkpoint: what must hold at the end of a step's run. It stands behind that step.

    `users` and `groups`: counters by name, unnamed ones are not asserted. `sections`: which sections the summary has.
    `hidden`: no summary is shown. `wire`: what target and journal must show. `orphans`: source ids of leavers
    whose deprovisioning failed, exactly. `warnings`: a word that a warning must hold. `refused`: a word of the error
    with which the client must refuse the step. `note`: what to say about a choice that was left open.
    """

    users: Mapping[str, Acceptable] = field(default_factory=dict, kw_only=True)
    groups: Mapping[str, Acceptable] = field(default_factory=dict, kw_only=True)
    sections: Literal["users", "both"] | None = field(default=None, kw_only=True)
    hidden: bool = field(default=False, kw_only=True)
    wire: tuple[AtTarget, ...] = field(default=(), kw_only=True)
    orphans: tuple[str, ...] | None = field(default=None, kw_only=True)
    warnings: str | None = field(default=None, kw_only=True)
    refused: str | None = field(default=None, kw_only=True)
    note: str = field(default="", kw_only=True)

    def counters(self) -> Iterator[tuple[Section, str, frozenset[int]]]:
        """Every counter that is asserted: section, name, and the values that are accepted."""
        sections: tuple[tuple[Section, Mapping[str, Acceptable]], ...] = (
            ("users", self.users),
            ("groups", self.groups),
        )
        for section, values in sections:
            for name, wanted in values.items():
                yield section, name, frozenset({wanted}) if isinstance(wanted, int) else wanted

    def describe(self) -> list[str]:
        """The expectations in words, one a line."""
        lines = [f"users: {_counters(self.users)}"] if self.users else []
        lines += [f"groups: {_counters(self.groups)}"] if self.groups else []
        lines += [f"the summary has {_SECTIONS[self.sections]}"] if self.sections else []
        lines += [_HIDDEN] if self.hidden else []
        lines += [each.describe() for each in self.wire]
        lines += [] if self.orphans is None else [f"orphans: {', '.join(self.orphans) or 'none'}"]
        lines += [f"a warning that speaks of {self.warnings}"] if self.warnings else []
        lines += [_refuses(self.refused)] if self.refused else []
        return lines + ([self.note] if self.note else [])

    def headline(self) -> str:
        """The expectation that says most where no counter is asserted; empty where there is none."""
        if self.sections:
            return _SECTIONS[self.sections]
        if self.hidden:
            return _HIDDEN
        return _refuses(self.refused) if self.refused else next(iter(self.describe()), "")


_SECTIONS = {"users": "the user section alone", "both": "both sections"}
_HIDDEN = "no summary is to be seen"


def _refuses(word: str) -> str:
    return f"the client refuses, with an error that speaks of {word}"


LABELS = {
    "impacted": "Impacted",
    "success": "Success",
    "unsynced": "Unsynced",
    "partially_synced": "Partially Synced",
    "failed": "Failed",
}


def _counters(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{LABELS[name]} {_acceptable(value)}" for name, value in values.items())


def _acceptable(value: Acceptable) -> str:
    return str(value) if isinstance(value, int) else either(value)


def either(values: Iterable[int]) -> str:
    """The values of which one is accepted, in words."""
    return " or ".join(str(each) for each in sorted(values))
