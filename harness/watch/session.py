"""A watch session: polls the targets, shows their requests, judges them, and sends events to the reports.

Time is a `Clock`'s, so that a test need not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from provcheck.harness import vendors
from provcheck.harness.lint import LintFinding
from provcheck.harness.model import (
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Clock,
    Connection,
    Event,
    Finding,
    Population,
    RunFinished,
    RunStarted,
)
from provcheck.harness.model.event import RequestsLinted
from provcheck.harness.model.excerpt import Excerpt
from provcheck.harness.model.listeners import Listener, Listeners
from provcheck.harness.oracle.evidence import evidence
from provcheck.harness.testbed.serving import Watched
from provcheck.harness.watch.expect import Expectations
from provcheck.harness.watch.verdict import Judged, judged, severe

POLL = 0.2
"""Seconds between two polls."""
LINT_SHARE = 5
"""The linter pauses for this multiple of its own running time, so that the targets stay fast."""
TOLD = 3
"""Maximum number of findings of a rule shown during the watch; at the end all are shown."""
FIRST_REQUEST_SECONDS = 60.0
"""Seconds that a watch with `until_idle` waits at least for the first request."""
SCENARIO = "watch"
CLIENT = "whoever came"


class View(Protocol):
    """Shows a watch while it is running."""

    def exchange(self, target: str, entry: dict[str, Any]) -> None:
        """Show an answered exchange."""

    def finding(self, target: str, finding: LintFinding) -> None:
        """Show a lint finding."""

    def state(self, target: str, judged: Judged) -> None:
        """Show the implied summary."""

    def refresh(self) -> None:
        """Refresh the output after a poll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The options by which a watch judges. `fails` are the severities of lint findings that fail it."""

    source: Population | None = None
    expectations: Expectations = field(default_factory=lambda: Expectations({}))
    ignore: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    until_idle: float | None = None


class Session:
    """Watches targets until it is stopped, or idle for `until_idle` seconds."""

    def __init__(
        self, targets: Sequence[Watched], wishes: Wishes, view: View, clock: Clock, *, stopped: Callable[[], bool]
    ) -> None:
        self._wishes, self._view, self._clock, self._stopped = wishes, view, clock, stopped
        self._seats = [_Seat(target) for target in targets]
        self._begun = clock.now()
        self._last = self._start = clock.monotonic()
        self.arrived = False
        """Whether any request arrived."""

    def watch(self) -> None:
        """Poll and show until the end."""
        while not self._over():
            self.look()
            self._clock.sleep(POLL)
        self.look()

    def _over(self) -> bool:
        pause, idle = self._wishes.until_idle, self._clock.monotonic() - self._last
        if pause is not None and idle >= (pause if self.arrived else max(pause, FIRST_REQUEST_SECONDS)):
            return True
        return self._stopped()

    def look(self) -> None:
        """Show what is new since the last poll."""
        for seat in self._seats:
            new = seat.target.arrived()
            seat.entries += new
            seat.unlinted += len(new)
            for entry in new:
                self._view.exchange(seat.name, entry)
            if new:
                self._last, self.arrived, seat.fresh = self._clock.monotonic(), True, True
            elif seat.fresh:
                self._view.state(seat.name, self._judge(seat))
                seat.fresh = False
            self._lint(seat)
        self._view.refresh()

    def _lint(self, seat: _Seat) -> None:
        if not seat.unlinted or self._clock.monotonic() < seat.pauses_until:
            return
        began, seat.unlinted = self._clock.monotonic(), 0
        for finding in self._linted(seat, over=False):
            seen = seat.told.setdefault(finding.rule.id, set())
            if finding.numbers[:1] not in seen and len(seen) < TOLD:
                seen.add(finding.numbers[:1])
                self._view.finding(seat.name, finding)
        now = self._clock.monotonic()
        seat.pauses_until = now + LINT_SHARE * (now - began)

    def _linted(self, seat: _Seat, *, over: bool) -> list[LintFinding]:
        ordered = sorted(seat.entries, key=lambda each: int(each["seq"]))
        wishes = self._wishes
        return vendors.linter().lint(ordered, target=seat.name, ignore=wishes.ignore, over=over)

    def _judge(self, seat: _Seat) -> Judged:
        target, wishes = seat.target, self._wishes
        configuration = vendors.configuration(target.name)
        connection: Connection = configuration.connect(
            target.base_url,
            overrides={"supports_groups": target.has_groups, "membership_style": target.membership_style},
        )
        return judged(
            seat.entries,
            target.snapshot(),
            connection,
            target=target.name,
            source=wishes.source,
            normalises=configuration.normalises,
            expectations=wishes.expectations,
        )

    def finish(self, listeners: Sequence[Listener]) -> RunFinished:
        """Judge, and send the reports the same events as a run of scenarios."""
        seats = [seat for seat in self._seats if seat.entries or self._wishes.expectations.of(seat.name)]
        tell = Listeners(listeners)
        tell.redactor.learn(seat.target.token for seat in self._seats)
        tell(RunStarted(self._begun, CLIENT, len(seats)))
        counts = {"holds": 0, "findings": 0, "skipped": 0}
        for seat in seats:
            for event in self._case(seat):
                tell(event)
            counts[event.verdict] += 1  # type: ignore[union-attr]  # the last one is the end of the case
        seconds = self._clock.monotonic() - self._start
        end = RunFinished(self._clock.now(), counts["holds"], counts["findings"], counts["skipped"], 0, seconds)
        tell(end)
        return end

    def _case(self, seat: _Seat) -> Sequence[Event]:
        names, result = (SCENARIO, seat.name), self._judge(seat)
        linted = self._linted(seat, over=True)
        found = (*result.findings, *severe(linted, self._wishes.fails))
        title = f"{result.arrived} request{'s' * (result.arrived != 1)} arrived at {seat.name}"
        wanted = self._wishes.expectations.after(seat.name)
        verdict, shown = "findings" if found else "holds", _shown(seat, found)
        seconds = self._clock.monotonic() - self._start
        return (
            CaseStarted(*names, title, "observed", "what target and journal show"),
            CheckpointReached(*names, 1, result.summary, wanted, told=result.said, note=result.note),
            RequestsLinted(*names, tuple(each.as_finding() for each in linted)),
            CaseFinished(*names, verdict, found, "", seconds, shown),  # type: ignore[arg-type]  # one of the two words
        )

    def findings(self) -> list[LintFinding]:
        """Return all lint findings of all targets."""
        return [each for seat in self._seats for each in self._linted(seat, over=True)]


def _shown(seat: _Seat, found: Sequence[Finding]) -> tuple[Excerpt, ...]:
    """The exchanges that show the findings."""
    return evidence(sorted(seat.entries, key=lambda each: int(each["seq"])), found) if found else ()


@dataclass(slots=True)
class _Seat:
    """The state of the session for one target."""

    target: Watched
    entries: list[dict[str, Any]] = field(default_factory=list)
    unlinted: int = 0
    pauses_until: float = 0.0
    fresh: bool = False
    told: dict[str, set[tuple[int, ...]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the target."""
        return self.target.name
