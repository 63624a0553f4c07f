"""`provcheck check`: runs scenarios on targets with a client, and reports the findings.

Exit code 0: all hold. 1: findings. 2: an error of provcheck, or less was played than was asked for; neither is a
verdict on the client.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from provcheck.harness.commands.client_option import TIMEOUT, command, driven, opened_log
from provcheck.harness.commands.demands import Demands, exit_code, only_for_named
from provcheck.harness.commands.generated_check import FAILURES, SEED, chosen_trials, play_trials
from provcheck.harness.commands.parameters import Client, ReadFile, Seconds, StrictCommand, Whole, WrittenFile
from provcheck.harness.commands.report_option import Look, open_reports, report_option
from provcheck.harness.errors import Refused

if TYPE_CHECKING:
    from provcheck.harness.adapters import ClientLog
    from provcheck.harness.generate import Trial
    from provcheck.harness.model import Event, RunFinished
    from provcheck.harness.report.kinds import Report
    from provcheck.harness.run import Case

NEXT_STEPS = (
    "This was the reference client of the project. To go on:",
    "  provcheck init python my-client          write a client of your own (or: node)",
    "  provcheck check --client 'node x.mjs'    check it (or a URL, an object)",
    "  provcheck serve scim                     serve a target, and ask it yourself",
    "  provcheck check --scenario e6 --details  see every step, summary and request",
    "  provcheck explain e6                     read what a scenario claims, and why",
    "",
)
"""What a newcomer does after checking the reference client."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it (128 + SIGINT)."""


UNREAD = 141
"""Exit code after the reader of standard output has closed it, as shells expect it (128 + SIGPIPE)."""


@click.command(
    cls=StrictCommand, name="check", short_help="Check that a provisioning client gives the documented summaries."
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="GLOB",
    help="Only target configurations that match (provcheck list targets); repeatable.",
)
@click.option("--scenario", "patterns", multiple=True, metavar="GLOB", help="Only scenarios that match; repeatable.")
@click.option(
    "--level",
    type=click.Choice(["documented", "derived", "all"]),
    default="all",
    show_default=True,
    help="Only scenarios of this level.",
)
@click.option(
    "--client",
    metavar="SPEC",
    type=Client(),
    help="Client to check: package.module:factory, a command such as 'node client.mjs', or http://host:port. "
    "Default: the reference client ('reference').",
)
@click.option(
    "--timeout",
    type=Seconds(),
    default=TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="Seconds to wait for each client call.",
)
@click.option(
    "--client-log",
    metavar="FILE",
    type=WrittenFile(),
    help="File for the whole standard error of the client, if it is a command.",
)
@click.option(
    "--generate",
    type=Whole(1, 1_000_000),
    metavar="N",
    help="Generate N scenarios: edits, faults, crashes, external changes. Failing ones are shrunk and written to DIR.",
)
@click.option("--seed", metavar="TEXT", help=f"Seed of --generate.  [default: {SEED}]")
@click.option(
    "--failures",
    metavar="DIR",
    type=WrittenFile(),
    help=f"Directory for the failing scenarios of --generate.  [default: {FAILURES}]",
)
@click.option(
    "--scenario-file",
    "scenario_files",
    multiple=True,
    metavar="FILE",
    type=ReadFile(),
    help="Run the scenario in a JSON file, written by you or by --generate, with the reference client; repeatable. "
    "Its fields: provcheck contract --scenario-file.",
)
@click.option("--live", is_flag=True, help="Serve the targets on real sockets instead of in process.")
@click.option("--lint", is_flag=True, help="Also print lint warnings about the requests; they change no verdict.")
@report_option
@click.option(
    "--require",
    "required",
    multiple=True,
    metavar="CAPABILITY",
    help="End with 2 unless a case that needs this capability was played; repeatable. See provcheck contract.",
)
@click.option(
    "--min-played",
    type=Whole(1, 1_000_000),
    metavar="N",
    help="End with 2 if fewer cases were played; a case that was skipped or not exercised is not played.",
)
@click.option("--quiet", "-q", is_flag=True, help="On the console, only scenarios with findings.")
@click.option("--details", is_flag=True, help="On the console, print every case step by step, with its sync summaries.")
@click.option(
    "--layout",
    type=click.Choice(["2025", "earlier"]),
    default="2025",
    show_default=True,
    help="Layout of the summaries.",
)
def check(targets: tuple[str, ...], patterns: tuple[str, ...], level: str, **options: Any) -> None:
    """Check that a provisioning client gives the documented sync summaries.

    Runs every scenario on every target that supports it, with your client or the reference client, and prints a line
    for each scenario with a column for each target, then the findings; with --details also what was given, expected
    and seen in each case. Exit code 0: all hold. 1: findings. 2: an error of provcheck, nothing was played, or less
    than --require and --min-played demand. How a client is called: provcheck contract.

    \b
      provcheck check
      provcheck check --client 'node client.mjs' --target scim
      provcheck check --level documented --target scim --details
      provcheck check --scenario 'leaver-*' --report console --report html=report.html
      provcheck check --generate 1000 --seed today
    """
    only_for_named(options)
    trials = chosen_trials(targets, patterns, level, options)
    cases = _chosen(targets, patterns, level) if trials is None else []
    demands = Demands(cases, options["required"], options["min_played"] or 0)
    try:
        finished = _play(cases, options, demands) if trials is None else _reported(trials, options, play_trials)
    except click.ClickException:
        raise
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _let_go_of_stdout()
        sys.exit(UNREAD)
    except OSError as error:
        raise Refused(f"cannot go on: {error.strerror or error}") from error
    except Exception as error:
        # Any other exception is an error of provcheck: one line, neither a finding nor a traceback.
        raise Refused(f"{type(error).__name__}: {error}") from error
    sys.exit(exit_code(finished, [*demands.unmet(finished)]))


