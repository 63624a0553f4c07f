"""What a check is: a function that looks at a checkpoint, with its claim, its source and how to mend a client.

A check is its documentation: the function's name is its name, the first paragraph of its docstring its claim. The
function takes the facts of a `Checkpoint` that it looks at as parameters of these names (`checkpoint` is the whole),
and is not asked where one of them is missing. It yields a `Violation` for each subject that breaks it. A check of
generated scenarios (it takes `evidence`) yields None for each subject that does not, so that a run can tell how often
it was really put to the test.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from provcheck.harness.checks.causes import Cause
from provcheck.harness.checks.checkpoint import EVERYWHERE, Checkpoint, Phase
from provcheck.harness.model import Finding
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle.journal import Entry

MODULES = (
    "contract",
    "conduct",
    "requests",
    "target_state",
    "summary",
    "counters",
    "sums",
    "reported",
    "watched",
    "formal_reading",
    "disruption",
    "convergence",
)
"""Where the checks stand, in the order of causes.

What a client is asked and answers comes first, then what it sends, what the target holds, what the summary says, what
is said beside it, and what is derived. Within a module those that name a mistake come before those that only tell a
difference. The strongest finding of a case, its root cause, is that of the first check in this order.
"""
FROM_SCENARIO = "the scenario's own source"
"""The source of a check that holds a client to what a scenario says."""


@dataclass(frozen=True, slots=True)
class Violation:
    """How a check is broken: by whom or what, and the exchanges that show it.

    `cause` is which of several it is, where the check knows more than one. `section` is that of a counter that it is
    about. `rule` is what must hold in this very case, where the claim is about more than one; `source` where that comes
    from, if not from where the claim does.
    """

    entity: str
    expected: str
    seen: str
    exchanges: tuple[int, ...] = ()
    section: Section | Literal[""] = ""
    rule: str = ""
    source: str = ""
    cause: Cause | None = None


Looks = Iterator[Violation | None]
Judge = Callable[..., Iterable[Violation | None]]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check. `fix` is how a client that fails it is usually mended, `rank` its place in the order of causes.

    `phases` are the checkpoints at which it is asked, `needs` what must be there: capabilities of the client, or
    DECIDED. `facts` are the facts of the checkpoint that it looks at.
    """

    name: str
    claim: str
    source: str
    fix: str
    phases: tuple[Phase, ...]
    needs: tuple[str, ...]
    facts: tuple[str, ...]
    rank: int
    test: Judge

    @property
    def counts_subjects(self) -> bool:
        """Whether it tells of every subject that it looks at, and not of the checkpoint as a whole."""
        return "evidence" in self.facts

    def judge(self, checkpoint: Checkpoint) -> tuple[list[Finding], int]:
        """The findings about a checkpoint, and how many subjects were looked at."""
        if checkpoint.phase not in self.phases or not all(map(checkpoint.has, self.needs)):
            return [], 0
        facts = {name: checkpoint if name == "checkpoint" else getattr(checkpoint, name) for name in self.facts}
        if None in facts.values():
            return [], 0
        looked = list(self.test(**facts))
        found = [self._finding(each, checkpoint) for each in looked if each is not None]
        return found, len(looked) if self.counts_subjects else 1

    def _finding(self, violation: Violation, checkpoint: Checkpoint) -> Finding:
        source = checkpoint.source if self.source == FROM_SCENARIO else self.source
        return Finding(
            self.name,
            violation.rule or self.claim,
            violation.entity,
            violation.expected or "none",
            violation.seen or "none",
            violation.source or source,
            violation.exchanges,
            fix=(violation.cause and violation.cause.fix) or self.fix,
            rank=self.rank,
            section=violation.section,
            cause=violation.cause.name if violation.cause else "",
        )


def check(
    *, source: str, fix: str, phases: tuple[Phase, ...] = EVERYWHERE, needs: tuple[str, ...] = ()
) -> Callable[[Judge], Check]:
    """Make a check of a function. Raises TypeError for a parameter that is no fact of a checkpoint."""

    def make(test: Judge) -> Check:
        claim = " ".join((inspect.getdoc(test) or "").split("\n\n")[0].split())
        facts = tuple(inspect.signature(test).parameters)
        unknown = [name for name in facts if name != "checkpoint" and name not in _FACTS]
        if unknown:
            raise TypeError(f"check {test.__name__}: a checkpoint has no {', '.join(unknown)}")
        return Check(test.__name__, claim, source, fix, phases, needs, facts, _rank(test), test)

    return make


_FACTS = frozenset({*Checkpoint.__dataclass_fields__, "users", "groups"})


def _rank(test: Judge) -> int:
    """The place of a function in the order of causes: by module, then from top to bottom."""
    module = test.__module__.rpartition(".")[2]
    place = MODULES.index(module) if module in MODULES else len(MODULES)
    return place * 1000 + inspect.getsourcelines(test)[1]


def numbers(entries: Iterable[Entry]) -> tuple[int, ...]:
    """The sequence numbers of exchanges, each once."""
    return tuple(dict.fromkeys(entry.seq for entry in entries))
