"""The `provcheck` command: a table of subcommands, each loaded when it is called.

Help must be quick, so nothing here imports a subcommand to describe it.
"""

from __future__ import annotations

from importlib import import_module

import click

_COMMANDS = {
    "check": (
        "provcheck.harness.commands.check:check",
        "Check that a provisioning client gives the documented summaries.",
    ),
    "serve": (
        "provcheck.mock_targets.commands.serve:serve",
        "Serve mock targets for a provisioning client.",
    ),
    "sync": ("provcheck.harness.commands.sync:sync", "Provision a target from a file of users and groups."),
    "contract": (
        "provcheck.harness.commands.contract:contract",
        "Print the contract between the harness and a client.",
    ),
    "init": ("provcheck.harness.commands.init:init", "Write a starter client that implements the contract."),
    "watch": ("provcheck.harness.commands.watch:watch", "Serve targets, and judge the client that uses them."),
    "lint": ("provcheck.harness.commands.lint:lint_", "Lint recorded requests: a HAR file or a journal."),
    "compare": (
        "provcheck.harness.commands.compare:compare",
        "Compare a mock target with a recording of the real one.",
    ),
    "report": ("provcheck.harness.commands.report:report", "Read the report of a run, and the exchanges in it."),
    "list": (
        "provcheck.harness.commands.list:list_",
        "List targets, scenarios, checks, rules, flags, faults or presets.",
    ),
    "explain": (
        "provcheck.harness.commands.explain:explain",
        "Explain a scenario, check, rule, fault, flag, target, preset or counter.",
    ),
}
"""Name -> where the command is defined, and its line in the help."""


class _LazyGroup(click.Group):
    """A group that imports a subcommand only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from provcheck.harness.model.reading import nearest  # late: only a mistake needs it

            ctx.fail(f"there is no command {args[0]!r}{nearest(args[0], _COMMANDS) or ', see provcheck --help'}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, doc) for name, (_, doc) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="provcheck", message="provcheck %(version)s")
def main() -> None:
    """Test a provisioning client: mock targets, documented scenarios, checked sync summaries."""
