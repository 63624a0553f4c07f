"""What a run has to have played, so that it is not green by what it skipped: `--require` and `--min-played`.

A case is played when it holds or has findings; one that was skipped or not exercised has judged nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from provcheck.harness.errors import Refused

if TYPE_CHECKING:
    from provcheck.harness.model import Event, RunFinished
    from provcheck.harness.run import Case

PLAYED = ("holds", "findings")
"""Verdicts of cases that were judged."""


class Demands:
    """A listener that notes which capabilities were exercised. Raises Refused for a capability that there is not."""

    def __init__(self, cases: Sequence[Case], required: Sequence[str], least: int) -> None:
        from provcheck.harness.contract import CLIENT_CAPABILITIES
        from provcheck.harness.model.capability import CAPABILITIES
        from provcheck.harness.run import asked

        for word in required:
            if word not in {**CLIENT_CAPABILITIES, **CAPABILITIES}:
                near = get_close_matches(word, {**CLIENT_CAPABILITIES, **CAPABILITIES})
                known = f"is it {' or '.join(near)}?" if near else "provcheck contract lists them"
                raise Refused(f"--require: {word!r} is not a capability; {known}")
        self._required, self._least = dict.fromkeys(required), least
        self._asked = {(each.scenario.name, each.configuration.id): asked(each) for each in cases} if required else {}
        self._played: Counter[str] = Counter()
        self._idle: Counter[str] = Counter()

    def __call__(self, event: Event) -> None:
        """Handle an event of the run."""
        from provcheck.harness.model import CaseFinished

        if isinstance(event, CaseFinished):
            noted = self._played if event.verdict in PLAYED else self._idle
            noted.update(self._asked.get((event.scenario, event.profile), ()))

    def unmet(self, finished: RunFinished) -> Iterator[str]:
        """Yield what was demanded and not played, one line each."""
        played = finished.holds + finished.findings
        if played < max(self._least, 1):
            idle = finished.skipped + finished.not_exercised
            wanted = f"at least {self._least} were demanded (--min-played)" if self._least else "so nothing was checked"
            yield f"{played} cases were played and {idle} were not; {wanted}"
        for word in self._required:
            if not self._played[word]:
                count = self._idle[word]
                why = f"{count} cases need it, and none was played" if count else "no chosen case needs it"
                yield f"--require {word}: {why}"


def exit_code(finished: RunFinished, unmet: Sequence[str]) -> int:
    """The exit code of a run; says on standard error what was demanded and not played."""
    for line in unmet:
        click.echo(f"Error: {line}", err=True)
    return 2 if finished.errors or unmet else 1 if finished.findings else 0


def only_for_named(options: dict[str, Any]) -> None:
    """Raise Refused if --require goes with generated scenarios, or with files."""
    if options["required"] and (options["generate"] or options["scenario_files"]):
        raise Refused("--require is for named scenarios alone: leave out --generate and --scenario-file")
