"""The part of `provcheck check` that runs generated scenarios, and those in scenario files.

They run in process, on a virtual clock, with the reference client: crashes and virtual waiting cannot be imposed on an
external client.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provcheck.harness.commands.client_option import REFERENCE
from provcheck.harness.errors import Refused

SEED = "0"
"""Seed of generated scenarios, by default."""
FAILURES = "provcheck-failures"
"""Directory for failing scenarios, by default."""

if TYPE_CHECKING:
    from provcheck.harness.generate import Trial
    from provcheck.harness.model import RunFinished
    from provcheck.harness.model.listeners import Listener


def chosen_trials(
    targets: Sequence[str], patterns: Sequence[str], level: str, options: dict[str, Any]
) -> list[Trial] | None:
    """Return the trials of --generate and --scenario-file; None without these options. Raises Refused."""
    count, files = options["generate"], options["scenario_files"]
    surplus = [f"--{name}" for name in ("seed", "failures") if options[name] is not None and count is None]
    if surplus:
        raise Refused(f"{surplus[0]} is for generated scenarios alone: add --generate N, or leave it out")
    if count is None and not files:
        return None
    if patterns or level != "all":
        raise Refused("--scenario and --level choose among the scenarios that have names: leave them out here")
    words = ["live", "lint", "client_log", "client"]
    given = [f"--{word.replace('_', '-')}" for word in words if options[word] not in (None, False, REFERENCE)]
    if given:
        raise Refused(
            "generated scenarios and scenario files are played in process with the reference client: "
            f"leave out {' and '.join(given)}"
        )
    from provcheck.harness.generate import BadScenarioFile, read, trials  # late: bad usage and help need none of it

    try:
        drawn = trials(count or 0, seed=options["seed"] or SEED, targets=targets)
        return [*(read(Path(file)) for file in files), *drawn]
    except (BadScenarioFile, LookupError) as error:
        raise Refused(str(error)) from None


def play_trials(chosen: Sequence[Trial], options: dict[str, Any], listeners: Sequence[Listener]) -> RunFinished:
    """Run and judge trials. Failing ones are shrunk and written, unless they came from a file."""
    from provcheck.harness.generate import Coverage, run_trials
    from provcheck.harness.report.text import one_line

    coverage = Coverage()
    keep = None if options["generate"] is None else Path(options["failures"] or FAILURES)
    finished = run_trials(chosen, listeners=listeners, keep=keep, coverage=coverage)
    if options["generate"] is not None and ("console", "") in options["reports"]:
        click.echo(one_line(f"Seed: {options['seed'] or SEED}."))
        if options["details"]:
            click.echo("\n".join(["", "What happened, and how often:", "", *coverage.lines()]))
    return finished
