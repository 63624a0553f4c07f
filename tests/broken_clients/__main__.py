"""`python -m tests.broken_clients`: plays the broken clients and prints who catches whom.

Ends with 1 when a broken client is not caught as the catalogue says.
"""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console

from provcheck.harness.run import cases

from . import catalogue, failing, generated
from .breaking import BrokenClient
from .proof import case_of, played
from .table import markdown, matrix, missed, overview


@click.command()
@click.argument("names", nargs=-1)
@click.option("--everywhere", is_flag=True, help="Play all scenarios on all targets, not only those chosen (minutes).")
@click.option("--generated", "as_generated", is_flag=True, help="Write anew whom generated scenarios catch (minutes).")
@click.option("--scenarios", "as_scenarios", is_flag=True, help="Write anew who fails each scenario (minutes).")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table broken client -> caught by, and stop.")
def main(
    names: tuple[str, ...], *, everywhere: bool, as_generated: bool, as_scenarios: bool, as_markdown: bool
) -> None:
    """Play the broken clients whose names contain one of NAMES (all of them, without any)."""
    if as_generated:
        told = generated.find_out(names)
        generated.FILE.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        click.echo(f"{len(told['caught'])} of {len(catalogue.all())} are caught within {generated.WITHIN} scenarios")
        return
    if as_scenarios:
        found = failing.find_out()
        failing.FILE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        lacking = [name for name in failing.unnamed() if name not in found]
        click.echo("\n".join([f"no broken client fails {name}" for name in lacking] or ["every scenario is failed"]))
        sys.exit(1 if lacking else 0)
    chosen = [client for name, client in catalogue.all().items() if not names or any(each in name for each in names)]
    console = Console(width=None if sys.stdout.isatty() else 200)
    if as_markdown:
        sys.stdout.write(markdown(chosen))
        return
    seen = [(client, played(_proof(client), client)) for client in chosen]
    uncaught = [(client, missing) for client, verdicts in seen if (missing := missed(client, verdicts))]
    console.print(overview((each, played(cases(), each)) for each in chosen) if everywhere else matrix(seen))
    for client, missing in uncaught:
        console.print(f"[red]{client.name} is not caught:[/] {missing}")
    console.print(f"{len(chosen) - len(uncaught)} of {len(chosen)} broken clients are caught as they must be")
    sys.exit(1 if uncaught else 0)


def _proof(client: BrokenClient) -> list:
    return [case_of(place) for place in client.scenarios]


if __name__ == "__main__":
    main()
