"""`provcheck contract`: prints the messages between the harness and a client, as a page or as JSON Schema.

The JSON Schema of scenario files is printed here as well.
"""

from __future__ import annotations

import json

import click

from provcheck.harness.commands.parameters import StrictCommand


@click.command(cls=StrictCommand, name="contract", apart=[("schema", "scenario_file")])
@click.option("--schema", is_flag=True, help="Print the JSON Schema (2020-12) instead of the page.")
@click.option("--scenario-file", is_flag=True, help="Print the JSON Schema of a file for check --scenario-file.")
def contract(*, schema: bool, scenario_file: bool) -> None:
    """Print the contract between the harness and a client: methods, examples, capabilities."""
    from provcheck.harness.contract.page import page  # late: help needs none of it
    from provcheck.harness.contract.schema import schema as whole
    from provcheck.harness.generate.scenario_file import json_schema

    if scenario_file or schema:
        click.echo(json.dumps(json_schema() if scenario_file else whole(), indent=2))
    else:
        click.echo(page(), nl=False)
