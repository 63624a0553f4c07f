"""Coverage of a run of generated scenarios: what happened in it, so that a run that tested nothing is noticed.

A fault counts when it struck, a crash when it interrupted a run, an edit when it changed something, and a check once
for every subject (user, group, request) that it examined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from provcheck.harness import checks
from provcheck.harness.generate.fault_kinds import KINDS

STEPS = (
    *("apply", "resync", "configure", "change_rule", "arm_faults", "clear_faults"),
    *("external_changes", "crash", "crash_too_late", "restart"),
)
EDITS = (
    *("put_user", "change_user", "remove_user", "put_group", "rename_group", "remove_group", "join", "leave"),
    *("create_account", "change_account", "delete_account"),
    *("create_group", "change_group", "delete_group", "add_member", "remove_member"),
)


@dataclass(slots=True)
class Coverage:
    """Counts of faults that struck, steps taken, edits made, and subjects examined by each check."""

    faults: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    edits: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)

    def sections(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Yield each section with its title and its counts; kinds that never occurred count 0."""
        asked = tuple(check.name for check in checks.of(checks.GENERATED))
        for title, counted, known in (
            ("faults that struck", self.faults, tuple(KINDS)),
            ("steps taken", self.steps, STEPS),
            ("edits made", self.edits, EDITS),
            ("subjects looked at", self.checks, asked),
        ):
            yield title, {name: counted[name] for name in dict.fromkeys((*known, *counted))}

    def unseen(self) -> list[str]:
        """Return the kinds that never occurred."""
        return [name for _, counts in self.sections() for name, count in counts.items() if not count]

    def lines(self) -> list[str]:
        """Return the coverage as text: one line for each kind."""
        lines: list[str] = []
        for title, counts in self.sections():
            lines += ["", title]
            lines += [f"  {count:>7}  {name}" for name, count in counts.items()]
        return lines[1:]
