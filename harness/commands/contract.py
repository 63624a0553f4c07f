"""`provcheck contract`: prints the messages between the harness and a client, as a page or as JSON Schema."""

from __future__ import annotations

import json

import click


@click.command(name="contract")
@click.option("--schema", is_flag=True, help="Print the JSON Schema (2020-12) instead of the page.")
def contract(*, schema: bool) -> None:
    """Print the contract between the harness and a client: methods, examples, capabilities."""
    from provcheck.harness.contract.page import page  # late: help needs none of it
    from provcheck.harness.contract.schema import schema as whole

    click.echo(json.dumps(whole(), indent=2) if schema else page(), nl=schema)
