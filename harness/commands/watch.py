"""`provcheck watch`: serves targets for a client that provcheck cannot drive, and judges it by its requests.

Exit code 0: all as expected. 1: findings. 2: the watch cannot be started.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from provcheck.harness.commands.parameters import ReadFile, Seconds, StrictCommand, Whole
from provcheck.harness.commands.report_option import Look, open_reports, report_option
from provcheck.harness.errors import Refused
from provcheck.mock_targets.commands.options import SchemaOption

if TYPE_CHECKING:
    from provcheck.harness.model import RunFinished
    from provcheck.harness.testbed.serving import Watching
    from provcheck.harness.watch.session import Session, Wishes

FAILS: dict[str, tuple[str, ...]] = {
    "info": ("error", "warning", "info"),
    "warning": ("error", "warning"),
    "error": ("error",),
    "never": (),
}


@click.command(cls=StrictCommand, name="watch", short_help="Serve targets, and judge the client that uses them.")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", metavar="PORT", default=8080, show_default=True, type=Whole(0, 65_535), help="0 selects a free one."
)
@click.option("--expose", metavar="NAME", help="Host name in URLs; required if HOST is reached from other machines.")
@click.option("--public-url", metavar="URL", help="URL under which a tunnel or a container's port reaches this server.")
@click.option(
    "--token",
    envvar="PROVCHECK_TOKEN",
    metavar="TOKEN",
    help="Token of every target, instead of a random one; better set in the environment, as PROVCHECK_TOKEN.",
)
@click.option("--set", "settings", multiple=True, metavar="[TARGET.]FLAG=VALUE", help="Set a flag; repeatable.")
@click.option(
    "--profile", "profiles", multiple=True, metavar="TARGET=PRESET", help="Set the flags and faults of a preset."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="TARGET=NAME[:ENTITY] [FIELD=VALUE]...",
    help="Arm a fault at the start, named or described by its fields; repeatable.",
)
@click.option(
    "--seed",
    "seed_file",
    metavar="FILE",
    type=ReadFile(),
    help="Users and groups at the start (JSON, core attributes).",
)
@click.option(
    "--schema",
    "schemas",
    multiple=True,
    metavar="FILE[:KIND]",
    type=SchemaOption(),
    help="Custom attributes of a User, or KIND; repeatable.",
)
@click.option("--tls", is_flag=True, help="Serve https, with a certificate authority generated for this run.")
@click.option(
    "--id-seed", type=Whole(-(2**63), 2**63 - 1), metavar="N", help="Seed of the ids and tokens: the same in each run."
)
@click.option(
    "--source", metavar="FILE", type=ReadFile(), help="Users and groups that the client should sync (CSV or JSON)."
)
@click.option(
    "--expect",
    "expectations",
    multiple=True,
    metavar="users.COUNTER=N,...",
    help="Expected counters of the summary, as in users.impacted=5,scim:groups.failed=0; repeatable.",
)
@click.option(
    "--until-idle",
    type=Seconds(),
    metavar="SECONDS",
    help="End after so long without a request; before the first one, after a minute at least.",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(FAILS)),
    default="never",
    show_default=True,
    help="Lowest severity of lint findings that fail the watch.",
)
@click.option("--ignore", multiple=True, metavar="RULE[,RULE]", help="Lint rules to leave out; repeatable.")
@report_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print one line of JSON when ready, one at the end, and all else to stderr."
)
def watch(targets: tuple[str, ...], **options: Any) -> None:
    """Serve targets for a client that provcheck cannot drive, and judge it by its requests.

    Point the client at a base URL and let it sync; Ctrl-C ends the watch. Shows every request, the lint findings, and
    the sync summary that target and journal imply. Unsynced and Partially Synced are judged with --source only.

    \b
      provcheck watch scim
      provcheck watch scim --until-idle 30 --expect users.impacted=5,users.success=5
      provcheck watch scim --source people.csv --report junit=watch.xml
    """
    from provcheck.harness.testbed.serving import CannotServe, Serving, Watching

    targets = _read_as_scim(targets)
    own = ("host", "port", "expose", "public_url", "token", "settings", "profiles", "faults", "seed_file", "schemas")
    names = (*own, "tls", "id_seed")
    try:
        with ExitStack() as end:
            stopped = _told_to_end(end)  # before there is a private key that a signal could leave behind
            served = end.enter_context(Watching(Serving(targets=targets, **{name: options[name] for name in names})))
            finished = _watch(served, options, stopped)
    except CannotServe as error:
        raise Refused(str(error)) from None
    if not (finished.holds or finished.findings or finished.errors):
        raise Refused("no request arrived, so nothing was judged")
    sys.exit(2 if finished.errors else 1 if finished.findings else 0)


def _read_as_scim(targets: tuple[str, ...]) -> tuple[str, ...]:
    """The targets that can be watched, by default all of them: requests are read as SCIM. Raises Refused."""
    from provcheck.harness import vendors
    from provcheck.harness.testbed.catalog import targets as every

    others = {each.name for each in vendors.stores() if each.protocol != "SCIM"}
    for name in targets:
        if name in others:
            raise Refused(f"watch reads requests as SCIM, which {name} does not speak; serve and check know it")
    return targets or tuple(each.name for each in every() if each.name not in others)


def _watch(served: Watching, options: dict[str, Any], stopped: Callable[[], bool]) -> RunFinished:
    from rich.console import Console

    from provcheck.harness.model import SystemClock
    from provcheck.harness.watch.session import Session

    targets = [target.name for target in served.targets]
    wishes = _wishes(options, targets)
    with ExitStack() as end:
        # Lint findings are printed by _finish.
        look = Look(details="2025", requests=False, on_stderr=options["as_json"])
        listeners: list[Callable[[Any], None]] = [*open_reports(options["reports"], targets, look, end)]
        if options["as_json"]:
            listeners.append(LastLine())
        console = Console(stderr=options["as_json"], highlight=False, markup=False, emoji=False)
        click.echo(served.as_line()) if options["as_json"] else served.announce()
        sys.stdout.flush()
        if options["until_idle"] is not None:
            click.echo(_when_it_ends(options["until_idle"]), err=True)
        with ExitStack() as shown:
            view = _view(console, shown)
            session = Session(served.targets, wishes, view, SystemClock(), stopped=stopped)
            session.watch()
        return _finish(session, listeners)


def _when_it_ends(until_idle: float) -> str:
    """When the watch ends by itself, in words."""
    from provcheck.harness.watch.session import FIRST_REQUEST_SECONDS

    first = max(until_idle, FIRST_REQUEST_SECONDS)
    return f"Waits {first:g} s for the first request, and ends when {until_idle:g} s go by without another."


class LastLine:
    """Prints what came of a watch as one line of JSON, at its end: verdict, summary and findings of each target."""

    def __init__(self) -> None:
        self._targets: dict[str, dict[str, Any]] = {}

    def __call__(self, event: Any) -> None:
        """Handle an event of the run."""
        from provcheck.harness.model import CaseFinished, CheckpointReached, RunFinished
        from provcheck.harness.report.text import json_line

        match event:
            case CheckpointReached():
                self._targets[event.profile] = {"summary": event.seen and event.seen.as_dict()}
            case CaseFinished():
                words = ("check", "entity", "expected", "seen", "severity", "exchanges")
                found = [{word: getattr(each, word) for word in words} for each in event.findings]
                self._targets.setdefault(event.profile, {}).update(verdict=event.verdict, findings=found)
            case RunFinished():
                click.echo(json_line({"finished": True, "targets": self._targets}))


def _view(console: Any, end: ExitStack) -> Any:
    from provcheck.harness.watch.view import Lines, Screen

    return end.enter_context(Screen(console)) if console.is_terminal else Lines(console)


def _finish(session: Session, listeners: Sequence[Callable[[Any], None]]) -> RunFinished:
    """Print the lint findings, then write the reports."""
    from provcheck.harness.commands.lint import describe

    if not session.arrived:
        click.echo("Nothing arrived.", err=True)
    for line in describe(session.findings()):
        click.echo(line, err=True)
    return session.finish(listeners)


def _wishes(options: dict[str, Any], targets: Sequence[str]) -> Wishes:
    from provcheck.harness.commands.lint import read_ids
    from provcheck.harness.lint import UnknownRule
    from provcheck.harness.model import BadPopulation, Population
    from provcheck.harness.watch import BadExpectation, Expectations
    from provcheck.harness.watch.session import Wishes

    file = options["source"]
    try:
        return Wishes(
            source=Population.read(file) if file else None,
            expectations=Expectations.read(options["expectations"], targets=targets, with_source=bool(file)),
            ignore=read_ids(options["ignore"]),
            fails=FAILS[options["fail_on"]],
            until_idle=options["until_idle"],
        )
    except (BadPopulation, BadExpectation, UnknownRule) as error:
        raise Refused(str(error)) from None


def _told_to_end(end: ExitStack) -> Callable[[], bool]:
    """Return a function that is True after SIGINT, SIGTERM or SIGHUP; a second one ends the process."""
    ended = threading.Event()

    def stop(number: int, frame: object) -> None:
        del frame
        ended.set()
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    hangup = [signal.SIGHUP] if hasattr(signal, "SIGHUP") else []  # a terminal that was closed
    for number in (signal.SIGTERM, signal.SIGINT, *hangup):
        end.callback(signal.signal, number, signal.signal(number, stop))
    return ended.is_set
