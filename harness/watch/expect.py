"""The expected counters of a watch: `users.impacted=5,users.success=5`, for every target or for one.

Without the source Unsynced and Partially Synced cannot be judged; to expect them then is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provcheck.harness.model import COUNTERS, After

NEEDS_SOURCE = ("unsynced", "partially_synced")
_ONE = re.compile(r"(?:(?P<target>\w+):)?(?P<section>users|groups)\.(?P<counter>\w+)=(?P<value>\d{1,9})")


class BadExpectation(ValueError):
    """The text is no valid expectation; the message is one line."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """Counters by target; those under the empty name are for every target."""

    by_target: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, texts: Iterable[str], *, targets: Iterable[str], with_source: bool = True) -> Expectations:
        """Read texts like `users.impacted=5,scim:groups.failed=0`. Raises BadExpectation."""
        found: dict[str, dict[str, int]] = {}
        for part in (part.strip() for text in texts for part in text.split(",")):
            read = _ONE.fullmatch(part)
            if read is None or read["counter"] not in COUNTERS:
                names = ", ".join(COUNTERS)
                raise BadExpectation(
                    f"--expect takes users.COUNTER=NUMBER or groups.COUNTER=NUMBER ({names}), not {part!r}"
                )
            target = read["target"] or ""
            if target and target not in targets:
                raise BadExpectation(f"--expect {part}: {target!r} is not served")
            if read["counter"] in NEEDS_SOURCE and not with_source:
                raise BadExpectation(
                    f"--expect {part}: this counter is only known with --source, the people to be synced"
                )
            full, value = f"{read['section']}.{read['counter']}", int(read["value"])
            if found.setdefault(target, {}).setdefault(full, value) != value:
                raise BadExpectation(f"--expect {full} is given as {found[target][full]} and as {value}")
        return cls(found)

    def __bool__(self) -> bool:
        return bool(self.by_target)

    def of(self, target: str) -> Mapping[str, int]:
        """Return the expected counters of a target, by full name."""
        return {**self.by_target.get("", {}), **self.by_target.get(target, {})}

    def after(self, target: str) -> After | None:
        """Return the expectation for a target; None without one."""
        sections: dict[str, dict[str, int]] = {"users": {}, "groups": {}}
        for name, value in self.of(target).items():
            section, _, counter = name.partition(".")
            sections[section][counter] = value
        return After(users=sections["users"], groups=sections["groups"]) if self.of(target) else None
