"""What a counter may be, where target and journal leave it open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provcheck.harness.model import SyncSummary
from provcheck.harness.model.summary import Section


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that a counter may be."""

    low: int = 0
    high: int = 0

    def __contains__(self, value: int) -> bool:
        return self.low <= value <= self.high

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


NO, YES, MAYBE = Range(0, 0), Range(1, 1), Range(0, 1)
Ranges = Mapping[str, Range]
ANY: Ranges = dict.fromkeys(("success", "unsynced", "partially_synced", "failed"), MAYBE)


@dataclass(frozen=True, slots=True)
class Observed:
    """The ranges of each counter; `groups` is None where the target has none."""

    users: Ranges
    groups: Ranges | None

    def count(self, section: Section, counter: str) -> Range | None:
        """What a counter may be; None where the section does not exist."""
        ranges = self.users if section == "users" else self.groups
        return None if ranges is None else ranges[counter]

    def counters(self) -> Iterator[tuple[Section, str, Range]]:
        """Every counter: section, name and range."""
        yield from (("users", name, value) for name, value in self.users.items())
        yield from (("groups", name, value) for name, value in (self.groups or {}).items())

    @classmethod
    def exactly(cls, summary: SyncSummary) -> Observed:
        """Where every counter is known."""
        users, groups = (
            None if each is None else {name: Range(value, value) for name, value in each.as_dict().items()}
            for each in (summary.users, summary.groups)
        )
        return cls(users or {}, groups)