def _let_go_of_stdout() -> None:
    """Redirect standard output to the null device, so that the interpreter's last flush does not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _chosen(targets: Sequence[str], patterns: Sequence[str], level: str) -> list[Case]:
    from provcheck.harness.run import cases  # late: bad usage and help need none of it

    try:
        chosen = cases(targets, patterns, level)
    except LookupError as error:
        raise Refused(str(error)) from None
    if not chosen:
        raise Refused("there is nothing to check: none of these scenarios fits one of these targets")
    return chosen


def _play(cases: Sequence[Case], options: dict[str, Any], demands: Demands) -> RunFinished:
    from provcheck.harness.adapters import UnusableClient
    from provcheck.harness.run import run
    from provcheck.harness.vendors import linter

    flags = [f"--{name}" for name in ("live", "lint") if options[name]]
    again = command(options["client"], timeout=options["timeout"], flags=flags)
    inspect = linter().warnings if options["lint"] else None
    with ExitStack() as end:
        log = opened_log(options["client_log"], options["client"], end)
        try:
            client = driven(options["client"], options["timeout"], end, log)
        except UnusableClient as error:
            raise Refused(str(error)) from None
        listeners: list[Callable[[Event], None]] = [*_listeners(cases, options, end), demands]
        if log is not None:
            listeners.append(_headings(log))
        return run(cases, live=options["live"], listeners=listeners, command=again, inspect=inspect, **client)


def _headings(log: ClientLog) -> Callable[[Event], None]:
    """Return a listener that writes into the log of the client which case begins."""
    from provcheck.harness.model import CaseStarted

    def hear(event: Event) -> None:
        if isinstance(event, CaseStarted):
            log.heading(f"{event.scenario} on {event.profile}")

    return hear


def _reported(trials: Sequence[Trial], options: dict[str, Any], play: Callable[..., RunFinished]) -> RunFinished:
    """Run trials. Of generated ones only those with findings get a row, and `--details` prints the coverage."""
    shown = options if options["generate"] is None else {**options, "quiet": True, "details": False}
    with ExitStack() as end:
        return play(trials, options, _listeners(trials, shown, end))


def _listeners(played: Sequence[Case] | Sequence[Trial], options: dict[str, Any], end: ExitStack) -> list[Report]:
    details = options["layout"] if options["details"] else None
    is_tried_out = options["client"] is None and options["generate"] is None and not options["scenario_files"]
    next_steps = NEXT_STEPS if is_tried_out and not options["quiet"] else ()
    look = Look(quiet=options["quiet"], details=details, next_steps=next_steps)
    return open_reports(options["reports"], _columns(played), look, end)


def _columns(played: Sequence[Case] | Sequence[Trial]) -> list[str]:
    """The target configurations of the cases, in the order of `provcheck list targets`; presets follow."""
    from provcheck.harness import vendors

    order = {each.id: place for place, each in enumerate(vendors.configurations())}
    return sorted({each.configuration.id for each in played}, key=lambda name: (order.get(name, len(order)), name))
