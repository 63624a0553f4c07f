"""`provcheck sync`: provisions a target from a file of users and groups, and prints the sync summary.

The summary goes to standard output and everything else to standard error. Exit code 0: everything was synced. 1:
something failed or was left behind. 2: the sync could not be started.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from provcheck.harness import vendors
from provcheck.harness.client.engine import Progress as Callback
from provcheck.harness.client.sync_run import BadOrder, Order, Report
from provcheck.harness.client.sync_run import sync as run_sync
from provcheck.harness.commands.parameters import ReadFile, StrictCommand, WrittenFile
from provcheck.harness.errors import Refused
from provcheck.harness.model.layout import render
from provcheck.harness.report.text import counted, json_line, one_line, printable

MOST_LINES = 20
"""Maximum number of failures that are printed one by one."""

_READ, _WRITTEN = ReadFile(Path), WrittenFile(Path)


def _beside_the_connection(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """Callback of --state: return the default, beside the connection file."""
    connection = ctx.params.get("connection")
    return Order.state_beside(connection) if value is None and connection is not None else value


@click.command(cls=StrictCommand, name="sync")
@click.option("--source", required=True, metavar="FILE", type=_READ, help="Users and groups: a .csv or .json file.")
@click.option(
    "--connection", required=True, metavar="FILE", type=_READ, help="A .toml file with the options of the connection."
)
@click.option(
    "--state",
    type=_WRITTEN,
    callback=_beside_the_connection,
    metavar="FILE",
    help="File that keeps what was synced; default: beside the connection file.",
)
@click.option("--resync", is_flag=True, help="Full Resync: evaluate every user and group as if it were new.")
@click.option(
    "--layout", type=click.Choice(["2025", "earlier"]), default="2025", show_default=True, help="Layout of the summary."
)
@click.option("--audit", metavar="FILE", type=_WRITTEN, help="Write every event to this file, as JSON lines.")
@click.option("--dry-run", is_flag=True, help="Only read: print what would be written, and keep no state.")
@click.option(
    "--ca", "ca_file", metavar="FILE", type=_READ, help="Certificates (PEM) of the authority that signed the target's."
)
@click.option(
    "--token",
    metavar="TOKEN",
    envvar="PROVCHECK_TOKEN",
    default="",
    help="Token, if the connection file has none; better set in the environment, as PROVCHECK_TOKEN.",
)
def sync(
    *,
    source: Path,
    connection: Path,
    state: Path | None,
    resync: bool,
    layout: str,
    audit: Path | None,
    token: str,
    dry_run: bool,
    ca_file: Path | None,
) -> None:
    """Provision a target from a file of users and groups.

    Creates, updates and disables accounts, and writes groups and memberships, as the connection permits. Run it again
    after the file has changed: only the changes are sent. With --dry-run nothing is sent: it prints what it would do.

    \b
      provcheck sync --source people.csv --connection scim.toml --dry-run
      provcheck sync --source people.csv --connection scim.toml
    """
    console = Console(stderr=True)
    try:
        with _bar(console) as progress:
            order = Order(source, connection, state, resync=resync, token=token, dry_run=dry_run, ca_file=ca_file)
            report = run_sync(order, vendors, progress=progress)
        if audit is not None:
            _write_audit(audit, report)
    except BadOrder as error:
        raise Refused(str(error)) from None
    if dry_run:
        for line in report.planned:
            click.echo(one_line(f"would {line}"))
        click.echo(f"dry run: {counted(len(report.planned), 'write')} left out; the summary would then be:\n")
    _print(report, layout)
    sys.exit(0 if report.fine else 1)


@contextmanager
def _bar(console: Console) -> Iterator[Callback]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("users", total=None)

        def tell(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        yield tell


def _print(report: Report, layout: str) -> None:
    for warning in report.warnings:
        _tell(f"warning: {warning}")
    if report.summary is None:
        _tell("the rule is not enabled: nothing was synced, and there is no summary")
    else:
        click.echo(
            printable(render(report.summary, report.status, "earlier" if layout == "earlier" else "2025")), nl=False
        )
    for line in report.failures[:MOST_LINES]:
        _tell(f"failed: {line}")
    if len(report.failures) > MOST_LINES:
        _tell(f"failed: and {len(report.failures) - MOST_LINES} more")
    if report.unreached:
        which = counted(report.unreached, "user or group was", "users and groups were")
        _tell(f"failed: {which} not reached: {'; '.join(report.causes)}")
    for orphan in report.orphans[:MOST_LINES]:
        _tell(f"left behind: {orphan.kind} {orphan.source_id} ({orphan.remote_id}): {orphan.reason}")


def _tell(line: str) -> None:
    click.echo(one_line(line), err=True)


def _write_audit(path: Path, report: Report) -> None:
    try:
        with path.open("w", encoding="utf-8") as file:
            for record in report.audit:
                file.write(json_line({**asdict(record), "at": record.at.isoformat()}) + "\n")
    except OSError as error:
        raise BadOrder(f"{path}: {error.strerror or 'cannot be written'}") from None
