"""The coverage of a run: what really happened in it, so that a run which tried nothing is seen.

A fault counts when it struck, a crash when it came in the middle of a run, an edit when it could be
made, and a check for every subject that it looked at.
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
    """Counts of faults that struck, steps taken, edits made, and subjects looked at by each check."""

    faults: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    edits: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)

    def sections(self) -> Iterator[tuple[str, dict[str, int]]]:
        """What is counted, section by section: every kind there is, with how often it was seen."""
        asked = tuple(check.name for check in checks.of(checks.GENERATED))
        for title, counted, known in (
            ("faults that struck", self.faults, tuple(KINDS)),
            ("steps taken", self.steps, STEPS),
            ("edits made", self.edits, EDITS),
            ("subjects looked at", self.checks, asked),
        ):
            yield title, {name: counted[name] for name in dict.fromkeys((*known, *counted))}

    def unseen(self) -> list[str]:
        """What never happened."""
        return [name for _, counts in self.sections() for name, count in counts.items() if not count]

    def lines(self) -> list[str]:
        """The coverage for people: one line for each kind."""
        lines: list[str] = []
        for title, counts in self.sections():
            lines += ["", title]
            lines += [f"  {count:>7}  {name}" for name, count in counts.items()]
        return lines[1:]
